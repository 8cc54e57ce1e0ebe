//! Devices that let people in at an event: what whoever manages the event sees of them and does with them.

use async_graphql::{Context, Enum, ID, InputObject, MergedObject, Result, SimpleObject};
use consentry_domain::{DoorDeviceId, Instant, door as rules};
use consentry_entity::{door_device, event};

use super::roster::{at, of_event};
use crate::access::staff_of_event;
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Fault, Refused};
use crate::services::doors::{self, DeviceManager, NewDevice, State};
use crate::services::events::{self, Audience};
use crate::{connection, mutation};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct DoorDeviceMutation(AddDoorDevice, RenewDoorDeviceLink, RemoveDoorDevice);

/// Where a device stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum DoorDeviceState {
    /// Nobody has signed in with its link.
    Waiting,
    /// It lets people in.
    InUse,
    /// It was removed, or its time is over.
    Ended,
}

/// A device that lets people in at one event, and does nothing else.
#[derive(SimpleObject)]
pub struct DoorDevice {
    /// Opaque.
    id: ID,
    /// What it is called.
    name: String,
    /// The door or list at which it stands, where that was said.
    list: Option<String>,
    /// Where it stands.
    state: DoorDeviceState,
    /// When it was added.
    added_at: DateTime,
    /// Until when its link signs it in.
    link_expires_at: DateTime,
    /// When it signed in.
    opened_at: Option<DateTime>,
    /// When it was last used, to the minute.
    last_seen_at: Option<DateTime>,
    /// Until when it counts.
    ends_at: DateTime,
    /// When it was removed.
    removed_at: Option<DateTime>,
}

impl DoorDevice {
    fn new(row: door_device::Model, event_ends: Instant, now: Instant) -> Self {
        let moment = |at: i64| DateTime::from(Instant(at));
        Self {
            id: ids::encode(row.organization_id, row.id),
            state: State::of(&row, event_ends, now).into(),
            added_at: moment(row.made_at),
            link_expires_at: moment(row.link_expires_at),
            opened_at: row.opened_at.map(moment),
            last_seen_at: row.last_seen_at.map(moment),
            ends_at: rules::end(Instant(row.ends_at), event_ends).into(),
            removed_at: row.revoked_at.map(moment),
            name: row.name,
            list: row.list,
        }
    }
}

connection!(DoorDeviceConnection, DoorDeviceEdge, DoorDevice);

/// A page of an event's devices; absent for who may not manage them.
pub(super) async fn page(
    ctx: &Context<'_>,
    event: &event::Model,
    first: i32,
    after: Option<String>,
) -> Result<Option<DoorDeviceConnection>> {
    let Some(manager) = manager(ctx, event).await? else {
        return Ok(None);
    };
    let platform = platform(ctx);
    let list = format!("doorDevices:{}:{}", event.organization_id, event.id);
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok());
    let found = doors::list(&platform.store, &manager, page.first, after.map(DoorDeviceId)).await;
    let (rows, more) = found.map_err(|fault| errors::internal(&fault))?;
    let now = now(ctx).await?;
    let shown = |row: door_device::Model| {
        let place = row.id.0.as_bytes().to_vec();
        (place, DoorDevice::new(row, Instant(event.ends_at), now))
    };
    let entries = rows.into_iter().map(shown).collect();
    Ok(Some(DoorDeviceConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries,
    )))
}

async fn manager(ctx: &Context<'_>, event: &event::Model) -> Result<Option<DeviceManager>> {
    errors::absent(staff_of_event(platform(ctx), caller(ctx), event.organization_id, event.id).await)
}

async fn now(ctx: &Context<'_>) -> Result<Instant> {
    let now = platform(ctx).store.now().await;
    now.map_err(|error| errors::internal(&error.into()))
}

/// A new device.
#[derive(InputObject)]
pub struct AddDoorDeviceInput {
    /// New for each device, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What it is called, in a line of at most 100 characters: by where it stands, not by who holds it.
    name: String,
    /// The door or list at which it stands; `main` where none is named.
    list: Option<String>,
    /// Until when it counts: 30 days ahead and a day after the event's end at most, and as long as that where it is not
    /// said.
    ends_at: Option<DateTime>,
}

