//! `/events/{organization}/{slug}`: what, when, where, with whom, and how to come.

use askama::Template;
use graphql_client::GraphQLQuery;
use poem::Response;
use poem::http::StatusCode;
use serde::Serialize;

use super::{closed, sale, structured};
use crate::ask::Ask;
use crate::frame::{Day, Frame, Width, name_of};
use crate::organizer::with_query;
use crate::pictures;
use crate::prose::html;
use crate::registration::{chosen_at_first, field_of, is_free, is_on_sale, numbers, price};
use crate::scalars::*;
use crate::trouble::Trouble;
use crate::visitor::Unanswered;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/events/event.graphql",
    response_derives = "Debug, Clone, PartialEq",
    variables_derives = "Debug"
)]
pub(super) struct EventPage;

/// The same of an event that the public does not see yet, for those who make it.
#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/events/event.graphql",
    response_derives = "Debug, Clone, PartialEq, Serialize",
    variables_derives = "Debug"
)]
struct PreviewPage;

pub(super) use event_page::ShownEvent as Event;
use event_page::ShownEventTicketTypes as TicketType;

/// How much of a page its agenda takes at most, in bytes; what is later has a page of its own.
const MOST_OF_AGENDA: usize = 50_000;

#[derive(Template)]
#[template(path = "events/event.html")]
struct Shown {
    frame: Frame,
    event: Event,
    description: String,
    tickets: Vec<Ticket>,
    days: Vec<Day<Session>>,
    /// What is later on the agenda: the cursor, as an address once it is shown.
    later: Option<String>,
    /// Where the agenda begins, on a page that shows what is later.
    earlier: Option<String>,
    speakers: Vec<Speaker>,
    groups: Vec<Group>,
    register: Option<String>,
    calendar: Option<String>,
    /// What else the organization has to visit.
    whose: Option<String>,
    /// Where one came from who looks at what attendees will see.
    preview: Option<String>,
    /// Where they try out the steps of registering.
    rehearsal: Option<String>,
    /// What can be done where nobody can register.
    closed: Option<String>,
}

struct Ticket {
    /// The field in which it is chosen.
    field: String,
    /// How many can be chosen; nothing where it is not for sale, or nobody can register.
    numbers: Vec<i64>,
    chosen: i64,
    name: String,
    description: Option<String>,
    price: String,
    tax: Option<String>,
    /// What its availability is called, and whether that is good news.
    availability: String,
    tone: &'static str,
    note: Option<String>,
}

struct Session {
    title: String,
    description: String,
    place: Option<String>,
    from: String,
    to: String,
    /// Where below each who speaks is presented, and their names.
    speakers: Vec<(String, String)>,
}

struct Speaker {
    anchor: String,
    name: String,
    headline: String,
    biography: String,
    website: Option<String>,
    picture: Option<pictures::Shown>,
}

struct Group {
    role: String,
    partners: Vec<event_page::ShownEventPartners>,
}

/// The event of this address.
pub(super) async fn find(ask: &Ask) -> Result<Event, Trouble> {
    let variables = |after| event_page::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after,
    };
    let found = paged::<EventPage>(ask, variables).await?;
    found.event.ok_or(Trouble::NotFound)
}

/// Asks for the page of the agenda that the address names; for the first one where that is none of this agenda.
async fn paged<Q: GraphQLQuery>(
    ask: &Ask,
    variables: impl Fn(Option<String>) -> Q::Variables,
) -> Result<Q::ResponseData, Trouble>
where
    Q::Variables: Serialize,
{
    if let Some(after) = ask.query("after") {
        match ask.visitor.ask::<Q>(variables(Some(after))).await {
            Err(Unanswered::NotFound) => {}
            found => return Ok(found?),
        }
    }
    Ok(ask.visitor.ask::<Q>(variables(None)).await?)
}

/// Shows the page.
pub(crate) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let event = find(ask).await?;
    let mut frame = ask.frame(event.title.clone());
    frame.canonical = ask.visitor.platform().url(ask.path());
    frame.description = frame.span(&event.starts_at, &event.ends_at, &event.time_zone);
    frame.structured = structured::event(&event, &frame.canonical);
    frame.preview = event.organization.logo.as_ref().map(|logo| logo.url.clone());
    let on_sale = |ticket: &&TicketType| is_on_sale(&ticket.availability);
    let types_on_sale = event.ticket_types.iter().filter(on_sale).count();
    let closed = closed(&frame, &sale!(event), ask.now()?)?;
    let mut page = shown(frame, event);
    if closed.is_none() {
        let types = page.event.ticket_types.iter().zip(&mut page.tickets);
        for (ticket, shown) in types.filter(|(ticket, _)| on_sale(ticket)) {
            shown.numbers = numbers(ticket.min_per_order, ticket.max_per_order);
            shown.chosen = chosen_at_first(&shown.numbers, types_on_sale);
        }
    }
    page.register = closed.is_none().then(|| format!("{}/register", ask.path()));
    let is_listed = name_of(&page.event.status) == "PUBLISHED";
    page.whose = is_listed.then(|| format!("/events/{}", page.event.organization.slug));
    page.calendar = Some(format!("{}/calendar.ics", ask.path()));
    page.closed = closed;
    page.turn(ask);
    Ok(ask.page(StatusCode::OK, &page))
}

