//! Adding devices, showing a link again, and removing them.

use consentry_domain::{ActorKind, DoorDeviceId, EventStatus, Instant, door as rules};
use consentry_entity::{door_device, event};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::{note, scope};
use crate::access::rights::ManageEvents;
use crate::access::{Authorized, EventScope};
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::sql::{self, Lock};
use crate::platform::store::{Store, Tx};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::input;
use crate::transaction;

/// The right to manage an event's devices.
pub type DeviceManager = Authorized<EventScope, ManageEvents>;

/// A device, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewDevice {
    /// The client's key.
    pub idempotency_key: String,
    /// What it is called, so that people know it again.
    pub name: String,
    /// The door or list at which it stands.
    pub list: Option<String>,
    /// Until when it counts, RFC 3339; as long as it may where that is not said.
    pub ends_at: Option<String>,
}

/// A device with the secret of its link.
#[derive(Clone, Debug)]
pub struct Added {
    /// The device.
    pub row: door_device::Model,
    /// The secret; none where the same request made the device before.
    pub secret: Option<String>,
}

/// Where a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has signed in with its link.
    Waiting,
    /// It lets people in.
    InUse,
    /// It was removed, or its time is over.
    Ended,
}

impl State {
    /// Where it stands at this moment, at an event that ends then.
    #[must_use]
    pub fn of(row: &door_device::Model, event_ends: Instant, now: Instant) -> Self {
        if row.revoked_at.is_some() || rules::end(Instant(row.ends_at), event_ends) <= now {
            Self::Ended
        } else if row.opened_at.is_some() {
            Self::InUse
        } else {
            Self::Waiting
        }
    }
}

/// Adds a device; its link works once, for a quarter of an hour.
///
/// # Errors
/// What is wrong with it; `LIMIT_EXCEEDED` where the event has a hundred already.
pub async fn add(platform: &Platform, manager: &DeviceManager, new: &NewDevice) -> Result<Added, Refused> {
    let mut problems = Problems::new();
    let name = problems.keep("name", input::line(&new.name, 100)).unwrap_or_default();
    let list = new.list.as_deref();
    let list = problems.keep("list", input::optional(list, |text| input::line(text, 50)));
    let said = problems.keep("endsAt", input::optional(new.ends_at.as_deref(), input::instant));
    problems.none()?;
    let organization = manager.organization();
    let key_scope = format!("addDoorDevice:{}", manager.actor());
    let request = idempotency::Request::of(organization, key_scope, &new.idempotency_key, &(manager.event(), new))?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: DoorDeviceId = tx.ordered_id();
        if let Claim::Replayed(made) = idempotency::claim(platform, tx, &request, id.0).await? {
            let row = find(tx, manager, DoorDeviceId(made)).await?;
            return Ok(Added { row, secret: None });
        }
        let event = lock_event(tx, manager).await?;
        let ends_at = end(&event, said.flatten(), now)?;
        refuse_too_many(tx, manager, now).await?;
        let row = door_device::Model {
            organization_id: organization,
            id,
            event_id: manager.event(),
            name: name.clone(),
            list: list.clone().flatten(),
            generation: 1,
            link_expires_at: now.plus_minutes(rules::LINK_MINUTES).0,
            made_by: manager.actor(),
            made_at: now.0,
            ends_at: ends_at.0,
            opened_at: None,
            last_seen_at: None,
            revoked_at: None,
        };
        door_device::Entity::insert(row.clone().into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        let by = (ActorKind::Staff, Some(manager.actor()));
        note(tx, scope(&row), "addDoorDevice", by, id).await?;
        let secret = Some(secret(platform, &row));
        Ok(Added { row, secret })
    })
}

/// Shows another link of a device that nobody has signed in with: the one before is worth nothing.
///
/// # Errors
/// Not found, where the event has no such device; `WRONG_STATE` where it is in use or has ended.
pub async fn renew(platform: &Platform, manager: &DeviceManager, id: DoorDeviceId) -> Result<Added, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let row = find(tx, manager, id).await?;
        let changed = sql::execute(
            tx,
            "update door_device set generation = generation + 1, link_expires_at = $3 where organization_id = $1 and id = $2 \
             and opened_at is null and revoked_at is null and ends_at > $4",
            [
                row.organization_id.into(),
                id.into(),
                now.plus_minutes(rules::LINK_MINUTES).0.into(),
                now.0.into(),
            ],
        )
        .await?;
        if changed != 1 {
            let words = "This device has signed in or has ended. Remove it and add another one.";
            return Err(Refused::because("deviceId", Code::WrongState, words));
        }
        let by = (ActorKind::Staff, Some(manager.actor()));
        note(tx, scope(&row), "renewDoorDeviceLink", by, id).await?;
        let row = find(tx, manager, id).await?;
        let secret = Some(secret(platform, &row));
        Ok(Added { row, secret })
    })
}

