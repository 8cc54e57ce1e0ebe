//! How long a device lets people in at an event, and how long the link works by which it signs in.
//!
//! A phone that is lost must not go on for ever: whoever adds a device says until when, within what the event needs.

use crate::Instant;

/// How long after it was shown a link works, in minutes: as long as one needs to hold a phone in front of it.
pub const LINK_MINUTES: i64 = 15;

/// How long after its event a device counts at most, in days.
pub const DAYS_AFTER: i64 = 1;

/// How far ahead the end of a device may lie, in days.
pub const MOST_DAYS: i64 = 30;

/// How many devices of one event may be live at once.
pub const MOST_LIVE: i64 = 100;

/// The last moment that may be said for a device's end; none where the event has been over for too long.
#[must_use]
pub fn latest_end(event_ends: Instant, now: Instant) -> Option<Instant> {
    let latest = Ord::min(event_ends.plus_days(DAYS_AFTER), now.plus_days(MOST_DAYS));
    (now < latest).then_some(latest)
}

/// Until when a device counts whose end was said: an event that was put forward takes its devices along.
#[must_use]
pub fn end(said: Instant, event_ends: Instant) -> Instant {
    Ord::min(said, event_ends.plus_days(DAYS_AFTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 24 * 3600 * 1_000_000;

    proptest! {
        #[test]
        fn an_end_that_may_be_said_is_one_until_which_the_device_counts(
            event in 0..1000 * DAY, now in 0..1000 * DAY, part in 1..=1000_i64,
        ) {
            let (event, now) = (Instant(event), Instant(now));
            if let Some(latest) = latest_end(event, now) {
                let said = Instant(now.0 + (latest.0 - now.0) / 1000 * part);
                prop_assert_eq!(end(said, event), said);
                prop_assert!(now < latest && latest <= now.plus_days(MOST_DAYS));
            } else {
                prop_assert!(event.plus_days(DAYS_AFTER) <= now);
            }
        }

        #[test]
        fn no_device_outlives_its_event_by_more_than_a_day(said in 0..1000 * DAY, event in 0..1000 * DAY) {
            let end = end(Instant(said), Instant(event));
            prop_assert!(end <= Instant(said) && end <= Instant(event + DAY));
        }
    }
}
