//! When the room of a webinar can be entered: shortly before it begins until it ends. Programs that open every link of a
//! mail, and links that are kept for years, get into no room.

use crate::{EventStatus, Instant};

/// How long before a webinar begins its room opens, in minutes: enough to try out sound and picture.
pub const MINUTES_BEFORE: i64 = 15;

/// Where a room stands, for whoever has a place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It opens later.
    NotYetOpen,
    /// It can be entered.
    Open,
    /// The webinar is over.
    Over,
    /// The webinar was called off.
    CalledOff,
}

/// When the room of a webinar that begins then opens.
#[must_use]
pub const fn opens_at(starts: Instant) -> Instant {
    starts.plus_minutes(-MINUTES_BEFORE)
}

/// Where it stands at this moment; none for a webinar that nobody sees.
#[must_use]
pub fn at(status: EventStatus, starts: Instant, ends: Instant, now: Instant) -> Option<Room> {
    match status {
        EventStatus::Published | EventStatus::Closed => Some(if now < opens_at(starts) {
            Room::NotYetOpen
        } else if now < ends {
            Room::Open
        } else {
            Room::Over
        }),
        EventStatus::Cancelled => Some(Room::CalledOff),
        EventStatus::Draft | EventStatus::Archived => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_open_from_shortly_before_the_beginning_until_the_end() {
        let (starts, ends) = (Instant(0), Instant(0).plus_minutes(60));
        let opens = opens_at(starts);
        for (now, room) in [
            (Instant(opens.0 - 1), Room::NotYetOpen),
            (opens, Room::Open),
            (Instant(ends.0 - 1), Room::Open),
            (ends, Room::Over),
        ] {
            for status in [EventStatus::Published, EventStatus::Closed] {
                assert_eq!(at(status, starts, ends, now), Some(room), "{now}");
            }
            assert_eq!(at(EventStatus::Cancelled, starts, ends, now), Some(Room::CalledOff));
            for status in [EventStatus::Draft, EventStatus::Archived] {
                assert_eq!(at(status, starts, ends, now), None);
            }
        }
    }
}
