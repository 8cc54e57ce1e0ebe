//! Partners and what they may ask: companies, their roles at events, offers with their approval, tokens.
//!
//! Nothing here says how any attendee decided: the API does not tell staff, and these pages ask for nothing else.

mod add;
mod card;
mod change;
mod companies;
mod company;
mod decide;
mod difference;
mod documents;
mod found;
mod list;
mod notice;
mod offer;
mod one;
mod said;
mod staff;
mod terms;
mod token;
mod wish;
mod wished;

use poem::{Response, Route, get};

use crate::LARGEST_WITH_PICTURE;
use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    Companies,
    NewCompany,
    Company,
    Staff,
    List,
    Add,
    One,
    Change,
    Request,
    Offer,
    Revise,
    Token,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    // The file of a privacy notice comes with the form.
    let with_file = |shown| get(own(shown)).post(own(shown).with_forms_of(LARGEST_WITH_PICTURE));
    let company = "/manage/:organization/-/partners";
    let partner = "/manage/:organization/:slug/partners";
    routes
        .at(company, get(own(Shown::Companies)))
        .at(format!("{company}/new"), both(Shown::NewCompany))
        .at(format!("{company}/:partner"), both(Shown::Company))
        .at(format!("{company}/:partner/staff"), both(Shown::Staff))
        .at(partner, get(own(Shown::List)))
        .at(format!("{partner}/new"), with_file(Shown::Add))
        .at(format!("{partner}/:partner"), both(Shown::One))
        .at(format!("{partner}/:partner/change"), with_file(Shown::Change))
        .at(format!("{partner}/:partner/offers/new"), both(Shown::Request))
        .at(format!("{partner}/:partner/offers/:offer"), both(Shown::Offer))
        .at(format!("{partner}/:partner/offers/:offer/revise"), both(Shown::Revise))
        .at(format!("{partner}/:partner/tokens/new"), both(Shown::Token))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::Companies => companies::show(ask).await,
        Shown::NewCompany => company::add(ask).await,
        Shown::Company => company::change(ask).await,
        Shown::Staff => staff::answer(ask).await,
        Shown::List => list::show(ask).await,
        Shown::Add => add::answer(ask).await,
        Shown::One => one::answer(ask).await,
        Shown::Change => change::answer(ask).await,
        Shown::Request => wish::request(ask).await,
        Shown::Offer => offer::answer(ask).await,
        Shown::Revise => wish::revise(ask).await,
        Shown::Token => token::answer(ask).await,
    }
}
