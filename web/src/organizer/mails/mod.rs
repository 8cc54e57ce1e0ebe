//! Mails that an event or the organization sent: about what, to whom, how they stand, and sending one again. What they
//! say is not shown, and only those who may manage find the pages.

mod documents;
mod found;
mod lines;
mod list;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;
pub(in crate::organizer) use found::{Mail, mails};
pub(in crate::organizer) use lines::{Listed, listed, send};

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    OfEvent,
    OfOrganization,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    routes
        .at("/manage/:organization/-/mails", both(Shown::OfOrganization))
        .at("/manage/:organization/:slug/mails", both(Shown::OfEvent))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    list::answer(ask, shown).await
}
