//! Facts of mails from stored rows.

use consentry_domain::Instant;

use super::facts::Moment;

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
