//! A device that signs in by its link, and signs out again.

use consentry_domain::{ActorKind, DoorDeviceId, Instant, door as rules};
use consentry_entity::{door_device, event};
use sea_orm::EntityTrait;

use super::{note, scope};
use crate::access::DoorDevice;
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::sql;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::transaction;

/// A device that signed in. Its secret is seen here and in the browser's cookie, nowhere else.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the cookie holds.
    pub secret: String,
    /// When it ends at the latest.
    pub expires_at: Instant,
}

/// The device that a link would sign in, with its event; none where the link is used, too old, or none of ours. Looking uses
/// nothing up.
///
/// # Errors
/// When the database fails.
pub async fn linked(platform: &Platform, secret: &str) -> Result<Option<(door_device::Model, event::Model)>, Fault> {
    let Some(link) = platform.keys.open_link(LinkKind::DoorLink, secret) else {
        return Ok(None);
    };
    let store = &platform.store;
    let row = door_device::Entity::find_by_id((link.organization, DoorDeviceId(link.id)));
    let Some(row) = row.one(store.read()).await? else {
        return Ok(None);
    };
    let event = event::Entity::find_by_id((row.organization_id, row.event_id));
    let Some(event) = event.one(store.read()).await? else {
        return Ok(None);
    };
    let is_good = is_good(&row, &event, link, store.now().await?);
    Ok(is_good.then_some((row, event)))
}

/// Whether this link signs the device in at this moment.
fn is_good(row: &door_device::Model, event: &event::Model, link: Link, now: Instant) -> bool {
    row.generation == link.generation
        && row.opened_at.is_none()
        && row.revoked_at.is_none()
        && now.0 < row.link_expires_at
        && now < rules::end(Instant(row.ends_at), Instant(event.ends_at))
}

/// Signs the device in: its link is used up.
///
/// # Errors
/// When the link is not good, whatever the reason.
pub async fn redeem(platform: &Platform, secret: &str) -> Result<Opened, Refused> {
    let refused = || {
        Refused::because(
            "secret",
            Code::NotFound,
            "This link does not work any more. Ask for a new one; each works once, for 15 minutes.",
        )
    };
    let link = platform
        .keys
        .open_link(LinkKind::DoorLink, secret)
        .ok_or_else(refused)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let key = (link.organization, DoorDeviceId(link.id));
        // Of two that have the same link, this makes one wait for the other.
        let opened = sql::execute(
            tx,
            "update door_device set opened_at = $4, last_seen_at = $4 where organization_id = $1 and id = $2 and generation = $3 \
             and opened_at is null and revoked_at is null and link_expires_at > $4",
            [link.organization.into(), link.id.into(), link.generation.into(), now.0.into()],
        )
        .await?;
        if opened != 1 {
            return Err(refused());
        }
        let row = door_device::Entity::find_by_id(key)
            .one(tx)
            .await?
            .ok_or_else(refused)?;
        let event = event::Entity::find_by_id((row.organization_id, row.event_id));
        let event = event.one(tx).await?.ok_or_else(refused)?;
        let expires_at = rules::end(Instant(row.ends_at), Instant(event.ends_at));
        if expires_at <= now {
            return Err(refused());
        }
        note(tx, scope(&row), "redeemDoorDevice", (ActorKind::Device, None), row.id).await?;
        Ok(Opened {
            secret: platform.keys.link(LinkKind::Door, link),
            expires_at,
        })
    })
}

/// Ends the device, by itself.
///
/// # Errors
/// When the database fails.
pub async fn leave(platform: &Platform, device: &DoorDevice) -> Result<(), Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let left = sql::execute(
            tx,
            "update door_device set revoked_at = $3 where organization_id = $1 and id = $2 and revoked_at is null",
            [device.scope().organization.into(), device.id().into(), now.0.into()],
        )
        .await?;
        if left == 1 {
            note(tx, device.scope(), "leaveDoor", (ActorKind::Device, None), device.id()).await?;
        }
        Ok::<_, Refused>(())
    })
}
