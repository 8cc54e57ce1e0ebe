//! An event was called off: its orders are ended, one transaction each. A step of the worker.
//!
//! What is left is found by the orders' status, and looked at again under the order's lock: several nodes may do this at
//! once, and whichever is killed, each order is ended once, its mails with it. No order comes to an event that was called
//! off (see [`register`](super::register) and [`retake_places`](super::retake_places)), so once none is left, none will be.

use consentry_domain::OrderId;
use consentry_domain::order::OpenPayment;
use consentry_entity::event_cancellation;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::cancel::{Canceller, end_order};
use super::in_hand::InHand;
use crate::platform::store::{Tx, sql};
use crate::platform::{Apart, Platform, Refused};
use crate::services::events::cancellation::open;
use crate::services::mail::facts::Cancelled;
use crate::transaction;

/// How many events one step looks at.
const EVENTS: u64 = 20;
/// How many orders of each event one step ends.
const BATCH: i64 = 200;

/// What a step did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CalledOff {
    /// Orders that were ended.
    pub orders: usize,
    /// Events of which none is left.
    pub events: usize,
}

/// Ends orders of events that were called off. One whose payment is being processed waits until that has settled.
///
/// # Errors
/// The first one, after everything else was tried. What was done until then stays done.
pub async fn end_called_off(platform: &Platform) -> Result<CalledOff, Refused> {
    let mut done = CalledOff::default();
    let mut apart = Apart::default();
    for event in under_way(platform).await? {
        let batch = due(platform, &event).await?;
        for id in &batch {
            let ended = transaction!(platform.store.writer(), async |tx| { end(tx, &event, *id).await });
            done.orders += usize::from(apart.take(ended));
        }
        if (batch.len() as u64) < BATCH.unsigned_abs() {
            let finished = transaction!(platform.store.writer(), async |tx| { look(tx, &event).await });
            done.events += usize::from(finished?);
        }
    }
    apart.end(done)
}

async fn under_way(platform: &Platform) -> Result<Vec<event_cancellation::Model>, DbErr> {
    use event_cancellation::Column;
    event_cancellation::Entity::find()
        .filter(Column::FinishedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .limit(EVENTS)
        .all(platform.store.read())
        .await
}

/// Orders of the event to be ended, in no order: the next step finds the others.
async fn due(platform: &Platform, event: &event_cancellation::Model) -> Result<Vec<OrderId>, DbErr> {
    let rows = sql::all(
        platform.store.read(),
        "select id from \"order\" where organization_id = $1 and event_id = $2 \
         and status in ('PENDING', 'EXPIRING', 'PAID') \
         and not exists (select 1 from payment where payment.organization_id = \"order\".organization_id \
             and payment.order_id = \"order\".id and payment.status = 'PROCESSING') limit $3",
        [event.organization_id.into(), event.event_id.into(), BATCH.into()],
    )
    .await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// One order, as it is now under its lock: another node, its buyer or its payer may have been faster.
async fn end(tx: &Tx, event: &event_cancellation::Model, id: OrderId) -> Result<bool, Refused> {
    let Some(mut held) = InHand::take(tx, event.organization_id, id).await? else {
        return Ok(false);
    };
    if !held.state()?.holds_places() || held.open_payment().await?.0 == OpenPayment::Processing {
        return Ok(false);
    }
    end_order(&mut held, Canceller::Staff(event.account_id), Cancelled::Event).await?;
    let text = "update event_cancellation set done = done + 1 where organization_id = $1 and event_id = $2";
    sql::execute(tx, text, [event.organization_id.into(), event.event_id.into()]).await?;
    Ok(true)
}

/// Writes down how many still wait, or that none is left; whether it is finished with that.
async fn look(tx: &Tx, event: &event_cancellation::Model) -> Result<bool, Refused> {
    let key = (event.organization_id, event.event_id);
    let left = open(tx, key.0, key.1).await?;
    let finished_at = if left.orders == 0 {
        Some(tx.now().await?.0)
    } else {
        None
    };
    if finished_at.is_none() && left.waiting == event.waiting {
        return Ok(false);
    }
    let text = "update event_cancellation set waiting = $3, finished_at = $4 \
                where organization_id = $1 and event_id = $2 and finished_at is null";
    let values = [key.0.into(), key.1.into(), left.waiting.into(), finished_at.into()];
    Ok(sql::execute(tx, text, values).await? == 1 && finished_at.is_some())
}
