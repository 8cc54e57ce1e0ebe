//! What the table shows of each registration; it stands in the address. What is not shown is not asked for.

use super::found::Event;
use crate::frame::Frame;

/// What can be shown beside the name, with the key of what stands above it.
const KNOWN: [(&str, &str); 7] = [
    ("email", "roster-email"),
    ("company", "roster-company"),
    ("ticket", "ticket"),
    ("status", "status"),
    ("order", "order"),
    ("inside", "inside-since"),
    ("registered", "roster-registered"),
];
/// What is shown where nothing is chosen.
const USUAL: [&str; 6] = ["email", "company", "ticket", "status", "order", "inside"];
/// So many can be chosen; an address can say more.
const MOST: usize = 40;

/// The columns that are chosen: known names, and ids of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns(Vec<String>);

impl Default for Columns {
    fn default() -> Self {
        Self(USUAL.map(str::to_owned).to_vec())
    }
}

/// A column that can be chosen.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

impl Columns {
    /// What the address says; the usual ones where it says nothing.
    pub(super) fn read<'a>(chosen: impl Iterator<Item = &'a str>) -> Self {
        let mut columns: Vec<String> = Vec::new();
        for name in chosen.filter(|name| !name.is_empty()).take(MOST) {
            if !columns.iter().any(|its| its == name) {
                columns.push(name.to_owned());
            }
        }
        if columns.is_empty() {
            Self::default()
        } else {
            Self(columns)
        }
    }

    /// Whether this one is shown.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|its| its == name)
    }

    /// Whether answers to questions are shown.
    pub(super) fn has_answers(&self) -> bool {
        self.0.iter().any(|its| KNOWN.iter().all(|(name, _)| its != name))
    }

    /// As they stand in the address; nothing where they are the usual ones.
    pub(super) fn names(&self) -> &[String] {
        if *self == Self::default() { &[] } else { &self.0 }
    }

    /// All that there are at this event.
    pub(super) fn choices(&self, frame: &Frame, event: &Event) -> Vec<Choice> {
        let choice = |value: &str, name: String| Choice {
            value: value.to_owned(),
            name,
            is_chosen: self.has(value),
        };
        let known = KNOWN.iter().map(|(value, key)| choice(value, frame.say(key)));
        let asked = event
            .questions
            .iter()
            .map(|one| choice(&one.question.id, one.question.label.clone()));
        known.chain(asked).collect()
    }

    /// The questions whose answers are shown: id and what is asked.
    pub(super) fn questions(&self, event: &Event) -> Vec<(String, String)> {
        let asked = event.questions.iter().map(|one| &one.question);
        let shown = asked.filter(|question| self.has(&question.id));
        shown
            .map(|question| (question.id.clone(), question.label.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_usual_is_not_in_the_address_and_nothing_is_named_twice() {
        let read = |names: &[&str]| Columns::read(names.iter().copied());
        assert_eq!(read(&[]).names(), <&[String]>::default());
        assert_eq!(read(&USUAL).names(), <&[String]>::default());
        assert_eq!(read(&["email", "", "email"]).names(), ["email"]);
        assert!(
            !read(&["email"]).has("ticket") && !read(&["email"]).has_answers() && read(&["email", "AbC"]).has_answers()
        );
        assert_eq!(read(&vec!["x"; 90]).names().len(), 1);
        let many: Vec<String> = (0..90).map(|number| number.to_string()).collect();
        assert_eq!(Columns::read(many.iter().map(String::as_str)).names().len(), MOST);
    }
}
