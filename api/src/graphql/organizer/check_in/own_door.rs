//! What a device at a door sees: where it stands, and nothing of whom it lets in before their code is shown.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use consentry_entity::event;

use crate::access::{Caller, DoorDevice, staff_of_event};
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::{caller, errors, ids, platform};
use crate::services::Localized;
use crate::services::events::{self, Audience};
use crate::services::roster::check_in::Doorkeeper;

/// Where a device lets people in.
pub struct Door {
    keeper: Doorkeeper,
    device: Arc<DoorDevice>,
    event: event::Model,
    title: Localized,
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
