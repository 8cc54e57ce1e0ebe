//! `/manage`: the teams that one belongs to; `/manage/{organization}`: its events.

use askama::Template;
use poem::Response;
use poem::http::StatusCode;

use super::documents::{ManagedEvents, Teams, managed_events, teams as of_teams};
use super::{Roles, complaints, with_query};
use crate::ask::{Ask, see_other};
use crate::frame::{Frame, name_of};
use crate::trouble::Trouble;

#[derive(Template)]
#[template(path = "organizer/teams.html")]
struct TeamsShown {
    frame: Frame,
    /// Slug, name, and one's roles there.
    teams: Vec<(String, String, String)>,
}

/// Somebody who belongs to one team alone is led there.
pub(super) async fn teams(ask: &Ask) -> Result<Response, Trouble> {
    let found = ask.visitor.ask::<Teams>(of_teams::Variables {}).await?;
    let Some(me) = found.me else {
        return Ok(ask.sign_in_first());
    };
    let frame = ask.frame(ask.language.say("manage"));
    let mut teams: Vec<(String, String, Vec<String>)> = Vec::new();
    for membership in me.team_memberships {
        let role = frame.of("role", &membership.role);
        match teams
            .iter_mut()
            .find(|(slug, _, _)| *slug == membership.organization.slug)
        {
            Some((_, _, roles)) => roles.push(role),
            None => teams.push((membership.organization.slug, membership.organization.name, vec![role])),
        }
    }
    if let [(slug, _, _)] = teams.as_slice() {
        return Ok(see_other(&format!("/manage/{slug}")));
    }
    let teams = teams
        .into_iter()
        .map(|(slug, name, roles)| (slug, name, roles.join(", ")));
    let page = TeamsShown {
        teams: teams.collect(),
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "organizer/events.html")]
struct EventsShown {
    frame: Frame,
    slug: String,
    events: Vec<Listed>,
    next: Option<String>,
    may_create: bool,
    /// What waits for the data-protection officer: address and words.
    needs: Option<(String, String)>,
    /// Where there is no event yet, what an owner does first.
    steps: Vec<Step>,
    /// What else there is about the organization: address and name of each page that one finds.
    ways: Vec<(String, String)>,
}

/// Something to do before the first event.
struct Step {
    address: String,
    title: String,
    words: String,
    is_done: bool,
}

/// What an owner does first, in this order: each is one page.
fn steps(frame: &Frame, slug: &str, is_locked: bool, is_introduced: bool) -> Vec<Step> {
    let own = |page: &str| format!("/manage/{slug}/-/{page}");
    [
        (
            "/me/security/authenticator".to_owned(),
            "first-lock",
            "first-words-lock",
        ),
        (own("settings"), "first-who", "first-words-who"),
        (own("payments"), "first-pay", "first-words-pay"),
        (own("new"), "first-event", "first-words-event"),
    ]
    .into_iter()
    .enumerate()
    .map(|(place, (address, title, words))| Step {
        address,
        title: frame.say(title),
        words: frame.say(words),
        is_done: (place == 0 && is_locked) || (place == 1 && is_introduced),
    })
    .collect()
}

/// Whether somebody has said who they are: its settings were saved once, or it was made with more than the one name and the
/// one address that `consentry init` asks for.
fn is_introduced(found: &managed_events::ManagedEventsOrganization) -> bool {
    let about = &found.organization;
    found.revision > 1 || about.legal_name != about.name || about.data_protection_contact != about.contact_email
}

struct Listed {
    slug: String,
    title: String,
    kind: String,
    status: String,
    tone: &'static str,
    when: String,
}

pub(super) async fn show(ask: &Ask) -> Result<Response, Trouble> {
    let variables = managed_events::Variables {
        organization: ask.param("organization").to_owned(),
        after: ask.query("after"),
        locale: Some(ask.language.code().to_owned()),
    };
    let found = ask.visitor.ask::<ManagedEvents>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let roles = Roles::everywhere(ask, &organization.organization.slug).await?;
    let is_introduced = is_introduced(&organization);
    let frame = ask.frame(organization.organization.name);
    let slug = organization.organization.slug.as_str();
    let counts = organization.complaint_counts;
    let needs = counts.and_then(|counts| complaints::waiting(&frame, slug, (counts.open, counts.overdue)));
    let events = organization.events.edges.into_iter().map(|edge| {
        let event = edge.node.event;
        Listed {
            kind: frame.of("event-kind", &event.kind),
            status: frame.of("event-status", &event.status),
            tone: tone(&event.status),
            when: frame.span(&event.starts_at, &event.ends_at, &event.time_zone),
            title: event.title,
            slug: event.slug,
        }
    });
    let is_locked = found.me.is_some_and(|me| me.protection.authenticator_since.is_some());
    let info = organization.events.page_info;
    let next = info.end_cursor.filter(|_| info.has_next_page);
    let events: Vec<Listed> = events.collect();
    let slug = &organization.organization.slug;
    let is_first = events.is_empty() && ask.query("after").is_none() && roles.may_manage_organization();
    let page = EventsShown {
        steps: if is_first {
            steps(&frame, slug, is_locked, is_introduced)
        } else {
            Vec::new()
        },
        events,
        next: next.map(|after| with_query(ask.path(), &[("after", &after)])),
        ways: roles.ways(&frame, &organization.organization.slug),
        slug: organization.organization.slug,
        may_create: roles.may_manage(),
        needs,
        frame,
    };
    Ok(ask.page(StatusCode::OK, &page))
}

/// The colour of an event's status; its word says the same.
pub(super) fn tone(status: &impl serde::Serialize) -> &'static str {
    match name_of(status).as_str() {
        "PUBLISHED" => "good",
        "DRAFT" => "warn",
        _ => "",
    }
}
