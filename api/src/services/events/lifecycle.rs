//! Publishing, cancelling, closing and archiving an event.

use consentry_domain::event::Event as State;
use consentry_domain::transition::InvalidTransition;
use consentry_domain::{EventStatus, Instant};
use consentry_entity::event;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::cancellation;
use super::change::{lock, note};
use super::parts::Editor;
use super::publish_check::check;
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::sharing::stream_facts;
use crate::transaction;

/// Makes it visible and opens its sale; refused while something is missing (see [`check`]).
///
/// # Errors
/// What is missing; wrong state.
pub async fn publish(platform: &Platform, editor: &Editor) -> Result<event::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let row = lock(tx, editor).await?;
        if row.status == EventStatus::Published {
            return Ok(row);
        }
        let missing = check(platform, tx, &row).await?;
        if let Some(first) = missing.first() {
            let words = format!(
                "{} things are missing (see publishCheck). First: {}",
                missing.len(),
                first.message
            );
            return Err(Refused::because("eventId", Code::Incomplete, words));
        }
        step(tx, editor, row, "publishEvent", State::publish).await
    })
}

/// Ends its sale; what was sold stays.
///
/// # Errors
/// Wrong state.
pub async fn close(platform: &Platform, editor: &Editor) -> Result<event::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let row = lock(tx, editor).await?;
        if row.status == EventStatus::Closed {
            return Ok(row);
        }
        step(tx, editor, row, "closeEvent", State::close).await
    })
}

/// Calls it off: nothing more is sold, and that every order is to be ended is written down with it. The worker does it, one
/// order after the other, and whoever had a place is told (see `registration::end_called_off`).
///
/// # Errors
/// Wrong state.
pub async fn cancel(platform: &Platform, editor: &Editor) -> Result<event::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let row = lock(tx, editor).await?;
        if row.status == EventStatus::Cancelled {
            return Ok(row);
        }
        let after = step(tx, editor, row, "cancelEvent", State::cancel).await?;
        cancellation::begin(tx, editor.organization(), editor.event(), editor.actor()).await?;
        Ok(after)
    })
}

/// Puts it away: no longer public.
///
/// # Errors
/// Wrong state.
pub async fn archive(platform: &Platform, editor: &Editor) -> Result<event::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let row = lock(tx, editor).await?;
        if row.status == EventStatus::Archived {
            return Ok(row);
        }
        step(tx, editor, row, "archiveEvent", State::archive).await
    })
}

async fn step(
    tx: &Tx,
    editor: &Editor,
    row: event::Model,
    action: &str,
    transition: fn(State, Instant) -> Result<State, InvalidTransition>,
) -> Result<event::Model, Refused> {
    let now = tx.now().await?;
    let state = State::from_stored(row.status, row.published_at.map(Instant), row.ended_at.map(Instant))
        .ok_or_else(|| Fault::Corrupt("an event's state lacks its time".into()))?;
    let next = transition(state, now)
        .map_err(|invalid| Refused::because("eventId", Code::WrongState, format!("That cannot be done: {invalid}.")))?;
    let (published_at, ended_at) = match next {
        State::Published { at } => (Some(at.0), row.ended_at),
        State::Cancelled { at } | State::Closed { at } | State::Archived { at } => (row.published_at, Some(at.0)),
        State::Draft => (row.published_at, row.ended_at),
    };
    let after = event::Model {
        status: next.status(),
        published_at,
        ended_at,
        revision: row.revision + 1,
        ..row
    };
    event::Entity::update(after.clone().into_active_model().reset_all())
        .exec(tx)
        .await?;
    stream_facts::rewrite(tx, editor.organization(), editor.event()).await?;
    note(tx, editor, action).await?;
    Ok(after)
}
