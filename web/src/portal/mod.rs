//! Pages for a partner's staff: what attendees granted, at which events and for what, to look at and to take along; and, for
//! its administrators, what it asks.
//!
//! Reading a page of leads is a disclosure like any other: it is on record before the page is shown, and the page says so.

mod asks;
mod columns;
mod documents;
mod file;
mod found;
mod leads;
mod memberships;
mod overview;
mod search;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    Memberships,
    Overview,
    Leads,
}

/// Adds the pages to those of the root.
pub(crate) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    asks::routes(routes, visitor)
        .at("/partner", get(own(Shown::Memberships)))
        .at("/partner/:member", get(own(Shown::Overview)))
        .at(
            "/partner/:member/:place/:purpose",
            get(own(Shown::Leads)).post(own(Shown::Leads)),
        )
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::Memberships => memberships::show(ask).await,
        Shown::Overview => overview::show(ask).await,
        Shown::Leads => leads::answer(ask).await,
    }
}
