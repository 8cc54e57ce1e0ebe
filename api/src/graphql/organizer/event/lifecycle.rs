//! `publishEvent`, `cancelEvent`, `closeEvent`, `archiveEvent`.

use async_graphql::{Context, ID, InputObject};

use super::{editor, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::mutation;
use crate::platform::Refused;
use crate::services::events;

/// Which event.
#[derive(InputObject)]
pub struct PublishEventInput {
    /// The event.
    event_id: ID,
}

mutation! {
    /// Makes an event visible and opens its sale; refused while `publishCheck` names something.
    PublishEvent::publish_event(PublishEventInput) => publish;
    PublishEventPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    PublishEventUserError, PublishEventErrorCode { NotFound, WrongState, Incomplete }
}

async fn publish(ctx: &Context<'_>, input: PublishEventInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    events::publish(platform(ctx), &editor).await?;
    managed(ctx, &editor).await
}

/// Which event.
#[derive(InputObject)]
pub struct CancelEventInput {
    /// The event.
    event_id: ID,
}

mutation! {
    /// Calls an event off. Its orders are ended one after the other, and whoever had a place is told by mail; `cancellation`
    /// says how far that is. Money that was paid is not given back by this.
    CancelEvent::cancel_event(CancelEventInput) => cancel;
    CancelEventPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    CancelEventUserError, CancelEventErrorCode { NotFound, WrongState }
}

async fn cancel(ctx: &Context<'_>, input: CancelEventInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    events::cancel(platform(ctx), &editor).await?;
    managed(ctx, &editor).await
}

/// Which event.
#[derive(InputObject)]
pub struct CloseEventInput {
    /// The event.
    event_id: ID,
}

mutation! {
    /// Ends the sale of an event.
    CloseEvent::close_event(CloseEventInput) => close;
    CloseEventPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    CloseEventUserError, CloseEventErrorCode { NotFound, WrongState }
}

async fn close(ctx: &Context<'_>, input: CloseEventInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    events::close(platform(ctx), &editor).await?;
    managed(ctx, &editor).await
}

/// Which event.
#[derive(InputObject)]
pub struct ArchiveEventInput {
    /// The event.
    event_id: ID,
}

mutation! {
    /// Puts an event away: it is no longer public.
    ArchiveEvent::archive_event(ArchiveEventInput) => archive;
    ArchiveEventPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    ArchiveEventUserError, ArchiveEventErrorCode { NotFound, WrongState }
}

async fn archive(ctx: &Context<'_>, input: ArchiveEventInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    events::archive(platform(ctx), &editor).await?;
    managed(ctx, &editor).await
}
