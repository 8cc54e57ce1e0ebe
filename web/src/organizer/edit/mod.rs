//! Making and changing an event: what it is, its agenda, speakers, tickets, questions and documents, its end.
//!
//! Each page is a form over one mutation of the API (or a list that leads to such forms). A form's fields are named as the
//! fields of the mutation's input, so that what the API says of a field stands beside it. Only those who run events find
//! these pages; it is the API that decides.

mod agenda;
mod cancellation;
mod choices;
mod copy;
mod create;
mod details;
mod documents;
mod edited;
mod legal;
mod preview;
mod question;
mod question_terms;
mod questions;
mod slug;
mod speakers;
mod status;
mod ticket;
mod ticket_terms;
mod tickets;

use poem::{Response, Route, get};

use super::Place;
use super::sheet::{self, About, Around, Group};
use crate::ask::{self, Ask};
use crate::fields::Problem;
use crate::frame::Frame;
use crate::trouble::Trouble;
use crate::visitor::Visitor;
use crate::{LARGEST_REGISTRATION, LARGEST_WITH_PICTURE};

pub(super) use edited::mended_at;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    New,
    Details,
    Agenda,
    Session,
    Speakers,
    Speaker,
    Questions,
    Question,
    Documents,
    Document,
    Status,
    Cancellation,
    Copy,
    Preview,
    Steps,
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
        .at(
            "/manage/:organization/:slug/setup/cancellation",
            get(own(Shown::Cancellation)),
        )
        .at("/manage/:organization/:slug/setup/copy", both(Shown::Copy))
        .at("/manage/:organization/:slug/preview", get(own(Shown::Preview)))
        .at(
            "/manage/:organization/:slug/preview/steps",
            get(own(Shown::Steps)).post(own(Shown::Steps).with_forms_of(LARGEST_REGISTRATION)),
        )
        .at("/manage/:organization/:slug/agenda", get(own(Shown::Agenda)))
        .at("/manage/:organization/:slug/agenda/:session", long(Shown::Session))
        .at("/manage/:organization/:slug/speakers", get(own(Shown::Speakers)))
        .at(
            "/manage/:organization/:slug/speakers/:speaker",
            get(own(Shown::Speaker)).post(own(Shown::Speaker).with_forms_of(LARGEST_WITH_PICTURE)),
        )
        .at("/manage/:organization/:slug/questions", both(Shown::Questions))
        .at("/manage/:organization/:slug/questions/:question", long(Shown::Question))
        .at("/manage/:organization/:slug/tickets", both(Shown::Tickets))
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
        Shown::Agenda => agenda::show(ask).await,
        Shown::Session => agenda::session(ask).await,
        Shown::Speakers => speakers::show(ask).await,
        Shown::Speaker => speakers::speaker(ask).await,
        Shown::Questions => questions::answer(ask).await,
        Shown::Question => question::answer(ask).await,
        Shown::Documents => legal::list(ask).await,
        Shown::Document => legal::answer(ask).await,
        Shown::Status => status::answer(ask).await,
        Shown::Cancellation => cancellation::show(ask).await,
        Shown::Copy => copy::answer(ask).await,
        Shown::Preview => preview::show(ask).await,
        Shown::Steps => preview::steps(ask).await,
        Shown::Tickets => tickets::answer(ask).await,
        Shown::Ticket => ticket::answer(ask).await,
        Shown::Quota => tickets::quota(ask).await,
    }
}

/// The pages of the part "Edit", as a second row below the parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Details,
    Agenda,
    Speakers,
    Tickets,
    Questions,
    Documents,
    Preview,
    Status,
}

impl Tab {
    const ALL: [Self; 8] = [
        Self::Details,
        Self::Agenda,
        Self::Speakers,
        Self::Tickets,
        Self::Questions,
        Self::Documents,
        Self::Preview,
        Self::Status,
    ];

    /// Address, name, and whether one is there, of each.
    fn list(self, frame: &Frame, place: &Place) -> Vec<(String, String, bool)> {
        let shown = |tab: Self| {
            let (path, key) = match tab {
                Self::Details => ("/setup", "edit-details"),
                Self::Agenda => ("/agenda", "agenda"),
                Self::Speakers => ("/speakers", "speakers"),
                Self::Tickets => ("/tickets", "edit-tickets"),
                Self::Questions => ("/questions", "edit-questions"),
                Self::Documents => ("/setup/documents", "edit-documents"),
                Self::Preview => ("/preview", "preview"),
                Self::Status => ("/setup/status", "edit-end"),
            };
            (format!("{}{path}", place.base), frame.say(key), tab == self)
        };
        Self::ALL.into_iter().map(shown).collect()
    }
}

/// Shows a form in this part.
fn show(
    ask: &Ask,
    frame: Frame,
    (place, tab): (Place, Tab),
    about: About,
    filled: (Vec<Group>, Vec<Problem>),
) -> Response {
    let tabs = tab.list(&frame, &place);
    sheet::show(ask, frame, Around::Event(place, tabs), about, filled)
}
