//! `/manage/{organization}/-/team`: who works here.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::found::{self, Member};
use crate::ask::Ask;
use crate::clock;
use crate::frame::{Frame, Width};
use crate::organizer::with_query;
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/team/list.html")]
struct Shown {
    frame: Frame,
    slug: String,
    organization: String,
    base: String,
    note: Option<String>,
    members: Vec<Listed>,
    next: Option<String>,
}

struct Listed {
    path: String,
    email: String,
    role: String,
    /// At which event, or at every one.
    at: String,
    /// Until when, where it ends.
    until: Option<String>,
    is_over: bool,
    is_proved: bool,
    is_oneself: bool,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let (organization, page, own) = found::page(ask, found::MEMBERS, ask.query("after")).await?;
    let events = if page.edges.iter().any(|edge| edge.node.event_id.is_some()) {
        found::events(ask).await?
    } else {
        Vec::new()
    };
    let mut frame = ask.frame(ask.language.say("team-title"));
    frame.width = Width::Wide;
    let base = format!("/manage/{}/-/team", organization.slug);
    let now = ask.now()?;
    let listed = |member: &Member| {
        let at = member.event_id.as_ref().map(|id| {
            let event = events.iter().find(|(its, _)| its == id);
            event.map_or_else(|| frame.say("team-event-gone"), |(_, title)| title.clone())
        });
        let ends = member.ends_at.as_deref();
        let ends = ends.and_then(|at| Some((at.parse::<jiff::Timestamp>().ok()?, at)));
        let is_over = ends.is_some_and(|(at, _)| at <= now);
        let until = ends.map(|(_, at)| {
            let key = if is_over { "team-over" } else { "team-until-day" };
            let day = format!("{}T12:00:00Z", clock::last_day(at));
            frame.say1(key, "day", &frame.day(&day, "UTC"))
        });
        Listed {
            path: format!("{base}/{}", member.id),
            email: member.email.clone(),
            role: frame.of("role", &member.role),
            at: at.unwrap_or_else(|| frame.say("team-everywhere")),
            until,
            is_over,
            is_proved: member.email_proved,
            is_oneself: member.email == own,
        }
    };
    let info = &page.page_info;
    let next = info.end_cursor.as_deref().filter(|_| info.has_next_page);
    let note = match ask.query("done").as_deref() {
        Some("invited") => Some(frame.say("team-invited")),
        Some(_) => Some(frame.say("team-saved")),
        None => None,
    };
    let page = Shown {
        members: page.edges.iter().map(|edge| listed(&edge.node)).collect(),
        next: next.map(|after| with_query(ask.path(), &[("after", after)])),
        note,
        slug: organization.slug,
        organization: organization.name,
        base,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}
