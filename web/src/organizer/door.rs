//! `/manage/{organization}/{event}/door`: letting people in by the code of their ticket, typed or read by a hand scanner,
//! which types it and presses enter.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{Admit, Door, UndoAdmission, admit, door as of, undo_admission};
use super::{Part, Place};
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/door.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    key: String,
    outcome: Option<Outcome>,
    code: String,
}

/// What came of the last code.
struct Outcome {
    tone: &'static str,
    title: String,
    words: Vec<String>,
    /// What can be undone.
    check_in: Option<String>,
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<Door>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let mut outcome = None;
    let mut code = String::new();
    if let Some(form) = ask.form() {
        outcome = Some(if !ask.is_genuine() {
            code = form.text("code").to_owned();
            refused(ask, ask.language.say("press-again"), Vec::new())
        } else if let Some(check_in) = form.filled("undo") {
            undo(ask, check_in).await?
        } else {
            let_in(
                ask,
                &event.id,
                &event.event.time_zone,
                form.text("code"),
                form.text("key"),
            )
            .await?
        });
    }
    let page = Shown {
        frame: ask.frame(ask.language.say("part-door")),
        place: Place::find(
            ask,
            &organization.organization.name,
            (&event.id, &event.event.title),
            Part::Door,
        )
        .await?,
        token: ask.token(),
        key: ask.new_key(),
        outcome,
        code,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

async fn let_in(ask: &Ask, event: &str, zone: &str, code: &str, key: &str) -> Result<Outcome, Trouble> {
    let input = admit::CheckInInput {
        // Scanners add what they like around it.
        code: code.trim().to_uppercase(),
        device: None,
        event_id: event.to_owned(),
        idempotency_key: key.to_owned(),
        list: None,
    };
    let locale = Some(ask.language.code().to_owned());
    let payload = ask.visitor.ask::<Admit>(admit::Variables { input, locale }).await?;
    let payload = payload.check_in.ok_or(Trouble::Ours)?;
    if let Some(admission) = payload.admission {
        return Ok(Outcome {
            tone: "good",
            title: ask.language.say("door-welcome"),
            words: vec![admission.full_name, admission.ticket_type.name],
            check_in: Some(admission.check_in.id),
        });
    }
    let error = payload.user_errors.into_iter().next().ok_or(Trouble::Ours)?;
    let frame = ask.frame(String::new());
    let mut words = Vec::new();
    if let Some(earlier) = payload.earlier {
        words.push(frame.say1("door-earlier", "when", &frame.moment(&earlier.at, zone)));
    }
    let why = match name_of(&error.code).as_str() {
        "ALREADY_CHECKED_IN" => "door-already",
        "CANCELLED" => "door-cancelled",
        "NOT_CONFIRMED" => "door-not-confirmed",
        "WRONG_EVENT" => "door-wrong-event",
        "REQUIRED" => "door-no-code",
        "NOT_FOUND" | "INVALID" | "TOO_LONG" => "door-unknown",
        _ => return Ok(refused(ask, error.message, words)),
    };
    Ok(refused(ask, frame.say(why), words))
}

async fn undo(ask: &Ask, check_in: String) -> Result<Outcome, Trouble> {
    let variables = undo_admission::Variables { id: check_in };
    let payload = ask.visitor.ask::<UndoAdmission>(variables).await?;
    let errors = payload.undo_check_in.ok_or(Trouble::Ours)?.user_errors;
    Ok(match errors.into_iter().next() {
        Some(error) => refused(ask, error.message, Vec::new()),
        None => Outcome {
            tone: "",
            title: ask.language.say("door-undone"),
            words: Vec::new(),
            check_in: None,
        },
    })
}

fn refused(ask: &Ask, why: String, words: Vec<String>) -> Outcome {
    Outcome {
        tone: "bad",
        title: ask.language.say("door-no"),
        words: std::iter::once(why).chain(words).collect(),
        check_in: None,
    }
}
