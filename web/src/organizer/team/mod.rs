//! Who works for an organization: its list, invitations, roles and their end. Only those who may manage the team find it.

mod documents;
mod found;
mod list;
mod member;

use poem::{Response, Route, get};

pub(super) use found::events;

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    List,
    Invite,
    Member,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let team = "/manage/:organization/-/team";
    routes
        .at(team, get(own(Shown::List)))
        .at(format!("{team}/new"), both(Shown::Invite))
        .at(format!("{team}/:member"), both(Shown::Member))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::List => list::show(ask).await,
        Shown::Invite => member::invite(ask).await,
        Shown::Member => member::change(ask).await,
    }
}