/// Shows what the page will be, to those who make the event; `back` is where they came from.
pub(crate) async fn preview(ask: &Ask, back: &str) -> Result<Response, Trouble> {
    let variables = |after| preview_page::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
        after,
    };
    let found = paged::<PreviewPage>(ask, variables).await?;
    let found = found.organization.and_then(|organization| organization.event);
    let found = found.ok_or(Trouble::NotFound)?.event;
    // Both documents have the one fragment; each has Rust types of its own for it.
    let event = serde_json::to_value(found).and_then(serde_json::from_value);
    let event: Event = event.map_err(|_| Trouble::Ours)?;
    let mut page = shown(ask.frame(event.title.clone()), event);
    page.preview = Some(back.to_owned());
    page.rehearsal = Some(format!("{back}/preview/steps"));
    page.turn(ask);
    Ok(ask.page(StatusCode::OK, &page))
}

/// What both show.
fn shown(mut frame: Frame, event: Event) -> Shown {
    frame.width = Width::Wide;
    frame.wear(pictures::look!(event.organization));
    let tickets = event.ticket_types.iter();
    let (days, later) = agenda(&frame, &event);
    Shown {
        description: html(&event.description),
        days,
        later,
        earlier: None,
        speakers: speakers(&event),
        groups: groups(&frame, &event),
        tickets: tickets.map(|ticket| described(&frame, &event, ticket)).collect(),
        register: None,
        calendar: None,
        closed: None,
        preview: None,
        rehearsal: None,
        whose: None,
        event,
        frame,
    }
}

fn described(frame: &Frame, event: &Event, ticket: &TicketType) -> Ticket {
    let amount = &ticket.price.amount;
    let is_taxed = ticket.tax_rate.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    let tax = (!is_free(amount) && is_taxed).then(|| {
        let key = if ticket.price_includes_tax {
            "tax-included"
        } else {
            "tax-added"
        };
        let rate = ticket.tax_rate.trim_end_matches('0').trim_end_matches('.');
        frame.say1(key, "rate", rate)
    });
    let availability = name_of(&ticket.availability);
    let moment = |at: &Option<String>| at.as_deref().map(|at| frame.moment(at, &event.time_zone));
    let note = match availability.as_str() {
        "NOT_YET_ON_SALE" => moment(&ticket.available_from).map(|when| frame.say1("ticket-from", "when", &when)),
        "AVAILABLE" | "FEW_LEFT" => {
            moment(&ticket.available_until).map(|when| frame.say1("ticket-until", "when", &when))
        }
        _ => None,
    };
    Ticket {
        field: field_of(&ticket.id),
        numbers: Vec::new(),
        chosen: 0,
        name: ticket.name.clone(),
        description: ticket.description.clone().filter(|text| !text.is_empty()),
        price: price(frame, amount, &ticket.price.currency),
        tax,
        tone: match availability.as_str() {
            "AVAILABLE" => "good",
            "FEW_LEFT" => "warn",
            _ => "",
        },
        availability: frame.of("availability", &ticket.availability),
        note,
    }
}

/// As much of the agenda as a page carries, and the cursor of what is later, where there is more.
fn agenda(frame: &Frame, event: &Event) -> (Vec<Day<Session>>, Option<String>) {
    let mut shown = Vec::new();
    let mut bytes = 0;
    let mut last = None;
    for edge in &event.sessions.edges {
        let session = session(frame, event, &edge.node);
        bytes += session.bytes();
        if bytes > MOST_OF_AGENDA && !shown.is_empty() {
            return (frame.by_day(&event.time_zone, shown.into_iter()), last);
        }
        last = Some(edge.cursor.clone());
        shown.push((&edge.node.starts_at, session));
    }
    let more = &event.sessions.page_info;
    let later = more.end_cursor.clone().filter(|_| more.has_next_page);
    (frame.by_day(&event.time_zone, shown.into_iter()), later)
}

fn session(frame: &Frame, event: &Event, session: &event_page::ShownEventSessionsEdgesNode) -> Session {
    Session {
        title: session.title.clone(),
        description: html(&session.description),
        place: session.place.clone(),
        from: frame.time(&session.starts_at, &event.time_zone),
        to: frame.time(&session.ends_at, &event.time_zone),
        speakers: session
            .speakers
            .iter()
            .map(|speaker| (anchor(&speaker.id), speaker.name.clone()))
            .collect(),
    }
}

impl Session {
    /// About how much of a page it takes.
    fn bytes(&self) -> usize {
        let speakers = self
            .speakers
            .iter()
            .map(|(anchor, name)| anchor.len() + name.len() + 20);
        250 + self.title.len() + self.description.len() + speakers.sum::<usize>()
    }
}

impl Shown {
    /// Puts the addresses of the agenda's other pages where there are any.
    fn turn(&mut self, ask: &Ask) {
        let later = self.later.take();
        self.later = later.map(|after| format!("{}#agenda", with_query(ask.path(), &[("after", &after)])));
        self.earlier = ask.query("after").map(|_| format!("{}#agenda", ask.path()));
    }
}

/// Where on the page a speaker is presented.
fn anchor(id: &str) -> String {
    format!("speaker-{id}")
}

fn speakers(event: &Event) -> Vec<Speaker> {
    let shown = event.speakers.iter().map(|speaker| Speaker {
        anchor: anchor(&speaker.id),
        name: speaker.name.clone(),
        headline: speaker.headline.clone(),
        biography: html(&speaker.biography),
        website: speaker.website.clone(),
        picture: pictures::shown!(speaker.picture),
    });
    shown.collect()
}

fn groups(frame: &Frame, event: &Event) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for partner in &event.partners {
        let role = frame.of("partner-group", &partner.role);
        match groups.iter_mut().find(|group| group.role == role) {
            Some(group) => group.partners.push(partner.clone()),
            None => groups.push(Group {
                role,
                partners: vec![partner.clone()],
            }),
        }
    }
    groups
}
