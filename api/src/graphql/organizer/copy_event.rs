//! `copyEvent`.

use async_graphql::{Context, ID, InputObject};

use super::roster::{at, of_event};
use crate::access::rights::{ManageEvents, ManagePartners};
use crate::access::{Authorized, EventScope, OrganizationScope, staff_of_event, staff_of_organization};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::public::{LocalizedTextInput, localized};
use crate::graphql::{caller, platform};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::{self, EventCopy};
use crate::services::organizations;

/// What is new of an event like an earlier one.
#[derive(InputObject)]
pub struct CopyEventInput {
    /// New for each event, the same when it is sent again.
    idempotency_key: String,
    /// The earlier event.
    event_id: ID,
    /// The last part of the new one's address: small letters, digits, hyphens.
    slug: String,
    /// Its title, per language; absent: as the earlier one's.
    title: Option<Vec<LocalizedTextInput>>,
    /// Local time of its start: `2028-03-01T09:00`.
    starts_local: String,
    /// Local time of its end; absent: it lasts as many days as the earlier one, until the same time of day.
    ends_local: Option<String>,
}

mutation! {
    /// Makes a draft like an earlier event: its agenda, ticket types, quotas, questions, documents and active partners,
    /// each with a new identity and so many days later. What partners asked for comes as requests. No person, order,
    /// consent or token comes along, nor the address of an online room.
    CopyEvent::copy_event(CopyEventInput) => copy;
    CopyEventPayload {
        /// The draft; absent when it was refused.
        event: ManagedEvent
    }
    CopyEventUserError, CopyEventErrorCode { Invalid, Required, TooLong, NotFound, Taken, LimitExceeded, IdempotencyMismatch }
}

async fn copy(ctx: &Context<'_>, input: CopyEventInput) -> Result<ManagedEvent, Refused> {
    let earlier: Authorized<EventScope, ManagePartners> = of_event(ctx, "eventId", &input.event_id).await?;
    let organization = earlier.organization();
    let authorized: Authorized<OrganizationScope, ManageEvents> =
        staff_of_organization(platform(ctx), caller(ctx), organization)
            .await
            .map_err(|refused| at("eventId", refused))?;
    let new = EventCopy {
        idempotency_key: input.idempotency_key,
        slug: input.slug,
        title: input.title.map(localized),
        starts_local: input.starts_local,
        ends_local: input.ends_local,
    };
    let event = events::copy(platform(ctx), &authorized, &earlier, &new).await?;
    let row = organizations::by_id(&platform(ctx).store, organization).await?;
    let row = row.ok_or_else(|| Refused::not_found(""))?;
    let view = staff_of_event(platform(ctx), caller(ctx), organization, event.id).await?;
    Ok(ManagedEvent::new(view, event, row))
}
