//! A webinar's room, for whoever has a confirmed place in it. Nothing is written: when somebody joined is not kept.

use consentry_domain::{EventKind, EventStatus, RegistrationId, RegistrationStatus};
use consentry_entity::{event, organization, registration};
use sea_orm::EntityTrait;

use crate::platform::keys::LinkKind;
use crate::platform::{Fault, Platform};
use crate::services::organizations;

/// A room that somebody may enter.
#[derive(Clone, Debug)]
pub struct Room {
    /// The webinar.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
    /// Where the room is.
    pub address: String,
}

/// The room that a secret opens. Unknown, void, pending, cancelled, erased, no webinar, called off: one answer.
///
/// # Errors
/// When the database fails.
pub async fn room(platform: &Platform, secret: &str) -> Result<Option<Room>, Fault> {
    let Some(link) = platform.keys.open_link(LinkKind::Join, secret) else {
        return Ok(None);
    };
    let store = &platform.store;
    let found = registration::Entity::find_by_id((link.organization, RegistrationId(link.id)))
        .one(store.read())
        .await?;
    let is_in = |row: &registration::Model| {
        row.link_generation == link.generation && row.status == RegistrationStatus::Confirmed
    };
    let Some(row) = found.filter(is_in) else {
        return Ok(None);
    };
    let event = event::Entity::find_by_id((link.organization, row.event_id))
        .one(store.read())
        .await?;
    let is_on = |event: &event::Model| {
        event.kind == EventKind::Webinar && matches!(event.status, EventStatus::Published | EventStatus::Closed)
    };
    let Some(event) = event.filter(is_on) else {
        return Ok(None);
    };
    let organization = organizations::by_id(store, link.organization).await?;
    let missing = || Fault::Corrupt("an event without its organization".into());
    let organization = organization.ok_or_else(missing)?;
    Ok(event.join_url.clone().map(|address| Room {
        event,
        organization,
        address,
    }))
}
