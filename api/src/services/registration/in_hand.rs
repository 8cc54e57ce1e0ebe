//! An order with its registrations, locked in the order that everybody keeps: order, registrations by id.

use std::collections::{BTreeMap, HashMap};

use consentry_domain::order::{OpenPayment, Order};
use consentry_domain::registration::{PendingReasons, Registration};
use consentry_domain::{
    Instant, OrderId, OrganizationId, PaymentStatus, QuotaId, RegistrationId, RegistrationStatus, TicketTypeId,
};
use consentry_entity::{guardian_request, order, payment, quota_ticket_type, registration, ticket_type};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};

use super::mails::{self, Subject};
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Refused};
use crate::services::Localized;
use crate::services::mail::facts::{Cancelled, CancelledBy, Refund};
use consentry_entity::{event, organization};

/// A locked order.
pub(crate) struct InHand<'a> {
    pub tx: &'a Tx,
    pub now: Instant,
    pub order: order::Model,
    pub registrations: Vec<registration::Model>,
}

/// What is to be said about it.
pub(crate) enum News {
    /// It is paid.
    Settled,
    /// It, or these of its registrations, ended.
    Ended {
        what: Cancelled,
        by: CancelledBy,
        refund: Refund,
        registrations: Vec<RegistrationId>,
    },
}

