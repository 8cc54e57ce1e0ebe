//! `/door`: letting people in with a device that signed in by its link.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{HeaderValue, LOCATION};

use super::outcome::{At, Holder, Outcome, Scan, let_in, refused, undo};
use crate::ask::Ask;
use crate::form::Form;
use crate::frame::Frame;
use crate::organizer::documents::{LeaveDoor, OwnDoor, leave_door, own_door};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/door_own.html")]
struct Shown {
    frame: Frame,
    /// What the device is called.
    name: String,
    /// Its event.
    event: String,
    /// Until when it counts.
    until: String,
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

/// The page of a device. One that has ended says so, and what to do.
pub(in crate::organizer) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
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
    let at = At {
        id: door.event_id,
        zone: door.time_zone,
    };
    let outcome = match ask.form() {
        Some(form) => Some(act(ask, &at, form).await?),
        None => None,
    };
    let frame = ask.frame(ask.language.say("part-door"));
    let page = Shown {
        until: frame.moment(&door.ends_at, &at.zone),
        name: door.device_name,
        event: door.title,
        token: ask.token(),
        key: ask.new_key(),
        code: super::unread(ask),
        outcome,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// What a button did.
async fn act(ask: &Ask, at: &At, form: &Form) -> Result<Outcome, Trouble> {
    if !ask.is_genuine() {
        return Ok(refused(ask, ask.language.say("press-again"), Vec::new()));
    }
    if let Some(check_in) = form.filled("undo") {
        return undo(ask, check_in).await;
    }
    let scan = Scan {
        key: form.text("key").to_owned(),
        holder: Holder::Code(form.text("code").to_owned()),
        list: None,
        at: None,
    };
    let_in(ask, at, scan).await
}
