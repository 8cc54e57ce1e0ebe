//! `updateEventPartner`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context;
use super::managed::ManagedEventPartner;
use crate::graphql::organizer::roster::of_part;
use crate::graphql::scalars::URL;
use crate::graphql::vocabulary::PartnerRole;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners::{self, EventPartnerChange};
use crate::user_errors;

/// A change of a partner at an event; what is absent stays.
#[derive(InputObject)]
pub struct UpdateEventPartnerInput {
    /// The partner at the event.
    event_partner_id: ID,
    /// The revision that was seen.
    revision: i64,
    /// Its role.
    role: Option<PartnerRole>,
    /// Where its privacy notice is. Versions of offers keep the one under which they were requested.
    notice_url: Option<URL>,
    /// The SHA-256 of the notice's file, in hexadecimal.
    notice_sha256: Option<String>,
    /// Whom attendees write to about their data.
    contact_email: Option<String>,
    /// Whether anything is shared with it at this event.
    active: Option<bool>,
}

user_errors! {
    /// Why `updateEventPartner` was refused.
    UpdateEventPartnerUserError, UpdateEventPartnerErrorCode { Invalid, Required, TooLong, NotFound, Stale }
}

/// What `updateEventPartner` changed.
#[derive(SimpleObject, Default)]
pub struct UpdateEventPartnerPayload {
    /// The partner at the event; absent when it was refused.
    event_partner: Option<ManagedEventPartner>,
    /// Why it was refused.
    user_errors: Vec<UpdateEventPartnerUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct UpdateEventPartner;

/// The mutation.
#[Object]
impl UpdateEventPartner {
    /// Changes a partner's role, notice or contact at an event, or whether anything is shared with it there.
    async fn update_event_partner(
        &self,
        ctx: &Context<'_>,
        input: UpdateEventPartnerInput,
    ) -> Result<Option<UpdateEventPartnerPayload>> {
        match run(ctx, input).await {
            Ok(event_partner) => Ok(Some(UpdateEventPartnerPayload {
                event_partner: Some(event_partner),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(UpdateEventPartnerPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: UpdateEventPartnerInput) -> Result<ManagedEventPartner, Refused> {
    let platform = platform(ctx);
    let (authorized, id) = of_part(ctx, "eventPartnerId", &input.event_partner_id).await?;
    let change = EventPartnerChange {
        revision: input.revision,
        role: input.role.map(Into::into),
        notice_url: input.notice_url.map(|url| url.0),
        notice_sha256: input.notice_sha256,
        contact_email: input.contact_email,
        active: input.active,
    };
    let row = partners::update_at_event(platform, &authorized, id, &change).await?;
    context::at_event(ctx, &authorized, row.id).await
}
