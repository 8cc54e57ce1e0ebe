//! What a partner's administrators do: ask attendees for something, and issue tokens for what was approved. For whoever
//! administers no partner these pages are not there.

mod documents;
mod found;
mod offer;
mod places;
mod send;
mod token;
mod tokens;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    Places,
    Offer,
    Tokens,
    Token,
}

/// Adds the pages to those of the portal.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let base = "/partner/:member/-";
    routes
        .at(format!("{base}/offers"), get(own(Shown::Places)))
        .at(format!("{base}/offers/:place/:purpose"), both(Shown::Offer))
        .at(format!("{base}/tokens"), both(Shown::Tokens))
        .at(format!("{base}/tokens/:place"), both(Shown::Token))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::Places => places::show(ask).await,
        Shown::Offer => offer::answer(ask).await,
        Shown::Tokens => tokens::answer(ask).await,
        Shown::Token => token::answer(ask).await,
    }
}
