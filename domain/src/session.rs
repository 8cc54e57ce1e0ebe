//! How long a browser stays signed in (OWASP ASVS 7.3: an idle and an absolute limit, by who it is).
//!
//! Whoever holds a role in a team sees other people's data, and so signs in more often.

use crate::Instant;

/// The time limits of a browser's session, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may lie unused.
    pub idle: i64,
    /// How long it lives at most, however it is used.
    pub absolute: i64,
}

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// Of somebody who holds no role.
pub const ATTENDEE: Limits = Limits {
    idle: 14 * DAY,
    absolute: 90 * DAY,
};

/// Of somebody who holds a role in an organization's team.
pub const STAFF: Limits = Limits {
    idle: 30,
    absolute: 12 * HOUR,
};

impl Limits {
    /// Of somebody who holds a role in a team, or of somebody who does not.
    #[must_use]
    pub const fn of(is_staff: bool) -> Self {
        if is_staff { STAFF } else { ATTENDEE }
    }
}

/// How long passes between two notes of a session's use, in minutes: not every page writes, and a session may so end
/// this much earlier than its idle limit says.
pub const NOTED_EVERY: i64 = 1;

/// When a browser's session was opened and last used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// When it was opened.
    pub opened: Instant,
    /// When its use was last noted.
    pub noted: Instant,
}

impl Use {
    /// Whether the session still counts.
    #[must_use]
    pub fn is_live(self, limits: Limits, now: Instant) -> bool {
        now < self.noted.plus_minutes(limits.idle) && now < self.opened.plus_minutes(limits.absolute)
    }

    /// Whether its use is to be noted now.
    #[must_use]
    pub fn is_to_be_noted(self, now: Instant) -> bool {
        now >= self.noted.plus_minutes(NOTED_EVERY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_700_000_000_000_000);

    fn used(noted: i64) -> Use {
        Use {
            opened: START,
            noted: START.plus_minutes(noted),
        }
    }

    #[test]
    fn a_session_that_lies_unused_ends() {
        for limits in [ATTENDEE, STAFF] {
            let end = START.plus_minutes(limits.idle);
            assert!(used(0).is_live(limits, Instant(end.0 - 1)));
            assert!(!used(0).is_live(limits, end));
        }
    }

    #[test]
    fn a_session_that_is_used_all_the_time_ends_as_well() {
        for limits in [ATTENDEE, STAFF] {
            let end = START.plus_minutes(limits.absolute);
            assert!(used(limits.absolute - 1).is_live(limits, Instant(end.0 - 1)));
            assert!(!used(limits.absolute - 1).is_live(limits, end));
        }
    }

    #[test]
    fn staff_sign_in_more_often() {
        let tomorrow = START.plus_minutes(DAY);
        assert!(used(0).is_live(ATTENDEE, tomorrow) && !used(0).is_live(STAFF, tomorrow));
    }

    #[test]
    fn use_is_noted_once_a_minute() {
        assert!(!used(0).is_to_be_noted(START));
        assert!(!used(0).is_to_be_noted(Instant(START.plus_minutes(1).0 - 1)));
        assert!(used(0).is_to_be_noted(START.plus_minutes(1)));
    }
}
