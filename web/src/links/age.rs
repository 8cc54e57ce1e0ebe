//! Whether whoever gives something by a link decides alone: asked beside the boxes of `/confirm` and of an order, and judged
//! alike.

use fluent_bundle::FluentValue;

use super::shown::{Choice, Guardian};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::form::Form;
use crate::words::vars;

/// Who decides, as the form says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Decider {
    /// Whether it is the attendee alone; none where it was not asked.
    pub(super) of_age: Option<bool>,
    /// Who else: an address and a name.
    pub(super) guardian: Option<(String, String)>,
}

/// What is asked of whoever gives something, where `known` is what a date of birth says: a box, and who decides otherwise.
pub(super) fn questions(ask: &Ask, limit: i64, known: Option<bool>) -> (Option<Choice>, Option<Guardian>) {
    match known {
        None => (Some(question(ask, limit)), Some(guardian(ask, "confirm-younger"))),
        Some(false) => (None, Some(guardian(ask, "confirm-too-young"))),
        Some(true) => (None, None),
    }
}

/// The box that says that somebody decides alone.
fn question(ask: &Ask, limit: i64) -> Choice {
    let limit = vars([("age", FluentValue::from(limit))]);
    Choice {
        name: "ofAge".to_owned(),
        label: ask.language.say_with("confirm-age", &limit),
        details: ask.language.say("age-words"),
        asker: None,
        was_ticked: false,
    }
}

/// Who decides otherwise, asked in these words.
fn guardian(ask: &Ask, words: &str) -> Guardian {
    Guardian {
        words: ask.language.say(words),
        ..Guardian::default()
    }
}

/// Who decides about what is given; `known` is what a date of birth says.
///
/// # Errors
/// The field that lacks and the words for it.
pub(super) fn judge(form: &Form, known: Option<bool>) -> Result<Decider, (&'static str, &'static str)> {
    let says = form.has("ofAge");
    if known == Some(true) || (known.is_none() && says) {
        // Whoever typed the address stated an age as well, and may have been somebody else.
        let of_age = known.is_none().then_some(true);
        return Ok(Decider { of_age, guardian: None });
    }
    let name = form.filled("guardian.name");
    match form.filled("guardian.email") {
        Some(email) => Ok(Decider {
            of_age: known.is_none().then_some(false),
            guardian: Some((email, name.unwrap_or_default())),
        }),
        None if name.is_some() || known.is_some() => Err(("guardian.email", "guardian-missing")),
        None => Err(("ofAge", "confirm-age-missing")),
    }
}

/// What lacks, in the reader's language.
pub(super) fn problem(ask: &Ask, (field, words): (&'static str, &'static str)) -> Problem {
    Problem::new(field, ask.language.say(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_old_enough_decides_alone_and_who_is_not_names_somebody() {
        let pat = || Some(("pat@people.example".to_owned(), "Pat".to_owned()));
        let nobody = || Some(("pat@people.example".to_owned(), String::new()));
        let mail_lacks = || Err(("guardian.email", "guardian-missing"));
        let decider = |of_age, guardian| Ok(Decider { of_age, guardian });
        let (yes, name, mail) = ("ofAge=yes&", "guardian.name=Pat&", "guardian.email=pat@people.example&");
        for (form, known, judged) in [
            // Nothing is known.
            (String::new(), None, Err(("ofAge", "confirm-age-missing"))),
            (yes.to_owned(), None, decider(Some(true), None)),
            (format!("{yes}{name}{mail}"), None, decider(Some(true), None)),
            (format!("{name}{mail}"), None, decider(Some(false), pat())),
            (mail.to_owned(), None, decider(Some(false), nobody())),
            (name.to_owned(), None, mail_lacks()),
            // Old enough by a date of birth.
            (String::new(), Some(true), decider(None, None)),
            (format!("{name}{mail}"), Some(true), decider(None, None)),
            // Too young by it, whatever is said.
            (String::new(), Some(false), mail_lacks()),
            (yes.to_owned(), Some(false), mail_lacks()),
            (format!("{yes}{mail}"), Some(false), decider(None, nobody())),
            (format!("{name}{mail}"), Some(false), decider(None, pat())),
        ] {
            assert_eq!(judge(&Form::of_query(&form), known), judged, "{form}, {known:?}");
        }
    }
}
