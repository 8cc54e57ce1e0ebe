//! `/manage/{organization}/{event}/mails` and `/manage/{organization}/-/mails`: what was sent to whom; sending it again.

use askama::Template;
use poem::Response;

use super::Shown as Whose;
use super::found::{self, Found};
use super::lines::{Listed, listed, send};
use crate::ask::{Ask, see_other};
use crate::frame::{Frame, Width};
use crate::organizer::{Place, one_of, with_query};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/mails/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    place: Option<Place>,
    token: String,
    note: Option<String>,
    problem: Option<String>,
    zone: String,
    status: String,
    statuses: Vec<(String, String)>,
    mails: Vec<Listed>,
    next: Option<String>,
}

/// What can be chosen.
const STATUSES: [&str; 3] = ["FAILED", "QUEUED", "SENT"];

pub(super) async fn answer(ask: &Ask, whose: Whose) -> Result<Response, Trouble> {
    let status = match whose {
        Whose::OfEvent => one_of(&STATUSES, &ask.query("status").unwrap_or_default()),
        Whose::OfOrganization => String::new(),
    };
    // Whoever does not find the page presses none of its buttons.
    let found = match whose {
        Whose::OfEvent => found::of_event(ask, &status).await?,
        Whose::OfOrganization => found::of_organization(ask).await?,
    };
    let mut problem = None;
    if let Some(form) = ask.form() {
        problem = send(ask, form).await?;
        if problem.is_none() {
            let pairs = [("status", status.as_str()), ("done", "again")];
            return Ok(see_other(&with_query(ask.path(), &pairs)));
        }
    }
    let page = shown(ask, found, status, problem);
    Ok(ask.form_page(page.problem.is_none(), &page))
}

fn shown(ask: &Ask, found: Found, status: String, problem: Option<String>) -> Shown {
    let mut frame = ask.frame(ask.language.say("part-mails"));
    frame.width = Width::Wide;
    let is_done = problem.is_none() && ask.query("done").is_some();
    let base = found.place.as_ref().map(|place| place.base.as_str());
    let mails = found.mails.into_iter();
    let mails = mails
        .map(|mail| listed(ask, &frame, (base, &found.zone), mail))
        .collect();
    Shown {
        slug: found.slug,
        organization: found.organization,
        token: ask.token(),
        note: is_done.then(|| frame.say("mail-sent-again")),
        problem,
        mails,
        zone: frame.say1("times-of-zone", "zone", &found.zone),
        next: found
            .next
            .map(|after| with_query(ask.path(), &[("status", status.as_str()), ("after", &after)])),
        statuses: STATUSES
            .map(|status| (status.to_owned(), frame.of("mail-status", &status)))
            .to_vec(),
        status,
        place: found.place,
        frame,
    }
}
