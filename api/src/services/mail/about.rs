//! Facts of mails from rows: who is responsible, what for.

use consentry_domain::{EventKind, Field, FieldMask, Instant, Money};
use consentry_entity::{event, organization};

use super::facts::{CalendarFacts, Controller, EventFacts, FieldName, Moment};
use super::line::Line;
use crate::platform::{Fault, public_id};
use crate::services::Localized;
use crate::services::events::Venue;
use crate::services::sharing::questions::Shareable;

/// Who is responsible, and what they say at the foot, in the reader's language where there is a text in it.
///
/// # Errors
/// When their texts cannot be read.
pub fn controller(row: &organization::Model, locale: &str) -> Result<Controller, Fault> {
    let footer = Localized::parse(&row.footer)?;
    let footer = Line::from(footer.pick(Some(locale), &row.default_locale));
    Ok(Controller {
        name: row.name.as_str().into(),
        legal_name: row.legal_name.as_str().into(),
        contact_email: row.contact_email.as_str().into(),
        data_protection_contact: row.data_protection_contact.as_str().into(),
        footer: (!footer.is_empty()).then_some(footer),
    })
}

/// What for, in the reader's language where there is a text in it.
///
/// # Errors
/// When its texts cannot be read.
pub fn event(row: &event::Model, locale: &str) -> Result<EventFacts, Fault> {
    let moment = |local: &str, at: i64| Moment {
        local: local.into(),
        utc: Instant(at),
        zone: row.time_zone.as_str().into(),
    };
    let venue = match (row.kind, row.venue.as_deref()) {
        (EventKind::Conference, Some(venue)) => Some(Venue::parse(venue)?),
        _ => None,
    };
    Ok(EventFacts {
        title: Localized::parse(&row.title)?
            .pick(Some(locale), &row.default_locale)
            .into(),
        kind: row.kind,
        starts: moment(&row.starts_local, row.starts_at),
        ends: moment(&row.ends_local, row.ends_at),
        venue: venue.map(|venue| place(&venue)),
    })
}

/// These fields, in the reader's language where the event has a text in it.
#[must_use]
pub fn fields(mask: FieldMask, questions: &Shareable, event: &event::Model, locale: &str) -> Vec<FieldName> {
    let name = |field| match field {
        Field::Standard(field) => FieldName::Standard(field),
        Field::Question(_) => {
            let label = questions.label(field);
            FieldName::Question(label.pick(Some(locale), &event.default_locale).into())
        }
    };
    mask.iter().map(name).collect()
}

fn place(venue: &Venue) -> Line {
    match &venue.address {
        Some(address) => format!(
            "{}, {}, {}",
            venue.name,
            address.street.replace('\n', ", "),
            address.city
        )
        .into(),
        None => venue.name.as_str().into(),
    }
}

/// The calendar entry of one registration, the same in every mail about it.
#[must_use]
pub fn calendar(row: &event::Model, registration: consentry_domain::RegistrationId, now: Instant) -> CalendarFacts {
    CalendarFacts {
        uid: format!("{registration}@consentry").into(),
        sequence: u32::try_from(row.revision).unwrap_or(u32::MAX),
        stamp: now,
    }
}

/// The calendar entry that anybody can take from the event's page. It is not that of a place: a mailbox can have several,
/// of which each comes and goes alone.
#[must_use]
pub fn public_calendar(row: &event::Model, now: Instant) -> CalendarFacts {
    CalendarFacts {
        uid: format!("{}@consentry", public_id::of(row.organization_id, row.id)).into(),
        sequence: u32::try_from(row.revision).unwrap_or(u32::MAX),
        stamp: now,
    }
}

/// An amount, as it is read.
#[must_use]
pub fn amount(money: Money) -> Line {
    format!("{money} {}", money.currency.code()).into()
}
