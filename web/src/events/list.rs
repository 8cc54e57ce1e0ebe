//! `/`: the events that can be visited, soonest first; `/events/{organization}`: those of one organization, under what it
//! says of itself.

use askama::Template;
use graphql_client::GraphQLQuery;
use jiff::ToSpan;
use poem::Response;
use poem::http::StatusCode;

use crate::ask::Ask;
use crate::frame::Frame;
use crate::pictures;
use crate::prose::html;
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

use event_list::{EventListEvents as Found, EventListShownEdgesNodeOrganization as Organization};

#[derive(Template)]
#[template(path = "events/list.html")]
struct ListPage {
    frame: Frame,
    events: Vec<Entry>,
    next: Option<String>,
    /// Whose events they are, where they are those of one organization.
    whose: Option<Whose>,
}

struct Whose {
    introduction: String,
    organization: Organization,
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
    let found = find(ask, None).await?;
    let mut frame = ask.frame(ask.language.say("events-title"));
    frame.canonical = ask.visitor.platform().url("/");
    frame.description = ask.language.say("events-description");
    Ok(page(ask, frame, found.events.ok_or(Trouble::NotFound)?, None))
}

/// Shows the events of one organization. It has a page once it has published something.
pub(crate) async fn of_organization(ask: &Ask) -> Result<Response, Trouble> {
    let found = find(ask, Some(ask.param("organization").to_owned())).await?;
    let first = found.shown.and_then(|shown| shown.edges.into_iter().next());
    let organization = first.ok_or(Trouble::NotFound)?.node.organization;
    let mut frame = ask.frame(organization.name.clone());
    frame.canonical = ask.visitor.platform().url(ask.path());
    frame.description = frame.say1("events-of-description", "organization", &organization.name);
    frame.preview = organization.logo.as_ref().map(|logo| logo.url.clone());
    frame.wear(pictures::look!(organization));
    let whose = Whose {
        introduction: html(&organization.introduction),
        organization,
    };
    Ok(page(ask, frame, found.events.ok_or(Trouble::NotFound)?, Some(whose)))
}

async fn find(ask: &Ask, organization: Option<String>) -> Result<event_list::ResponseData, Trouble> {
    let from = ask.now()?.checked_sub((DAYS_KEPT * 24).hours());
    let variables = event_list::Variables {
        after: ask.query("after"),
        from: Some(from.map_err(|_| Trouble::Ours)?.to_string()),
        locale: Some(ask.language.code().to_owned()),
        is_of_one: organization.is_some(),
        organization,
    };
    Ok(ask.visitor.ask::<EventList>(variables).await?)
}

fn page(ask: &Ask, frame: Frame, found: Found, whose: Option<Whose>) -> Response {
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
    let events = found.edges.into_iter().map(|edge| entry(edge.node)).collect();
    let next = found.page_info.end_cursor.filter(|_| found.page_info.has_next_page);
    let page = ListPage {
        next: next.map(|after| format!("{}?after={after}", ask.path())),
        frame,
        events,
        whose,
    };
    ask.page(StatusCode::OK, &page)
}
