//! `createLegalDocument`.

use async_graphql::{Context, ID, InputObject};

use super::{editor, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::graphql::public::{DocumentKind, LocalizedTextInput, localized};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::parts::{self, NewDocument};

/// A new version of a document.
#[derive(InputObject)]
pub struct CreateLegalDocumentInput {
    /// New for each version, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// Which document; it takes the place of the version before.
    kind: DocumentKind,
    /// Its title.
    title: Vec<LocalizedTextInput>,
    /// Its text (CommonMark).
    content: Vec<LocalizedTextInput>,
    /// Whether attendees must acknowledge it.
    #[graphql(default = true)]
    required: bool,
}

mutation! {
    /// Puts a new version of a legal document in force; those who acknowledged the one before keep it.
    CreateLegalDocument::create_legal_document(CreateLegalDocumentInput) => create;
    CreateLegalDocumentPayload {
        /// The event with it; absent when it was refused.
        event: ManagedEvent
    }
    CreateLegalDocumentUserError, CreateLegalDocumentErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, IdempotencyMismatch
    }
}

async fn create(ctx: &Context<'_>, input: CreateLegalDocumentInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let new = NewDocument {
        kind: input.kind.into(),
        title: localized(input.title),
        content: localized(input.content),
        required: input.required,
    };
    parts::create_document(platform(ctx), &editor, &input.idempotency_key, &new).await?;
    managed(ctx, &editor).await
}
