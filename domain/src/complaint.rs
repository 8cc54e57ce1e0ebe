//! Complaints about what was done with somebody's data, and by when they are answered.

use crate::{ComplaintState, Day, Instant, transition::InvalidTransition};

/// The longest complaint, and the longest answer, in characters.
pub const LONGEST_TEXT: usize = 4000;

/// So many complaints of one person wait for an answer at most: whoever has more to say says it in one of these.
pub const MOST_OPEN: i64 = 10;

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Waits for its answer.
    Open {
        /// Until when.
        due: Instant,
    },
    /// Answered.
    Answered {
        /// When.
        at: Instant,
    },
}

impl Complaint {
    /// A new one: to be answered within one month of receipt (Art. 12(3) GDPR).
    #[must_use]
    pub fn file(at: Instant) -> Self {
        Self::Open { due: a_month_after(at) }
    }

    /// Its state as stored.
    #[must_use]
    pub const fn state(self) -> ComplaintState {
        match self {
            Self::Open { .. } => ComplaintState::Open,
            Self::Answered { .. } => ComplaintState::Answered,
        }
    }

    /// From what is stored; none where the time of the answer is missing.
    #[must_use]
    pub fn from_stored(state: ComplaintState, due: Instant, answered_at: Option<Instant>) -> Option<Self> {
        Some(match state {
            ComplaintState::Open => Self::Open { due },
            ComplaintState::Answered => Self::Answered { at: answered_at? },
        })
    }

    /// Answers it.
    ///
    /// # Errors
    /// Where it is answered already: what somebody was told is not changed afterwards.
    pub fn answer(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Open { .. } => Ok(Self::Answered { at }),
            Self::Answered { .. } => Err(InvalidTransition {
                of: "complaint",
                from: self.state().as_str(),
                to: ComplaintState::Answered.as_str(),
            }),
        }
    }

    /// Whether its answer is late.
    #[must_use]
    pub fn is_overdue(self, now: Instant) -> bool {
        matches!(self, Self::Open { due } if due < now)
    }
}

/// The same time of the day with the same number in the next month, or of that month's last day where it has no such
/// (Regulation (EEC, Euratom) No 1182/71, Art. 3(2)(c)). Days are counted in UTC.
fn a_month_after(at: Instant) -> Instant {
    let day = at.day();
    let (year, month, number) = day.ymd();
    let (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let due = (1..=number).rev().find_map(|number| Day::from_ymd(year, month, number));
    // Only beyond the year 9999 there is no such day.
    let due = due.unwrap_or(day.plus_days(28));
    due.start().plus_micros(at.0 - day.start().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, micros: i64) -> Instant {
        Day::parse(day).expect("a day").start().plus_micros(micros)
    }

    #[test]
    fn an_answer_is_due_on_the_day_with_the_same_number_a_month_later() {
        for (opened, due) in [
            ("2027-03-05", "2027-04-05"),
            ("2027-12-31", "2028-01-31"),
            ("2027-01-31", "2027-02-28"),
            ("2028-01-31", "2028-02-29"),
            ("2027-05-31", "2027-06-30"),
            ("9999-12-31", "10000-01-28"),
        ] {
            let Complaint::Open { due: found } = Complaint::file(at(opened, 7)) else {
                panic!("a new complaint is open");
            };
            assert_eq!(
                (found.day().to_string(), found.0 - found.day().start().0),
                (due.into(), 7)
            );
        }
    }

    #[test]
    fn a_complaint_is_answered_once() {
        let open = Complaint::file(at("2027-03-05", 0));
        let answered = open.answer(at("2027-03-06", 0)).expect("it is open");
        assert_eq!(
            answered,
            Complaint::Answered {
                at: at("2027-03-06", 0)
            }
        );
        let refused = answered.answer(at("2027-03-07", 0)).expect_err("it is answered");
        assert_eq!(refused.to_string(), "complaint cannot go from ANSWERED to ANSWERED");
    }

    #[test]
    fn only_an_open_complaint_is_overdue_and_only_after_its_day() {
        let open = Complaint::file(at("2027-03-05", 0));
        let due = at("2027-04-05", 0);
        assert!(!open.is_overdue(due) && open.is_overdue(due.plus_micros(1)));
        let answered = open.answer(due).expect("it is open");
        assert!(!answered.is_overdue(Instant::MAX));
    }

    #[test]
    fn what_is_stored_is_read_back() {
        let (due, answered) = (at("2027-04-05", 0), at("2027-03-06", 0));
        for state in ComplaintState::ALL {
            let read = Complaint::from_stored(*state, due, Some(answered)).expect("a complaint");
            assert_eq!(read.state(), *state);
        }
        assert_eq!(Complaint::from_stored(ComplaintState::Answered, due, None), None);
    }
}
