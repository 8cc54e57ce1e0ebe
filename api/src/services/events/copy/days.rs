//! How many days later something happens, at the same time of day.

use consentry_entity::event;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::platform::{Code, Fault, Refused};
use crate::services::input::{self, Judged, WallTime};

/// From the days of an earlier event to those of a later one, in the zone of both.
#[derive(Clone, Debug)]
pub(super) struct Days {
    count: i32,
    zone: TimeZone,
    zone_name: String,
}

impl Days {
    /// From the first day of the earlier event to that of one that begins at this wall time.
    pub(super) fn between(from: &event::Model, starts: &str) -> Judged<Self> {
        let days = || {
            let earlier: DateTime = from.starts_local.parse().ok()?;
            let later: DateTime = starts.parse().ok()?;
            Some(Self {
                count: earlier.date().until(later.date()).ok()?.get_days(),
                zone: TimeZone::get(&from.time_zone).ok()?,
                zone_name: from.time_zone.clone(),
            })
        };
        days().ok_or_else(too_far)
    }

    /// This wall time, so many days later.
    pub(super) fn wall_time(&self, wall: &str) -> Judged<WallTime> {
        let later = |wall: &str| wall.parse::<DateTime>().ok()?.checked_add(self.span()).ok();
        let later = later(wall).ok_or_else(too_far)?;
        input::wall_time(&later.to_string(), &self.zone_name)
    }

    /// The moment of the same time of day, so many days later, in microseconds. A time that a clock change skips is
    /// taken after it, one that it repeats the first time.
    pub(super) fn moment(&self, at: Option<i64>) -> Judged<Option<i64>> {
        let later = |at: i64| {
            let zoned = Timestamp::from_microsecond(at)
                .ok()?
                .to_zoned_datetime(self.zone.clone());
            let later = zoned.checked_add(self.span()).ok()?;
            Some(later.timestamp().as_microsecond())
        };
        at.map(|at| later(at).ok_or_else(too_far)).transpose()
    }

    /// As [`Self::moment`], of a moment that is there.
    pub(super) fn later(&self, at: i64) -> Result<i64, Refused> {
        let later = self.perhaps(Some(at))?;
        later.ok_or_else(|| Fault::Corrupt("a moment that was there".into()).into())
    }

    /// As [`Self::moment`]; a refusal says which field is wrong.
    pub(super) fn perhaps(&self, at: Option<i64>) -> Result<Option<i64>, Refused> {
        self.moment(at)
            .map_err(|(code, words)| Refused::because("startsLocal", code, words))
    }

    fn span(&self) -> Span {
        Span::new().days(self.count)
    }
}

fn too_far() -> (Code, String) {
    let words = "No calendar has that day. Choose an earlier one.";
    (Code::Invalid, words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(count: i32) -> Days {
        Days {
            count,
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            zone_name: "Europe/Berlin".into(),
        }
    }

    fn moved(days: &Days, at: &str) -> String {
        let at: Timestamp = at.parse().unwrap();
        let later = days.moment(Some(at.as_microsecond())).unwrap().unwrap();
        Timestamp::from_microsecond(later).unwrap().to_string()
    }

    #[test]
    fn the_time_of_day_stays_whatever_the_clocks_do() {
        // From winter into summer: nine o'clock stays nine o'clock.
        assert_eq!(moved(&days(60), "2027-02-01T08:00:00Z"), "2027-04-02T07:00:00Z");
        assert_eq!(moved(&days(-60), "2027-04-02T07:00:00Z"), "2027-02-01T08:00:00Z");
        // 2027-03-28 has no half past two; it is taken after the gap.
        assert_eq!(moved(&days(1), "2027-03-27T01:30:00Z"), "2027-03-28T01:30:00Z");
        assert_eq!(days(1).moment(None), Ok(None));
    }

    #[test]
    fn what_no_calendar_has_is_refused() {
        assert!(days(i32::MAX / 400).moment(Some(4_102_444_800_000_000)).is_err());
        assert!(days(4_000_000).wall_time("2027-03-01T09:00:00").is_err());
        assert_eq!(
            days(365).wall_time("2027-03-01T09:00:00").unwrap().wall,
            "2028-02-29T09:00:00"
        );
    }
}
