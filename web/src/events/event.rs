//! `/events/{organization}/{slug}`: what, when, where, with whom, and how to come.

use askama::Template;
use graphql_client::GraphQLQuery;
use poem::Response;
use poem::http::StatusCode;

use super::structured;
use crate::ask::Ask;
use crate::frame::{Day, Frame, Width, name_of};
use crate::pictures;
use crate::prose::html;
use crate::registration::{chosen_at_first, field_of, is_free, is_on_sale, numbers, price};
use crate::scalars::*;
use crate::trouble::Trouble;

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

#[derive(Template)]
#[template(path = "events/event.html")]
struct Shown {
    frame: Frame,
    event: Event,
    description: String,
    tickets: Vec<Ticket>,
    days: Vec<Day<Session>>,
    speakers: Vec<Speaker>,
    groups: Vec<Group>,
    register: Option<String>,
    calendar: Option<String>,
    /// Where one came from who looks at what attendees will see.
    preview: Option<String>,
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
    let variables = event_page::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    ask.visitor
        .ask::<EventPage>(variables)
        .await?
        .event
        .ok_or(Trouble::NotFound)
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
    let closed = closed(&frame, &event, types_on_sale > 0, ask.now()?)?;
    let mut page = shown(frame, event);
    if closed.is_none() {
        let types = page.event.ticket_types.iter().zip(&mut page.tickets);
        for (ticket, shown) in types.filter(|(ticket, _)| on_sale(ticket)) {
            shown.numbers = numbers(ticket.min_per_order, ticket.max_per_order);
            shown.chosen = chosen_at_first(&shown.numbers, types_on_sale);
        }
    }
    page.register = closed.is_none().then(|| format!("{}/register", ask.path()));
    page.calendar = Some(format!("{}/calendar.ics", ask.path()));
    page.closed = closed;
    Ok(ask.page(StatusCode::OK, &page))
}

/// Shows what the page will be, to those who make the event; `back` is where they came from.
pub(crate) async fn preview(ask: &Ask, back: &str) -> Result<Response, Trouble> {
    let variables = preview_page::Variables {
        organization: ask.param("organization").to_owned(),
        slug: ask.param("slug").to_owned(),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<PreviewPage>(variables).await?;
    let found = found.organization.and_then(|organization| organization.event);
    let found = found.ok_or(Trouble::NotFound)?.event;
    // Both documents have the one fragment; each has Rust types of its own for it.
    let event = serde_json::to_value(found).and_then(serde_json::from_value);
    let event: Event = event.map_err(|_| Trouble::Ours)?;
    let mut page = shown(ask.frame(event.title.clone()), event);
    page.preview = Some(back.to_owned());
    Ok(ask.page(StatusCode::OK, &page))
}

/// What both show.
fn shown(mut frame: Frame, event: Event) -> Shown {
    frame.width = Width::Wide;
    pictures::wear!(frame, event.organization);
    let tickets = event.ticket_types.iter();
    Shown {
        description: html(&event.description),
        days: days(&frame, &event),
        speakers: speakers(&event),
        groups: groups(&frame, &event),
        tickets: tickets.map(|ticket| described(&frame, &event, ticket)).collect(),
        register: None,
        calendar: None,
        closed: None,
        preview: None,
        event,
        frame,
    }
}

/// Why nobody can register now, and what can be done.
fn closed(frame: &Frame, event: &Event, can_buy: bool, now: jiff::Timestamp) -> Result<Option<String>, Trouble> {
    let ends: jiff::Timestamp = event.ends_at.parse().map_err(|_| Trouble::Ours)?;
    let contact = |key| frame.say1(key, "contact", &event.contact_email);
    Ok(match name_of(&event.status).as_str() {
        "CANCELLED" => Some(contact("event-cancelled")),
        "PUBLISHED" if ends <= now => Some(contact("event-over")),
        "PUBLISHED" if can_buy => None,
        "PUBLISHED" => {
            let begins = event
                .ticket_types
                .iter()
                .filter(|ticket| name_of(&ticket.availability) == "NOT_YET_ON_SALE")
                .filter_map(|ticket| ticket.available_from.as_deref())
                .min();
            Some(match begins {
                Some(begins) => frame.say1("event-not-yet", "when", &frame.moment(begins, &event.time_zone)),
                None => contact("event-nothing-left"),
            })
        }
        _ => Some(contact("event-over")),
    })
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

fn days(frame: &Frame, event: &Event) -> Vec<Day<Session>> {
    let sessions = event.sessions.edges.iter().map(|edge| {
        let session = &edge.node;
        let shown = Session {
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
        };
        (&session.starts_at, shown)
    });
    frame.by_day(&event.time_zone, sessions)
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
