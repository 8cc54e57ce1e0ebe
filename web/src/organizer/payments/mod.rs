//! How an organization is paid: its account at a bank, and at Stripe. Only those who may set them find these pages.

mod account;
mod documents;
mod list;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;
use documents::{Accounts, accounts as of};

type Organization = of::AccountsOrganizationOrganization;
type Account = of::AccountsOrganizationProviderAccounts;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    List,
    Bank,
    Stripe,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let payments = "/manage/:organization/-/payments";
    routes
        .at(payments, get(own(Shown::List)))
        .at(format!("{payments}/bank"), both(Shown::Bank))
        .at(format!("{payments}/stripe"), both(Shown::Stripe))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::List => list::show(ask).await,
        Shown::Bank => account::bank(ask).await,
        Shown::Stripe => account::stripe(ask).await,
    }
}

/// The organization with its accounts; not there for whoever may not set them.
async fn find(ask: &Ask) -> Result<(Organization, Vec<Account>), Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
    };
    let found = ask.visitor.ask::<Accounts>(variables).await?;
    let found = found.organization.ok_or(Trouble::NotFound)?;
    Ok((found.organization, found.provider_accounts.ok_or(Trouble::NotFound)?))
}
