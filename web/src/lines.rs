//! What a form shows, its lines and lists, with what was typed; and what the API says is wrong with it.

use serde::Serialize;

use crate::ask::Ask;
use crate::fields::{Asked, Input, Problem, said_at};
use crate::form::Form;
use crate::frame::{Frame, name_of};

/// A form as it was typed, with what is to be looked at again.
pub(crate) struct Sheet<'a> {
    pub(crate) frame: &'a Frame,
    pub(crate) form: &'a Form,
    pub(crate) problems: &'a [Problem],
}

/// Whether something has to be filled in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

impl Sheet<'_> {
    /// One line to type into; its words have the key `label`.
    pub(crate) fn line(&self, name: &str, label: &str, kind: &'static str, need: Need) -> Input {
        let label = self.frame.say(label);
        Input {
            error: said_at(self.problems, name, &label),
            name: name.to_owned(),
            label,
            hint: None,
            kind,
            autocomplete: "off",
            required: need == Need::Required,
            value: self.form.text(name).to_owned(),
        }
    }

    /// The same with a hint.
    pub(crate) fn hinted(&self, name: &str, (label, hint): (&str, &str), kind: &'static str, need: Need) -> Input {
        Input {
            hint: Some(self.frame.say(hint)),
            ..self.line(name, label, kind, need)
        }
    }

    /// A list to choose from (`choice`, `choices`), or a long text (`long`), with its words.
    pub(crate) fn asked(
        &self,
        name: &str,
        (label, hint): (String, String),
        form: &'static str,
        need: Need,
        choices: Vec<(String, String)>,
    ) -> Asked {
        Asked {
            error: said_at(self.problems, name, &label),
            name: name.to_owned(),
            label,
            hint,
            form,
            required: need == Need::Required,
            values: self.form.all(name).map(str::to_owned).collect(),
            choices,
        }
    }

    /// The roles that a company can have at an event.
    pub(crate) fn roles(&self) -> Asked {
        let roles = ["CO_SPONSOR", "EXHIBITOR"].map(|role| (role.to_owned(), self.frame.of("partner-role", &role)));
        let words = (
            self.frame.say("partner-role-label"),
            self.frame.say("partner-role-hint"),
        );
        self.asked("role", words, "choice", Need::Required, roles.into())
    }
}

/// What was sent, or the problem that it did not come from a page of ours.
pub(crate) fn again(ask: &Ask) -> Vec<Problem> {
    vec![Problem::new("", ask.language.say("press-again"))]
}

/// Whether a form was sent to be done; another language shows it again as it was typed.
pub(crate) fn is_sent(ask: &Ask) -> bool {
    ask.form().is_some_and(|form| !form.has("language"))
}

/// “Name, Company and E-mail address”.
pub(crate) fn listed<'a>(frame: &Frame, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.into_iter().collect();
    match names.pop() {
        None => String::new(),
        Some(only) if names.is_empty() => only.to_owned(),
        Some(last) => frame.say2("listed", "first", &names.join(", "), "last", last),
    }
}

/// The form's key; a new one where it has been spent on something else.
pub(crate) fn renew_key(ask: &Ask, form: &mut Form, problems: &[Problem]) {
    let spent = ask.language.say("key-spent");
    if form.text("key").is_empty() || problems.iter().any(|problem| problem.message == spent) {
        form.set("key", &ask.new_key());
    }
}

/// What the API says of what was typed, beside the field that it is about.
pub(crate) fn problem(ask: &Ask, field: &str, code: &impl Serialize, message: String) -> Problem {
    match name_of(code).as_str() {
        "STALE" => Problem::new("", ask.language.say("changed-elsewhere")),
        "IDEMPOTENCY_MISMATCH" => Problem::new("", ask.language.say("key-spent")),
        "REQUIRED" => Problem::new(field, ask.language.say("needed")),
        _ => Problem::new(field, message),
    }
}

/// The same on a page that shows what is stored now beside what was typed: nothing has to be typed again.
pub(crate) fn beside(ask: &Ask, mut problems: Vec<Problem>) -> Vec<Problem> {
    let elsewhere = ask.language.say("changed-elsewhere");
    for problem in &mut problems {
        if problem.message == elsewhere {
            *problem = Problem::new("", ask.language.say("edit-changed"));
        }
    }
    problems
}

/// What somebody else stored in a field since the form was opened, in words; nothing where it is what was typed. `choices`
/// are the values that have words of their own.
pub(crate) fn stored(
    frame: &Frame,
    (form, kept): (&Form, &Form),
    name: &str,
    choices: &[(String, String)],
) -> Option<String> {
    let (typed, kept_now) = (form.text(name), kept.text(name));
    if form.text("revision") == kept.text("revision") || typed == kept_now {
        return None;
    }
    let choice = choices.iter().find(|(value, _)| value == kept_now);
    let words = match choice {
        Some((_, words)) => words.clone(),
        None if kept_now.is_empty() => frame.say("edit-stored-nothing"),
        None => kept_now.to_owned(),
    };
    Some(frame.say1("edit-stored", "text", &words))
}

/// The errors of a payload as problems of a form, by which field of the form a path is about.
macro_rules! problems {
    ($ask:expr, $errors:expr, $field:expr) => {
        $errors
            .into_iter()
            .map(|error| {
                let path = error.field.unwrap_or_default();
                let field: String = $field(&path);
                $crate::lines::problem($ask, &field, &error.code, error.message)
            })
            .collect::<Vec<$crate::fields::Problem>>()
    };
}
pub(crate) use problems;