impl<'a> InHand<'a> {
    /// Locks the order and its registrations.
    pub async fn take(tx: &'a Tx, organization: OrganizationId, id: OrderId) -> Result<Option<Self>, DbErr> {
        let now = tx.now().await?;
        let Some(order) = order::Entity::find_by_id((organization, id))
            .lock_exclusive()
            .one(tx)
            .await?
        else {
            return Ok(None);
        };
        let registrations = registration::Entity::find()
            .filter(registration::Column::OrganizationId.eq(organization))
            .filter(registration::Column::OrderId.eq(id))
            .order_by_asc(registration::Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
        Ok(Some(Self {
            tx,
            now,
            order,
            registrations,
        }))
    }

    pub fn organization(&self) -> OrganizationId {
        self.order.organization_id
    }

    /// Where the order stands.
    pub fn state(&self) -> Result<Order, Fault> {
        let order = &self.order;
        let at = |micros: Option<i64>| micros.map(Instant);
        Order::from_stored(
            order.status,
            at(order.expires_at),
            at(order.paid_at),
            at(order.ended_at),
        )
        .ok_or_else(|| Fault::Corrupt("an order without the time of its state".into()))
    }

    /// What its open payment does.
    pub async fn open_payment(&self) -> Result<(OpenPayment, Option<payment::Model>), DbErr> {
        let open = payment::Entity::find()
            .filter(payment::Column::OrganizationId.eq(self.organization()))
            .filter(payment::Column::OrderId.eq(self.order.id))
            .filter(payment::Column::Status.is_in([PaymentStatus::Created, PaymentStatus::Processing]))
            .one(self.tx)
            .await?;
        let state = match &open {
            None => OpenPayment::None,
            Some(payment) if payment.status == PaymentStatus::Processing => OpenPayment::Processing,
            Some(_) => OpenPayment::Created,
        };
        Ok((state, open))
    }

    /// Writes where the order stands now.
    pub async fn write_order(&mut self, state: Order) -> Result<(), DbErr> {
        let (paid_at, ended_at) = match state {
            Order::Paid { at } => (Some(at.0), None),
            Order::Expired { at } | Order::Cancelled { at } => (self.order.paid_at, Some(at.0)),
            Order::Pending { .. } | Order::Expiring { .. } => (self.order.paid_at, self.order.ended_at),
        };
        self.order.status = state.status();
        self.order.paid_at = paid_at;
        self.order.ended_at = ended_at;
        self.order.revision += 1;
        let order = &self.order;
        sql::execute(
            self.tx,
            "update \"order\" set status = $3, paid_at = $4, ended_at = $5, revision = $6 \
             where organization_id = $1 and id = $2",
            [
                order.organization_id.into(),
                order.id.into(),
                order.status.into(),
                order.paid_at.into(),
                order.ended_at.into(),
                order.revision.into(),
            ],
        )
        .await?;
        Ok(())
    }

    /// Writes where these registrations stand now: all in one statement for each state that they come to.
    pub async fn write_registrations(&mut self, states: &[(RegistrationId, Registration)]) -> Result<(), DbErr> {
        let mut groups: Vec<(Registration, Vec<RegistrationId>)> = Vec::new();
        for (id, state) in states {
            match groups.iter_mut().find(|(its, _)| its == state) {
                Some((_, ids)) => ids.push(*id),
                None => groups.push((*state, vec![*id])),
            }
            if let Some(row) = self.registrations.iter_mut().find(|row| row.id == *id) {
                put(row, *state);
            }
        }
        for (state, ids) in groups {
            let (set, values): (&str, Vec<Value>) = match state {
                Registration::Pending { reasons } => (
                    "pending_payment = $3, pending_approval = $4, pending_guardian = $5, confirmed_at = null, \
                     cancelled_at = null",
                    vec![
                        reasons.payment.into(),
                        reasons.approval.into(),
                        reasons.parental_permission.into(),
                    ],
                ),
                Registration::Confirmed { at } => (
                    "pending_payment = false, pending_approval = false, pending_guardian = false, confirmed_at = $3, \
                     cancelled_at = null",
                    vec![at.0.into()],
                ),
                Registration::Cancelled { at } => ("cancelled_at = $3", vec![at.0.into()]),
                Registration::Erased { at } => ("erased_at = $3", vec![at.0.into()]),
            };
            let text = format!(
                "update registration set status = $2, {set}, revision = revision + 1 \
                 where organization_id = $1 and id in ({})",
                sql::list(3 + values.len(), ids.len())
            );
            let head = [self.organization().into(), state.status().into()];
            let ids = ids.iter().map(|id| Value::from(*id));
            sql::execute(self.tx, &text, head.into_iter().chain(values).chain(ids)).await?;
        }
        Ok(())
    }

    /// The registrations that hold a place.
    pub fn holding(&self) -> impl Iterator<Item = &registration::Model> {
        self.registrations
            .iter()
            .filter(|row| matches!(row.status, RegistrationStatus::Pending | RegistrationStatus::Confirmed))
    }

    /// How many places of which quota these registrations take.
    pub async fn needs(&self, ids: &[RegistrationId]) -> Result<BTreeMap<QuotaId, i64>, DbErr> {
        let mut counts: HashMap<TicketTypeId, i64> = HashMap::new();
        for row in self.registrations.iter().filter(|row| ids.contains(&row.id)) {
            *counts.entry(row.ticket_type_id).or_default() += 1;
        }
        let links = quota_ticket_type::Entity::find()
            .filter(quota_ticket_type::Column::OrganizationId.eq(self.organization()))
            .filter(quota_ticket_type::Column::TicketTypeId.is_in(counts.keys().copied()))
            .all(self.tx)
            .await?;
        let mut needs = BTreeMap::new();
        for link in links {
            *needs.entry(link.quota_id).or_default() += counts.get(&link.ticket_type_id).copied().unwrap_or_default();
        }
        Ok(needs)
    }

    /// Queues the mails about it.
    pub async fn tell(&self, news: News) -> Result<(), Refused> {
        let (tx, key) = (self.tx, (self.organization(), self.order.event_id));
        let missing = || Fault::Corrupt("an order without its event".into());
        let event = event::Entity::find_by_id(key).one(tx).await?.ok_or_else(missing)?;
        let organization = organization::Entity::find_by_id(key.0)
            .one(tx)
            .await?
            .ok_or_else(missing)?;
        let settled = matches!(news, News::Settled);
        let mut names = HashMap::new();
        let mut guardians = Vec::new();
        let mut asks = Vec::new();
        if settled {
            let ids = self.registrations.iter().map(|row| row.ticket_type_id);
            let rows = ticket_type::Entity::find()
                .filter(ticket_type::Column::OrganizationId.eq(key.0))
                .filter(ticket_type::Column::Id.is_in(ids))
                .all(tx)
                .await?;
            for row in rows {
                names.insert(row.id, Localized::parse(&row.name)?);
            }
            if self.registrations.iter().any(|row| row.pending_guardian) {
                guardians = guardian_request::Entity::find()
                    .filter(guardian_request::Column::OrganizationId.eq(key.0))
                    .filter(guardian_request::Column::RegistrationId.is_in(self.registrations.iter().map(|row| row.id)))
                    .all(tx)
                    .await?;
            }
            asks = mails::asks(tx, &event, &self.order.locale, self.now).await?;
        }
        let concerned: Vec<registration::Model> = match &news {
            News::Settled => self
                .registrations
                .iter()
                .filter(|row| row.cancelled_at.is_none())
                .cloned()
                .collect(),
            News::Ended { registrations, .. } => self
                .registrations
                .iter()
                .filter(|row| registrations.contains(&row.id))
                .cloned()
                .collect(),
        };
        let subject = Subject {
            event: &event,
            organization: &organization,
            order: &self.order,
            registrations: &concerned,
            names: &names,
            guardians: &guardians,
            asks: &asks,
            now: self.now,
        };
        match news {
            News::Settled => mails::settled(tx, &subject).await,
            News::Ended { what, by, refund, .. } => mails::cancelled(tx, &subject, what, by, refund).await,
        }
    }
}

/// Where a registration stands.
pub(crate) fn state_of(row: &registration::Model) -> Result<Registration, Fault> {
    let missing = || Fault::Corrupt("a registration without the time of its state".into());
    let reasons = PendingReasons {
        payment: row.pending_payment,
        approval: row.pending_approval,
        parental_permission: row.pending_guardian,
    };
    Ok(match row.status {
        RegistrationStatus::Pending => Registration::Pending { reasons },
        RegistrationStatus::Confirmed => Registration::Confirmed {
            at: Instant(row.confirmed_at.ok_or_else(missing)?),
        },
        RegistrationStatus::Cancelled => Registration::Cancelled {
            at: Instant(row.cancelled_at.ok_or_else(missing)?),
        },
        RegistrationStatus::Erased => Registration::Erased {
            at: Instant(row.erased_at.ok_or_else(missing)?),
        },
    })
}

fn put(row: &mut registration::Model, state: Registration) {
    row.status = state.status();
    row.revision += 1;
    match state {
        Registration::Pending { reasons } => {
            row.pending_payment = reasons.payment;
            row.pending_approval = reasons.approval;
            row.pending_guardian = reasons.parental_permission;
            row.confirmed_at = None;
            row.cancelled_at = None;
        }
        Registration::Confirmed { at } => {
            row.pending_payment = false;
            row.pending_approval = false;
            row.pending_guardian = false;
            row.confirmed_at = Some(at.0);
            row.cancelled_at = None;
        }
        // What it waited for stays: an order that is paid late takes its places again.
        Registration::Cancelled { at } => row.cancelled_at = Some(at.0),
        Registration::Erased { at } => row.erased_at = Some(at.0),
    }
}
