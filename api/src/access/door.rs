//! A device at a door: neither an account nor a partner. It may let people in at one event, and nothing else.
//!
//! Its row is its session, and is looked at with every request: it may have been removed a moment ago.

use std::sync::Arc;

use consentry_domain::{AccountId, ActorKind, DoorDeviceId, Instant, OrganizationId, door as rules, session};
use sea_orm::QueryResult;

use super::EventScope;
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::sql;
use crate::platform::{Fault, Platform};

/// A device that counts at this moment. Only this module makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoorDevice {
    scope: EventScope,
    id: DoorDeviceId,
    name: String,
    list: Option<String>,
    ends_at: Instant,
}

impl DoorDevice {
    /// The event at which it lets people in.
    #[must_use]
    pub fn scope(&self) -> EventScope {
        self.scope
    }

    /// Which one.
    #[must_use]
    pub fn id(&self) -> DoorDeviceId {
        self.id
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The door or list at which it stands, where that was said.
    #[must_use]
    pub fn list(&self) -> Option<&str> {
        self.list.as_deref()
    }

    /// Until when it counts.
    #[must_use]
    pub fn ends_at(&self) -> Instant {
        self.ends_at
    }
}

/// The device that signed in with what a browser's cookie holds; none where it is not good, has ended or was removed. Only
/// pages ask so, as they do of somebody who is signed in.
///
/// # Errors
/// When the database fails.
pub async fn door_device(platform: &Platform, secret: &str) -> Result<Option<Arc<DoorDevice>>, Fault> {
    let Some(link) = platform.keys.open_link(LinkKind::Door, secret) else {
        return Ok(None);
    };
    let text = format!(
        "select d.event_id, d.name, d.list, d.ends_at, d.opened_at, d.last_seen_at, e.ends_at as event_ends_at, {} as now \
         from door_device d join event e on e.organization_id = d.organization_id and e.id = d.event_id \
         where d.organization_id = $2 and d.id = $3 and d.generation = $4 and d.opened_at is not null and d.revoked_at is null",
        sql::now(platform.store.engine(), 1)
    );
    let values = [
        sql::now_value(&platform.store),
        link.organization.into(),
        link.id.into(),
        link.generation.into(),
    ];
    let Some(row) = sql::optional(platform.store.read(), &text, values).await? else {
        return Ok(None);
    };
    let (device, now) = (read(&row, link)?, Instant(row.try_get("", "now")?));
    if device.ends_at <= now {
        return Ok(None);
    }
    let opened = Instant(row.try_get("", "opened_at")?);
    let noted = row.try_get::<Option<i64>>("", "last_seen_at")?.map(Instant);
    let noted = noted.unwrap_or(opened);
    if (session::Use { opened, noted }).is_to_be_noted(now) {
        note_seen(platform, &device, now).await?;
    }
    Ok(Some(Arc::new(device)))
}

fn read(row: &QueryResult, link: Link) -> Result<DoorDevice, Fault> {
    let (said, event_ends) = (
        Instant(row.try_get("", "ends_at")?),
        Instant(row.try_get("", "event_ends_at")?),
    );
    Ok(DoorDevice {
        scope: EventScope {
            organization: link.organization,
            event: row.try_get("", "event_id")?,
        },
        id: DoorDeviceId(link.id),
        name: row.try_get("", "name")?,
        list: row.try_get("", "list")?,
        ends_at: rules::end(said, event_ends),
    })
}

/// Notes that the device is used, a minute after the last note at the earliest.
async fn note_seen(platform: &Platform, device: &DoorDevice, now: Instant) -> Result<(), Fault> {
    let text = "update door_device set last_seen_at = $3 where organization_id = $1 and id = $2 and revoked_at is null \
        and (last_seen_at is null or last_seen_at < $3)";
    let organization: OrganizationId = device.scope.organization;
    crate::transaction!(platform.store.writer(), async |tx| {
        sql::execute(tx, text, [organization.into(), device.id.into(), now.0.into()]).await?;
        Ok::<_, Fault>(())
    })
}

/// Who holds a right: an account, and where the right says so, a device.
pub trait Actor: Clone + std::fmt::Debug + std::fmt::Display + From<AccountId> + Send + Sync + 'static {
    /// The device, if it may hold the right at all.
    fn of_device(device: &Arc<DoorDevice>) -> Option<Self>;
    /// The account; none where it is a device.
    fn account(&self) -> Option<AccountId>;
    /// The device; none where it is an account.
    fn device(&self) -> Option<&DoorDevice>;
    /// As what it acts.
    fn kind(&self) -> ActorKind {
        match self.device() {
            Some(_) => ActorKind::Device,
            None => ActorKind::Staff,
        }
    }
}

impl Actor for AccountId {
    fn of_device(_: &Arc<DoorDevice>) -> Option<Self> {
        None
    }

    fn account(&self) -> Option<AccountId> {
        Some(*self)
    }

    fn device(&self) -> Option<&DoorDevice> {
        None
    }
}

/// Who stands at a door.
#[derive(Clone, Debug)]
pub enum AtDoor {
    /// A team member.
    Staff(AccountId),
    /// A device with a credential of its own.
    Device(Arc<DoorDevice>),
}

impl Actor for AtDoor {
    fn of_device(device: &Arc<DoorDevice>) -> Option<Self> {
        Some(Self::Device(Arc::clone(device)))
    }

    fn account(&self) -> Option<AccountId> {
        match self {
            Self::Staff(account) => Some(*account),
            Self::Device(_) => None,
        }
    }

    fn device(&self) -> Option<&DoorDevice> {
        match self {
            Self::Staff(_) => None,
            Self::Device(device) => Some(device),
        }
    }
}

impl From<AccountId> for AtDoor {
    fn from(account: AccountId) -> Self {
        Self::Staff(account)
    }
}

/// As the owner of an idempotency key is written: no two of them alike.
impl std::fmt::Display for AtDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Staff(account) => account.fmt(f),
            Self::Device(device) => write!(f, "device:{}", device.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::rights::{CheckInPeople, ManageEvents, Permission, ViewRoster};
    use crate::access::{Authorized, Caller};
    use crate::platform::Refused;
    use consentry_domain::EventId;
    use uuid::Uuid;

    fn scope(event: u128) -> EventScope {
        EventScope {
            organization: OrganizationId(Uuid::from_u128(1)),
            event: EventId(Uuid::from_u128(event)),
        }
    }

    fn device() -> Arc<DoorDevice> {
        Arc::new(DoorDevice {
            scope: scope(2),
            id: DoorDeviceId(Uuid::from_u128(3)),
            name: "Phone 1".into(),
            list: None,
            ends_at: Instant(0),
        })
    }

    fn refused<P: Permission>(event: u128) -> Option<Refused> {
        Authorized::<EventScope, P>::by_device(&device(), scope(event)).err()
    }

    #[test]
    fn a_device_lets_people_in_at_its_event_and_holds_no_other_right() {
        assert!(refused::<CheckInPeople>(2).is_none());
        assert!(matches!(refused::<CheckInPeople>(4), Some(Refused::Problems(_))));
        assert!(matches!(refused::<ViewRoster>(2), Some(Refused::Unauthenticated)));
        assert!(matches!(refused::<ManageEvents>(2), Some(Refused::Unauthenticated)));
        let door = Authorized::<EventScope, CheckInPeople>::by_device(&device(), scope(2)).ok();
        assert!(door.as_ref().is_some_and(|door| door.also::<ViewRoster>().is_none()));
        assert!(door.is_some_and(|door| door.actor().account().is_none()));
        assert!(Caller::Door(device()).signed_in().is_none());
    }
}
