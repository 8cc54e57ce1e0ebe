//! An event's orders, page by page, newest first.

use std::collections::HashMap;

use consentry_domain::{ActorKind, Instant, OrderId, OrderStatus, OrganizationId, text};
use consentry_entity::{order, payment};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::seen::note;
use crate::access::rights::ViewOrders;
use crate::access::{Authorized, EventScope};
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Platform};
use crate::transaction;

/// Which orders.
#[derive(Clone, Debug, Default, serde::Serialize)]
pub struct Filter {
    /// In one of these states; in any where none is named.
    pub statuses: Vec<OrderStatus>,
    /// The buyer's address.
    pub buyer_email: Option<String>,
    /// The code.
    pub code: Option<String>,
    /// Whether a payment of theirs is still to be given back or looked at.
    pub refund_due: Option<bool>,
}

/// A step of an order's history.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// By what kind of actor.
    pub actor: ActorKind,
    /// By whom, where it was a team member.
    pub staff: Option<String>,
    /// What.
    pub action: String,
    /// More, as JSON without personal data.
    pub detail: String,
}

/// What belongs to the orders of a page.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Their payments, oldest first.
    pub payments: HashMap<OrderId, Vec<payment::Model>>,
    /// What was done to them, their payments, mails and places, oldest first.
    pub history: HashMap<OrderId, Vec<Step>>,
}

/// A page; whether more follow. That it was looked at is in the audit log before anybody sees it.
///
/// # Errors
/// When the database fails.
pub async fn page(
    platform: &Platform,
    view: &Authorized<EventScope, ViewOrders>,
    filter: &Filter,
    first: u32,
    after: Option<OrderId>,
) -> Result<(Vec<order::Model>, bool), Fault> {
    use order::Column;
    let mut query = order::Entity::find()
        .filter(Column::OrganizationId.eq(view.organization()))
        .filter(Column::EventId.eq(view.event()))
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1);
    if !filter.statuses.is_empty() {
        query = query.filter(Column::Status.is_in(filter.statuses.iter().copied()));
    }
    if let Some(email) = &filter.buyer_email {
        query = query.filter(Column::BuyerEmailKey.eq(text::email_key(&text::sought(email.trim()))));
    }
    if let Some(code) = &filter.code {
        query = query.filter(Column::Code.eq(text::sought(code.trim()).to_uppercase()));
    }
    if let Some(due) = filter.refund_due {
        let payments = payment::Entity::find()
            .select_only()
            .column(payment::Column::OrderId)
            .filter(payment::Column::OrganizationId.eq(view.organization()))
            .filter(payment::Column::RefundDue.is_not_null())
            .filter(payment::Column::RefundSettledAt.is_null())
            .into_query();
        query = query.filter(if due {
            Column::Id.in_subquery(payments)
        } else {
            Column::Id.not_in_subquery(payments)
        });
    }
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let mut rows = query.all(platform.store.read()).await?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    let count = rows.len();
    transaction!(platform.store.writer(), async |tx| {
        note(tx, view, "viewOrders", None, serde_json::json!({ "orders": count })).await
    })?;
    Ok((rows, more))
}

/// Payments and history of these orders, in two statements.
///
/// # Errors
/// When the database fails.
pub async fn parts(store: &Store, organization: OrganizationId, orders: &[OrderId]) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    if orders.is_empty() {
        return Ok(parts);
    }
    let payments = payment::Entity::find()
        .filter(payment::Column::OrganizationId.eq(organization))
        .filter(payment::Column::OrderId.is_in(orders.iter().copied()))
        .order_by_asc(payment::Column::Id)
        .all(store.read())
        .await?;
    for row in payments {
        parts.payments.entry(row.order_id).or_default().push(row);
    }
    // Of a place only what the order has of it: who looked at it, or what its holder changed, is no matter of the order.
    let these = sql::list(2, orders.len());
    let text = format!(
        "select s.order_id, a.at, a.actor, a.action, a.detail, b.email from ( \
         select id as order_id, id from \"order\" where organization_id = $1 and id in ({these}) union all \
         select order_id, id from payment where organization_id = $1 and order_id in ({these}) union all \
         select order_id, id from mail where organization_id = $1 and order_id in ({these}) union all \
         select order_id, id from registration where organization_id = $1 and order_id in ({these})) s \
         join audit_entry a on a.organization_id = $1 and a.subject_id = s.id \
         left join account b on b.id = a.account_id and a.actor = 'STAFF' \
         where a.subject_kind in ('order', 'payment', 'mail') \
         or a.action in ('cancelRegistration', 'correctRegistration') order by a.id"
    );
    let values = [organization.into()]
        .into_iter()
        .chain(orders.iter().map(|id| (*id).into()));
    for row in sql::all(store.read(), &text, values).await? {
        parts
            .history
            .entry(row.try_get("", "order_id")?)
            .or_default()
            .push(Step {
                at: Instant(row.try_get("", "at")?),
                actor: row.try_get("", "actor")?,
                staff: row.try_get("", "email")?,
                action: row.try_get("", "action")?,
                detail: row.try_get("", "detail")?,
            });
    }
    Ok(parts)
}
