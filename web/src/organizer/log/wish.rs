//! What is looked for in the log, as the address says it.

use super::actions::ACTIONS;
use super::documents::audit_log as of;
use crate::ask::Ask;
use crate::clock;
use crate::fields::{Problem, said_of};
use crate::frame::Frame;
use crate::organizer::one_of;

/// What is looked for.
pub(super) struct Wish {
    pub(super) event: String,
    pub(super) action: String,
    from: String,
    until: String,
}

/// A field for a day.
pub(super) struct Day {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) error: Option<String>,
}

impl Wish {
    /// Reads it; of the events only those that there are can be looked for.
    pub(super) fn read(ask: &Ask, events: &[(String, String)]) -> Self {
        let text = |name: &str| ask.query(name).unwrap_or_default();
        let events: Vec<&str> = events.iter().map(|(id, _)| id.as_str()).collect();
        Self {
            event: one_of(&events, &text("event")),
            action: one_of(ACTIONS, &text("action")),
            from: text("from"),
            until: text("until"),
        }
    }

    /// The parts of the address that say it again.
    pub(super) fn pairs(&self) -> [(&'static str, &str); 4] {
        [
            ("event", &self.event),
            ("action", &self.action),
            ("from", &self.from),
            ("until", &self.until),
        ]
    }

    /// Days that are none.
    pub(super) fn problems(&self, ask: &Ask) -> Vec<Problem> {
        let days = [("from", &self.from), ("until", &self.until)];
        let wrong = days.into_iter().filter(|(_, day)| !day.is_empty() && !is_day(day));
        wrong
            .map(|(name, _)| Problem::new(name, ask.language.say("log-day")))
            .collect()
    }

    /// The same in the type of the document. The last day is one of those that are looked for.
    pub(super) fn filter(&self) -> of::AuditFilter {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let day = |text: &str| some(text).filter(|day| is_day(day));
        of::AuditFilter {
            action: some(&self.action),
            event_id: some(&self.event),
            from: day(&self.from).and_then(|day| clock::start_of(&day)),
            until: day(&self.until).and_then(|day| clock::end_of(&day)),
        }
    }

    /// The fields for the days.
    pub(super) fn days(&self, frame: &Frame, problems: &[Problem]) -> [Day; 2] {
        let field = |name: &'static str, label: &str, value: &str| Day {
            name,
            label: frame.say(label),
            value: value.to_owned(),
            error: said_of(problems, name).map(str::to_owned),
        };
        [
            field("from", "log-from", &self.from),
            field("until", "log-until", &self.until),
        ]
    }
}

/// Whether this is a day as an input element of the type `date` has it, in the years that the API knows.
fn is_day(text: &str) -> bool {
    let day = text.parse::<jiff::civil::Date>();
    text.len() == 10 && day.is_ok_and(|day| (1900..2199).contains(&day.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(from: &str, until: &str) -> Wish {
        Wish {
            event: String::new(),
            action: "viewRoster".to_owned(),
            from: from.to_owned(),
            until: until.to_owned(),
        }
    }

    #[test]
    fn days_are_whole_and_both_are_looked_for() {
        let filter = wish("2027-03-01", "2027-03-01").filter();
        assert_eq!(filter.from.as_deref(), Some("2027-03-01T00:00:00Z"));
        assert_eq!(filter.until.as_deref(), Some("2027-03-02T00:00:00Z"));
        assert_eq!((filter.action.as_deref(), filter.event_id), (Some("viewRoster"), None));
        let filter = wish("", "soon").filter();
        assert_eq!((filter.from, filter.until), (None, None));
    }

    #[test]
    fn what_is_no_day_is_told_from_one() {
        for day in ["1900-01-01", "2028-02-29", "2198-12-31"] {
            assert!(is_day(day), "{day}");
        }
        for other in [
            "",
            "soon",
            "2027-02-29",
            "20270301",
            "2027-3-1",
            "1899-12-31",
            "2199-01-01",
        ] {
            assert!(!is_day(other), "{other}");
        }
    }
}
