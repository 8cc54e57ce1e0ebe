//! Where a page of the officer's list begins.

use consentry_domain::{ComplaintId, ComplaintState, Instant};
use uuid::Uuid;

/// A place in the officer's list: first what is open, by the day on which it is due; then what is answered, the other way
/// round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub(super) state: ComplaintState,
    pub(super) due: Instant,
    pub(super) id: ComplaintId,
}

impl Place {
    /// As a cursor carries it.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let open = u8::from(self.state == ComplaintState::Open);
        [&[open][..], &self.due.0.to_be_bytes(), self.id.0.as_bytes()].concat()
    }

    /// From a cursor.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (open, rest) = bytes.split_first()?;
        let (due, id) = rest.split_at_checked(8)?;
        let state = match open {
            0 => ComplaintState::Answered,
            _ => ComplaintState::Open,
        };
        Some(Self {
            state,
            due: Instant(i64::from_be_bytes(due.try_into().ok()?)),
            id: ComplaintId(Uuid::from_slice(id).ok()?),
        })
    }

    /// Before all with this state.
    const fn before(state: ComplaintState) -> Self {
        match state {
            ComplaintState::Open => Self {
                state,
                due: Instant::MIN,
                id: ComplaintId(Uuid::nil()),
            },
            ComplaintState::Answered => Self {
                state,
                due: Instant::MAX,
                id: ComplaintId(Uuid::max()),
            },
        }
    }

    /// Where each part of the list that comes after this place, or after its beginning, begins.
    pub(super) fn parts(after: Option<Self>, only: Option<ComplaintState>) -> Vec<Self> {
        let first = after.unwrap_or(Self::before(ComplaintState::Open));
        let mut parts = vec![first];
        if first.state == ComplaintState::Open {
            parts.push(Self::before(ComplaintState::Answered));
        }
        parts.retain(|part| only.is_none_or(|state| state == part.state));
        parts
    }

    /// What the list is sorted by: two databases join the parts of a statement in whatever order.
    pub(super) fn order(self) -> (bool, i64, u128) {
        let id = self.id.0.as_u128();
        match self.state {
            ComplaintState::Open => (false, self.due.0, id),
            ComplaintState::Answered => (true, -self.due.0, u128::MAX - id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(state: ComplaintState, due: i64, id: u128) -> Place {
        Place {
            state,
            due: Instant(due),
            id: ComplaintId(Uuid::from_u128(id)),
        }
    }

    #[test]
    fn a_place_comes_back_from_a_cursor() {
        for state in ComplaintState::ALL {
            let one = place(*state, -7, 9);
            assert_eq!(Place::from_bytes(&one.to_bytes()), Some(one));
        }
        assert_eq!(Place::from_bytes(&[1, 2]), None);
    }

    #[test]
    fn what_is_open_comes_first_by_its_day_and_what_is_answered_the_other_way_round() {
        use ComplaintState::{Answered, Open};
        let sorted = [
            place(Open, 1, 5),
            place(Open, 2, 1),
            place(Answered, 9, 1),
            place(Answered, 3, 2),
        ];
        assert!(sorted.windows(2).all(|two| two[0].order() < two[1].order()));
        assert!(Place::before(Open).order() < sorted[0].order());
        assert_eq!(Place::parts(None, None).len(), 2);
        assert_eq!(Place::parts(Some(sorted[2]), None), [sorted[2]]);
        assert_eq!(Place::parts(Some(sorted[2]), Some(Open)), []);
        assert_eq!(Place::parts(Some(sorted[0]), Some(Answered)), [Place::before(Answered)]);
    }
}
