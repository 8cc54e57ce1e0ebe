//! `createEvent`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::roster::of_organization;
use crate::access::staff_of_event;
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::public::{EventKind, LocalizedTextInput, localized};
use crate::graphql::scalars::{Locale, TimeZone};
use crate::graphql::{caller, errors, platform};
use crate::platform::Refused;
use crate::services::events::{self, NewEvent};
use crate::services::organizations;
use crate::user_errors;

/// A new event.
#[derive(InputObject)]
pub struct CreateEventInput {
    /// New for each event, the same when it is sent again.
    idempotency_key: String,
    /// The organization.
    organization_id: ID,
    /// The last part of its address: small letters, digits, hyphens.
    slug: String,
    /// Conference or webinar.
    kind: EventKind,
    /// Its title, per language.
    title: Vec<LocalizedTextInput>,
    /// The language of its texts when a reader's is not there.
    default_locale: Locale,
    /// Where its clock stands.
    time_zone: TimeZone,
    /// Local time of its start: `2027-03-01T09:00`.
    starts_local: String,
    /// Local time of its end.
    ends_local: String,
    /// ISO 4217.
    currency: String,
}

user_errors! {
    /// Why `createEvent` was refused.
    CreateEventUserError, CreateEventErrorCode { Invalid, Required, TooLong, NotFound, Taken, IdempotencyMismatch }
}

/// What `createEvent` made.
#[derive(SimpleObject, Default)]
pub struct CreateEventPayload {
    /// The event; absent when it was refused.
    event: Option<ManagedEvent>,
    /// Why it was refused.
    user_errors: Vec<CreateEventUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct CreateEvent;

/// The mutation.
#[Object]
impl CreateEvent {
    /// Creates an event as a draft.
    async fn create_event(&self, ctx: &Context<'_>, input: CreateEventInput) -> Result<Option<CreateEventPayload>> {
        match create(ctx, input).await {
            Ok(event) => Ok(Some(CreateEventPayload {
                event: Some(event),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(CreateEventPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn create(ctx: &Context<'_>, input: CreateEventInput) -> Result<ManagedEvent, Refused> {
    let platform = platform(ctx);
    let authorized = of_organization(ctx, "organizationId", &input.organization_id).await?;
    let organization = authorized.organization();
    let new = NewEvent {
        idempotency_key: input.idempotency_key,
        slug: input.slug,
        kind: input.kind.into(),
        title: localized(input.title),
        default_locale: input.default_locale.0,
        time_zone: input.time_zone.0,
        starts_local: input.starts_local,
        ends_local: input.ends_local,
        currency: input.currency,
    };
    let event = events::create(platform, &authorized, &new).await?;
    let row = organizations::by_id(&platform.store, organization)
        .await?
        .ok_or_else(|| Refused::not_found(""))?;
    let view = staff_of_event(platform, caller(ctx), organization, event.id).await?;
    Ok(ManagedEvent::new(view, event, row))
}
