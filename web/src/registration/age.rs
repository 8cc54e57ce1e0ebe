//! Age, as the event asks for it: of everybody who comes, beside who they are. Where nothing is known from there, sharing
//! asks the buyer.
//!
//! Fields of a place: `born`; `age`, which is `yes` for whoever is of age and `no` for others; `guardian.*`.

use jiff::civil::Date;

use super::document::Event;
use super::draft::{Draft, Problem, said_of};
use crate::fields::Input;
use crate::frame::Frame;
use crate::words::{Language, vars};

/// What is asked of whoever takes a place.
pub(super) struct Asked {
    /// Whether they are of age; nothing where the date of birth says it.
    pub(super) statement: Option<Statement>,
    /// What whoever is younger says as well.
    pub(super) younger: Vec<Input>,
    /// Whether somebody younger takes it, as far as is known.
    pub(super) is_younger: bool,
}

/// Whether somebody is of age.
pub(super) struct Statement {
    pub(super) name: String,
    /// What it is asked for.
    pub(super) why: String,
    /// `yes`, `no`, or nothing yet.
    pub(super) said: String,
    pub(super) error: Option<String>,
}

/// Whether everybody states the date of birth: where the event says so, or where being of age says too little.
pub(super) fn asks_birth(event: &Event) -> bool {
    event.asks_date_of_birth || event.minimum_age.is_some_and(|minimum| minimum > event.consent_age)
}

/// Whether everybody says whether they are of age. Whoever states the date of birth has said it.
pub(super) fn asks_statement(event: &Event) -> bool {
    !asks_birth(event) && (event.requires_parental_permission || event.minimum_age.is_some())
}

/// Whether whoever comes has said how old they are, so that sharing need not ask.
pub(super) fn is_known(event: &Event) -> bool {
    asks_birth(event) || asks_statement(event)
}

/// The date of birth of whoever takes this place, where it is needed: of somebody under age where there is a minimum
/// age, else of everybody or nobody.
pub(super) fn born(event: &Event, draft: &Draft, place: usize) -> Option<String> {
    let born = draft.form.filled(&Draft::field(place, "born"));
    born.filter(|_| needs_birth(event, draft, place))
}

fn needs_birth(event: &Event, draft: &Draft, place: usize) -> bool {
    asks_birth(event) || (event.minimum_age.is_some() && said(draft, place) == "no")
}

fn said(draft: &Draft, place: usize) -> &str {
    draft.form.text(&Draft::field(place, "age"))
}

/// What whoever takes this place said about being of age, where that is asked.
pub(super) fn statement(event: &Event, draft: &Draft, place: usize) -> Option<bool> {
    let said = said(draft, place);
    (asks_statement(event) && !said.is_empty()).then(|| said == "yes")
}

/// Whether somebody under age takes this place, as far as is known.
pub(super) fn is_younger(event: &Event, draft: &Draft, place: usize) -> bool {
    match born(event, draft, place).and_then(|born| born.parse::<Date>().ok()) {
        Some(born) => years(born, draft.today) < event.consent_age,
        None => statement(event, draft, place) == Some(false),
    }
}

/// The age in whole years.
fn years(born: Date, today: Date) -> i64 {
    let is_ahead = (today.month(), today.day()) < (born.month(), born.day());
    i64::from(today.year()) - i64::from(born.year()) - i64::from(is_ahead)
}

/// Where a guardian of whoever takes this place is named: beside the place, where the place needs the permission.
pub(super) fn guardian_field(event: &Event, place: usize, name: &str) -> String {
    if event.requires_parental_permission {
        Draft::field(place, &format!("guardian.{name}"))
    } else {
        format!("guardian.{name}")
    }
}

/// The fields in which a guardian is named.
pub(super) fn guardian(frame: &Frame, event: &Event, draft: &Draft, place: usize, problems: &[Problem]) -> Vec<Input> {
    let input = |name: &str, label, kind| {
        line(
            frame,
            draft,
            problems,
            guardian_field(event, place, name),
            (label, kind),
        )
    };
    vec![
        input("name", "guardian-name", "text"),
        input("email", "guardian-email", "email"),
    ]
}

