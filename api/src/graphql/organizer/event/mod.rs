//! Mutations that change an event and its parts. Each answers with the event as staff see it.

mod cancellation;
mod change;
mod documents;
mod lifecycle;
mod questions;
mod quotas;
mod sessions;
mod speakers;
mod ticket_types;
mod views;

pub use cancellation::EventCancellation;
pub use change::UpdateEventUserError;
pub use documents::CreateLegalDocumentUserError;
pub use lifecycle::{ArchiveEventUserError, CancelEventUserError, CloseEventUserError, PublishEventUserError};
pub use questions::{
    ArchiveQuestionUserError, CreateQuestionUserError, MoveQuestionUserError, Sensitivity, UpdateQuestionUserError,
};
pub use quotas::{CreateQuotaUserError, UpdateQuotaUserError};
pub use sessions::{CreateEventSessionUserError, RemoveEventSessionUserError, UpdateEventSessionUserError};
pub use speakers::{CreateSpeakerUserError, RemoveSpeakerUserError, UpdateSpeakerUserError};
pub use ticket_types::{
    ArchiveTicketTypeUserError, CreateTicketTypeUserError, MoveTicketTypeUserError, UpdateTicketTypeUserError,
};

pub use views::{
    ManagedEventSession, ManagedEventSessionConnection, ManagedQuestion, ManagedSpeaker, ManagedTicketType,
    PublishProblem, Quota,
};
pub(super) use views::{session, sessions, speaker, speakers};

use async_graphql::{Context, ID, MergedObject};
use consentry_domain::OrganizationId;

use super::ManagedEvent;
use super::roster::{at, of_event};
use crate::access::staff_of_event;
use crate::graphql::ids::PublicId;
use crate::graphql::{caller, ids, platform};
use crate::platform::Refused;
use crate::services::events::parts::Editor;
use crate::services::events::{self, Audience};
use crate::services::organizations;

/// The mutations.
#[derive(MergedObject, Default)]
pub struct EventMutation(
    change::UpdateEvent,
    lifecycle::PublishEvent,
    lifecycle::CancelEvent,
    lifecycle::CloseEvent,
    lifecycle::ArchiveEvent,
    ticket_types::CreateTicketType,
    ticket_types::UpdateTicketType,
    ticket_types::ArchiveTicketType,
    ticket_types::MoveTicketType,
    quotas::CreateQuota,
    quotas::UpdateQuota,
    questions::CreateQuestion,
    questions::UpdateQuestion,
    questions::ArchiveQuestion,
    questions::MoveQuestion,
    documents::CreateLegalDocument,
    sessions::CreateEventSession,
    sessions::UpdateEventSession,
    sessions::RemoveEventSession,
    speakers::CreateSpeaker,
    speakers::UpdateSpeaker,
    speakers::RemoveSpeaker,
);

/// The right to change the event that this id names.
async fn editor(ctx: &Context<'_>, event: &ID) -> Result<Editor, Refused> {
    of_event(ctx, "eventId", event).await
}

/// The right to change the event to which a part belongs, and the part's id.
async fn editor_of_part<T: PublicId + Copy>(ctx: &Context<'_>, field: &str, part: &ID) -> Result<(Editor, T), Refused> {
    caller(ctx).signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, part) = ids::decode::<T>(part).ok_or_else(|| Refused::not_found(field))?;
    let found = events::event_of_part(&platform(ctx).store, organization, part.into()).await?;
    let event = found.ok_or_else(|| Refused::not_found(field))?;
    let editor = staff_of_event(platform(ctx), caller(ctx), organization, event).await;
    Ok((editor.map_err(|refused| at(field, refused))?, part))
}

/// An id of the same tenant, where its field says.
fn decode<T: PublicId>(organization: OrganizationId, field: &str, id: &ID) -> Result<T, Refused> {
    match ids::decode::<T>(id) {
        Some((its, id)) if its == organization => Ok(id),
        _ => Err(Refused::not_found(field)),
    }
}

/// Ids of the same tenant, each where its field says.
fn decode_all<T: PublicId>(organization: OrganizationId, field: &str, all: &[ID]) -> Result<Vec<T>, Refused> {
    all.iter()
        .enumerate()
        .map(|(index, id)| decode(organization, &format!("{field}.{index}"), id))
        .collect()
}

/// The event as it is now.
async fn managed(ctx: &Context<'_>, editor: &Editor) -> Result<ManagedEvent, Refused> {
    let store = &platform(ctx).store;
    let row = events::by_id(store, Audience::Staff, editor.organization(), editor.event()).await?;
    let row = row.ok_or_else(|| Refused::not_found("eventId"))?;
    let organization = organizations::by_id(store, editor.organization()).await?;
    let organization = organization.ok_or_else(|| Refused::not_found("eventId"))?;
    let view = staff_of_event(platform(ctx), caller(ctx), editor.organization(), editor.event()).await?;
    Ok(ManagedEvent::new(view, row, organization))
}
