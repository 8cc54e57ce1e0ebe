//! Wall times of an event, as an input element of the type `datetime-local` has them.

use jiff::civil;
use jiff::tz::TimeZone;

/// An instant on the clock of a zone; seconds only where it has some.
pub(super) fn local(at: &str, zone: &str) -> String {
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
pub(super) fn instant(local: &str, zone: &str) -> Option<String> {
    let time: civil::DateTime = local.parse().ok()?;
    let zone = TimeZone::get(zone).ok()?;
    let zoned = zone.to_ambiguous_zoned_datetime(time).unambiguous().ok()?;
    Some(zoned.timestamp().to_string())
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
}
