//! `/manage/{organization}/-/log`: who did what; filters and pages are in the address.

use askama::Template;
use poem::Response;
use serde::Serialize;

use super::actions;
use super::documents::{AuditLog, audit_log as of};
use super::wish::{Day, Wish};
use crate::ask::Ask;
use crate::fields::Problem;
use crate::frame::{Frame, Width};
use crate::organizer::{team, with_query};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/log/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    wish: Wish,
    problems: Vec<Problem>,
    events: Vec<(String, String)>,
    actions: Vec<(String, String)>,
    days: [Day; 2],
    entries: Vec<Entry>,
    next: Option<String>,
}

struct Entry {
    when: String,
    who: String,
    /// What was done; absent where there are no words for it.
    words: Option<String>,
    /// Its name in the API.
    action: String,
    /// The title of the event at which it was done.
    event: Option<String>,
    subject: String,
    detail: Option<String>,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let events = team::events(ask).await?;
    let wish = Wish::read(ask, &events);
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        after: ask.query("after"),
        filter: Some(wish.filter()),
    };
    let found = ask.visitor.ask::<AuditLog>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let log = organization.audit_log.ok_or(Trouble::NotFound)?;
    let mut frame = ask.frame(ask.language.say("log-title"));
    frame.width = Width::Wide;
    let problems = wish.problems(ask);
    // Other entries than those that were asked for are not shown in their place.
    let edges = if problems.is_empty() { log.edges } else { Vec::new() };
    let info = log.page_info;
    let next = info
        .end_cursor
        .filter(|_| info.has_next_page && problems.is_empty())
        .map(|after| with_query(ask.path(), &[&wish.pairs()[..], &[("after", after.as_str())]].concat()));
    let entries = edges.into_iter().map(|edge| entry(&frame, &events, edge.node));
    let page = Shown {
        slug: organization.organization.slug,
        organization: organization.organization.name,
        entries: entries.collect(),
        actions: actions::choices(&frame),
        days: wish.days(&frame, &problems),
        next,
        wish,
        problems,
        events,
        frame,
    };
    Ok(ask.form_page(page.problems.is_empty(), &page))
}

/// Who did something: the address of a team member, and of others what they are.
pub(in crate::organizer) fn who(
    frame: &Frame,
    staff: Option<String>,
    actor: &impl Serialize,
    device: Option<String>,
) -> String {
    staff.unwrap_or_else(|| {
        let kind = frame.of("actor", actor);
        device.map_or(kind.clone(), |name| format!("{kind}: {name}"))
    })
}

fn entry(frame: &Frame, events: &[(String, String)], node: of::AuditLogOrganizationAuditLogEdgesNode) -> Entry {
    let title = |id: String| {
        let event = events.iter().find(|(its, _)| *its == id);
        event.map_or_else(|| frame.say("team-event-gone"), |(_, title)| title.clone())
    };
    Entry {
        when: frame.moment(&node.at, "UTC"),
        who: who(frame, node.staff_email, &node.actor, node.device_name),
        words: actions::words(frame, &node.action),
        action: node.action,
        event: node.event_id.map(title),
        subject: node.subject_kind,
        detail: Some(node.detail).filter(|detail| detail != "{}"),
    }
}
