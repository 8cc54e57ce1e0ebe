//! `/me`: one's places, by organization.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{My, my};
use crate::ask::Ask;
use crate::frame::{Frame, Width};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "account/mine.html")]
struct Shown {
    frame: Frame,
    email: String,
    people: Vec<Person>,
    sessions: i64,
    is_staff: bool,
    /// Whether one reads for a partner.
    is_reader: bool,
    /// Whether one sees other people's data, and mail alone signs in.
    is_open: bool,
}

struct Person {
    id: String,
    organization: String,
    places: Vec<Place>,
    has_more: bool,
}

struct Place {
    id: String,
    event: String,
    when: String,
    ticket: String,
    status: String,
    tone: &'static str,
    waits_for: Vec<String>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = my::Variables {
        locale: Some(ask.language.code().to_owned()),
    };
    let Some(me) = ask.visitor.ask::<My>(variables).await?.me else {
        return Ok(ask.sign_in_first());
    };
    let mut frame = ask.frame(ask.language.say("me"));
    frame.width = Width::Reading;
    let people = me.people.into_iter().map(|person| Person {
        id: person.id,
        organization: person.organization.name,
        has_more: person.registrations.page_info.has_next_page,
        places: person
            .registrations
            .edges
            .into_iter()
            .map(|edge| place(&frame, edge.node))
            .collect(),
    });
    let page = Shown {
        people: people.collect(),
        email: me.email,
        is_open: !(me.team_memberships.is_empty() && me.partner_memberships.is_empty())
            && me.protection.authenticator_since.is_none(),
        is_staff: !me.team_memberships.is_empty(),
        is_reader: !me.partner_memberships.is_empty(),
        sessions: i64::try_from(me.sessions.len()).unwrap_or(i64::MAX),
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

fn place(frame: &Frame, node: my::MyMePeopleRegistrationsEdgesNode) -> Place {
    let event = node.event;
    Place {
        id: node.id,
        when: frame.span(&event.starts_at, &event.ends_at, &event.time_zone),
        event: event.title,
        ticket: node.ticket_type.name,
        status: frame.of("registration-status", &node.status),
        tone: super::place::tone(&node.status),
        waits_for: node
            .pending_for
            .iter()
            .map(|what| frame.of("waits-for", what))
            .collect(),
    }
}
