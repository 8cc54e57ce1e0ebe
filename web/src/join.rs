//! `/join/<secret>`: a webinar's room, for whoever has a confirmed place. Opening the page tells nobody the room's
//! address; the button leads there.

use serde_json::json;

use super::page::{Buttons, Shown};
use super::visitor::Visitor;
use super::values::{moment, plain};

const WEBINAR: &str = include_str!("documents/linked_webinar.graphql");
const JOIN: &str = include_str!("documents/join_webinar.graphql");

/// Says what the link is for.
pub(super) async fn open(visitor: &Visitor, secret: &str) -> Shown {
    let data = visitor.run(WEBINAR, json!({ "secret": secret })).await;
    let webinar = data.map(|data| data["linkedWebinar"].clone()).unwrap_or_default();
    if webinar.is_null() {
        return Shown::gone();
    }
    let begins = format!(
        "It begins {}.",
        moment(&webinar["startsAt"], &plain(&webinar["timeZone"]))
    );
    Shown {
        button: Some("Join"),
        buttons: Buttons::Elsewhere,
        ..Shown::new(
            &plain(&webinar["title"]),
            &[&begins, "This link is yours alone: whoever has it joins in your name."],
        )
    }
}

/// Leads to the room.
pub(super) async fn act(visitor: &Visitor, secret: &str) -> Shown {
    let data = visitor.run(JOIN, json!({ "secret": secret })).await.unwrap_or_default();
    match data["joinWebinar"]["roomUrl"].as_str() {
        Some(address) => Shown::leads_to(address),
        None => Shown::gone(),
    }
}
