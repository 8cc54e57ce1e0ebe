//! Devices that let people in at one event: added by whoever manages it, signed in by a link that works once, and ended by
//! one press, by their time, or with their event.
//!
//! A device's row is its session (see `access`); the secrets of its link and of its session are derived, not stored.

mod manage;
mod open;

pub use manage::{Added, DeviceManager, NewDevice, State, add, list, remove, renew};
pub use open::{Opened, leave, linked, redeem};

use consentry_domain::{AccountId, ActorKind, DoorDeviceId};
use consentry_entity::door_device;
use sea_orm::DbErr;

use crate::access::EventScope;
use crate::platform::store::Tx;
use crate::services::audit;

/// What the audit log calls a device.
const SUBJECT: &str = "doorDevice";

/// Notes in the audit log what was done to a device, or what it did itself.
async fn note(
    tx: &Tx,
    at: EventScope,
    action: &str,
    (actor, account): (ActorKind, Option<AccountId>),
    device: DoorDeviceId,
) -> Result<(), DbErr> {
    let entry = audit::Entry {
        organization: at.organization,
        actor,
        account,
        action,
        event: Some(at.event),
        subject_kind: SUBJECT,
        subject: Some(device.0),
        detail: serde_json::json!({ "device": device }),
    };
    audit::note(tx, entry).await
}

/// The event of a device.
fn scope(row: &door_device::Model) -> EventScope {
    EventScope {
        organization: row.organization_id,
        event: row.event_id,
    }
}
