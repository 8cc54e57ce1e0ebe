//! `/manage/{organization}/{event}/door`: letting people in by the code of their ticket, typed or read by a hand scanner,
//! which types it and presses enter, or by their name; and `/door`, where a device does the same without names.
//! `web/static/door.js` adds the camera, and hours without a network, on both.

mod here;
mod outcome;
mod own;
mod scans;

use askama::Template;
use consentry::graphql::organizer::words_fit;
use poem::http::StatusCode;
use poem::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use poem::{Response, Route, post};

use super::documents::{Door, door as of};
use super::{Part, Place, too_many_words};
use crate::ask::{self, Ask};
use crate::fields::Problem;
use crate::form::Form;
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;
use crate::visitor::Visitor;
use here::{Counts, Here};
use outcome::{Holder, Outcome, Scan, let_in, refused, undo};
pub(super) use own::answer as own;
use scans::Keeper;

/// The door where none is named.
const MAIN: &str = "main";

#[derive(Template)]
#[template(path = "organizer/door.html")]
struct Shown {
    frame: Frame,
    place: Place,
    token: String,
    key: String,
    outcome: Option<Outcome>,
    code: String,
    /// Which door, as it was typed.
    list: String,
    /// Doors at which somebody came in.
    lists: Vec<String>,
    counts: Option<Counts>,
    words: String,
    /// That there are too many words.
    problems: Vec<Problem>,
    found: Vec<Found>,
    here: Here,
}

/// Somebody who is expected.
struct Found {
    id: String,
    name: String,
    ticket: String,
    /// Since when they are in.
    inside: Option<String>,
    key: String,
}

/// Adds what the page's script asks for.
pub(super) fn routes(routes: Route, visitor: &Visitor) -> Route {
    let sent = |keeper| ask::page(visitor, move |ask| async move { scans::send(&ask, keeper).await });
    let list = |keeper| ask::page(visitor, move |ask| async move { scans::list(&ask, keeper).await });
    let both = [
        ("/manage/:organization/:slug/door", Keeper::Team),
        ("/door", Keeper::Device),
    ];
    both.into_iter().fold(routes, |routes, (door, keeper)| {
        routes
            .at(format!("{door}/scans"), post(sent(keeper)))
            .at(format!("{door}/list"), post(list(keeper)))
    })
}

pub(super) async fn answer(ask: &Ask) -> Result<Response, Trouble> {
    let said = |name: &str| match ask.form() {
        Some(form) => form.filled(name),
        None => ask.query(name),
    };
    let (list, words) = (said("list").unwrap_or_default(), said("words").unwrap_or_default());
    let too_much = !words_fit(&words);
    let outcome = match ask.form() {
        Some(form) => Some(act(ask, form).await?),
        None => None,
    };
    let found = find(ask, &list, if too_much { "" } else { &words }).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let event = organization.event.ok_or(Trouble::NotFound)?;
    let title = (event.id.as_str(), event.event.title.as_str());
    let page = Shown {
        frame: ask.frame(ask.language.say("part-door")),
        place: Place::find(ask, &organization.organization.name, title, Part::Door).await?,
        token: ask.token(),
        key: ask.new_key(),
        code: unread(ask),
        outcome,
        counts: counts(ask, &event, &list),
        lists: event.statistics.check_ins.iter().map(|one| one.list.clone()).collect(),
        found: people(ask, &event),
        list,
        problems: too_many_words(ask, &words).into_iter().collect(),
        words,
        here: Here::of_team(ask, found.me.map(|me| me.id).unwrap_or_default()),
    };
    Ok(with_camera(ask.page(StatusCode::OK, &page)))
}

/// What a button did.
async fn act(ask: &Ask, form: &Form) -> Result<Outcome, Trouble> {
    let event = Keeper::Team.event(ask).await?;
    if !ask.is_genuine() {
        return Ok(refused(ask, ask.language.say("press-again"), Vec::new()));
    }
    if let Some(check_in) = form.filled("undo") {
        return undo(ask, check_in).await;
    }
    let holder = match form.filled("registration") {
        Some(id) => Holder::Registration(id),
        None => Holder::Code(form.text("code").to_owned()),
    };
    let scan = Scan {
        key: form.text("key").to_owned(),
        holder,
        list: form.filled("list"),
        at: None,
    };
    let_in(ask, &event, scan).await
}

/// A code that was sent and not looked at: it is not to be typed again.
fn unread(ask: &Ask) -> String {
    let form = ask.form().filter(|_| !ask.is_genuine());
    form.map(|form| form.text("code").to_owned()).unwrap_or_default()
}

async fn find(ask: &Ask, list: &str, words: &str) -> Result<of::ResponseData, Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        words: words.to_owned(),
        // What is no door's name is refused where somebody is let in there.
        list: Some(list.to_owned()).filter(|list| !list.is_empty() && list.chars().count() <= 50),
    };
    Ok(ask.visitor.ask::<Door>(variables).await?)
}

fn counts(ask: &Ask, event: &of::DoorOrganizationEvent, list: &str) -> Option<Counts> {
    let counted = &event.statistics;
    let confirmed = counted
        .registrations
        .iter()
        .filter(|one| name_of(&one.status) == "CONFIRMED");
    let list = if list.is_empty() { MAIN } else { list };
    let here = counted.check_ins.iter().filter(|one| one.list == list);
    let frame = ask.frame(String::new());
    Some(Counts {
        at: frame.time(counted.counted_at.as_ref()?, &event.event.time_zone),
        expected: confirmed.map(|one| one.count).sum(),
        inside: here.map(|one| one.count).sum(),
    })
}

fn people(ask: &Ask, event: &of::DoorOrganizationEvent) -> Vec<Found> {
    let frame = ask.frame(String::new());
    let all = event.expected.iter().flatten();
    all.map(|one| Found {
        id: one.id.clone(),
        name: one.full_name.clone(),
        ticket: one.ticket_type.name.clone(),
        inside: one
            .check_in
            .as_ref()
            .map(|passage| frame.moment(&passage.at, &event.event.time_zone)),
        key: ask.new_key(),
    })
    .collect()
}

/// The pages of doors alone may ask for the camera, and a worker may keep them within reach.
fn with_camera(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let policy = headers
        .get(CONTENT_SECURITY_POLICY)
        .and_then(|policy| policy.to_str().ok());
    let policy = policy.map(|policy| format!("{policy}; worker-src 'self'"));
    if let Some(Ok(policy)) = policy.map(|policy| HeaderValue::from_str(&policy)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    let camera = HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=()");
    headers.insert("permissions-policy", camera);
    response
}
