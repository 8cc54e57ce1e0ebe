//! A page of an event's orders, with payments and history in one statement each.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::{Currency, Instant, OrderId};
use consentry_entity::{event, order};

use crate::access::rights::ViewOrders;
use crate::access::{Authorized, EventScope, staff_of_event};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::organizer::audit::ActorKind;
use crate::graphql::public::{OrderStatus, Payment};
use crate::graphql::scalars::{DateTime, Money};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Fault, Platform, Refused};
use crate::services::roster::orders::{self, Filter, Parts};

/// An order, as staff see it. Who comes is in the roster, under its code.
pub struct ManagedOrder {
    row: order::Model,
    currency: Currency,
    parts: Arc<Parts>,
}

/// Something that was done to an order, or to a payment, a mail or a place of it.
#[derive(SimpleObject)]
pub struct OrderHistoryEntry {
    /// When.
    at: DateTime,
    /// By what kind of actor.
    actor: ActorKind,
    /// By whom, where it was a team member.
    staff_email: Option<String>,
    /// What: the name of a mutation or of a step of the program.
    action: String,
    /// More, as JSON without personal data.
    detail: String,
}

impl ManagedOrder {
    fn new(row: order::Model, parts: Arc<Parts>) -> Result<Self, Fault> {
        let currency = Currency::parse(&row.currency);
        let currency = currency.ok_or_else(|| Fault::Corrupt("an order's currency is not of the table".into()))?;
        Ok(Self { row, currency, parts })
    }
}

/// An order, as staff see it. Who comes is in the roster, under its code.
#[Object]
impl ManagedOrder {
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
    /// The buyer's name; absent once it is erased.
    async fn buyer_name(&self) -> Option<&str> {
        self.row.buyer_name.as_deref()
    }
    /// The buyer's address; absent once it is erased.
    async fn buyer_email(&self) -> Option<&str> {
        self.row.buyer_email.as_deref()
    }
    /// What it costs, with tax.
    async fn total(&self) -> Money {
        consentry_domain::Money::new(self.row.total_minor, self.currency).into()
    }
    /// The tax in it.
    async fn tax(&self) -> Money {
        consentry_domain::Money::new(self.row.tax_minor, self.currency).into()
    }
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        Instant(self.row.created_at).into()
    }
    /// Until when it holds its places without payment.
    async fn expires_at(&self) -> Option<DateTime> {
        self.row.expires_at.map(|at| Instant(at).into())
    }
    /// When it was paid.
    async fn paid_at(&self) -> Option<DateTime> {
        self.row.paid_at.map(|at| Instant(at).into())
    }
    /// When it was called off or expired.
    async fn ended_at(&self) -> Option<DateTime> {
        self.row.ended_at.map(|at| Instant(at).into())
    }
    /// Its payments, oldest first.
    async fn payments(&self) -> Result<Vec<Payment>> {
        let payments = self
            .parts
            .payments
            .get(&self.row.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let payments: Result<Vec<Payment>, Fault> = payments.iter().cloned().map(Payment::new).collect();
        payments.map_err(|fault| errors::internal(&fault))
    }
    /// What was done to it, its payments, mails and places, oldest first.
    async fn history(&self) -> Vec<OrderHistoryEntry> {
        let entries = self
            .parts
            .history
            .get(&self.row.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let entry = |step: &orders::Step| OrderHistoryEntry {
            at: step.at.into(),
            actor: step.actor.into(),
            staff_email: step.staff.clone(),
            action: step.action.clone(),
            detail: step.detail.clone(),
        };
        entries.iter().map(entry).collect()
    }
}

connection!(ManagedOrderConnection, ManagedOrderEdge, ManagedOrder);

/// Which orders; everything that is named must hold.
#[derive(InputObject, Default)]
pub struct OrderFilter {
    /// Where it stands.
    status: Option<OrderStatus>,
    /// The buyer's address, whole.
    buyer_email: Option<String>,
    /// The code, whole.
    code: Option<String>,
    /// Whether a payment of it is still to be given back or looked at.
    refund_due: Option<bool>,
}

/// One order after a change.
pub(super) async fn managed(platform: &Platform, row: order::Model) -> Result<ManagedOrder, Refused> {
    let parts = orders::parts(&platform.store, row.organization_id, &[row.id]).await?;
    Ok(ManagedOrder::new(row, Arc::new(parts))?)
}

/// A page of orders, newest first; absent for who may not see them.
pub(in crate::graphql::organizer) async fn page(
    ctx: &Context<'_>,
    row: &event::Model,
    (first, after): (i32, Option<String>),
    filter: OrderFilter,
) -> Result<Option<ManagedOrderConnection>> {
    use consentry_domain::OrderStatus as Stored;
    let platform = platform(ctx);
    let (organization, id) = (row.organization_id, row.id);
    let view = errors::absent(staff_of_event(platform, caller(ctx), organization, id).await)?;
    let Some(view): Option<Authorized<EventScope, ViewOrders>> = view else {
        return Ok(None);
    };
    let statuses: &[Stored] = match filter.status {
        None => &[],
        Some(OrderStatus::Pending) => &[Stored::Pending, Stored::Expiring],
        Some(OrderStatus::Paid) => &[Stored::Paid],
        Some(OrderStatus::Expired) => &[Stored::Expired],
        Some(OrderStatus::Cancelled) => &[Stored::Cancelled],
    };
    let filter = Filter {
        statuses: statuses.to_vec(),
        buyer_email: filter.buyer_email,
        code: filter.code,
        refund_due: filter.refund_due,
    };
    let wish = serde_json::to_string(&filter).map_err(|error| errors::bad_input(error.to_string()))?;
    let list = format!("orders:{organization}:{id}:{wish}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok())
        .map(OrderId);
    let found = orders::page(platform, &view, &filter, page.first, after).await;
    let (rows, more) = found.map_err(|fault| errors::internal(&fault))?;
    let these: Vec<OrderId> = rows.iter().map(|row| row.id).collect();
    let parts = orders::parts(&platform.store, organization, &these).await;
    let parts = Arc::new(parts.map_err(|fault| errors::internal(&fault))?);
    let entries: Result<Vec<_>, Fault> = rows
        .into_iter()
        .map(|row| {
            Ok((
                row.id.0.as_bytes().to_vec(),
                ManagedOrder::new(row, Arc::clone(&parts))?,
            ))
        })
        .collect();
    let entries = entries.map_err(|fault| errors::internal(&fault))?;
    Ok(Some(ManagedOrderConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries,
    )))
}
