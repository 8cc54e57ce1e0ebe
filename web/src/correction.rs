//! Correcting what is known of somebody: one form for the person and for staff, who send it over mutations of their own.
//! `templates/correction.html` shows it.

use crate::ask::Ask;
use crate::fields::{self, ABOUT, Asked, Detail, Input, Problem, said_of};
use crate::form::Form;
use crate::frame::{Frame, name_of};

/// What is known of somebody, and what they are asked.
pub(crate) struct Known {
    /// The registration's id.
    pub(crate) id: String,
    /// What is known, as the form would send it.
    pub(crate) kept: Form,
    pub(crate) asks_date_of_birth: bool,
    pub(crate) questions: Vec<Question>,
}

/// A question of the event.
pub(crate) struct Question {
    pub(crate) id: String,
    pub(crate) label: String,
    /// What stands beside it.
    pub(crate) hint: String,
    pub(crate) form: &'static str,
    pub(crate) required: bool,
    pub(crate) choices: Vec<(String, String)>,
}

/// An answer that changed: what was written, or which choices were made.
pub(crate) struct Changed {
    pub(crate) question: String,
    pub(crate) value: Option<String>,
    pub(crate) choices: Vec<String>,
}

/// What stands before everything else.
const FIRST: &[Detail] = &[
    fields::detail("name", "fullName", "FULL_NAME", "your-name", "text", "name"),
    fields::detail("email", "email", "EMAIL", "your-email", "email", "email"),
];

/// Only where the event asks for it; no partner can.
const BORN: &[Detail] = &[fields::detail(
    "born",
    "dateOfBirth",
    "",
    "date-of-birth",
    "date",
    "bday",
)];

/// Everything that can be corrected, in the order in which it is shown.
fn details() -> impl Iterator<Item = &'static Detail> {
    FIRST.iter().chain(ABOUT).chain(BORN)
}

/// Whose form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The person: a browser may fill in what it knows of its user.
    Oneself,
    /// Staff, whose browser knows somebody else.
    Staff,
}

/// The form's controls.
pub(crate) struct Controls {
    pub(crate) token: String,
    pub(crate) revision: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) questions: Vec<Asked>,
    /// What is said about the answers: until when they can be changed.
    pub(crate) until: Option<String>,
    /// Whether that day is over.
    pub(crate) is_late: bool,
    /// Where one comes from.
    pub(crate) back: String,
}

impl Known {
    /// The controls with what was typed and what is wrong with it.
    pub(crate) fn controls(
        &self,
        ask: &Ask,
        frame: &Frame,
        by: By,
        (form, problems): (&Form, &[Problem]),
        back: String,
    ) -> Controls {
        let inputs = details().filter(|detail| detail.name != "born" || self.asks_date_of_birth);
        let input = |detail: &Detail| Input {
            name: detail.name.to_owned(),
            label: frame.say(match (by, detail.label) {
                (By::Staff, "your-name") => "their-name",
                (By::Staff, "your-email") => "their-email",
                (_, label) => label,
            }),
            hint: (detail.name == "email").then(|| {
                frame.say(match by {
                    By::Oneself => "correct-email-hint",
                    By::Staff => "correct-their-email-hint",
                })
            }),
            kind: detail.kind,
            autocomplete: match by {
                By::Oneself => detail.autocomplete,
                By::Staff => "off",
            },
            required: matches!(detail.name, "name" | "email"),
            value: form.text(detail.name).to_owned(),
            error: said_of(problems, detail.name).map(str::to_owned),
        };
        let asked = |question: &Question| {
            let name = format!("q.{}", question.id);
            Asked {
                label: question.label.clone(),
                hint: question.hint.clone(),
                form: question.form,
                required: question.required,
                values: form.all(&name).map(str::to_owned).collect(),
                choices: question.choices.clone(),
                error: said_of(problems, &name).map(str::to_owned),
                name,
            }
        };
        Controls {
            token: ask.token(),
            revision: form.text("revision").to_owned(),
            inputs: inputs.map(input).collect(),
            questions: self.questions.iter().map(asked).collect(),
            until: None,
            is_late: false,
            back,
        }
    }

    /// The answers that changed, in the order of the questions. Only those are sent: after the last day for answers
    /// everything else can still be corrected.
    pub(crate) fn changed(&self, form: &Form) -> Vec<Changed> {
        let typed = |form: &Form, name: &str| -> Vec<String> {
            let values = form.all(name).map(str::trim).filter(|value| !value.is_empty());
            values.map(str::to_owned).collect()
        };
        let changed = self.questions.iter().filter_map(|question| {
            let name = format!("q.{}", question.id);
            let values = typed(form, &name);
            if values == typed(&self.kept, &name) {
                return None;
            }
            let has_choices = matches!(question.form, "choice" | "choices");
            Some(Changed {
                question: question.id.clone(),
                value: (!has_choices).then(|| values.first().cloned().unwrap_or_default()),
                choices: if has_choices { values } else { Vec::new() },
            })
        });
        changed.collect()
    }
}

/// A part of the postal address: blank where there is no street, for a town alone is no address.
pub(crate) fn postal(form: &Form, name: &str) -> String {
    let is_none = form.has("street") && form.text("street").is_empty();
    if is_none {
        String::new()
    } else {
        form.text(name).to_owned()
    }
}

