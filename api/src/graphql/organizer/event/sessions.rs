//! Mutations of the agenda.

use async_graphql::{Context, ID, InputObject};
use consentry_domain::{EventSessionId, OrganizationId};

use super::{decode_all, editor, editor_of_part, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::graphql::public::{LocalizedTextInput, localized};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, SessionTerms};

/// What a session is.
#[derive(InputObject)]
pub struct EventSessionTermsInput {
    /// Its title.
    title: Vec<LocalizedTextInput>,
    /// What it is about.
    description: Option<Vec<LocalizedTextInput>>,
    /// Local time of its start.
    starts_local: String,
    /// Local time of its end.
    ends_local: String,
    /// The room.
    place: Option<String>,
    /// Who speaks, of the event's speakers. Left out: nobody where it is new, else whoever did.
    speaker_ids: Option<Vec<ID>>,
}

/// A new session.
#[derive(InputObject)]
pub struct CreateEventSessionInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What it is.
    terms: EventSessionTermsInput,
}

/// A session as it shall be.
#[derive(InputObject)]
pub struct UpdateEventSessionInput {
    /// The session.
    event_session_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// What it shall be.
    terms: EventSessionTermsInput,
}

/// A session to be removed.
#[derive(InputObject)]
pub struct RemoveEventSessionInput {
    /// The session.
    event_session_id: ID,
}

mutation! {
    /// Adds a session to an event's agenda.
    CreateEventSession::create_event_session(CreateEventSessionInput) => create;
    CreateEventSessionPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    CreateEventSessionUserError, CreateEventSessionErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, IdempotencyMismatch
    }
}

mutation! {
    /// Changes a session.
    UpdateEventSession::update_event_session(UpdateEventSessionInput) => update;
    UpdateEventSessionPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    UpdateEventSessionUserError, UpdateEventSessionErrorCode { Invalid, Required, TooLong, NotFound, WrongState, Stale }
}

mutation! {
    /// Removes a session.
    RemoveEventSession::remove_event_session(RemoveEventSessionInput) => remove;
    RemoveEventSessionPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    RemoveEventSessionUserError, RemoveEventSessionErrorCode { NotFound, WrongState }
}

fn terms(organization: OrganizationId, input: EventSessionTermsInput) -> Result<SessionTerms, Refused> {
    let speakers = input.speaker_ids.as_deref();
    let speakers = speakers.map(|ids| decode_all(organization, "terms.speakerIds", ids));
    Ok(SessionTerms {
        speaker_ids: speakers.transpose()?,
        title: localized(input.title),
        description: input.description.map(localized),
        starts_local: input.starts_local,
        ends_local: input.ends_local,
        place: input.place,
    })
}

async fn create(ctx: &Context<'_>, input: CreateEventSessionInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::create_session(platform(ctx), &editor, &input.idempotency_key, &terms).await?;
    managed(ctx, &editor).await
}

async fn update(ctx: &Context<'_>, input: UpdateEventSessionInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<EventSessionId>(ctx, "eventSessionId", &input.event_session_id).await?;
    let terms = terms(editor.organization(), input.terms)?;
    parts::update_session(platform(ctx), &editor, id, input.revision, &terms).await?;
    managed(ctx, &editor).await
}

async fn remove(ctx: &Context<'_>, input: RemoveEventSessionInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<EventSessionId>(ctx, "eventSessionId", &input.event_session_id).await?;
    parts::remove_session(platform(ctx), &editor, id).await?;
    managed(ctx, &editor).await
}
