//! What the script of the door's page asks for, as JSON: passages, one by one as a typed code is, and the list for hours
//! without a network. No other rules than the page's: each passage is the same document.

use poem::Response;
use poem::http::StatusCode;
use poem::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::documents::{
    DoorEvent, DoorList, OwnDoor, OwnDoorList, door_event, door_list, own_door, own_door_list,
};
use super::outcome::{At, Holder, Outcome, Scan, let_in};
use crate::ask::Ask;
use crate::trouble::Trouble;

/// So many passages are sent at once.
const MOST: usize = 50;

/// Who asks, and so where the event is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeper {
    /// A member of the team, at the event of the address.
    Team,
    /// A device, at its own event.
    Device,
}

/// A passage as the script writes it.
#[derive(Deserialize)]
struct Sent {
    key: String,
    code: String,
    list: Option<String>,
    at: Option<String>,
}

impl Keeper {
    /// The event at whose door one stands, for who may let people in there.
    pub(super) async fn event(self, ask: &Ask) -> Result<At, Trouble> {
        match self {
            Self::Team => of_address(ask).await,
            Self::Device => {
                let locale = Some(ask.language.code().to_owned());
                let found = ask.visitor.ask::<OwnDoor>(own_door::Variables { locale }).await?;
                let door = found.door.ok_or(Trouble::NotFound)?;
                Ok(At {
                    id: door.event_id,
                    zone: door.time_zone,
                })
            }
        }
    }

    /// Whoever is not signed in any more is told so, and a page that is too old is to be asked for again.
    fn refusal(self, ask: &Ask) -> Option<Response> {
        let is_signed_in = match self {
            Self::Team => ask.visitor.is_signed_in(),
            Self::Device => ask.visitor.is_device(),
        };
        if !is_signed_in {
            return Some(answer(StatusCode::UNAUTHORIZED, &json!({})));
        }
        (!ask.is_genuine()).then(|| answer(StatusCode::FORBIDDEN, &json!({})))
    }
}

async fn of_address(ask: &Ask) -> Result<At, Trouble> {
    let variables = door_event::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
    };
    let found = ask.visitor.ask::<DoorEvent>(variables).await?;
    let event = found.organization.and_then(|organization| organization.event);
    let event = event.ok_or(Trouble::NotFound)?;
    Ok(At {
        id: event.id,
        zone: event.event.time_zone,
    })
}

/// Lets them in, in their order; for each what came of it.
pub(super) async fn send(ask: &Ask, keeper: Keeper) -> Result<Response, Trouble> {
    if let Some(refusal) = keeper.refusal(ask) {
        return Ok(refusal);
    }
    let sent = ask.form().map(|form| form.text("scans")).unwrap_or_default();
    let Ok(scans) = serde_json::from_str::<Vec<Sent>>(sent) else {
        return Err(Trouble::Unreadable);
    };
    if scans.len() > MOST {
        return Err(Trouble::TooLarge);
    }
    let event = keeper.event(ask).await?;
    let mut outcomes = Vec::new();
    for scan in scans {
        let key = scan.key.clone();
        let scan = Scan {
            key: scan.key,
            holder: Holder::Code(scan.code),
            list: scan.list.filter(|list| !list.is_empty()),
            at: scan.at,
        };
        outcomes.push(told(key, let_in(ask, &event, scan).await?));
    }
    Ok(answer(StatusCode::OK, &json!({ "outcomes": outcomes })))
}

fn told(key: String, outcome: Outcome) -> Value {
    json!({
        "key": key,
        "tone": outcome.tone,
        "sign": outcome.sign(),
        "title": outcome.title,
        "words": outcome.words,
        "checkIn": outcome.check_in,
        "reason": outcome.reason,
    })
}

/// A page of the list for hours without a network.
pub(super) async fn list(ask: &Ask, keeper: Keeper) -> Result<Response, Trouble> {
    if let Some(refusal) = keeper.refusal(ask) {
        return Ok(refusal);
    }
    let page = match keeper {
        Keeper::Team => list_of_address(ask).await?,
        Keeper::Device => own_list(ask).await?,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// A field of what the script sends.
fn said(ask: &Ask, name: &str) -> Option<String> {
    ask.form().and_then(|form| form.filled(name))
}

/// A page of the list as the script takes it.
macro_rules! sealed {
    ($page:expr) => {{
        let lines = $page.lines.into_iter();
        let lines: Vec<Value> = lines.map(|line| json!([line.key, line.sealed, line.is_in])).collect();
        json!({ "salt": $page.salt, "lines": lines, "after": $page.page_info.end_cursor })
    }};
}

async fn list_of_address(ask: &Ask) -> Result<Value, Trouble> {
    let variables = door_list::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        list: said(ask, "list").filter(|list| list.chars().count() <= 50),
        after: said(ask, "after"),
    };
    let found = ask.visitor.ask::<DoorList>(variables).await?;
    let event = found.organization.and_then(|organization| organization.event);
    let page = event.and_then(|event| event.door_snapshot).ok_or(Trouble::NotFound)?;
    Ok(sealed!(page))
}

/// A device has the list of the door at which it stands.
async fn own_list(ask: &Ask) -> Result<Value, Trouble> {
    let variables = own_door_list::Variables {
        locale: Some(ask.language.code().to_owned()),
        after: said(ask, "after"),
    };
    let found = ask.visitor.ask::<OwnDoorList>(variables).await?;
    let page = found.door.ok_or(Trouble::NotFound)?.snapshot;
    Ok(sealed!(page))
}

fn answer(status: StatusCode, value: &Value) -> Response {
    Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json")
        .header(CACHE_CONTROL, "no-store")
        .body(value.to_string())
}
