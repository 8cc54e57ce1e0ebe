//! Answering a complaint.
//!
//! Locks: the person, then the complaint, as erasing does.

use consentry_domain::complaint::{self as rule, Complaint};
use consentry_domain::{ActorKind, ComplaintId, Instant, PersonId};
use consentry_entity::{complaint, organization, person};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, QuerySelect};

use super::{Managed, Officer, SUBJECT, list, mails};
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::partners::fresh;
use crate::services::{audit, input, privacy};
use crate::transaction;

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The complaint.
    pub id: ComplaintId,
    /// The revision that was seen.
    pub revision: i64,
    /// What is answered.
    pub text: String,
}

/// Answers it, once: the answer is sent, and stands beside the complaint. Said again in the same words it is the same answer.
/// Where the person was erased while it was open, it is emptied now.
///
/// # Errors
/// What is wrong with the text; not found, where the organization has no such complaint; `STALE` where it was changed
/// meanwhile; `WRONG_STATE` where it is answered.
pub async fn answer(platform: &Platform, officer: &Officer, answer: &Answer) -> Result<Managed, Refused> {
    let (organization, id) = (officer.organization(), answer.id);
    let mut problems = Problems::new();
    let text = problems.keep("answer", input::paragraphs(&answer.text, rule::LONGEST_TEXT));
    problems.none()?;
    let missing = || Refused::not_found("complaintId");
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let whose = "select person_id from complaint where organization_id = $1 and id = $2";
        let whose = sql::optional(tx, whose, [organization.into(), id.into()]).await?;
        let whose: PersonId = whose.ok_or_else(missing)?.try_get("", "person_id")?;
        let person = person::Entity::find_by_id((organization, whose)).lock_exclusive();
        let is_erased = person.one(tx).await?.is_none_or(|row| row.erased_at.is_some());
        let before = complaint::Entity::find_by_id((organization, id)).lock_exclusive();
        let before = before.one(tx).await?.ok_or_else(missing)?;
        let state = Complaint::from_stored(before.state, Instant(before.due_at), before.answered_at.map(Instant));
        let state = state.ok_or_else(|| Fault::Corrupt("an answered complaint without a time".into()))?;
        if matches!(state, Complaint::Answered { .. }) && before.answer == text {
            return Ok(());
        }
        fresh(before.revision, answer.revision)?;
        let message = "This complaint is answered already. What somebody was told is not changed afterwards.";
        let state = state.answer(now);
        let state = state.map_err(|_| Refused::because("complaintId", Code::WrongState, message))?;
        let after = complaint::Model {
            state: state.state(),
            answered_at: Some(now.0),
            answered_by: Some(officer.actor()),
            answer: text.clone(),
            revision: before.revision + 1,
            ..before
        };
        tell(tx, &after, is_erased).await?;
        complaint::Entity::update(after.into_active_model().reset_all())
            .exec(tx)
            .await?;
        if is_erased {
            privacy::empty_complaint(tx, organization, id).await?;
        }
        note(tx, officer, id).await
    })?;
    list::known(platform, officer, id).await
}

async fn tell(tx: &Tx, row: &complaint::Model, is_erased: bool) -> Result<(), Fault> {
    let by = organization::Entity::find_by_id(row.organization_id).one(tx).await?;
    let by = by.ok_or_else(|| Fault::Corrupt("a complaint without an organization".into()))?;
    mails::answered(tx, &by, row, is_erased).await
}

async fn note(tx: &Tx, officer: &Officer, id: ComplaintId) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: officer.organization(),
        actor: ActorKind::Staff,
        account: Some(officer.actor()),
        action: "answerComplaint",
        event: None,
        subject_kind: SUBJECT,
        subject: Some(id.0),
        detail: serde_json::json!({}),
    };
    Ok(audit::note(tx, entry).await?)
}
