//! The devices that let people in at an event: their list, adding one with the code by which it signs in, removing one. Only
//! those who may manage the event find it.

mod add;
mod code;
mod documents;
mod list;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    List,
    Add,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let devices = "/manage/:organization/:slug/door/devices";
    routes
        .at(devices, both(Shown::List))
        .at(format!("{devices}/new"), both(Shown::Add))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::List => list::answer(ask).await,
        Shown::Add => add::answer(ask).await,
    }
}
