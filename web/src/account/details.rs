//! `/me/registrations/<id>/details`: correcting what is known of oneself.

use askama::Template;
use poem::Response;

use super::documents::{UpdateMyPlace, update_my_place as update};
use super::place::{self, Place};
use crate::ask::{Ask, see_other};
use crate::fields::{self, ABOUT, Asked, Detail, Input, Problem, said_of};
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/details.html")]
struct Shown<'a> {
    frame: Frame,
    token: String,
    place: &'a Place,
    revision: String,
    problems: &'a [Problem],
    inputs: Vec<Input>,
    questions: Vec<Asked>,
    /// Until when answers can be changed, where there is such a day.
    until: Option<String>,
    /// Whether that day is over.
    is_late: bool,
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

/// Shows the form, or saves it.
pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let place = place::find(ask).await?;
    let Some(form) = ask.form() else {
        return show(ask, &place, &kept(&place), &[]);
    };
    if !ask.is_genuine() {
        let again = Problem::new("", ask.language.say("press-again"));
        return show(ask, &place, form, &[again]);
    }
    let (input, questions) = input(&place, form);
    let wished = form.text("email");
    let is_new_address = place.email.as_deref() != Some(wished) && place.new_email.as_deref() != Some(wished);
    let payload = ask.visitor.ask::<UpdateMyPlace>(update::Variables { input }).await?;
    let payload = payload.update_registration.ok_or(Trouble::Ours)?;
    if payload.user_errors.is_empty() {
        let done = if is_new_address { "mailed" } else { "saved" };
        return Ok(see_other(&format!("/me/registrations/{}?done={done}", place.id)));
    }
    let problem = |error: update::UpdateMyPlaceUpdateRegistrationUserErrors| {
        let field = field(&questions, &error.field.unwrap_or_default());
        if name_of(&error.code) == "STALE" {
            Problem::new("", ask.language.say("changed-elsewhere"))
        } else {
            Problem::new(field, error.message)
        }
    };
    let problems: Vec<Problem> = payload.user_errors.into_iter().map(problem).collect();
    show(ask, &place, form, &problems)
}

