//! Filing a complaint.
//!
//! Locks: the person alone. Whoever is erased meanwhile waits for it, or has been waited for.

use consentry_domain::complaint::{self as rule, Complaint};
use consentry_domain::{ActorKind, ComplaintId};
use consentry_entity::complaint;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::{Named, SUBJECT, mails};
use crate::access::OwnPerson;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::privacy::Subject;
use crate::services::{audit, input};
use crate::transaction;

/// A complaint that is made.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewComplaint {
    /// New for each complaint.
    pub idempotency_key: String,
    /// What somebody says.
    pub text: String,
    /// What it is about.
    pub named: Named,
}

/// Files it: whoever made it gets a receipt, whoever answers for data protection is told that there is one. The same request
/// again answers with the same complaint.
///
/// # Errors
/// What is wrong with the text; not found, where it is about something that is not theirs; `LIMIT_EXCEEDED` where too many
/// of theirs are open.
pub async fn file(platform: &Platform, own: &OwnPerson, new: &NewComplaint) -> Result<complaint::Model, Refused> {
    let organization = own.organization();
    let mut problems = Problems::new();
    let text = problems.keep("text", input::paragraphs(&new.text, rule::LONGEST_TEXT));
    problems.none()?;
    let text = text.unwrap_or_default();
    let scope = format!("fileComplaint:{}", own.account());
    let request = idempotency::Request::of(organization, scope, &new.idempotency_key, &(own.person(), new))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: ComplaintId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let found = complaint::Entity::find_by_id((organization, ComplaintId(made)));
            let found = found.one(tx).await?.filter(|row| row.person_id == own.person());
            return found.ok_or_else(|| Refused::not_found("personId"));
        }
        let subject = Subject::lock(tx, own).await?;
        let about = new.named.find(tx, own, &subject.organization).await?;
        few(tx, own).await?;
        let state = Complaint::file(now);
        let Complaint::Open { due } = state else {
            return Err(Fault::Corrupt("a new complaint that is answered".into()).into());
        };
        let row = complaint::Model {
            organization_id: organization,
            id,
            person_id: own.person(),
            account_id: Some(own.account()),
            event_id: about.event,
            registration_id: about.registration,
            event_partner_id: about.event_partner,
            disclosure_id: about.disclosure,
            roster_export_id: about.export,
            recipient_name: about.recipient,
            text: text.clone(),
            email: Some(subject.account.email.clone()),
            locale: subject.account.locale.clone(),
            state: state.state(),
            opened_at: now.0,
            due_at: due.0,
            answered_at: None,
            answered_by: None,
            answer: None,
            revision: 1,
        };
        complaint::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        mails::filed(tx, &subject.organization, &row).await?;
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Attendee,
            account: Some(own.account()),
            action: "fileComplaint",
            event: row.event_id,
            subject_kind: SUBJECT,
            subject: Some(id.0),
            detail: serde_json::json!({}),
        };
        audit::note(tx, entry).await?;
        Ok(row)
    })
}

/// Refuses one more than can be open at once.
async fn few(tx: &Tx, own: &OwnPerson) -> Result<(), Refused> {
    let text =
        "select count(*) as open from complaint where organization_id = $1 and person_id = $2 and state = 'OPEN'";
    let row = sql::one(tx, text, [own.organization().into(), own.person().into()]).await?;
    if row.try_get::<i64>("", "open")? < rule::MOST_OPEN {
        return Ok(());
    }
    let message = format!(
        "{} complaints of yours wait for an answer already. Wait for one of them, or go to a supervisory authority.",
        rule::MOST_OPEN
    );
    Err(Refused::because("personId", Code::LimitExceeded, message))
}
