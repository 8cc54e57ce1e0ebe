//! The attendee changes the own registration.

use consentry_domain::{ActorKind, text};
use consentry_entity::registration;

use super::Change;
use super::address::{self, Asks};
use super::birth;
use super::edit::{self, Edit, NewAddress};
use crate::access::OwnRegistration;
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::services::mail::facts::{AddressNews, AddressState};
use crate::services::sharing::leads;
use crate::transaction;

/// So many addresses can be named one after another: each sends a mail to somebody who may never have asked for it.
const MOST_ADDRESSES: i32 = 20;

/// Changes what is named. Another address is kept as a wish and asked for its proof; naming the one in force gives the
/// wish up. What holds already succeeds, whatever the revision.
///
/// # Errors
/// What is wrong with it; `STALE` where it has changed since; `TOO_LATE` for answers after the organizer's deadline;
/// `WRONG_STATE` where the place was given up, or where only the organizer changes the date of birth in this way;
/// `TOO_YOUNG` where the event is not for somebody of that age.
pub async fn update(
    platform: &Platform,
    own: &OwnRegistration,
    revision: i64,
    change: &Change,
) -> Result<registration::Model, Refused> {
    let (organization, event, id) = (own.organization(), own.event(), own.registration());
    let form = edit::form(platform, organization, event, change).await?;
    transaction!(platform.store.writer(), async |tx| {
        let before = edit::lock(tx, organization, event, id).await?;
        // Erased, or moved to somebody else, since it was asked whose it is.
        let before = before.filter(|row| row.person_id.is_some());
        let before = before.ok_or_else(|| Refused::not_found("registrationId"))?;
        let mut edit = Edit::judge(tx, &before, change, form.as_ref()).await?;
        if let (Some(born), Some(form)) = (edit.born, &form) {
            birth::by_attendee(tx, form, &before, born).await?;
        }
        let asks = wish(&mut edit, change)?;
        if edit.is_empty() {
            return Ok(before);
        }
        if before.revision != revision {
            let message = "This has changed since it was read. Read it again and repeat the change.";
            return Err(Refused::because("revision", Code::Stale, message));
        }
        let at_event = address::at_event(tx, organization, event).await?;
        let until = at_event.event.answers_editable_until;
        let now = tx.now().await?;
        if !edit.answers.is_empty() && until.is_some_and(|until| until <= now.0) {
            let message = "The organizer takes no changed answers any more. Write to the organizer.";
            return Err(Refused::because("answers", Code::TooLate, message));
        }
        edit.write(tx).await?;
        edit.follow_birth(tx).await?;
        leads::rewrite(tx, organization, &[id]).await?;
        if let Asks::Proof(email) = &asks {
            address::ask(tx, &at_event, &edit.row, email, AddressState::WaitsForProof).await?;
            address::tell(tx, &at_event, &before, &edit.row, email, AddressNews::Wished).await?;
        }
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Attendee,
            account: Some(own.account()),
            action: "updateRegistration",
            event: Some(event),
            subject_kind: "registration",
            subject: Some(id.0),
            detail: edit.detail(),
        };
        audit::note(tx, entry).await?;
        Ok(edit.row)
    })
}

/// Puts the wish for another address onto the row; whom to ask for its proof.
fn wish(edit: &mut Edit, change: &Change) -> Result<Asks, Refused> {
    let row = &mut edit.row;
    let wished = row.new_email.as_deref().map(text::email_key);
    match &edit.address {
        NewAddress::Other(email) if wished.as_deref() == Some(text::email_key(email).as_str()) => Ok(Asks::Nothing),
        NewAddress::Other(email) => {
            if row.address_generation >= MOST_ADDRESSES {
                let message = "The address was changed too often. Write to the organizer.";
                return Err(Refused::because("email", Code::LimitExceeded, message));
            }
            row.new_email = Some(email.clone());
            row.address_generation += 1;
            edit.changed.push("newEmail");
            Ok(Asks::Proof(email.clone()))
        }
        NewAddress::Same if change.email.is_some() && wished.is_some() => {
            row.new_email = None;
            row.address_generation += 1;
            edit.changed.push("newEmail");
            Ok(Asks::Nothing)
        }
        NewAddress::Same => Ok(Asks::Nothing),
    }
}
