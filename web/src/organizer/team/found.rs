//! The team as the API has it, and the events at which somebody can work.

use super::documents::{Places, Team, places, team as of};
use crate::ask::Ask;
use crate::trouble::Trouble;

pub(super) type Member = of::TeamOrganizationTeamMembersEdgesNode;
pub(super) type Page = of::TeamOrganizationTeamMembers;
pub(super) type Organization = of::TeamOrganizationOrganization;

/// How many members a page of the team has.
pub(super) const MEMBERS: i64 = 100;

/// A page of the team, with the organization and one's own address; not there for whoever may not manage it.
pub(super) async fn page(
    ask: &Ask,
    first: i64,
    after: Option<String>,
) -> Result<(Organization, Page, String), Trouble> {
    let variables = of::Variables {
        organization: ask.param("organization").to_owned(),
        first,
        after,
    };
    let found = ask.visitor.ask::<Team>(variables).await?;
    let organization = found.organization.ok_or(Trouble::NotFound)?;
    let members = organization.team_members.ok_or(Trouble::NotFound)?;
    let own = found.me.map(|me| me.email).unwrap_or_default();
    Ok((organization.organization, members, own))
}

/// The member of this address.
pub(super) async fn one(ask: &Ask, id: &str) -> Result<(Organization, Member), Trouble> {
    let mut after = None;
    loop {
        let (organization, page, _) = page(ask, MEMBERS, after).await?;
        let found = page.edges.into_iter().find(|edge| edge.node.id == id);
        if let Some(edge) = found {
            return Ok((organization, edge.node));
        }
        let next = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
        after = Some(next.ok_or(Trouble::NotFound)?);
    }
}

/// The events at which one can work, by id with their titles, newest first. Those that are put away come last.
pub(in crate::organizer) async fn events(ask: &Ask) -> Result<Vec<(String, String)>, Trouble> {
    let (mut open, mut away, mut after) = (Vec::new(), Vec::new(), None);
    loop {
        let variables = places::Variables {
            organization: ask.param("organization").to_owned(),
            after,
            locale: Some(ask.language.code().to_owned()),
        };
        let found = ask.visitor.ask::<Places>(variables).await?;
        let events = found.organization.ok_or(Trouble::NotFound)?.events;
        for edge in events.edges {
            let list = match edge.node.event.status {
                places::EventStatus::ARCHIVED => &mut away,
                _ => &mut open,
            };
            list.push((edge.node.id, edge.node.event.title));
        }
        after = events.page_info.end_cursor.filter(|_| events.page_info.has_next_page);
        if after.is_none() {
            open.extend(away);
            return Ok(open);
        }
    }
}
