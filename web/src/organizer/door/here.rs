//! What both pages of a door have: how many came, and what the script works with on this device.

use crate::ask::Ask;
use crate::assets;

/// How many came, as of when.
pub(super) struct Counts {
    pub(super) expected: i64,
    pub(super) inside: i64,
    pub(super) at: String,
}

impl Counts {
    pub(super) fn to_come(&self) -> i64 {
        (self.expected - self.inside).max(0)
    }
}

/// What the script works with.
pub(super) struct Here {
    /// Where the page is, and under it what the script sends.
    pub(super) path: String,
    pub(super) token: String,
    /// Whose scans wait in this browser, and who alone sends them: an account, or of a device its event, for a device that
    /// has ended cannot sign in again, and the next one at this event sends what it kept.
    pub(super) keeper: String,
    /// The door at which a device stands, and until when it counts.
    pub(super) device: Option<(String, String)>,
    pub(super) script: &'static str,
    pub(super) worker: &'static str,
    pub(super) reader: &'static str,
}

impl Here {
    /// For a member of the team.
    pub(super) fn of_team(ask: &Ask, account: String) -> Self {
        Self {
            path: ask.path().to_owned(),
            token: ask.token(),
            keeper: account,
            device: None,
            script: &assets::DOOR.path,
            worker: &assets::DOOR_WORKER.path,
            reader: assets::reader(),
        }
    }

    /// For a device at this event, which stands at this door until then (RFC 3339).
    pub(super) fn of_device(ask: &Ask, event: String, list: Option<String>, until: String) -> Self {
        Self {
            keeper: event,
            device: Some((list.unwrap_or_default(), until)),
            worker: &assets::OWN_DOOR_WORKER.path,
            ..Self::of_team(ask, String::new())
        }
    }

    /// The message of this name, in the words of a device where there are some.
    pub(super) fn key(&self, key: &'static str, of_device: &'static str) -> &'static str {
        if self.device.is_some() { of_device } else { key }
    }
}
