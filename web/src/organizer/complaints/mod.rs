//! Complaints of attendees, and answering them. Only the data-protection officer finds the pages.

mod documents;
mod list;
mod one;

use poem::{Response, Route, get};

use crate::ask::{self, Ask};
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::visitor::Visitor;

/// The pages of this room.
#[derive(Clone, Copy)]
enum Shown {
    List,
    One,
}

/// Adds the pages to those of the organizers.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let own = |shown| ask::page(visitor, move |ask| async move { answer(&ask, shown).await });
    routes
        .at("/manage/:organization/-/complaints", get(own(Shown::List)))
        .at(
            "/manage/:organization/-/complaints/:id",
            get(own(Shown::One)).post(own(Shown::One)),
        )
}

/// Where the complaints are, and how many wait for the officer's answer, where any do.
pub(super) fn waiting(frame: &Frame, organization: &str, (open, overdue): (i64, i64)) -> Option<(String, String)> {
    if open == 0 {
        return None;
    }
    let mut words = frame.count("needs-answer", open);
    if overdue > 0 {
        words = format!("{words} {}", frame.count("needs-answer-overdue", overdue));
    }
    Some((format!("/manage/{organization}/-/complaints"), words))
}

async fn answer(ask: &Ask, shown: Shown) -> Result<Response, Trouble> {
    if !ask.visitor.is_signed_in() {
        return Ok(ask.sign_in_first());
    }
    match shown {
        Shown::List => list::show(ask).await,
        Shown::One => one::answer(ask).await,
    }
}

/// Where a complaint stands, in words and in colour.
fn standing(frame: &Frame, state: &impl serde::Serialize, is_overdue: bool) -> (String, &'static str) {
    if is_overdue {
        return (frame.say("complaint-overdue"), "bad");
    }
    let tone = if name_of(state) == "OPEN" { "warn" } else { "good" };
    (frame.of("complaint-state", state), tone)
}

/// Who complains: by name, by address, or nobody any more.
fn who(frame: &Frame, name: Option<&String>, email: Option<&String>) -> String {
    let known = name.or(email).cloned();
    known.unwrap_or_else(|| frame.say("person-erased"))
}
