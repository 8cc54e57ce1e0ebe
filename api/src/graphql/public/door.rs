//! A device at a door that signs in by the link that it was shown.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use consentry_domain::{Instant, door as rules};
use consentry_entity::{door_device, event};

use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::{errors, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::{Localized, doors};

/// The query.
#[derive(Default)]
pub struct DoorQuery;

#[Object]
impl DoorQuery {
    /// The device that a link would sign in; absent where it does not work any more. Looking uses nothing up.
    async fn linked_door(&self, ctx: &Context<'_>, secret: String) -> Result<Option<LinkedDoor>> {
        let found = doors::linked(platform(ctx), &secret).await;
        let Some((device, event)) = found.map_err(|fault| errors::internal(&fault))? else {
            return Ok(None);
        };
        let title = Localized::parse(&event.title).map_err(|fault| errors::internal(&fault))?;
        Ok(Some(LinkedDoor { device, event, title }))
    }
}

/// A device that is going to let people in.
pub struct LinkedDoor {
    device: door_device::Model,
    event: event::Model,
    title: Localized,
}

/// A device that is going to let people in.
#[Object]
impl LinkedDoor {
    /// What it is called.
    async fn device_name(&self) -> &str {
        &self.device.name
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

    /// Until when it lets people in.
    async fn ends_at(&self) -> DateTime {
        rules::end(Instant(self.device.ends_at), Instant(self.event.ends_at)).into()
    }
}

/// The link of a device.
#[derive(InputObject)]
pub struct RedeemDoorDeviceInput {
    /// The last part of its address.
    secret: String,
}

/// A device's session with its secret, which is shown here and nowhere else.
#[derive(SimpleObject)]
pub struct DoorSession {
    /// For the cookie.
    secret: String,
    /// When it ends at the latest.
    expires_at: DateTime,
}

mutation! {
    /// Signs a device in with its link, which is used up. It may let people in at one event, and nothing else.
    RedeemDoorDevice::redeem_door_device(RedeemDoorDeviceInput) => run;
    RedeemDoorDevicePayload {
        /// The session, for this installation's pages; absent when it was refused.
        session: DoorSession
    }
    RedeemDoorDeviceUserError, RedeemDoorDeviceErrorCode { NotFound }
}

async fn run(ctx: &Context<'_>, input: RedeemDoorDeviceInput) -> Result<DoorSession, Refused> {
    let opened = doors::redeem(platform(ctx), &input.secret).await?;
    Ok(DoorSession {
        secret: opened.secret,
        expires_at: opened.expires_at.into(),
    })
}
