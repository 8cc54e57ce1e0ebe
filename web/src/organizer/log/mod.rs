//! Who did what: the audit log of an organization. Only those who may read it find it.

mod actions;
mod detail;
mod documents;
mod list;
mod wish;

use poem::{Response, Route, get};

#[cfg(test)]
pub(crate) use actions::ACTIONS;
pub(super) use actions::words;
pub(super) use detail::words as detail;
pub(super) use list::who;

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// Adds the page to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let list = ask::page(visitor, |ask| async move { answer(&ask).await });
    routes.at("/manage/:organization/-/log", get(list))
}

async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    list::show(ask).await
}
