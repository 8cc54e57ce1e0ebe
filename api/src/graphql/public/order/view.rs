//! An order, as its buyer sees it.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use consentry_domain::{Currency, Instant, OrderStatus as Stored, RegistrationStatus};
use consentry_entity::order;
use tokio::sync::OnceCell;

use super::{Payment, PaymentMethod};
use crate::graphql::public::{BankTransferInstructions, ConsentIssue, Event, TicketType};
use crate::graphql::scalars::{DateTime, Decimal, Money};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::payments;
use crate::services::registration::orders;
use crate::services::sharing::Issue;

/// Where an order stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStatus {
    /// Waiting for its payment; holds its places.
    Pending,
    /// Paid, or free.
    Paid,
    /// Not paid in time; its places are free again.
    Expired,
    /// Called off.
    Cancelled,
}

impl OrderStatus {
    /// As the schema has it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Paid => "PAID",
            Self::Expired => "EXPIRED",
            Self::Cancelled => "CANCELLED",
        }
    }
}

impl From<Stored> for OrderStatus {
    fn from(status: Stored) -> Self {
        match status {
            // That the provider is being told is no matter of the buyer's.
            Stored::Pending | Stored::Expiring => Self::Pending,
            Stored::Paid => Self::Paid,
            Stored::Expired => Self::Expired,
            Stored::Cancelled => Self::Cancelled,
        }
    }
}

/// Where a place of an order stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceStatus {
    /// Waiting for payment, approval or a parent.
    Pending,
    /// The place is theirs.
    Confirmed,
    /// The place is free again.
    Cancelled,
}

/// One ticket type of an order.
#[derive(SimpleObject)]
pub struct OrderLine {
    /// Opaque.
    id: ID,
    /// What was bought.
    ticket_type: TicketType,
    /// How many.
    quantity: i32,
    /// The price of one, as it was.
    unit_price: Money,
    /// In percent, as it was.
    tax_rate: Decimal,
    /// Without tax.
    net: Money,
    /// The tax.
    tax: Money,
    /// What is paid.
    gross: Money,
}

/// A place of an order: of other attendees only what the buyer typed.
#[derive(SimpleObject)]
pub struct OrderedPlace {
    /// Opaque; of the registration.
    id: ID,
    /// What was bought.
    ticket_type: TicketType,
    /// Where it stands.
    status: PlaceStatus,
    /// Whether it is the buyer's own.
    is_buyer: bool,
    /// The name that the buyer typed; absent once it is erased.
    full_name: Option<String>,
    /// The address that the buyer typed; absent once it is erased.
    email: Option<String>,
    /// What is shown at the door: of the buyer's own place alone, once it is confirmed; absent once the place has another
    /// address than the buyer typed.
    check_in_code: Option<String>,
}

/// One purchase by one buyer.
pub struct Order {
    row: order::Model,
    currency: Currency,
    event: OnceCell<Event>,
    payments: OnceCell<Vec<consentry_entity::payment::Model>>,
}

impl Order {
    /// From its row.
    ///
    /// # Errors
    /// When its currency is not one.
    pub fn new(row: order::Model) -> Result<Self, Fault> {
        let unknown = || Fault::Corrupt("an order's currency is not of the table".into());
        let currency = Currency::parse(&row.currency).ok_or_else(unknown)?;
        Ok(Self {
            row,
            currency,
            event: OnceCell::new(),
            payments: OnceCell::new(),
        })
    }

    fn money(&self, minor: i64) -> Money {
        consentry_domain::Money::new(minor, self.currency).into()
    }

    /// Why wishes in it were not fulfilled.
    pub(super) async fn issues(&self, ctx: &Context<'_>, issues: Vec<Issue>) -> Result<Vec<ConsentIssue>, Fault> {
        if issues.is_empty() {
            return Ok(Vec::new());
        }
        let store = &platform(ctx).store;
        let (event, organization) = orders::event_of(store, &self.row).await?;
        Event::new(event, organization)?.issues(store, issues).await
    }

    async fn its_event(&self, ctx: &Context<'_>) -> Result<&Event> {
        let event = self.event.get_or_try_init(|| async {
            let (event, organization) = orders::event_of(&platform(ctx).store, &self.row).await?;
            Event::new(event, organization)
        });
        event.await.map_err(|fault| errors::internal(&fault))
    }

    async fn its_payments(&self, ctx: &Context<'_>) -> Result<&[consentry_entity::payment::Model]> {
        let store = &platform(ctx).store;
        let payments = self
            .payments
            .get_or_try_init(|| orders::payments(store, self.row.organization_id, self.row.id));
        payments
            .await
            .map(Vec::as_slice)
            .map_err(|error| errors::internal(&error.into()))
    }