/// Ends a device: no request of it is answered any more. One that has ended stays so.
///
/// # Errors
/// Not found, where the event has no such device.
pub async fn remove(
    platform: &Platform,
    manager: &DeviceManager,
    id: DoorDeviceId,
) -> Result<door_device::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let row = find(tx, manager, id).await?;
        let removed = sql::execute(
            tx,
            "update door_device set revoked_at = $3 where organization_id = $1 and id = $2 and revoked_at is null",
            [row.organization_id.into(), id.into(), now.0.into()],
        )
        .await?;
        if removed == 1 {
            let by = (ActorKind::Staff, Some(manager.actor()));
            note(tx, scope(&row), "removeDoorDevice", by, id).await?;
        }
        find(tx, manager, id).await
    })
}

/// The event's devices, the newest first; whether more follow.
///
/// # Errors
/// When the database fails.
pub async fn list(
    store: &Store,
    manager: &DeviceManager,
    first: u32,
    after: Option<DoorDeviceId>,
) -> Result<(Vec<door_device::Model>, bool), Fault> {
    use door_device::Column;
    let mut query = door_device::Entity::find()
        .filter(Column::OrganizationId.eq(manager.organization()))
        .filter(Column::EventId.eq(manager.event()))
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    let mut rows = query.all(store.read()).await?;
    let more = rows.len() > first as usize;
    rows.truncate(first as usize);
    Ok((rows, more))
}

async fn find(tx: &Tx, manager: &DeviceManager, id: DoorDeviceId) -> Result<door_device::Model, Refused> {
    let row = door_device::Entity::find_by_id((manager.organization(), id))
        .one(tx)
        .await?;
    row.filter(|row| row.event_id == manager.event())
        .ok_or_else(|| Refused::not_found("deviceId"))
}

/// The event, locked, so that its devices are counted one after another.
async fn lock_event(tx: &Tx, manager: &DeviceManager) -> Result<event::Model, Refused> {
    let key = (manager.organization(), manager.event());
    let text = format!(
        "select id from event where organization_id = $1 and id = $2{}",
        sql::lock_suffix(tx.engine(), Lock::Exclusive)
    );
    sql::optional(tx, &text, [key.0.into(), key.1.into()]).await?;
    let event = event::Entity::find_by_id(key).one(tx).await?;
    let event = event.ok_or_else(|| Refused::not_found("eventId"))?;
    if matches!(event.status, EventStatus::Archived | EventStatus::Cancelled) {
        let words = "This event is cancelled or archived: nobody is let in there any more.";
        return Err(Refused::because("eventId", Code::WrongState, words));
    }
    Ok(event)
}

/// Until when a device counts for which this was said.
fn end(event: &event::Model, said: Option<Instant>, now: Instant) -> Result<Instant, Refused> {
    let Some(latest) = rules::latest_end(Instant(event.ends_at), now) else {
        let words = "This event has been over for more than a day: nobody is let in there any more.";
        return Err(Refused::because("eventId", Code::WrongState, words));
    };
    let end = said.unwrap_or(latest);
    if end <= now || latest < end {
        let words = "A time to come is expected, 30 days ahead and a day after the event's end at most.";
        return Err(Refused::because("endsAt", Code::Invalid, words));
    }
    Ok(end)
}

async fn refuse_too_many(tx: &Tx, manager: &DeviceManager, now: Instant) -> Result<(), Refused> {
    let row = sql::one(
        tx,
        "select count(*) as live from door_device where organization_id = $1 and event_id = $2 and revoked_at is null \
         and ends_at > $3",
        [manager.organization().into(), manager.event().into(), now.0.into()],
    )
    .await?;
    if row.try_get::<i64>("", "live")? < rules::MOST_LIVE {
        return Ok(());
    }
    let words = "This event has 100 devices. Remove one that is not used any more.";
    Err(Refused::because("", Code::LimitExceeded, words))
}

/// What the link of a device ends with.
fn secret(platform: &Platform, row: &door_device::Model) -> String {
    let link = Link {
        organization: row.organization_id,
        id: row.id.0,
        generation: row.generation,
    };
    platform.keys.link(LinkKind::DoorLink, link)
}
