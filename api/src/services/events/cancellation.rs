//! What calling an event off leaves to be done, and how far that is: the worker ends its orders one by one, and counts.

use std::collections::HashMap;

use consentry_domain::{AccountId, EventId, OrganizationId};
use consentry_entity::event_cancellation;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter};

use super::parts::Editor;
use crate::platform::store::{Store, Tx, sql};

/// Orders that hold their places still.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Open {
    /// All of them.
    pub orders: i64,
    /// Those of them that wait, because a payment of theirs is being processed.
    pub waiting: i64,
}

/// How far it is with those of these events that were called off, read at once.
///
/// # Errors
/// When the database fails.
pub async fn cancellations(
    store: &Store,
    editors: &[Editor],
) -> Result<HashMap<(OrganizationId, EventId), event_cancellation::Model>, DbErr> {
    use event_cancellation::Column;
    let rows = event_cancellation::Entity::find()
        .filter(Column::OrganizationId.is_in(editors.iter().map(Editor::organization)))
        .filter(Column::EventId.is_in(editors.iter().map(Editor::event)))
        .all(store.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.organization_id, row.event_id), row))
        .collect())
}

/// Writes down that the orders of this event are to be ended. The event must be locked: no order comes to it meanwhile.
pub(super) async fn begin(
    tx: &Tx,
    organization: OrganizationId,
    event: EventId,
    account: AccountId,
) -> Result<(), DbErr> {
    let open = open(tx, organization, event).await?;
    let row = event_cancellation::Model {
        organization_id: organization,
        event_id: event,
        account_id: account,
        total: open.orders,
        done: 0,
        waiting: open.waiting,
        created_at: tx.now().await?.0,
        finished_at: None,
    };
    event_cancellation::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Counts the event's orders that are not ended.
///
/// # Errors
/// When the database fails.
pub(crate) async fn open(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    event: EventId,
) -> Result<Open, DbErr> {
    // That a payment which is being processed is open is said for SQLite, which looks into the index of open ones only then.
    let row = sql::one(
        connection,
        "select (select count(*) from \"order\" where organization_id = $1 and event_id = $2 \
             and status in ('PENDING', 'EXPIRING', 'PAID')) as orders, \
         (select count(*) from payment join \"order\" on \"order\".organization_id = payment.organization_id \
             and \"order\".id = payment.order_id \
             where payment.organization_id = $1 and payment.status = 'PROCESSING' \
             and payment.status in ('CREATED', 'PROCESSING') and \"order\".event_id = $2 \
             and \"order\".status in ('PENDING', 'EXPIRING', 'PAID')) as waiting",
        [organization.into(), event.into()],
    )
    .await?;
    Ok(Open {
        orders: row.try_get("", "orders")?,
        waiting: row.try_get("", "waiting")?,
    })
}
