//! `/door`: letting people in with a device that signed in by its link. It finds nobody by name.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{HeaderValue, LOCATION};

use super::here::{Counts, Here};
use super::outcome::{At, Holder, Outcome, Scan, let_in, refused, undo};
use crate::ask::Ask;
use crate::assets;
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
    counts: Option<Counts>,
    /// Nothing: a device stands where it was put.
    list: &'static str,
    here: Here,
}

#[derive(Template)]
#[template(path = "organizer/door_over.html")]
struct Over {
    frame: Frame,
    path: String,
    script: &'static str,
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
            let over = Over {
                frame: ask.frame(ask.language.say("door-over")),
                path: ask.path().to_owned(),
                script: &assets::DOOR.path,
            };
            Ok(ask.page(StatusCode::NOT_FOUND, &over))
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
    let here = Here::of_device(ask, door.event_id.clone(), door.list, door.ends_at.clone());
    let at = At {
        id: door.event_id,
        zone: door.time_zone,
    };
    let outcome = match ask.form() {
        Some(form) => Some(act(ask, &at, form).await?),
        None => None,
    };
    let frame = ask.frame(ask.language.say("part-door"));
    let counts = door.tally.map(|tally| Counts {
        at: frame.time(&tally.counted_at, &at.zone),
        expected: tally.expected,
        inside: tally.inside,
    });
    let page = Shown {
        until: frame.moment(&door.ends_at, &at.zone),
        name: door.device_name,
        event: door.title,
        token: ask.token(),
        key: ask.new_key(),
        code: super::unread(ask),
        outcome,
        counts,
        list: "",
        here,
        frame,
    };
    Ok(super::with_camera(ask.page(StatusCode::OK, &page)))
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
