//! A webinar's room, for whoever has a confirmed place in it. Nothing is written: when somebody joined is not kept.

use consentry_domain::room::{self, MINUTES_BEFORE, Room as Standing};
use consentry_domain::{EventKind, Instant, RegistrationId, RegistrationStatus};
use consentry_entity::{event, organization, registration};
use sea_orm::EntityTrait;

use crate::platform::keys::LinkKind;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::organizations;

/// A room in which somebody has a place.
#[derive(Clone, Debug)]
pub struct Room {
    /// The webinar.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
    /// Where the room is.
    pub address: String,
    /// Where it stands.
    pub standing: Standing,
}

/// The room of a secret. Unknown, void, pending, cancelled, erased, no webinar: one answer. Of one that was called off, its
/// places with it, there is still to say so.
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
    let Some(row) = found.filter(|row| row.link_generation == link.generation) else {
        return Ok(None);
    };
    let event = event::Entity::find_by_id((link.organization, row.event_id))
        .one(store.read())
        .await?;
    let Some(event) = event.filter(|event| event.kind == EventKind::Webinar) else {
        return Ok(None);
    };
    let (starts, ends) = (Instant(event.starts_at), Instant(event.ends_at));
    let standing = room::at(event.status, starts, ends, store.now().await?);
    let has_place = match row.status {
        RegistrationStatus::Confirmed => true,
        RegistrationStatus::Pending | RegistrationStatus::Cancelled => standing == Some(Standing::CalledOff),
        RegistrationStatus::Erased => false,
    };
    let Some(standing) = standing.filter(|_| has_place) else {
        return Ok(None);
    };
    let organization = organizations::by_id(store, link.organization).await?;
    let missing = || Fault::Corrupt("an event without its organization".into());
    let organization = organization.ok_or_else(missing)?;
    Ok(event.join_url.clone().map(|address| Room {
        event,
        organization,
        address,
        standing,
    }))
}

/// Where the room of a secret is, while it is open.
///
/// # Errors
/// Not found, too early, too late, called off.
pub async fn enter(platform: &Platform, secret: &str) -> Result<String, Refused> {
    let room = room(platform, secret)
        .await?
        .ok_or_else(|| Refused::not_found("secret"))?;
    let refused = |code, words: &str| Err(Refused::because("secret", code, words));
    match room.standing {
        Standing::Open => Ok(room.address),
        Standing::NotYetOpen => {
            let words = format!("The room opens {MINUTES_BEFORE} minutes before the webinar begins. Come back then.");
            refused(Code::TooEarly, &words)
        }
        Standing::Over => refused(
            Code::TooLate,
            "This webinar is over. Ask its organizer whether there is a recording.",
        ),
        Standing::CalledOff => refused(
            Code::Cancelled,
            "This webinar was called off. Its organizer knows more.",
        ),
    }
}
