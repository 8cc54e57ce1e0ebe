//! One registration that staff look at, and that they looked: in the audit log before anybody sees it.

use consentry_domain::RegistrationId;
use uuid::Uuid;

use super::list::{COLUMNS, Row};
use crate::access::rights::{Permission, ViewRoster};
use crate::access::{Actor, Authorized, EventScope};
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::services::audit;

/// One registration of the event, after staff changed it.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn one(
    platform: &Platform,
    authorized: &Authorized<EventScope, ViewRoster>,
    id: RegistrationId,
) -> Result<Row, Refused> {
    let text = format!("select {COLUMNS} from registration where organization_id = $1 and id = $2 and event_id = $3");
    let values = [authorized.organization().into(), id.into(), authorized.event().into()];
    let row = sql::optional(platform.store.read(), &text, values).await?;
    Ok(Row::of(&row.ok_or_else(|| Refused::not_found("registrationId"))?)?)
}

/// A registration of the event; that it is looked at is in the audit log before anybody sees it.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn note_seen(
    platform: &Platform,
    authorized: &Authorized<EventScope, ViewRoster>,
    id: RegistrationId,
) -> Result<Row, Refused> {
    let row = one(platform, authorized, id).await?;
    let subject = Some(("registration", id.0));
    let entry = entry(authorized, "viewRoster", subject, serde_json::json!({ "entries": 1 }));
    audit::note_read(&platform.store, entry).await?;
    Ok(row)
}

/// Notes in the audit log what staff of an event did.
pub(super) async fn note<P: Permission>(
    tx: &Tx,
    authorized: &Authorized<EventScope, P>,
    action: &str,
    subject: Option<(&str, Uuid)>,
    detail: serde_json::Value,
) -> Result<(), Fault> {
    Ok(audit::note(tx, entry(authorized, action, subject, detail)).await?)
}

pub(super) fn entry<'a, P: Permission>(
    authorized: &Authorized<EventScope, P>,
    action: &'a str,
    subject: Option<(&'a str, Uuid)>,
    mut detail: serde_json::Value,
) -> audit::Entry<'a> {
    let actor = authorized.actor();
    if let Some(device) = actor.device() {
        // It has no account to be known by.
        detail["device"] = serde_json::json!(device.id());
    }
    audit::Entry {
        organization: authorized.organization(),
        actor: actor.kind(),
        account: actor.account(),
        action,
        event: Some(authorized.event()),
        subject_kind: subject.map_or("event", |(kind, _)| kind),
        subject: Some(subject.map_or(authorized.event().0, |(_, id)| id)),
        detail,
    }
}
