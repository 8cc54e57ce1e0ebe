//! `ManagedEvent.statistics`: how an event stands, in numbers that tell of nobody.

use std::sync::Arc;

use async_graphql::{Context, Object, Result, SimpleObject};
use consentry_domain::{Currency, Field, FieldMask};

use super::event::Quota;
use super::partners::{self, ManagedEventPartner, ManagedOffer};
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope, staff_of_event};
use crate::graphql::public::{
    Event, OfferedField, OrderStatus, PaymentStatus, RefundDueReason, RegistrationStatus, TicketType,
};
use crate::graphql::scalars::{Date, DateTime, Money};
use crate::graphql::{caller, errors, platform};
use crate::platform::Fault;
use crate::services::events;
use crate::services::statistics::{self, Statistics};

/// How an event stands, in numbers.
pub struct EventStatistics {
    authorized: Arc<Authorized<EventScope, ViewOrganization>>,
    event: Event,
    counted: Option<Statistics>,
}

/// How many registrations of one ticket type stand so.
#[derive(SimpleObject)]
pub struct RegistrationCount {
    /// Where they stand.
    status: RegistrationStatus,
    /// What was bought.
    ticket_type: TicketType,
    /// How many.
    count: i64,
}

/// How many registrations were made on one day, whatever became of them.
#[derive(SimpleObject)]
pub struct DayCount {
    /// The day, in the event's time zone.
    day: Date,
    /// How many.
    count: i64,
}

/// How many are in, by one door or list.
#[derive(SimpleObject)]
pub struct CheckInCount {
    /// The door or list.
    list: String,
    /// How many confirmed registrations.
    count: i64,
}

/// How many orders stand so, and what they cost.
#[derive(SimpleObject)]
pub struct OrderCount {
    /// Where they stand.
    status: OrderStatus,
    /// How many.
    count: i64,
    /// Together, with tax.
    total: Money,
}

/// How many payments stand so, and how much they are.
#[derive(SimpleObject)]
pub struct PaymentCount {
    /// Where they stand.
    status: PaymentStatus,
    /// Why they are to be given back, or were; absent where they are not.
    refund_due: Option<RefundDueReason>,
    /// Whether they went back, or were looked at.
    refund_settled: bool,
    /// How many.
    count: i64,
    /// Together.
    amount: Money,
}

/// An event's orders and payments; one entry for each currency.
#[derive(SimpleObject)]
pub struct MoneyStatistics {
    /// By status.
    orders: Vec<OrderCount>,
    /// By status.
    payments: Vec<PaymentCount>,
    /// How many orders have a payment that is still to be given back or looked at.
    refunds_due: i64,
}

/// How many share one field with one partner for one purpose.
#[derive(SimpleObject)]
pub struct FieldConsentCount {
    /// The field.
    field: OfferedField,
    /// About how many: moved by chance and rounded to tens. Absent: fewer than ten.
    count: Option<u64>,
}

/// How many share what for one offer.
#[derive(SimpleObject)]
pub struct OfferConsentCount {
    /// Who asked.
    event_partner: ManagedEventPartner,
    /// The offer.
    offer: ManagedOffer,
    /// Each field that it asked for.
    fields: Vec<FieldConsentCount>,
}

/// How many share what; counted once, with noise, so that it tells of nobody.
#[derive(SimpleObject)]
pub struct ConsentStatistics {
    /// When it was counted.
    counted_at: DateTime,
    /// By offer.
    offers: Vec<OfferConsentCount>,
}

impl EventStatistics {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(
        ctx: &Context<'_>,
        authorized: Arc<Authorized<EventScope, ViewOrganization>>,
        event: Event,
    ) -> Result<Self> {
        let counted = statistics::of_event(&platform(ctx).store, &authorized).await;
        Ok(Self {
            authorized,
            event,
            counted: counted.map_err(|fault| errors::internal(&fault))?,
        })
    }
}

