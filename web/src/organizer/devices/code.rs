//! The code by which a device signs in: shown once, to be scanned or typed at once.

use askama::Template;
use poem::Response;

use super::list::Found;
use crate::ask::Ask;
use crate::frame::Frame;
use crate::links::{Code, code};
use crate::organizer::Place;

#[derive(Template)]
#[template(path = "organizer/devices/scan.html")]
struct Shown {
    frame: Frame,
    place: Place,
    /// The list of devices.
    base: String,
    address: String,
    code: Option<Code>,
    /// Until when the address works, and the device counts.
    facts: Vec<(String, String)>,
}

/// A device, as a mutation answers.
pub(super) struct Device {
    pub(super) name: String,
    pub(super) secret: String,
    pub(super) link_expires_at: String,
    pub(super) ends_at: String,
}

/// Shows it. The address is in this answer and nowhere else.
pub(super) fn show(ask: &Ask, found: Found, device: &Device) -> Response {
    let address = ask.visitor.platform().url(&format!("/door/{}", device.secret));
    let frame = ask.frame(device.name.clone());
    let facts = vec![
        (
            frame.say("device-link-until"),
            frame.time(&device.link_expires_at, &found.zone),
        ),
        (frame.say("device-until"), frame.moment(&device.ends_at, &found.zone)),
    ];
    let page = Shown {
        code: code(&address),
        base: format!("{}/door/devices", found.place.base),
        place: found.place,
        address,
        facts,
        frame,
    };
    ask.form_page(true, &page)
}
