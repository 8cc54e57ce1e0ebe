//! One registration, as staff work on it: what is known, correcting it, giving the place up, and what the data-protection
//! officer does about it.

mod asked;
mod correct;
mod documents;
mod one;
mod proof;

use poem::{Response, Route, get, post};

use crate::ask::{self, Ask};
use crate::frame::name_of;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    One,
    Correct,
    Proof,
    Copy,
    Forget,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let person = "/manage/:organization/:slug/people/:id";
    routes
        .at(person, both(Shown::One))
        .at(format!("{person}/correct"), both(Shown::Correct))
        .at(format!("{person}/proof"), get(own(Shown::Proof)))
        .at(format!("{person}/copy"), post(own(Shown::Copy)))
        .at(format!("{person}/erase"), both(Shown::Forget))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::One => one::answer(ask).await,
        Shown::Correct => correct::answer(ask).await,
        Shown::Proof => proof::show(ask).await,
        Shown::Copy => asked::copy(ask).await,
        Shown::Forget => asked::forget(ask).await,
    }
}

/// Whether a place of this status can still be corrected and given up.
fn is_open(status: &impl serde::Serialize) -> bool {
    matches!(name_of(status).as_str(), "PENDING" | "CONFIRMED")
}

/// The address of one registration's page.
fn path(base: &str, id: &str) -> String {
    format!("{base}/people/{id}")
}