/// Beside which field of the form the API's error stands.
pub(crate) fn problem(
    ask: &Ask,
    answers: &[Changed],
    path: Option<Vec<String>>,
    code: &impl serde::Serialize,
    message: String,
) -> Problem {
    if name_of(code) == "STALE" {
        Problem::new("", ask.language.say("changed-elsewhere"))
    } else {
        Problem::new(field(answers, &path.unwrap_or_default()), message)
    }
}

/// Which field of the form an error of the API is about.
fn field(answers: &[Changed], path: &[String]) -> String {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["answers", index, ..] => {
            let answer = index.parse::<usize>().ok().and_then(|index| answers.get(index));
            answer
                .map(|answer| format!("q.{}", answer.question))
                .unwrap_or_default()
        }
        ["postalAddress", last, ..] | [last, ..] => {
            let named = details().find(|detail| detail.input == *last);
            named.map(|detail| detail.name.to_owned()).unwrap_or_default()
        }
        [] => String::new(),
    }
}

/// What is known of a person and asked of them, from the types of a document.
macro_rules! known {
    ($frame:expr, $id:expr, $revision:expr, $person:expr, $email:expr, $event:expr, $questions:expr) => {{
        let person = $person;
        let mut kept = $crate::form::Form::default();
        let mut keep = |name: &str, value: Option<&str>| kept.set(name, value.unwrap_or_default());
        keep("revision", Some(&$revision.to_string()));
        keep("name", person.full_name.as_deref());
        keep("email", $email);
        keep("given", person.given_name.as_deref());
        keep("family", person.family_name.as_deref());
        keep("company", person.company.as_deref());
        keep("job", person.job_title.as_deref());
        keep("phone", person.phone.as_deref());
        let postal = person.postal_address.as_ref();
        keep("street", postal.map(|postal| postal.street.as_str()));
        keep("code", postal.and_then(|postal| postal.postal_code.as_deref()));
        keep("region", postal.and_then(|postal| postal.region.as_deref()));
        let city = postal.map(|postal| postal.city.as_str());
        keep("city", person.city.as_deref().or(city));
        let country = postal.map(|postal| postal.country.as_str());
        keep("country", person.country.as_deref().or(country));
        keep("profile", person.social_profile.as_deref());
        keep("born", person.date_of_birth.as_deref());
        for answer in &person.answers {
            let name = format!("q.{}", answer.question_id);
            for value in answer.value.iter().chain(&answer.choice_ids) {
                kept.add(&name, value);
            }
        }
        let questions = $questions.iter().map(|question| {
            let by = question.asked_by.as_ref().map(|partner| partner.display_name.as_str());
            $crate::correction::Question {
                id: question.id.clone(),
                label: question.label.clone(),
                hint: $crate::fields::hint($frame, question.help.as_deref(), &question.purpose, by),
                form: $crate::fields::form(&question.kind),
                required: question.required,
                choices: question
                    .choices
                    .iter()
                    .map(|choice| (choice.id.clone(), choice.label.clone()))
                    .collect(),
            }
        });
        $crate::correction::Known {
            id: $id.clone(),
            asks_date_of_birth: $event.asks_date_of_birth,
            questions: questions.collect(),
            kept,
        }
    }};
}
pub(crate) use known;

/// The input of a mutation that corrects a registration.
macro_rules! correction {
    ($module:ident :: $input:ident, $known:expr, $form:expr, $answers:expr) => {{
        let (known, form) = ($known, $form);
        let text = |name: &str| Some(form.text(name).to_owned());
        let answer = |answer: &$crate::correction::Changed| $module::AnswerInput {
            question_id: answer.question.clone(),
            value: answer.value.clone(),
            choice_ids: answer.choices.clone(),
        };
        $module::$input {
            registration_id: known.id.clone(),
            revision: form.text("revision").parse().unwrap_or_default(),
            full_name: text("name"),
            email: text("email"),
            given_name: text("given"),
            family_name: text("family"),
            company: text("company"),
            job_title: text("job"),
            phone: text("phone"),
            city: text("city"),
            country: text("country"),
            postal_address: Some($module::AddressInput {
                street: $crate::correction::postal(form, "street"),
                postal_code: text("code"),
                city: $crate::correction::postal(form, "city"),
                // The form has no field for it: it belongs to the street that is kept.
                region: known
                    .kept
                    .filled("region")
                    .filter(|_| form.text("street") == known.kept.text("street")),
                country: $crate::correction::postal(form, "country"),
            }),
            social_profile: text("profile"),
            date_of_birth: if known.asks_date_of_birth {
                form.filled("born")
            } else {
                None
            },
            locale: None,
            answers: $answers.iter().map(answer).collect(),
        }
    }};
}
pub(crate) use correction;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_beside_what_they_are_about() {
        let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let answers = [Changed {
            question: "x".to_owned(),
            value: None,
            choices: Vec::new(),
        }];
        assert_eq!(field(&answers, &path(&["fullName"])), "name");
        assert_eq!(field(&answers, &path(&["postalAddress", "postalCode"])), "code");
        assert_eq!(field(&answers, &path(&["answers", "0", "value"])), "q.x");
        assert_eq!(field(&answers, &path(&["answers", "7"])), "");
        assert_eq!(field(&answers, &path(&["registrationId"])), "");
        assert_eq!(field(&answers, &[]), "");
    }
}