/// A device with its link, which is shown here and nowhere else.
#[derive(SimpleObject)]
pub struct ShownDoorDevice {
    /// The device.
    device: DoorDevice,
    /// The last part of the address under which it signs in: `/door/…`. It works once, for 15 minutes. Absent where the
    /// same request added the device before.
    secret: Option<String>,
}

mutation! {
    /// Adds a device that may let people in at one event, and nothing else; at most 100 live ones for an event. Whoever opens
    /// its link signs in as the device, without an account.
    AddDoorDevice::add_door_device(AddDoorDeviceInput) => add;
    AddDoorDevicePayload {
        /// The device with its link; absent when it was refused.
        shown: ShownDoorDevice
    }
    AddDoorDeviceUserError, AddDoorDeviceErrorCode {
        Invalid, Required, TooLong, NotFound, WrongState, LimitExceeded, IdempotencyMismatch
    }
}

/// A device whose link is to be shown again.
#[derive(InputObject)]
pub struct RenewDoorDeviceLinkInput {
    /// The device.
    device_id: ID,
}

mutation! {
    /// Shows another link of a device that has not signed in. The one before does not work any more.
    RenewDoorDeviceLink::renew_door_device_link(RenewDoorDeviceLinkInput) => renew;
    RenewDoorDeviceLinkPayload {
        /// The device with its link; absent when it was refused.
        shown: ShownDoorDevice
    }
    RenewDoorDeviceLinkUserError, RenewDoorDeviceLinkErrorCode { NotFound, WrongState }
}

/// A device to be removed.
#[derive(InputObject)]
pub struct RemoveDoorDeviceInput {
    /// The device.
    device_id: ID,
}

mutation! {
    /// Ends a device at once: no request of it is answered any more, and it cannot sign in again.
    RemoveDoorDevice::remove_door_device(RemoveDoorDeviceInput) => remove;
    RemoveDoorDevicePayload {
        /// The device; absent when it was refused.
        device: DoorDevice
    }
    RemoveDoorDeviceUserError, RemoveDoorDeviceErrorCode { NotFound }
}

async fn add(ctx: &Context<'_>, input: AddDoorDeviceInput) -> Result<ShownDoorDevice, Refused> {
    let manager: DeviceManager = of_event(ctx, "eventId", &input.event_id).await?;
    let new = NewDevice {
        idempotency_key: input.idempotency_key,
        name: input.name,
        list: input.list,
        ends_at: input.ends_at.map(|at| at.0),
    };
    let added = doors::add(platform(ctx), &manager, &new).await?;
    Ok(ShownDoorDevice {
        device: shown(ctx, added.row).await?,
        secret: added.secret,
    })
}

async fn renew(ctx: &Context<'_>, input: RenewDoorDeviceLinkInput) -> Result<ShownDoorDevice, Refused> {
    let (manager, id) = of_device(ctx, &input.device_id).await?;
    let renewed = doors::renew(platform(ctx), &manager, id).await?;
    Ok(ShownDoorDevice {
        device: shown(ctx, renewed.row).await?,
        secret: renewed.secret,
    })
}

async fn remove(ctx: &Context<'_>, input: RemoveDoorDeviceInput) -> Result<DoorDevice, Refused> {
    let (manager, id) = of_device(ctx, &input.device_id).await?;
    let removed = doors::remove(platform(ctx), &manager, id).await;
    shown(ctx, removed.map_err(|refused| at("deviceId", refused))?).await
}

async fn of_device(ctx: &Context<'_>, id: &ID) -> Result<(DeviceManager, DoorDeviceId), Refused> {
    super::roster::of_part(ctx, "deviceId", id).await
}

/// The device as it is now.
async fn shown(ctx: &Context<'_>, row: door_device::Model) -> Result<DoorDevice, Refused> {
    let store = &platform(ctx).store;
    let event = events::by_id(store, Audience::Staff, row.organization_id, row.event_id).await?;
    let event = event.ok_or_else(|| Fault::Corrupt("a device of an event that is not there".into()))?;
    Ok(DoorDevice::new(row, Instant(event.ends_at), store.now().await?))
}
