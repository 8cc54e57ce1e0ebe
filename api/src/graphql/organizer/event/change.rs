//! `updateEvent`.

use async_graphql::{Context, ID, InputObject, MaybeUndefined};

use super::{editor, managed};
use crate::graphql::organizer::ManagedEvent;
use crate::graphql::platform;
use crate::graphql::public::{AddressInput, LocalizedTextInput, localized};
use crate::graphql::scalars::{DateTime, Locale, TimeZone, URL};
use crate::mutation;
use crate::platform::Refused;
use crate::services::events::{self, EventChange, Venue};
use crate::services::organizations::Wish;

/// A venue.
#[derive(InputObject)]
pub struct VenueInput {
    /// Its name, as people look for it.
    name: String,
    /// Where it is.
    address: Option<AddressInput>,
}

/// What is to be changed; what is left out stays.
#[derive(InputObject)]
pub struct UpdateEventInput {
    /// The event.
    event_id: ID,
    /// Its revision as it was read.
    revision: i64,
    /// The last part of its address; only while it is a draft.
    slug: Option<String>,
    /// Its title; languages that are not named stay, a blank text takes its language away unless it is the last one.
    title: Option<Vec<LocalizedTextInput>>,
    /// What it is about (CommonMark); languages that are not named stay, and a blank text takes its language away.
    description: Option<Vec<LocalizedTextInput>>,
    /// The language of its texts when a reader's is not there.
    default_locale: Option<Locale>,
    /// Where its clock stands.
    time_zone: Option<TimeZone>,
    /// Local time of its start: `2027-03-01T09:00`.
    starts_local: Option<String>,
    /// Local time of its end.
    ends_local: Option<String>,
    /// Where a conference takes place.
    venue: Option<VenueInput>,
    /// Where a webinar takes place; shown to confirmed registrants only.
    join_url: Option<URL>,
    /// Whom to write to about it.
    contact_email: Option<String>,
    /// How old one must be to come; 0 for no limit.
    minimum_age: Option<i32>,
    /// Below this age a guardian decides what is shared: 13 to 16.
    consent_age: Option<i32>,
    /// Whether everybody's date of birth is asked.
    asks_date_of_birth: Option<bool>,
    /// Whether the place of somebody under age waits for a parent's permission.
    requires_parental_permission: Option<bool>,
    /// Until when attendees can change their answers; null for no deadline.
    answers_editable_until: MaybeUndefined<DateTime>,
    /// How long an unpaid order holds its places, in minutes.
    order_hold_minutes: Option<i32>,
    /// How long an order to be paid by transfer does, in days.
    transfer_hold_days: Option<i32>,
}

mutation! {
    /// Changes an event.
    UpdateEvent::update_event(UpdateEventInput) => run;
    UpdateEventPayload {
        /// The event; absent when it was refused.
        event: ManagedEvent
    }
    UpdateEventUserError, UpdateEventErrorCode { Invalid, Required, TooLong, NotFound, Taken, Stale, WrongState }
}

async fn run(ctx: &Context<'_>, input: UpdateEventInput) -> Result<ManagedEvent, Refused> {
    let editor = editor(ctx, &input.event_id).await?;
    let change = EventChange {
        slug: input.slug,
        title: input.title.map(localized),
        description: input.description.map(localized),
        default_locale: input.default_locale.map(|locale| locale.0),
        time_zone: input.time_zone.map(|zone| zone.0),
        starts_local: input.starts_local,
        ends_local: input.ends_local,
        venue: input.venue.map(|venue| Venue {
            name: venue.name,
            address: venue.address.map(Into::into),
        }),
        join_url: input.join_url.map(|url| url.0),
        contact_email: input.contact_email,
        minimum_age: input.minimum_age,
        consent_age: input.consent_age,
        asks_date_of_birth: input.asks_date_of_birth,
        requires_parental_permission: input.requires_parental_permission,
        answers_editable_until: match input.answers_editable_until {
            MaybeUndefined::Undefined => Wish::Stays,
            MaybeUndefined::Null => Wish::Nothing,
            MaybeUndefined::Value(until) => Wish::Is(until.0),
        },
        order_hold_minutes: input.order_hold_minutes,
        transfer_hold_days: input.transfer_hold_days,
    };
    events::change(platform(ctx), &editor, input.revision, &change).await?;
    managed(ctx, &editor).await
}
