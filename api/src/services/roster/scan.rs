//! What is said at a door: who stands there, at which one, and when it was.

use consentry_domain::{Instant, RegistrationId, text};

use super::check_in::Doorkeeper;
use crate::access::{Actor, DoorDevice};
use crate::platform::{Code, Problems, Refused};
use crate::services::input;

/// The door where none is named.
const MAIN: &str = "main";

/// Clocks of devices may be ahead by so much.
const AHEAD_MINUTES: i64 = 5;
/// A passage may have waited on a device for so long.
const WAITED_DAYS: i64 = 2;

/// Who stands at a door.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(untagged)]
pub enum Holder {
    /// Whoever holds this code.
    Code(String),
    /// Somebody whom staff found by name.
    Registration(RegistrationId),
}

impl Holder {
    /// The input's field that names them.
    pub(super) fn field(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::Registration(_) => "registrationId",
        }
    }
}

/// Somebody at a door.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Scan {
    /// New for each passage.
    pub idempotency_key: String,
    /// Who.
    #[serde(rename = "code")]
    pub holder: Holder,
    /// Which door or list; the main one where none is named.
    pub list: Option<String>,
    /// With which device.
    pub device: Option<String>,
    /// When it was, where it had to wait on a device without a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// A scan that can be one.
pub(super) struct Judged {
    pub(super) list: String,
    pub(super) device: Option<String>,
    pub(super) at: Option<Instant>,
}

pub(super) fn clean_code(code: &str) -> String {
    text::sought(code.trim()).to_uppercase()
}

impl Scan {
    /// A device sees nobody before their code is shown, so it lets in by codes alone.
    pub(super) fn judge(&self, door: &Doorkeeper) -> Result<Judged, Refused> {
        if door.actor().device().is_some() && matches!(self.holder, Holder::Registration(_)) {
            return Err(Refused::not_found(self.holder.field()));
        }
        let mut problems = Problems::new();
        let list = problems.keep("list", list_of(door, self));
        let device = problems.keep("device", device_of(door, self));
        let at = problems.keep("at", input::optional(self.at.as_deref(), input::instant));
        problems.none()?;
        Ok(Judged {
            list: list.unwrap_or_default(),
            device: device.flatten(),
            at: at.flatten(),
        })
    }
}

/// When the passage was: as it was said, where a device can have kept it for so long.
pub(super) fn moment(said: Option<Instant>, now: Instant) -> Result<Instant, Refused> {
    let Some(at) = said else {
        return Ok(now);
    };
    if at > now.plus_minutes(AHEAD_MINUTES) {
        let words = "This is in the future. Set the clock of the device, or leave it out for a passage of this moment.";
        return Err(Refused::because("at", Code::Invalid, words));
    }
    if at < now.plus_days(-WAITED_DAYS) {
        let words = "This is more than 48 hours ago. Leave it out to let them in now.";
        return Err(Refused::because("at", Code::Invalid, words));
    }
    Ok(at.min(now))
}

/// The door that a scan names, or at which the device stands.
pub(super) fn list_of(door: &Doorkeeper, scan: &Scan) -> input::Judged<String> {
    list_at(door, scan.list.as_deref())
}

/// The door that is named, or at which the device stands; the main one where neither is said.
pub(super) fn list_at(door: &Doorkeeper, named: Option<&str>) -> input::Judged<String> {
    let actor = door.actor();
    let standing = actor.device().and_then(DoorDevice::list);
    let list = named.filter(|list| !list.trim().is_empty()).or(standing);
    Ok(input::optional(list, |list| input::line(list, 50))?.unwrap_or_else(|| MAIN.to_owned()))
}

/// With which device somebody is let in: one that has a credential of its own cannot pass for another.
fn device_of(door: &Doorkeeper, scan: &Scan) -> input::Judged<Option<String>> {
    let said = input::optional(scan.device.as_deref(), |text| input::line(text, 100))?;
    Ok(door.actor().device().map(|device| device.name().to_owned()).or(said))
}
