//! `ManagedEvent.cancellation`: how far it is that the orders of an event are ended.

use async_graphql::SimpleObject;
use consentry_domain::Instant;
use consentry_entity::event_cancellation;

use crate::graphql::scalars::DateTime;

/// An event that was called off: its orders are ended one after the other, and whoever had a place is told by mail. Orders
/// that ended in another way meanwhile are counted in `total` alone.
#[derive(SimpleObject)]
pub struct EventCancellation {
    /// How many orders held places when it was called off.
    total: i64,
    /// How many of them have been ended with it.
    done: i64,
    /// How many wait, because a payment of theirs is being processed; they are ended once it has succeeded or failed.
    waiting: i64,
    /// When it was called off.
    started_at: DateTime,
    /// When none was left; absent while some are.
    finished_at: Option<DateTime>,
}

impl From<event_cancellation::Model> for EventCancellation {
    fn from(row: event_cancellation::Model) -> Self {
        Self {
            total: row.total,
            done: row.done,
            waiting: row.waiting,
            started_at: Instant(row.created_at).into(),
            finished_at: row.finished_at.map(|at| Instant(at).into()),
        }
    }
}