    async fn ticket_type(&self, ctx: &Context<'_>, id: consentry_domain::TicketTypeId) -> Result<TicketType> {
        let found = self.its_event(ctx).await?.find_ticket_type(ctx, id).await?;
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("an order of an unknown ticket type".into())))
    }
}

/// One purchase by one buyer.
#[Object]
impl Order {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// What people call it.
    async fn code(&self) -> &str {
        &self.row.code
    }
    /// Where it stands.
    async fn status(&self) -> OrderStatus {
        self.row.status.into()
    }
    /// What it is for.
    async fn event(&self, ctx: &Context<'_>) -> Result<Event> {
        self.its_event(ctx).await.cloned()
    }
    /// What it costs, with tax.
    async fn total(&self) -> Money {
        self.money(self.row.total_minor)
    }
    /// The tax in it.
    async fn tax(&self) -> Money {
        self.money(self.row.tax_minor)
    }
    /// What was bought, one line for each ticket type.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<OrderLine>> {
        let rows = orders::lines(&platform(ctx).store, self.row.organization_id, self.row.id).await;
        let mut lines = Vec::new();
        for row in rows.map_err(|error| errors::internal(&error.into()))? {
            let rate =
                consentry_domain::price::TaxRate::new(row.tax_rate).unwrap_or(consentry_domain::price::TaxRate::ZERO);
            lines.push(OrderLine {
                id: ids::encode(row.organization_id, row.id),
                ticket_type: self.ticket_type(ctx, row.ticket_type_id).await?,
                quantity: row.quantity,
                unit_price: self.money(row.unit_price_minor),
                tax_rate: Decimal(rate.to_string()),
                net: self.money(row.net_minor),
                tax: self.money(row.tax_minor),
                gross: self.money(row.gross_minor),
            });
        }
        Ok(lines)
    }
    /// The places in it.
    async fn places(&self, ctx: &Context<'_>) -> Result<Vec<OrderedPlace>> {
        let rows = orders::places(&platform(ctx).store, self.row.organization_id, self.row.id).await;
        let mut places = Vec::new();
        for row in rows.map_err(|error| errors::internal(&error.into()))? {
            places.push(OrderedPlace {
                id: ids::encode(self.row.organization_id, row.id),
                ticket_type: self.ticket_type(ctx, row.ticket_type_id).await?,
                status: match row.status {
                    RegistrationStatus::Pending => PlaceStatus::Pending,
                    RegistrationStatus::Confirmed => PlaceStatus::Confirmed,
                    // Whether somebody had their data erased is nobody else's matter.
                    RegistrationStatus::Cancelled | RegistrationStatus::Erased => PlaceStatus::Cancelled,
                },
                is_buyer: row.is_buyer,
                full_name: row.ordered_name,
                email: row.ordered_email,
                check_in_code: row.check_in_code,
            });
        }
        Ok(places)
    }
    /// Its payments, oldest first.
    async fn payments(&self, ctx: &Context<'_>) -> Result<Vec<Payment>> {
        let payments = self.its_payments(ctx).await?.iter().cloned().map(Payment::new);
        payments
            .collect::<Result<_, Fault>>()
            .map_err(|fault| errors::internal(&fault))
    }
    /// What is still to be paid.
    async fn amount_due(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(self.money(orders::amount_due(&self.row, self.its_payments(ctx).await?)))
    }
    /// The ways in which it can be paid now; none where nothing is to be paid, or while money is on its way.
    async fn payment_methods(&self, ctx: &Context<'_>) -> Result<Vec<PaymentMethod>> {
        let found = payments::offered(platform(ctx), &self.row, self.its_payments(ctx).await?).await;
        let methods = found.map_err(|fault| errors::internal(&fault))?;
        Ok(methods.into_iter().map(Into::into).collect())
    }
    /// How to pay by the transfer that was chosen, while it is the way to pay.
    async fn bank_transfer(&self, ctx: &Context<'_>) -> Result<Option<BankTransferInstructions>> {
        let found = payments::transfer_of(platform(ctx), &self.row, self.its_payments(ctx).await?).await;
        Ok(found.map_err(|fault| errors::internal(&fault))?.map(Into::into))
    }
    /// Until when it holds its places without payment.
    async fn expires_at(&self) -> Option<DateTime> {
        let waits = OrderStatus::from(self.row.status) == OrderStatus::Pending;
        self.row.expires_at.filter(|_| waits).map(|at| Instant(at).into())
    }
}
