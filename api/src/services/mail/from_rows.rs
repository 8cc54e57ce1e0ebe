//! Facts of mails from stored rows.

use consentry_domain::Instant;
use consentry_entity::organization;

use super::facts::{Controller, Moment};

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
