//! Making and changing an event: what it is, its documents, its tickets, its end.
//!
//! Each page is a form over one mutation of the API (or a list that leads to such forms). A form's fields are named as the
//! fields of the mutation's input, so that what the API says of a field stands beside it. Only those who run events find
//! these pages; it is the API that decides.

mod create;
mod details;
mod documents;
mod edited;
mod legal;
mod sheet;
mod slug;
mod status;
mod ticket;
mod ticket_terms;
mod tickets;
mod zones;

use poem::{Response, Route, get};

use super::Place;
use crate::ask::{self, Ask};
use crate::frame::Frame;
use crate::trouble::Trouble;
use crate::visitor::Visitor;

pub(super) use edited::mended_at;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    New,
    Details,
    Documents,
    Document,
    Status,
    Tickets,
    Ticket,
    Quota,
}

/// Adds the pages to those of the organizer.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    let both = |shown| get(own(shown)).post(own(shown));
    let long = |shown| get(own(shown)).post(own(shown).with_forms_of(LARGEST_TEXTS));
    routes
        // No event's address begins with a hyphen.
        .at("/manage/:organization/-/new", both(Shown::New))
        .at("/manage/:organization/:slug/setup", long(Shown::Details))
        .at(
            "/manage/:organization/:slug/setup/documents",
            get(own(Shown::Documents)),
        )
        .at(
            "/manage/:organization/:slug/setup/documents/:kind",
            long(Shown::Document),
        )
        .at("/manage/:organization/:slug/setup/status", both(Shown::Status))
        .at("/manage/:organization/:slug/tickets", get(own(Shown::Tickets)))
        .at("/manage/:organization/:slug/tickets/:ticket", both(Shown::Ticket))
        .at("/manage/:organization/:slug/quotas/:quota", both(Shown::Quota))
}

/// A description or terms in two languages, percent-encoded, in bytes.
const LARGEST_TEXTS: usize = 512 * 1024;

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::New => create::answer(ask).await,
        Shown::Details => details::answer(ask).await,
        Shown::Documents => legal::list(ask).await,
        Shown::Document => legal::answer(ask).await,
        Shown::Status => status::answer(ask).await,
        Shown::Tickets => tickets::show(ask).await,
        Shown::Ticket => ticket::answer(ask).await,
        Shown::Quota => tickets::quota(ask).await,
    }
}

/// The pages of the part "Edit", as a second row below the parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Details,
    Tickets,
    Documents,
    Status,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Details, Self::Tickets, Self::Documents, Self::Status];

    /// Address, name, and whether one is there, of each.
    fn list(self, frame: &Frame, place: &Place) -> Vec<(String, String, bool)> {
        let shown = |tab: Self| {
            let (path, key) = match tab {
                Self::Details => ("/setup", "edit-details"),
                Self::Tickets => ("/tickets", "edit-tickets"),
                Self::Documents => ("/setup/documents", "edit-documents"),
                Self::Status => ("/setup/status", "edit-status"),
            };
            (format!("{}{path}", place.base), frame.say(key), tab == self)
        };
        Self::ALL.into_iter().map(shown).collect()
    }
}
