//! Where an event stands.

use crate::{EventStatus, Instant, transition::InvalidTransition};

/// Where an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Being prepared; only staff see it.
    Draft,
    /// Visible, and on sale within its sale windows.
    Published {
        /// Since when.
        at: Instant,
    },
    /// Called off; visible, so that attendees see it.
    Cancelled {
        /// When.
        at: Instant,
    },
    /// Visible; sells nothing more. It may still be called off.
    Closed {
        /// When.
        at: Instant,
    },
    /// Kept for the records.
    Archived {
        /// When.
        at: Instant,
    },
}

impl Event {
    /// Its status as stored.
    #[must_use]
    pub const fn status(self) -> EventStatus {
        match self {
            Self::Draft => EventStatus::Draft,
            Self::Published { .. } => EventStatus::Published,
            Self::Cancelled { .. } => EventStatus::Cancelled,
            Self::Closed { .. } => EventStatus::Closed,
            Self::Archived { .. } => EventStatus::Archived,
        }
    }

    /// From what is stored: when it was published, and when that ended; none where a time is missing.
    #[must_use]
    pub fn from_stored(status: EventStatus, published_at: Option<Instant>, ended_at: Option<Instant>) -> Option<Self> {
        Some(match status {
            EventStatus::Draft => Self::Draft,
            EventStatus::Published => Self::Published { at: published_at? },
            EventStatus::Cancelled => Self::Cancelled { at: ended_at? },
            EventStatus::Closed => Self::Closed { at: ended_at? },
            EventStatus::Archived => Self::Archived { at: ended_at? },
        })
    }

    /// Shows it to everybody.
    ///
    /// # Errors
    /// Where it is no draft.
    pub fn publish(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Draft => Ok(Self::Published { at }),
            _ => Err(self.no_way_to(EventStatus::Published)),
        }
    }

    /// Calls it off.
    ///
    /// # Errors
    /// Where it is neither published nor closed.
    pub fn cancel(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Published { .. } | Self::Closed { .. } => Ok(Self::Cancelled { at }),
            _ => Err(self.no_way_to(EventStatus::Cancelled)),
        }
    }

    /// Ends its sale.
    ///
    /// # Errors
    /// Where it is not published.
    pub fn close(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Published { .. } => Ok(Self::Closed { at }),
            _ => Err(self.no_way_to(EventStatus::Closed)),
        }
    }

    /// Puts it away: what is over, or a draft that came to nothing.
    ///
    /// # Errors
    /// Where it is published or archived.
    pub fn archive(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Draft | Self::Cancelled { .. } | Self::Closed { .. } => Ok(Self::Archived { at }),
            _ => Err(self.no_way_to(EventStatus::Archived)),
        }
    }

    /// Whether everybody may see it.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(
            self,
            Self::Published { .. } | Self::Cancelled { .. } | Self::Closed { .. }
        )
    }

    /// Whether it sells, as far as its state goes.
    #[must_use]
    pub const fn sells(self) -> bool {
        matches!(self, Self::Published { .. })
    }

    const fn no_way_to(self, to: EventStatus) -> InvalidTransition {
        InvalidTransition {
            of: "event",
            from: self.status().as_str(),
            to: to.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant(7);

    fn all() -> [Event; 5] {
        [
            Event::Draft,
            Event::Published { at: AT },
            Event::Cancelled { at: AT },
            Event::Closed { at: AT },
            Event::Archived { at: AT },
        ]
    }

    #[test]
    fn each_transition_starts_where_it_may_and_nowhere_else() {
        type Transition = fn(Event, Instant) -> Result<Event, InvalidTransition>;
        let transitions: [(Transition, [bool; 5], Event); 4] = [
            (
                Event::publish,
                [true, false, false, false, false],
                Event::Published { at: AT },
            ),
            (
                Event::cancel,
                [false, true, false, true, false],
                Event::Cancelled { at: AT },
            ),
            (
                Event::close,
                [false, true, false, false, false],
                Event::Closed { at: AT },
            ),
            (
                Event::archive,
                [true, false, true, true, false],
                Event::Archived { at: AT },
            ),
        ];
        for (transition, allowed, to) in transitions {
            for (from, allowed) in all().into_iter().zip(allowed) {
                match transition(from, AT) {
                    Ok(after) => assert!(allowed && after == to, "{from:?} to {to:?}"),
                    Err(error) => assert!(
                        !allowed && (error.from, error.to) == (from.status().as_str(), to.status().as_str()),
                        "{from:?} to {to:?}"
                    ),
                }
            }
        }
    }

    #[test]
    fn drafts_and_archived_events_are_not_public_and_only_published_ones_sell() {
        assert_eq!(all().map(Event::is_public), [false, true, true, true, false]);
        assert_eq!(all().map(Event::sells), [false, true, false, false, false]);
    }

    #[test]
    fn every_state_is_read_back_from_what_is_stored() {
        for event in all() {
            let (published, ended) = match event.status() {
                EventStatus::Draft => (None, None),
                EventStatus::Published => (Some(AT), None),
                _ => (None, Some(AT)),
            };
            assert_eq!(Event::from_stored(event.status(), published, ended), Some(event));
            assert_eq!(
                Event::from_stored(event.status(), None, None).is_some(),
                event == Event::Draft
            );
        }
    }
}
