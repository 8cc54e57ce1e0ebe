//! What a device at a door sees: where it stands, and nothing of whom it lets in before their code is shown.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use consentry_entity::event;

use super::door::{self, DoorSnapshot};
use crate::access::{Caller, DoorDevice, staff_of_event};
use crate::graphql::public::Event;
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Fault;
use crate::services::events::{self, Audience};
use crate::services::roster::check_in::Doorkeeper;
use crate::services::{Localized, organizations, statistics};

/// Where a device lets people in.
pub struct Door {
    keeper: Doorkeeper,
    device: Arc<DoorDevice>,
    event: event::Model,
    title: Localized,
}

/// How many are expected, and how many of them are in.
#[derive(SimpleObject)]
pub struct DoorTally {
    /// When they were counted, which happens every minute while the event is of interest.
    counted_at: DateTime,
    /// How many registrations are confirmed.
    expected: i64,
    /// How many of them are in, by the device's door or list.
    inside: i64,
}

/// Where a device lets people in.
#[Object]
impl Door {
    /// Its event, for `checkIn`.
    async fn event_id(&self) -> ID {
        ids::encode(self.keeper.organization(), self.keeper.event())
    }

    /// The event's title, in the wished language where there is one.
    async fn title(&self, locale: Option<Locale>) -> &str {
        let locale = locale.as_ref().map(|locale| locale.0.as_str());
        self.title.pick(locale, &self.event.default_locale)
    }

    /// Where the event's clock stands.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.event.time_zone.clone())
    }

    /// What the device is called.
    async fn device_name(&self) -> &str {
        self.device.name()
    }

    /// The door or list at which it stands, where that was said.
    async fn list(&self) -> Option<&str> {
        self.device.list()
    }

    /// Until when it lets people in.
    async fn ends_at(&self) -> DateTime {
        self.device.ends_at().into()
    }

    /// How many are expected, and how many of them are in at this door. Absent until they were counted for the first time.
    async fn tally(&self, ctx: &Context<'_>) -> Result<Option<DoorTally>> {
        let list = door::list(&self.keeper, None)?;
        let counted = statistics::at_door(&platform(ctx).store, &self.keeper, &list).await;
        let counted = counted.map_err(|fault| errors::internal(&fault))?;
        Ok(counted.map(|counted| DoorTally {
            counted_at: counted.counted_at.into(),
            expected: counted.expected,
            inside: counted.inside,
        }))
    }

    /// Who is expected at this door, to be checked by code without a network, in pages of up to 1000. Each page that is
    /// taken is in the audit log.
    async fn snapshot(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        locale: Option<Locale>,
    ) -> Result<DoorSnapshot> {
        let organizer = organizations::by_id(&platform(ctx).store, self.keeper.organization()).await;
        let organizer = organizer.map_err(|error| errors::internal(&error.into()))?;
        let missing = || errors::internal(&Fault::Corrupt("an event without its organization".into()));
        let event = Event::new(self.event.clone(), organizer.ok_or_else(missing)?);
        let event = event.map_err(|fault| errors::internal(&fault))?;
        door::snapshot(ctx, &self.keeper, event, (first, after), (None, locale)).await
    }
}

/// The door of the device that asks; absent where it is none.
pub(in crate::graphql::organizer) async fn of_caller(ctx: &Context<'_>) -> Result<Option<Door>> {
    let Caller::Door(device) = caller(ctx) else {
        return Ok(None);
    };
    let (platform, scope) = (platform(ctx), device.scope());
    let keeper = staff_of_event(platform, caller(ctx), scope.organization, scope.event).await;
    let Some(keeper) = errors::absent(keeper)? else {
        return Ok(None);
    };
    let event = events::by_id(&platform.store, Audience::Staff, scope.organization, scope.event).await;
    let Some(event) = event.map_err(|error| errors::internal(&error.into()))? else {
        return Ok(None);
    };
    let title = Localized::parse(&event.title).map_err(|fault| errors::internal(&fault))?;
    Ok(Some(Door {
        keeper,
        device: Arc::clone(device),
        event,
        title,
    }))
}
