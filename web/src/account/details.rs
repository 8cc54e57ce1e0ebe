//! `/me/registrations/<id>/details`: correcting what is known of oneself.

use askama::Template;
use poem::Response;

use super::documents::{UpdateMyPlace, update_my_place as update};
use super::place::{self, Place};
use crate::ask::{Ask, see_other};
use crate::correction::{self, By, Controls, Known, correction, known};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::Frame;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/details.html")]
struct Shown<'a> {
    frame: Frame,
    place: &'a Place,
    problems: &'a [Problem],
    controls: Controls,
}

/// Shows the form, or saves it.
pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let place = place::find(ask).await?;
    let mut frame = ask.frame(ask.language.say("correct-title"));
    frame.form = Some("details");
    frame.enter = Some("save");
    let email = place.new_email.as_deref().or(place.email.as_deref());
    let known = known!(
        &frame,
        place.id,
        place.revision,
        &place,
        email,
        place.event,
        place.ticket_type.questions
    );
    let form = match ask.pressed(&known.kept) {
        Ok(form) => form,
        Err((form, problems)) => return show(ask, frame, &place, &known, (form, &problems)),
    };
    let answers = known.changed(form);
    let input = correction!(update::UpdateRegistrationInput, &known, form, answers);
    let wished = form.text("email");
    let is_new_address = place.email.as_deref() != Some(wished) && place.new_email.as_deref() != Some(wished);
    let payload = ask.visitor.ask::<UpdateMyPlace>(update::Variables { input }).await?;
    let errors = payload.update_registration.ok_or(Trouble::Ours)?.user_errors;
    if errors.is_empty() {
        let done = if is_new_address { "mailed" } else { "saved" };
        return Ok(see_other(&format!("/me/registrations/{}?done={done}", place.id)));
    }
    let problems = errors.into_iter();
    let problems = problems.map(|error| correction::problem(ask, &answers, error.field, &error.code, error.message));
    let problems: Vec<Problem> = problems.collect();
    show(ask, frame, &place, &known, (form, &problems))
}

fn show(
    ask: &Ask,
    frame: Frame,
    place: &Place,
    known: &Known,
    (form, problems): (&Form, &[Problem]),
) -> Result<Response, Trouble> {
    let until = place.answers_editable_until.as_ref();
    let is_late = match until.and_then(|at| at.parse::<jiff::Timestamp>().ok()) {
        Some(until) => ask.now()? >= until,
        None => false,
    };
    let until = until.map(|at| {
        let key = if is_late { "answers-late" } else { "answers-until" };
        frame.say1(key, "when", &frame.moment(at, &place.event.time_zone))
    });
    let back = format!("/me/registrations/{}", place.id);
    let page = Shown {
        controls: Controls {
            until,
            is_late,
            ..known.controls(ask, &frame, By::Oneself, (form, problems), back)
        },
        place,
        problems,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}
