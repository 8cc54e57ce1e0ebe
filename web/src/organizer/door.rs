//! `/manage/{organization}/{event}/door`: letting people in by the code of their ticket, typed or read by a hand scanner,
//! which types it and presses enter. `/door`: the same for a device that signed in by its link.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{HeaderValue, LOCATION};

use super::documents::{
    Admit, Door, LeaveDoor, OwnDoor, UndoAdmission, admit, door as of, leave_door, own_door, undo_admission,
};
use super::{Part, Place};
use crate::ask::Ask;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/door.html")]
struct Shown {
    frame: Frame,
    /// Where a team member is.
    place: Option<Place>,
    /// The device whose own page it is: its name, its event, until when it counts.
    device: Option<[String; 3]>,
    token: String,
    key: String,
    outcome: Option<Outcome>,
    code: String,
}

#[derive(Template)]
#[template(path = "organizer/door_over.html")]
struct Over {
    frame: Frame,
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
    let (outcome, code) = pressed(ask, &event.id, &event.event.time_zone).await?;
    let title = (event.id.as_str(), event.event.title.as_str());
    let page = Shown {
        frame: ask.frame(ask.language.say("part-door")),
        place: Some(Place::find(ask, &organization.organization.name, title, Part::Door).await?),
        device: None,
        token: ask.token(),
        key: ask.new_key(),
        outcome,
        code,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// The page of a device. One that has ended says so, and what to do.
pub(super) async fn own(ask: &Ask) -> Result<Response, Trouble> {
    let variables = own_door::Variables {
        locale: Some(ask.language.code().to_owned()),
    };
    let Some(door) = ask.visitor.ask::<OwnDoor>(variables).await?.door else {
        return if ask.visitor.is_signed_in() {
            Err(Trouble::NotFound)
        } else {
            let frame = ask.frame(ask.language.say("door-over"));
            Ok(ask.page(StatusCode::NOT_FOUND, &Over { frame }))
        };
    };
    if ask.is_genuine() && ask.form().is_some_and(|form| form.has("leave")) {
        ask.visitor.ask::<LeaveDoor>(leave_door::Variables {}).await?;
        let mut response = ask.signed_out();
        response
            .headers_mut()
            .insert(LOCATION, HeaderValue::from_static("/door"));
        return Ok(response);
    }
    let (outcome, code) = pressed(ask, &door.event_id, &door.time_zone).await?;
    let frame = ask.frame(ask.language.say("part-door"));
    let until = frame.moment(&door.ends_at, &door.time_zone);
    let page = Shown {
        place: None,
        device: Some([door.device_name, door.title, until]),
        token: ask.token(),
        key: ask.new_key(),
        outcome,
        code,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// What came of a button, and the code that is to be typed again.
async fn pressed(ask: &Ask, event: &str, zone: &str) -> Result<(Option<Outcome>, String), Trouble> {
    let Some(form) = ask.form() else {
        return Ok((None, String::new()));
    };
    if !ask.is_genuine() {
        let outcome = refused(ask, ask.language.say("press-again"), Vec::new());
        return Ok((Some(outcome), form.text("code").to_owned()));
    }
    let outcome = match form.filled("undo") {
        Some(check_in) => undo(ask, check_in).await?,
        None => let_in(ask, event, zone, form.text("code"), form.text("key")).await?,
    };
    Ok((Some(outcome), String::new()))
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