fn show(ask: &Ask, place: &Place, form: &Form, problems: &[Problem]) -> Result<Response, Trouble> {
    let mut frame = ask.frame(ask.language.say("correct-title"));
    frame.form = Some("details");
    let inputs = details().filter(|detail| detail.name != "born" || place.event.asks_date_of_birth);
    let inputs = inputs.map(|detail| Input {
        name: detail.name.to_owned(),
        label: frame.say(detail.label),
        hint: (detail.name == "email").then(|| frame.say("correct-email-hint")),
        kind: detail.kind,
        autocomplete: detail.autocomplete,
        required: matches!(detail.name, "name" | "email"),
        value: form.text(detail.name).to_owned(),
        error: said_of(problems, detail.name).map(str::to_owned),
    });
    let questions = place.ticket_type.questions.iter().map(|question| {
        let name = format!("q.{}", question.id);
        let by = question.asked_by.as_ref().map(|partner| partner.display_name.as_str());
        Asked {
            label: question.label.clone(),
            hint: fields::hint(&frame, question.help.as_deref(), &question.purpose, by),
            form: fields::form(&question.kind),
            required: question.required,
            values: form.all(&name).map(str::to_owned).collect(),
            choices: question
                .choices
                .iter()
                .map(|choice| (choice.id.clone(), choice.label.clone()))
                .collect(),
            error: said_of(problems, &name).map(str::to_owned),
            name,
        }
    });
    let until = place.answers_editable_until.as_ref();
    let is_late = match until.and_then(|at| at.parse::<jiff::Timestamp>().ok()) {
        Some(until) => ask.now()? >= until,
        None => false,
    };
    let page = Shown {
        token: ask.token(),
        revision: form.text("revision").to_owned(),
        inputs: inputs.collect(),
        questions: questions.collect(),
        until: until.map(|at| frame.moment(at, &place.event.time_zone)),
        is_late,
        place,
        problems,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}

/// What is known now, as the form would send it.
fn kept(place: &Place) -> Form {
    let mut form = Form::default();
    let mut keep = |name: &str, value: Option<&str>| form.set(name, value.unwrap_or_default());
    keep("revision", Some(&place.revision.to_string()));
    keep("name", place.full_name.as_deref());
    keep("email", place.new_email.as_deref().or(place.email.as_deref()));
    keep("given", place.given_name.as_deref());
    keep("family", place.family_name.as_deref());
    keep("company", place.company.as_deref());
    keep("job", place.job_title.as_deref());
    keep("phone", place.phone.as_deref());
    let postal = place.postal_address.as_ref();
    keep("street", postal.map(|postal| postal.street.as_str()));
    keep("code", postal.and_then(|postal| postal.postal_code.as_deref()));
    keep(
        "city",
        place.city.as_deref().or(postal.map(|postal| postal.city.as_str())),
    );
    keep(
        "country",
        place
            .country
            .as_deref()
            .or(postal.map(|postal| postal.country.as_str())),
    );
    keep("profile", place.social_profile.as_deref());
    keep("born", place.date_of_birth.as_deref());
    for answer in &place.answers {
        let name = format!("q.{}", answer.question_id);
        for value in answer.value.iter().chain(&answer.choice_ids) {
            form.add(&name, value);
        }
    }
    form
}

/// The mutation's input, with the questions in the order of the answers. Answers are sent only where they changed: after
/// the last day for them everything else can still be corrected.
fn input(place: &Place, form: &Form) -> (update::UpdateRegistrationInput, Vec<String>) {
    let text = |name: &str| Some(form.text(name).to_owned());
    let before = kept(place);
    let mut questions = Vec::new();
    let mut answers = Vec::new();
    for question in &place.ticket_type.questions {
        let name = format!("q.{}", question.id);
        let typed = |form: &Form| -> Vec<String> {
            let values = form.all(&name).map(str::trim).filter(|value| !value.is_empty());
            values.map(str::to_owned).collect()
        };
        let values = typed(form);
        if values == typed(&before) {
            continue;
        }
        questions.push(question.id.clone());
        let has_choices = matches!(fields::form(&question.kind), "choice" | "choices");
        answers.push(update::AnswerInput {
            question_id: question.id.clone(),
            value: if has_choices {
                None
            } else {
                Some(values.first().cloned().unwrap_or_default())
            },
            choice_ids: if has_choices { values } else { Vec::new() },
        });
    }
    // A town alone is no postal address.
    let is_none = form.has("street") && form.text("street").is_empty();
    let part = |name: &str| {
        if is_none {
            String::new()
        } else {
            form.text(name).to_owned()
        }
    };
    let postal = update::AddressInput {
        street: part("street"),
        postal_code: text("code"),
        city: part("city"),
        region: None,
        country: part("country"),
    };
    let input = update::UpdateRegistrationInput {
        registration_id: place.id.clone(),
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
        postal_address: Some(postal),
        social_profile: text("profile"),
        date_of_birth: if place.event.asks_date_of_birth {
            form.filled("born")
        } else {
            None
        },
        locale: None,
        answers,
    };
    (input, questions)
}

/// Which field of the form an error of the API is about.
fn field(questions: &[String], path: &[String]) -> String {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["answers", index, ..] => {
            let id = index.parse::<usize>().ok().and_then(|index| questions.get(index));
            id.map(|id| format!("q.{id}")).unwrap_or_default()
        }
        ["postalAddress", last, ..] | [last, ..] => {
            let named = details().find(|detail| detail.input == *last);
            named.map(|detail| detail.name.to_owned()).unwrap_or_default()
        }
        [] => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_beside_what_they_are_about() {
        let path = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let questions = ["x".to_owned()];
        assert_eq!(field(&questions, &path(&["fullName"])), "name");
        assert_eq!(field(&questions, &path(&["postalAddress", "postalCode"])), "code");
        assert_eq!(field(&questions, &path(&["answers", "0", "value"])), "q.x");
        assert_eq!(field(&questions, &path(&["answers", "7"])), "");
        assert_eq!(field(&questions, &path(&["registrationId"])), "");
        assert_eq!(field(&questions, &[]), "");
    }
}
