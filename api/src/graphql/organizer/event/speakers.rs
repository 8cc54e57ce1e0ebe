//! Mutations of who speaks.

use async_graphql::{Context, ID, InputObject};
use consentry_domain::SpeakerId;

use super::{editor, editor_of_part, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::public::{LocalizedTextInput, localized};
use crate::graphql::{ids, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, Editor, SpeakerTerms};
use crate::services::pictures;

/// Who speaks.
#[derive(InputObject)]
pub struct SpeakerTermsInput {
    /// Their name, of at most 200 characters.
    name: String,
    /// What they are, in a line of at most 200 characters.
    headline: Option<Vec<LocalizedTextInput>>,
    /// Who they are (CommonMark), at most 3000 characters.
    biography: Option<Vec<LocalizedTextInput>>,
    /// Their page, an http or https address.
    website: Option<String>,
    /// A picture of them, as `addPicture` named it; the one that is shown goes where none is named.
    picture_id: Option<ID>,
    /// Their place in the list, lower ones first; within a place they stand by name.
    #[graphql(default = 0)]
    position: i32,
}

/// A new speaker.
#[derive(InputObject)]
pub struct CreateSpeakerInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// Who it is.
    terms: SpeakerTermsInput,
}

/// A speaker as they shall be presented.
#[derive(InputObject)]
pub struct UpdateSpeakerInput {
    /// The speaker.
    speaker_id: ID,
    /// Their revision as it was read.
    revision: i64,
    /// How they shall be presented.
    terms: SpeakerTermsInput,
}

/// A speaker to be removed.
#[derive(InputObject)]
pub struct RemoveSpeakerInput {
    /// The speaker.
    speaker_id: ID,
}

mutation! {
    /// Adds a speaker to an event. Whoever is presented must know and agree: it is published with the event.
    CreateSpeaker::create_speaker(CreateSpeakerInput) => create;
    CreateSpeakerPayload {
        /// The event with them; absent when it was refused.
        event: ManagedEvent
    }
    CreateSpeakerUserError, CreateSpeakerErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, LimitExceeded, IdempotencyMismatch
    }
}

mutation! {
    /// Changes how a speaker is presented.
    UpdateSpeaker::update_speaker(UpdateSpeakerInput) => update;
    UpdateSpeakerPayload {
        /// The event with them; absent when it was refused.
        event: ManagedEvent
    }
    UpdateSpeakerUserError, UpdateSpeakerErrorCode { Invalid, Required, TooLong, NotFound, WrongState, Stale }
}

mutation! {
    /// Removes a speaker from an event and its agenda. Nothing of them is kept.
    RemoveSpeaker::remove_speaker(RemoveSpeakerInput) => remove;
    RemoveSpeakerPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    RemoveSpeakerUserError, RemoveSpeakerErrorCode { NotFound, WrongState }
}

fn terms(editor: &Editor, input: SpeakerTermsInput) -> Result<SpeakerTerms, Refused> {
    let picture = input.picture_id.as_ref();
    Ok(SpeakerTerms {
        name: input.name,
        headline: input.headline.map(localized),
        biography: input.biography.map(localized),
        website: input.website,
        picture: picture
            .map(|id| ids::own(editor.organization(), id).ok_or_else(|| pictures::missing("terms.pictureId")))
            .transpose()?,
        position: input.position,
    })
}

async fn create(ctx: &Context<'_>, input: CreateSpeakerInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let terms = terms(&editor, input.terms)?;
    parts::create_speaker(platform(ctx), &editor, &input.idempotency_key, &terms).await?;
    managed(ctx, &editor).await
}

async fn update(ctx: &Context<'_>, input: UpdateSpeakerInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<SpeakerId>(ctx, "speakerId", &input.speaker_id).await?;
    let terms = terms(&editor, input.terms)?;
    parts::update_speaker(platform(ctx), &editor, id, input.revision, &terms).await?;
    managed(ctx, &editor).await
}

async fn remove(ctx: &Context<'_>, input: RemoveSpeakerInput) -> Result<ManagedEvent, Refused> {
    let (editor, id) = editor_of_part::<SpeakerId>(ctx, "speakerId", &input.speaker_id).await?;
    parts::remove_speaker(platform(ctx), &editor, id).await?;
    managed(ctx, &editor).await
}
