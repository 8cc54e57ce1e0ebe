//! `/manage/{organization}/{event}/people/{registration}/correct`: staff put right what is wrong with a registration.

use askama::Template;
use poem::Response;

use super::documents::{CorrectPlace, PersonKnown, correct_place as correct, person_known as of};
use crate::ask::{Ask, see_other};
use crate::correction::{self, By, Controls, correction, known};
use crate::fields::Problem;
use crate::frame::Frame;
use crate::organizer::{Part, Place};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/people/correct.html")]
struct Shown<'a> {
    frame: Frame,
    place: Place,
    /// Whose it is.
    name: String,
    problems: &'a [Problem],
    controls: Controls,
}

/// Shows the form, or saves it. Not there for whoever may not correct, nor for a place that was given up.
pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        id: ask.param("id").to_owned(),
    };
    let found = ask.visitor.ask::<PersonKnown>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let registration = event.registration.ok_or(Trouble::NotFound)?;
    let (entry, details) = (registration.entry, registration.details.ok_or(Trouble::NotFound)?);
    if !super::is_open(&entry.status) {
        return Err(Trouble::NotFound);
    }
    let about = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, about, Part::Roster).await?;
    let mut frame = ask.frame(ask.language.say("correct-person"));
    frame.form = Some("details");
    frame.enter = Some("save");
    let email = details.email.as_deref();
    let known = known!(
        &frame,
        entry.id,
        entry.revision,
        &details,
        email,
        event.event,
        entry.ticket_type.questions
    );
    let back = super::path(&place.base, &entry.id);
    let (form, problems) = match ask.pressed(&known.kept) {
        Err((form, problems)) => (form, problems),
        Ok(form) => {
            let answers = known.changed(form);
            let input = correction!(correct::CorrectRegistrationInput, &known, form, answers);
            let payload = ask.visitor.ask::<CorrectPlace>(correct::Variables { input }).await?;
            let errors = payload.correct_registration.ok_or(Trouble::NotFound)?.user_errors;
            if errors.is_empty() {
                let is_new = !form.text("email").eq_ignore_ascii_case(known.kept.text("email"));
                let done = if is_new { "mailed" } else { "corrected" };
                return Ok(see_other(&format!("{back}?done={done}")));
            }
            let problems = errors.into_iter();
            let problems =
                problems.map(|error| correction::problem(ask, &answers, error.field, &error.code, error.message));
            (form, problems.collect())
        }
    };
    let page = Shown {
        controls: known.controls(ask, &frame, By::Staff, (form, &problems), back),
        name: details.full_name.unwrap_or_default(),
        problems: &problems,
        place,
        frame,
    };
    Ok(ask.form_page(problems.is_empty(), &page))
}
