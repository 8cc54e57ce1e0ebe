//! `/manage/{organization}/{event}/door/devices/new`: adding a device, and the code by which it signs in.

use poem::Response;

use super::code::{self, Device};
use super::documents::{AddDevice, add_device as adding};
use super::list::{self, Found};
use crate::ask::{Ask, see_other};
use crate::clock;
use crate::fields::Problem;
use crate::form::Form;
use crate::organizer::sheet::{self, About, Around, Sheet, said};
use crate::trouble::Trouble;

const NAMES: &[&str] = &["name", "list", "endsAt"];

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    // Whoever may see one device may add another.
    let found = list::find(ask, 1, None).await?;
    let kept = Form::default();
    let form = match ask.pressed(&kept) {
        Ok(form) => form,
        Err((form, problems)) => return Ok(show(ask, &found, form, problems)),
    };
    match added(ask, &found, form).await? {
        Ok(Some(device)) => Ok(code::show(ask, found, &device)),
        // The same form was sent before, and its code is shown once.
        Ok(None) => Ok(see_other(&format!("{}?done=added", base(&found)))),
        Err(problems) => Ok(show(ask, &found, form, problems)),
    }
}

/// The device, if it was added now.
async fn added(ask: &Ask, found: &Found, form: &Form) -> Result<Result<Option<Device>, Vec<Problem>>, Trouble> {
    let ends_at = match form.filled("endsAt") {
        None => None,
        Some(local) => match clock::instant(&local, &found.zone) {
            Some(at) => Some(at),
            None => return Ok(Err(vec![Problem::new("endsAt", ask.language.say("device-no-time"))])),
        },
    };
    let input = adding::AddDoorDeviceInput {
        idempotency_key: sheet::key(ask),
        event_id: found.event.clone(),
        name: form.text("name").to_owned(),
        list: form.filled("list"),
        ends_at,
    };
    let payload = ask.visitor.ask::<AddDevice>(adding::Variables { input }).await?;
    let payload = payload.add_door_device.ok_or(Trouble::NotFound)?;
    let Some(shown) = payload.shown else {
        return Ok(Err(sheet::problems(ask, said!(payload.user_errors), NAMES)));
    };
    Ok(Ok(shown.secret.map(|secret| Device {
        name: shown.device.name,
        secret,
        link_expires_at: shown.device.link_expires_at,
        ends_at: shown.device.ends_at,
    })))
}

fn base(found: &Found) -> String {
    format!("{}/door/devices", found.place.base)
}

fn show(ask: &Ask, found: &Found, form: &Form, problems: Vec<Problem>) -> Response {
    let frame = sheet::frame(ask, ask.language.say("device-add"));
    let sheet = Sheet {
        frame: &frame,
        form,
        kept: form,
        problems: &problems,
    };
    let name = sheet.field("name", "device-name", "text").required();
    let list = sheet.field("list", "device-list", "text");
    let until = sheet.field("endsAt", "device-until", "datetime-local");
    let rows = vec![
        vec![
            name.hint(frame.say("device-name-hint")),
            list.hint(frame.say("device-list-hint")),
        ],
        vec![until.hint(frame.say("device-until-hint"))],
    ];
    let groups = vec![sheet.group("device", None, rows)];
    let about = About {
        title: frame.title.clone(),
        lead: Some(frame.say("device-words")),
        button: frame.say("device-add-button"),
        back: base(found),
        revision: String::new(),
        removal: None,
    };
    let around = Around::Above(base(found), frame.say("devices-title"));
    sheet::show(ask, frame, around, about, (groups, problems))
}
