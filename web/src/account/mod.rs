//! What somebody signed in sees and decides of what is theirs: places, who may know what, who has received what, what
//! one complained of, everything to take along, being forgotten, and where one is signed in.
//!
//! Whoever is not signed in is led to signing in. What is somebody else's is not there.

mod cards;
mod complaints;
mod data;
mod details;
mod documents;
mod entries;
mod mine;
mod place;
mod room;
mod security;
mod sessions;
mod sharing;
mod sign_in;
mod take;

pub(crate) use data::file;
pub(crate) use documents::take_my_data::{
    TakeMyDataExportMyDataData as Taken, TakeMyDataExportMyDataDataOrganization as TakenFrom,
    TakeMyDataExportMyDataDataTables as TakenTable,
};
pub(crate) use place::tone;
use poem::{Response, Route, get, post};
use security::Which;

use crate::ask::{self, Ask};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    Mine,
    Place,
    Details,
    Data,
    Take,
    Forget,
    Complained,
    Complaints,
    Complain,
    Sessions,
    Security,
    Change(Which),
}

/// Adds the pages to those of the root.
pub(crate) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let sign_in = || ask::page(visitor, |ask| async move { sign_in::answer(&ask).await });
    let sign_out = ask::page(visitor, |ask| async move { sign_in::sign_out(&ask).await });
    routes
        .at("/sign-in", get(sign_in()).post(sign_in()))
        .at("/sign-out", post(sign_out))
        .at("/me", get(own(Shown::Mine)))
        .at("/me/sessions", get(own(Shown::Sessions)).post(own(Shown::Sessions)))
        .at("/me/security", get(own(Shown::Security)))
        .at("/me/security/authenticator", both(Shown::Change(Which::Authenticator)))
        .at("/me/security/password", both(Shown::Change(Which::Password)))
        .at("/me/security/codes", both(Shown::Change(Which::Codes)))
        .at("/me/security/off", both(Shown::Change(Which::Off)))
        .at("/me/registrations/:id", get(own(Shown::Place)).post(own(Shown::Place)))
        .at(
            "/me/registrations/:id/details",
            get(own(Shown::Details)).post(own(Shown::Details)),
        )
        .at("/me/data/:id", get(own(Shown::Data)))
        .at("/me/data/:id/copy", post(own(Shown::Take)))
        .at("/me/data/:id/erasure", get(own(Shown::Forget)).post(own(Shown::Forget)))
        .at("/me/complaints", get(own(Shown::Complained)))
        .at("/me/data/:id/complaints", get(own(Shown::Complaints)))
        .at(
            "/me/data/:id/complaints/new",
            get(own(Shown::Complain)).post(own(Shown::Complain)),
        )
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::Mine => mine::show(ask).await,
        Shown::Place => place::answer(ask).await,
        Shown::Details => details::answer(ask).await,
        Shown::Data => data::show(ask).await,
        Shown::Take => data::take(ask).await,
        Shown::Forget => data::forget(ask).await,
        Shown::Complained => complaints::lead(ask).await,
        Shown::Complaints => complaints::list(ask).await,
        Shown::Complain => complaints::file(ask).await,
        Shown::Sessions => sessions::answer(ask).await,
        Shown::Security => security::show(ask).await,
        Shown::Change(which) => security::change(ask, which).await,
    }
}
