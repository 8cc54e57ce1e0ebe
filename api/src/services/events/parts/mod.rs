//! The parts of an event: ticket types, quotas, questions, documents, sessions, speakers. Each change locks the event's row,
//! says to the streams what their partners may know of it, and is in the audit log.

mod documents;
mod questions;
mod quotas;
mod sessions;
mod speakers;
mod ticket_types;

pub use documents::{NewDocument, create_document};
pub use questions::{ChoiceTerms, QuestionTerms, archive_question, create_question, move_question, update_question};
pub use quotas::{QuotaTerms, create_quota, quotas, update_quota};
pub use sessions::{SessionTerms, create_session, remove_session, update_session};
pub use speakers::{SpeakerTerms, create_speaker, remove_speaker, update_speaker};
pub use ticket_types::{
    TicketTypeTerms, archive_ticket_type, create_ticket_type, move_ticket_type, update_ticket_type,
};

use consentry_domain::ActorKind;
use consentry_entity::event;
use uuid::Uuid;

use crate::access::rights::ManageEvents;
use crate::access::{Authorized, EventScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::services::idempotency::{self, Claim};
use crate::services::sharing::stream_facts;

/// The right to change an event's parts.
pub type Editor = Authorized<EventScope, ManageEvents>;

/// The event, locked, in a state in which its parts can be changed.
async fn lock(tx: &Tx, editor: &Editor) -> Result<event::Model, Refused> {
    let row = super::change::lock(tx, editor).await?;
    super::change::refuse_ended(&row)?;
    Ok(row)
}

/// Claims the client's key for a new part; `Some` is the part that the same request made before.
async fn claim(
    platform: &Platform,
    tx: &Tx,
    editor: &Editor,
    operation: &str,
    key: &str,
    body: &impl serde::Serialize,
    result: Uuid,
) -> Result<Option<Uuid>, Refused> {
    let scope = format!("{operation}:{}", editor.actor());
    let request = idempotency::Request::of(editor.organization(), scope, key, &(editor.event(), body))?;
    Ok(match idempotency::claim(platform, tx, &request, result).await? {
        Claim::New => None,
        Claim::Replayed(made) => Some(made),
    })
}

/// What follows each change of a part.
async fn changed(tx: &Tx, editor: &Editor, action: &str, kind: &str, subject: Uuid) -> Result<(), Refused> {
    stream_facts::rewrite(tx, editor.organization(), editor.event()).await?;
    audit::note(
        tx,
        audit::Entry {
            organization: editor.organization(),
            actor: ActorKind::Staff,
            account: Some(editor.actor()),
            action,
            event: Some(editor.event()),
            subject_kind: kind,
            subject: Some(subject),
            detail: serde_json::json!({}),
        },
    )
    .await?;
    Ok(())
}

/// The caller has not seen what it would write over.
fn check_revision(seen: i64, is: i64) -> Result<(), Refused> {
    if seen == is {
        return Ok(());
    }
    let words = "This was changed meanwhile. Read it again and repeat the change.";
    Err(Refused::because("revision", Code::Stale, words))
}
