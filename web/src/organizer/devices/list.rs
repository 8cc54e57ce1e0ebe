//! `/manage/{organization}/{event}/door/devices`: which devices let people in, and how each of them stands.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::code::{self, Device};
use super::documents::{Devices, RemoveDevice, RenewDevice, devices as of, remove_device, renew_device};
use crate::ask::{Ask, see_other};
use crate::form::Form;
use crate::frame::{Frame, Width, name_of};
use crate::organizer::{Part, Place, with_query};
use crate::trouble::Trouble;

/// How many devices a page shows.
const DEVICES: i64 = 50;

#[derive(Template)]
#[template(path = "organizer/devices/list.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    base: String,
    note: Option<(&'static str, String)>,
    devices: Vec<Listed>,
    next: Option<String>,
}

/// A device in the list.
struct Listed {
    id: String,
    name: String,
    list: Option<String>,
    tone: &'static str,
    state: String,
    facts: Vec<(String, String)>,
    is_waiting: bool,
    is_over: bool,
}

/// An event with a page of its devices.
pub(super) struct Found {
    pub(super) place: Place,
    pub(super) event: String,
    pub(super) zone: String,
    devices: of::DevicesOrganizationEventDoorDevices,
}

/// Looks for the event; not there, where one may not manage its devices.
pub(super) async fn find(ask: &Ask, first: i64, after: Option<String>) -> Result<Found, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        first,
        after,
    };
    let found = ask.visitor.ask::<Devices>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let devices = event.door_devices.ok_or(Trouble::NotFound)?;
    let title = (event.id.as_str(), event.event.title.as_str());
    let place = Place::find(ask, &organization.organization.name, title, Part::Door).await?;
    Ok(Found {
        place,
        event: event.id,
        zone: event.event.time_zone,
        devices,
    })
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let found = find(ask, DEVICES, ask.query("after")).await?;
    let Some(form) = ask.form() else {
        return Ok(show(ask, found, None));
    };
    if !ask.is_genuine() {
        return Ok(show(ask, found, Some(ask.language.say("press-again"))));
    }
    match pressed(ask, form).await? {
        Pressed::Renewed(device) => Ok(code::show(ask, found, &device)),
        Pressed::Removed => Ok(see_other(&format!("{}?done=removed", ask.path()))),
        Pressed::Refused(why) => Ok(show(ask, found, Some(why))),
    }
}

/// What came of a button.
enum Pressed {
    Renewed(Device),
    Removed,
    Refused(String),
}

async fn pressed(ask: &Ask, form: &Form) -> Result<Pressed, Trouble> {
    if let Some(id) = form.filled("remove") {
        let payload = ask.visitor.ask::<RemoveDevice>(remove_device::Variables { id }).await?;
        let errors = payload.remove_door_device.ok_or(Trouble::NotFound)?.user_errors;
        // It is not there: there is nothing to end.
        return errors.is_empty().then_some(Pressed::Removed).ok_or(Trouble::NotFound);
    }
    let id = form.filled("renew").ok_or(Trouble::NotFound)?;
    let payload = ask.visitor.ask::<RenewDevice>(renew_device::Variables { id }).await?;
    let payload = payload.renew_door_device_link.ok_or(Trouble::NotFound)?;
    let Some(shown) = payload.shown else {
        return Ok(Pressed::Refused(ask.language.say("device-not-waiting")));
    };
    Ok(Pressed::Renewed(Device {
        name: shown.device.name,
        secret: shown.secret.ok_or(Trouble::Ours)?,
        link_expires_at: shown.device.link_expires_at,
        ends_at: shown.device.ends_at,
    }))
}

fn show(ask: &Ask, found: Found, problem: Option<String>) -> Response {
    let mut frame = ask.frame(ask.language.say("devices-title"));
    frame.width = Width::Wide;
    let info = &found.devices.page_info;
    let next = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let done = match ask.query("done").as_deref() {
        Some("removed") => Some("device-removed"),
        Some("added") => Some("device-added"),
        _ => None,
    };
    let is_good = problem.is_none();
    let devices = found.devices.edges.iter();
    let page = Shown {
        token: ask.token(),
        base: format!("{}/door/devices", found.place.base),
        note: problem
            .map(|why| ("bad", why))
            .or(done.map(|key| ("good", frame.say(key)))),
        next: next.map(|after| with_query(ask.path(), &[("after", after)])),
        devices: devices.map(|edge| listed(&frame, &edge.node, &found.zone)).collect(),
        place: found.place,
        frame,
    };
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    ask.page(if is_good { StatusCode::OK } else { wrong }, &page)
}

fn listed(frame: &Frame, device: &of::DevicesOrganizationEventDoorDevicesEdgesNode, zone: &str) -> Listed {
    let state = name_of(&device.state);
    let moment = |at: &String| frame.moment(at, zone);
    let mut facts = Vec::new();
    if state == "WAITING" {
        facts.push((frame.say("device-link-until"), moment(&device.link_expires_at)));
    }
    facts.extend(
        device
            .opened_at
            .as_ref()
            .map(|at| (frame.say("device-opened"), moment(at))),
    );
    facts.extend(
        device
            .last_seen_at
            .as_ref()
            .map(|at| (frame.say("device-seen"), moment(at))),
    );
    facts.push((frame.say("device-until"), moment(&device.ends_at)));
    Listed {
        id: device.id.clone(),
        name: device.name.clone(),
        list: device.list.clone(),
        tone: match state.as_str() {
            "IN_USE" => "good",
            "WAITING" => "warn",
            _ => "",
        },
        state: frame.of("device-state", &device.state),
        facts,
        is_waiting: state == "WAITING",
        is_over: state == "ENDED",
    }
}