/// How an event stands, in numbers.
#[Object]
impl EventStatistics {
    /// When registrations, check-ins and money were counted, which happens every minute while the event is of interest.
    /// Absent while they were not yet; then nothing is listed.
    async fn counted_at(&self) -> Option<DateTime> {
        self.counted.as_ref().map(|counted| counted.counted_at.into())
    }
    /// Registrations by status and ticket type.
    async fn registrations(&self, ctx: &Context<'_>) -> Result<Vec<RegistrationCount>> {
        let Some(counted) = &self.counted else {
            return Ok(Vec::new());
        };
        let mut counts = Vec::new();
        for one in &counted.people.registrations {
            let found = self.event.find_ticket_type(ctx, one.ticket_type).await?;
            let missing = || errors::internal(&Fault::Corrupt("registrations of an unknown ticket type".into()));
            counts.push(RegistrationCount {
                status: one.status.into(),
                ticket_type: found.ok_or_else(missing)?,
                count: one.count,
            });
        }
        Ok(counts)
    }
    /// Registrations by the day on which they were made, the first one first; days without any are left out.
    async fn registrations_by_day(&self) -> Vec<DayCount> {
        let days = self.counted.iter().flat_map(|counted| &counted.people.days);
        days.map(|one| DayCount {
            day: Date(one.day.to_string()),
            count: one.count,
        })
        .collect()
    }
    /// How many confirmed registrations are in, each counted once by however many doors it came. Absent while nothing was
    /// counted.
    async fn inside(&self) -> Option<i64> {
        self.counted.as_ref().map(|counted| counted.people.inside)
    }
    /// Who is in, by door or list. Whoever came through two of them is counted at both.
    async fn check_ins(&self) -> Vec<CheckInCount> {
        let lists = self.counted.iter().flat_map(|counted| &counted.people.let_in);
        lists
            .map(|one| CheckInCount {
                list: one.list.clone(),
                count: one.count,
            })
            .collect()
    }
    /// The places that are left, as of now.
    async fn availability(&self, ctx: &Context<'_>) -> Result<Vec<Quota>> {
        let all = events::quotas(&platform(ctx).store, &self.authorized).await;
        let all = all.map_err(|error| errors::internal(&error.into()))?;
        Ok(all
            .into_iter()
            .map(|(row, ticket_types)| Quota(row, ticket_types))
            .collect())
    }
    /// Orders and payments. Absent for roles that may not see orders, and while nothing was counted.
    async fn money(&self, ctx: &Context<'_>) -> Result<Option<MoneyStatistics>> {
        let platform = platform(ctx);
        let EventScope { organization, event } = self.authorized.scope();
        let view = staff_of_event(platform, caller(ctx), organization, event).await;
        let Some(view) = errors::absent(view)? else {
            return Ok(None);
        };
        let counted = statistics::money_of_event(&platform.store, &view).await;
        let counted = counted.map_err(|fault| errors::internal(&fault))?;
        counted.map(money).transpose().map_err(|fault| errors::internal(&fault))
    }
    /// How many of its mails were refused, and nothing became of them: none was accepted later, nor did whoever they are
    /// for get another address. Absent for roles that may not see mails, and while nothing was counted.
    async fn failed_mails(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        let platform = platform(ctx);
        let EventScope { organization, event } = self.authorized.scope();
        let keeper = staff_of_event(platform, caller(ctx), organization, event).await;
        let Some(keeper) = errors::absent(keeper)? else {
            return Ok(None);
        };
        let counted = statistics::failed_mails_of_event(&platform.store, &keeper).await;
        counted.map_err(|fault| errors::internal(&fault))
    }
    /// How many share what with whom. Absent until a day after the event's end: it is counted once, then, and never
    /// again, because from counts that follow each other one could read what one person decided.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Option<ConsentStatistics>> {
        let Some((at, counts)) = self.counted.as_ref().and_then(|counted| counted.consents.as_ref()) else {
            return Ok(None);
        };
        let mut found = partners::offers_of_event(ctx, &self.authorized, self.event.clone()).await?;
        let mut offers = Vec::new();
        for count in counts {
            let missing = || errors::internal(&Fault::Corrupt("a count of an unknown offer".into()));
            let its = found.remove(&count.offer).ok_or_else(missing)?;
            let fields = count.fields.iter().filter_map(|one| {
                let mask = FieldMask::of(Field::from_bit(one.bit)?);
                let field = OfferedField::of(&its.context.event, &its.context.questions, mask).pop()?;
                Some(FieldConsentCount {
                    field,
                    count: one.count,
                })
            });
            offers.push(OfferConsentCount {
                fields: fields.collect(),
                event_partner: its.partner,
                offer: its.offer,
            });
        }
        Ok(Some(ConsentStatistics {
            counted_at: (*at).into(),
            offers,
        }))
    }
}

fn money(counted: statistics::Money) -> Result<MoneyStatistics, Fault> {
    let sum = |minor, currency: &str| {
        let known = Currency::parse(currency);
        let known = known.ok_or_else(|| Fault::Corrupt("a currency that is not of the table".into()))?;
        Ok::<_, Fault>(consentry_domain::Money::new(minor, known).into())
    };
    let orders = counted.orders.into_iter().map(|one| {
        Ok(OrderCount {
            status: one.status.into(),
            count: one.count,
            total: sum(one.total_minor, &one.currency)?,
        })
    });
    let payments = counted.payments.into_iter().map(|one| {
        Ok(PaymentCount {
            status: one.status.into(),
            refund_due: one.refund_due.map(Into::into),
            refund_settled: one.refund_settled,
            count: one.count,
            amount: sum(one.amount_minor, &one.currency)?,
        })
    });
    Ok(MoneyStatistics {
        orders: orders.collect::<Result<_, Fault>>()?,
        payments: payments.collect::<Result<_, Fault>>()?,
        refunds_due: counted.refunds_due,
    })
}
