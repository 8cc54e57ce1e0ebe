//! `/`: the events that can be visited, soonest first.

use askama::Template;
use graphql_client::GraphQLQuery;
use jiff::ToSpan;
use poem::Response;
use poem::http::StatusCode;

use crate::ask::Ask;
use crate::frame::Frame;
use crate::scalars::*;
use crate::trouble::Trouble;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "../schema.graphql",
    query_path = "src/events/list.graphql",
    response_derives = "Debug",
    variables_derives = "Debug"
)]
struct EventList;

#[derive(Template)]
#[template(path = "events/list.html")]
struct ListPage {
    frame: Frame,
    events: Vec<Entry>,
    next: Option<String>,
}

struct Entry {
    href: String,
    title: String,
    kind: String,
    organization: String,
    place: Option<String>,
    span: String,
    zone: String,
}

/// Events of the last days stay, so that whoever is there still finds the page.
const DAYS_KEPT: i64 = 7;

/// Shows the list; `?after=` goes on.
pub(crate) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let now = ask.now()?;
    let variables = event_list::Variables {
        after: ask.query("after"),
        from: Some(
            now.checked_sub((DAYS_KEPT * 24).hours())
                .map_err(|_| Trouble::Ours)?
                .to_string(),
        ),
        locale: Some(ask.language.code().to_owned()),
    };
    let page = ask
        .visitor
        .ask::<EventList>(variables)
        .await?
        .events
        .ok_or(Trouble::NotFound)?;
    let mut frame = ask.frame(ask.language.say("events-title"));
    frame.canonical = ask.visitor.platform().url("/");
    frame.description = ask.language.say("events-description");
    let entry = |node: event_list::EventListEventsEdgesNode| Entry {
        href: format!("/events/{}/{}", node.organization.slug, node.slug),
        span: frame.span(&node.starts_at, &node.ends_at, &node.time_zone),
        kind: frame.of("event-kind", &node.kind),
        organization: node.organization.name,
        place: node.venue.map(|venue| match venue.address {
            Some(address) => format!("{}, {}", venue.name, address.city),
            None => venue.name,
        }),
        title: node.title,
        zone: node.time_zone,
    };
    let events = page.edges.into_iter().map(|edge| entry(edge.node)).collect();
    let next = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
    let page = ListPage { frame, events, next };
    Ok(ask.page(StatusCode::OK, &page))
}
