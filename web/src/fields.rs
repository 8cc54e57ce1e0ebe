//! What forms ask for: lines to type into, and an event's questions. `templates/registration/fields.html` shows them.

use std::sync::OnceLock;

use serde::Serialize;

use crate::frame::{Frame, name_of};

/// Standard fields in the order of a visiting card.
pub(crate) const CARD: [&str; 13] = [
    "FULL_NAME",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "JOB_TITLE",
    "COMPANY",
    "EMAIL",
    "PHONE",
    "POSTAL_ADDRESS",
    "CITY",
    "COUNTRY",
    "SOCIAL_PROFILE",
    "TICKET_TYPE",
    "ATTENDANCE",
];

/// What stands for an offered field in a form: the standard field's own name, or the question's id.
pub(crate) fn key_of(standard: Option<&impl Serialize>, question: Option<&String>) -> String {
    let standard = standard.map(name_of);
    standard.or_else(|| question.cloned()).unwrap_or_default()
}

/// One line to type into.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: Option<String>,
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) required: bool,
    pub(crate) value: String,
    pub(crate) error: Option<String>,
}

impl Input {
    /// With more words beside it, where there are some.
    pub(crate) fn noted(self, note: Option<String>) -> Self {
        let words = [self.hint, note].into_iter().flatten().collect::<Vec<_>>();
        Self {
            hint: (!words.is_empty()).then(|| words.join(" ")),
            ..self
        }
    }
}

/// One thing that can be told about oneself.
pub(crate) struct Detail {
    /// The form's field.
    pub(crate) name: &'static str,
    /// The field of the API's inputs.
    pub(crate) input: &'static str,
    /// What partners can ask for that it belongs to.
    pub(crate) offered: &'static str,
    pub(crate) label: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
}

/// What can be told about oneself besides name and address, in the order in which it is asked.
pub(crate) const ABOUT: &[Detail] = &[
    detail("given", "givenName", "GIVEN_NAME", "extra-given", "text", "given-name"),
    detail(
        "family",
        "familyName",
        "FAMILY_NAME",
        "extra-family",
        "text",
        "family-name",
    ),
    detail("company", "company", "COMPANY", "extra-company", "text", "organization"),
    detail(
        "job",
        "jobTitle",
        "JOB_TITLE",
        "extra-job",
        "text",
        "organization-title",
    ),
    detail("phone", "phone", "PHONE", "extra-phone", "tel", "tel"),
    detail(
        "street",
        "street",
        "POSTAL_ADDRESS",
        "extra-street",
        "text",
        "address-line1",
    ),
    detail(
        "code",
        "postalCode",
        "POSTAL_ADDRESS",
        "extra-code",
        "text",
        "postal-code",
    ),
    detail("city", "city", "CITY", "extra-city", "text", "address-level2"),
    detail("country", "country", "COUNTRY", "extra-country", "country", "country"),
    detail(
        "profile",
        "socialProfile",
        "SOCIAL_PROFILE",
        "extra-profile",
        "url",
        "url",
    ),
];

pub(crate) const fn detail(
    name: &'static str,
    input: &'static str,
    offered: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
) -> Detail {
    Detail {
        name,
        input,
        offered,
        label,
        kind,
        autocomplete,
    }
}

/// A question of the event.
pub(crate) struct Asked {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) form: &'static str,
    pub(crate) required: bool,
    pub(crate) values: Vec<String>,
    pub(crate) choices: Vec<(String, String)>,
    pub(crate) error: Option<String>,
}

impl Asked {
    pub(crate) fn value(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    pub(crate) fn is_chosen(&self, id: &str) -> bool {
        self.values.iter().any(|value| value == id)
    }
}

/// Something to be looked at again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The field's name in the form; empty where it is about the whole.
    pub(crate) field: String,
    pub(crate) message: String,
    /// What its field is called, once that has been shown.
    label: OnceLock<String>,
}

impl Problem {
    pub(crate) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
            label: OnceLock::new(),
        }
    }

    /// What stands in front of the message where all of them are listed, far from their fields.
    pub(crate) fn label(&self) -> Option<&str> {
        self.label.get().map(String::as_str)
    }
}

/// What is said of this field, which is called so.
pub(crate) fn said_at(problems: &[Problem], field: &str, label: &str) -> Option<String> {
    for problem in problems.iter().filter(|problem| problem.field == field) {
        problem.label.get_or_init(|| label.to_owned());
    }
    said_of(problems, field).map(str::to_owned)
}

/// What is said of this field.
pub(crate) fn said_of<'a>(problems: &'a [Problem], field: &str) -> Option<&'a str> {
    let problem = problems.iter().find(|problem| problem.field == field);
    problem.map(|problem| problem.message.as_str())
}

/// How a question is asked: which control its kind has.
pub(crate) fn form(kind: &impl Serialize) -> &'static str {
    match name_of(kind).as_str() {
        "CHOICE" => "choice",
        "MULTIPLE_CHOICE" => "choices",
        "YES_NO" => "yes-no",
        "LONG_TEXT" => "long",
        "COUNTRY" => "country",
        "DATE" => "date",
        "NUMBER" => "number",
        "PHONE" => "tel",
        "URL" => "url",
        _ => "text",
    }
}

/// What stands beside a question: help, what for, and who asks where that is a partner.
pub(crate) fn hint(frame: &Frame, help: Option<&str>, purpose: &str, by: Option<&str>) -> String {
    let mut hint = Vec::new();
    hint.extend(help.filter(|help| !help.is_empty()).map(str::to_owned));
    hint.push(frame.say1("question-purpose", "purpose", purpose));
    hint.extend(by.map(|partner| frame.say1("question-of", "partner", partner)));
    hint.join(" ")
}
