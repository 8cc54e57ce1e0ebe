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

/// The rows in the order in which they stand once the one with the id `moved` stands before the one with the id `before`,
/// or last; none where nothing moves.
///
/// # Errors
/// [`Code::NotFound`] at `fields.0` where no row has the first id, at `fields.1` where none has the second.
fn placed<R, I: PartialEq>(
    rows: Vec<R>,
    id: impl Fn(&R) -> I,
    moved: &I,
    before: Option<&I>,
    fields: (&'static str, &'static str),
) -> Result<Option<Vec<R>>, Refused> {
    let find = |wanted: &I, field| {
        rows.iter()
            .position(|row| id(row) == *wanted)
            .ok_or_else(|| Refused::not_found(field))
    };
    let from = find(moved, fields.0)?;
    let to = before.map_or(Ok(rows.len()), |before| find(before, fields.1))?;
    if to == from || to == from + 1 {
        return Ok(None);
    }
    let mut rows = rows;
    let row = rows.remove(from);
    rows.insert(if to > from { to - 1 } else { to }, row);
    Ok(Some(rows))
}

/// The caller has not seen what it would write over.
fn check_revision(seen: i64, is: i64) -> Result<(), Refused> {
    if seen == is {
        return Ok(());
    }
    let words = "This was changed meanwhile. Read it again and repeat the change.";
    Err(Refused::because("revision", Code::Stale, words))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIELDS: (&str, &str) = ("id", "beforeId");

    proptest! {
        #[test]
        fn what_is_moved_stands_right_before_the_other_and_the_rest_stays_as_it_was(
            count in 1_u8..9, moved in any::<prop::sample::Index>(), before in prop::option::of(any::<prop::sample::Index>()),
        ) {
            let rows: Vec<u8> = (0..count).collect();
            let moved = rows[moved.index(rows.len())];
            let before = before.map(|before| rows[before.index(rows.len())]);
            let placed = placed(rows.clone(), |row| *row, &moved, before.as_ref(), FIELDS).expect("both are there");
            prop_assert_ne!(placed.as_ref(), Some(&rows), "what stays is not written");
            let after = placed.unwrap_or_else(|| rows.clone());
            let without = |rows: &[u8]| rows.iter().copied().filter(|row| *row != moved).collect::<Vec<_>>();
            prop_assert_eq!(without(&after), without(&rows));
            let place = after.iter().position(|row| *row == moved).expect("it is there");
            match before {
                Some(before) if before == moved => prop_assert_eq!(after, rows),
                before => prop_assert_eq!(after.get(place + 1).copied(), before),
            }
        }
    }

    #[test]
    fn what_is_not_there_is_named() {
        let field = |moved: u8, before: Option<u8>| {
            let refused = placed(vec![1, 2], |row| *row, &moved, before.as_ref(), FIELDS).expect_err("refused");
            format!("{refused:?}")
        };
        for (refused, name) in [
            (field(3, None), "\"id\""),
            (field(3, Some(3)), "\"id\""),
            (field(1, Some(3)), "\"beforeId\""),
        ] {
            assert!(refused.contains(name) && refused.contains("NotFound"), "{refused}");
        }
    }
}
