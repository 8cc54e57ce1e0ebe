//! Wall times of an event, as an input element of the type `datetime-local` has them.

use jiff::civil;
use jiff::tz::TimeZone;

/// An instant on the clock of a zone; seconds only where it has some.
pub(crate) fn local(at: &str, zone: &str) -> String {
    let Ok(at) = at.parse::<jiff::Timestamp>() else {
        return String::new();
    };
    let at = at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    let format = if at.second() == 0 {
        "%Y-%m-%dT%H:%M"
    } else {
        "%Y-%m-%dT%H:%M:%S"
    };
    at.strftime(format).to_string()
}

/// The instant of a wall time; none where there is no such time, or where there are two.
pub(crate) fn instant(local: &str, zone: &str) -> Option<String> {
    let time: civil::DateTime = local.parse().ok()?;
    let zone = TimeZone::get(zone).ok()?;
    let zoned = zone.to_ambiguous_zoned_datetime(time).unambiguous().ok()?;
    Some(zoned.timestamp().to_string())
}

/// This many hours later on the same clock; nothing where there is no such time.
pub(crate) fn later(local: &str, hours: i64) -> String {
    let time: Option<civil::DateTime> = local.parse().ok();
    let time = time.and_then(|time| time.checked_add(jiff::Span::new().hours(hours)).ok());
    time.map(|time| time.strftime("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default()
}

/// The beginning of a day in Greenwich: its first instant.
pub(crate) fn start_of(day: &str) -> Option<String> {
    let day: civil::Date = day.parse().ok()?;
    let first = TimeZone::UTC.to_timestamp(day.to_datetime(civil::Time::midnight()));
    Some(first.ok()?.to_string())
}

/// The end of a day in Greenwich: the first instant after it.
pub(crate) fn end_of(day: &str) -> Option<String> {
    let day: civil::Date = day.parse().ok()?;
    let next = TimeZone::UTC.to_timestamp(day.tomorrow().ok()?.to_datetime(civil::Time::midnight()));
    Some(next.ok()?.to_string())
}

/// The last day in Greenwich of what ends at this instant.
pub(crate) fn last_day(at: &str) -> String {
    let at = at.parse::<jiff::Timestamp>().ok();
    let last = at.and_then(|at| at.checked_sub(jiff::SignedDuration::from_nanos(1)).ok());
    let last = last.map(|at| at.to_zoned_datetime(TimeZone::UTC).date().to_string());
    last.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_times_become_instants_and_come_back() {
        let berlin = "Europe/Berlin";
        let at = instant("2027-07-01T09:00", berlin);
        assert_eq!(at.as_deref(), Some("2027-07-01T07:00:00Z"));
        assert_eq!(local("2027-07-01T07:00:00Z", berlin), "2027-07-01T09:00");
        assert_eq!(local("2027-07-01T07:00:15Z", berlin), "2027-07-01T09:00:15");
        assert_eq!(instant("2027-03-28T02:30", berlin), None, "the clocks go forward");
        assert_eq!(instant("2027-10-31T02:30", berlin), None, "the clocks go back");
        assert_eq!(
            (instant("soon", berlin), instant("2027-07-01T09:00", "Nowhere")),
            (None, None)
        );
    }

    #[test]
    fn hours_are_added_on_the_clock_and_a_day_ends_when_the_next_begins() {
        assert_eq!(later("2027-12-31T23:30", 1), "2028-01-01T00:30");
        assert_eq!(later("soon", 1), "");
        assert_eq!(end_of("2027-12-31").as_deref(), Some("2028-01-01T00:00:00Z"));
        assert_eq!(end_of("2027-02-29"), None);
        assert_eq!(start_of("2028-02-29").as_deref(), Some("2028-02-29T00:00:00Z"));
        assert_eq!(start_of("2027-02-29"), None);
        assert_eq!(last_day("2028-01-01T00:00:00Z"), "2027-12-31");
        assert_eq!(last_day("2028-01-01T12:00:00Z"), "2028-01-01");
        assert_eq!(last_day("soon"), "");
    }
}