/// The field for the date of birth.
pub(super) fn birth(frame: &Frame, event: &Event, draft: &Draft, place: usize, problems: &[Problem]) -> Input {
    let field = Draft::field(place, "born");
    Input {
        hint: event.minimum_age.map(|minimum| frame.count("age-minimum", minimum)),
        autocomplete: "bday",
        required: asks_birth(event),
        ..line(frame, draft, problems, field, ("date-of-birth", "date"))
    }
}

fn line(
    frame: &Frame,
    draft: &Draft,
    problems: &[Problem],
    name: String,
    (label, kind): (&str, &'static str),
) -> Input {
    Input {
        label: frame.say(label),
        hint: None,
        value: draft.form.text(&name).to_owned(),
        error: said_of(problems, &name).map(str::to_owned),
        name,
        kind,
        autocomplete: "off",
        required: false,
    }
}

/// What is asked of this place beside the date of birth that everybody states.
pub(super) fn asked(frame: &Frame, event: &Event, draft: &Draft, place: usize, problems: &[Problem]) -> Option<Asked> {
    let mut younger = Vec::new();
    if asks_statement(event) && event.minimum_age.is_some() {
        younger.push(birth(frame, event, draft, place, problems));
    }
    if event.requires_parental_permission {
        younger.extend(guardian(frame, event, draft, place, problems));
    }
    let name = Draft::field(place, "age");
    let statement = asks_statement(event).then(|| Statement {
        why: why(frame, event),
        said: said(draft, place).to_owned(),
        error: said_of(problems, &name).map(str::to_owned),
        name,
    });
    let has_error = younger.iter().any(|input| input.error.is_some());
    (!younger.is_empty()).then(|| Asked {
        is_younger: has_error || is_younger(event, draft, place),
        statement,
        younger,
    })
}

fn why(frame: &Frame, event: &Event) -> String {
    let mut why = Vec::new();
    why.extend(event.minimum_age.map(|minimum| frame.count("age-minimum", minimum)));
    why.extend(event.requires_parental_permission.then(|| frame.say("age-parents")));
    why.join(" ")
}

/// What is missing of what is asked of this place.
pub(super) fn missing(language: Language, event: &Event, draft: &Draft, place: usize) -> Vec<Problem> {
    if asks_statement(event) && said(draft, place).is_empty() {
        let variables = vars([("age", event.consent_age.into())]);
        let words = language.say_with("age-of-place-missing", &variables);
        return vec![Problem::new(Draft::field(place, "age"), words)];
    }
    let mut problems = Vec::new();
    let born = Draft::field(place, "born");
    if needs_birth(event, draft, place) && draft.form.text(&born).is_empty() {
        problems.push(Problem::new(born, language.say("date-of-birth-missing")));
    }
    if event.requires_parental_permission && is_younger(event, draft, place) {
        problems.extend(no_guardian(language, event, draft, place));
    }
    problems
}

/// What is missing of a guardian who has to be named.
pub(super) fn no_guardian(language: Language, event: &Event, draft: &Draft, place: usize) -> Vec<Problem> {
    ["name", "email"]
        .into_iter()
        .map(|name| guardian_field(event, place, name))
        .filter(|field| draft.form.text(field).is_empty())
        .map(|field| Problem::new(field, language.say("guardian-missing")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_a_year_older_on_the_birthday_and_not_before() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        for (born, today, age) in [
            ("2010-06-15", "2026-06-14", 15),
            ("2010-06-15", "2026-06-15", 16),
            ("2010-06-15", "2026-05-16", 15),
            ("2008-02-29", "2023-02-28", 14),
            ("2008-02-29", "2023-03-01", 15),
        ] {
            assert_eq!(years(day(born), day(today)), age, "{born} on {today}");
        }
    }
}
