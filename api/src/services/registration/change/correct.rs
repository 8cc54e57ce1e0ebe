//! Staff correct a registration: at once.

use consentry_domain::{ActorKind, RegistrationId};
use consentry_entity::registration;

use super::Change;
use super::address;
use super::edit::{self, Edit, NewAddress};
use crate::access::rights::ManageRegistrations;
use crate::access::{Authorized, EventScope};
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::services::mail::facts::{AddressNews, AddressState};
use crate::services::sharing::{decide, leads};
use crate::transaction;

/// Corrects what is named, answers included, whatever the attendees' deadline. Another address holds at once, but nothing
/// is shared until its reader has proved it: a mail goes there, and every link sent before is void. Whom the registration
/// belonged to keeps it until then, so that what was given can still be taken back.
///
/// # Errors
/// What is wrong with it; not found; `STALE` where it has changed since; `WRONG_STATE` where the place was given up.
pub async fn correct(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageRegistrations>,
    id: RegistrationId,
    revision: i64,
    change: &Change,
) -> Result<registration::Model, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let form = edit::form(platform, organization, event, change).await?;
    transaction!(platform.store.writer(), async |tx| {
        let before = edit::lock(tx, organization, event, id).await?;
        let before = before.ok_or_else(|| Refused::not_found("registrationId"))?;
        let mut edit = Edit::judge(tx, &before, change, form.as_ref()).await?;
        let replaced = replace(&mut edit);
        if edit.is_empty() {
            return Ok(before);
        }
        if before.revision != revision {
            let message = "This has changed since it was read. Read it again and repeat the correction.";
            return Err(Refused::because("revision", Code::Stale, message));
        }
        edit.write(tx).await?;
        edit.follow_birth(tx).await?;
        if let Some(email) = &replaced {
            if !before.consents_suspended {
                decide::suspend(tx, &edit.row).await?;
            }
            let at_event = address::at_event(tx, organization, event).await?;
            address::ask(tx, &at_event, &edit.row, email, AddressState::Replaced).await?;
            address::tell(tx, &at_event, &before, &edit.row, email, AddressNews::Replaced).await?;
        }
        leads::rewrite(tx, organization, &[id]).await?;
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Staff,
            account: Some(authorized.actor()),
            action: "correctRegistration",
            event: Some(event),
            subject_kind: "registration",
            subject: Some(id.0),
            detail: edit.detail(),
        };
        audit::note(tx, entry).await?;
        Ok(edit.row)
    })
}

/// Puts another address onto the row, unproved; which one.
fn replace(edit: &mut Edit) -> Option<String> {
    let NewAddress::Other(email) = &edit.address else {
        return None;
    };
    let row = &mut edit.row;
    row.email = Some(email.clone());
    row.email_proved_at = None;
    row.new_email = None;
    row.address_generation += 1;
    row.link_generation += 1;
    row.consents_suspended = true;
    edit.changed.push("email");
    Some(email.clone())
}
