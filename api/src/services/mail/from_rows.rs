//! Facts of mails from stored rows.

use consentry_domain::Instant;
use consentry_entity::{event, organization};

use super::facts::{Controller, EventFacts, Moment};
use crate::platform::Fault;
use crate::services::Localized;

impl From<&organization::Model> for Controller {
    fn from(row: &organization::Model) -> Self {
        Self {
            name: row.name.as_str().into(),
            legal_name: row.legal_name.as_str().into(),
            contact_email: row.contact_email.as_str().into(),
            data_protection_contact: row.data_protection_contact.as_str().into(),
        }
    }
}

impl Moment {
    /// This moment on the clock of a zone; in UTC when the zone is not known.
    #[must_use]
    pub fn in_zone(instant: Instant, zone: &str) -> Self {
        let known = jiff::tz::TimeZone::get(zone).ok();
        let name = if known.is_some() { zone } else { "UTC" };
        let time = jiff::Timestamp::from_microsecond(instant.0).unwrap_or(jiff::Timestamp::MAX);
        let local = known
            .unwrap_or(jiff::tz::TimeZone::UTC)
            .to_datetime(time)
            .strftime("%Y-%m-%dT%H:%M")
            .to_string();
        Self {
            local: local.into(),
            utc: instant,
            zone: name.into(),
        }
    }
}

impl EventFacts {
    /// From the event's row, in the reader's language where there is one.
    ///
    /// # Errors
    /// When its texts cannot be read.
    pub fn from_row(row: &event::Model, locale: &str) -> Result<Self, Fault> {
        let title = Localized::parse(&row.title)?;
        let venue = row.venue.as_deref().map(Localized::parse).transpose()?;
        Ok(Self {
            title: title.pick(Some(locale), &row.default_locale).into(),
            kind: row.kind,
            starts: Moment::in_zone(Instant(row.starts_at), &row.time_zone),
            ends: Moment::in_zone(Instant(row.ends_at), &row.time_zone),
            venue: venue.map(|venue| venue.pick(Some(locale), &row.default_locale).into()),
        })
    }
}
