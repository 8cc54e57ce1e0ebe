//! `events`: what is published, soonest first.

use async_graphql::{Context, Object, Result};
use consentry_domain::OrganizationId;
use uuid::Uuid;

use super::session::place;
use super::{Event, EventKind};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::{errors, platform};
use crate::platform::store::Store;
use crate::services::sales::{self, EventFilter};
use crate::services::{input, organizations};

connection!(EventConnection, EventEdge, Event);

/// The query.
#[derive(Default)]
pub struct EventsQuery;

#[Object]
impl EventsQuery {
    /// Published events, soonest first.
    #[allow(clippy::too_many_arguments, reason = "the arguments of a field")]
    async fn events(
        &self,
        ctx: &Context<'_>,
        first: i32,
        after: Option<String>,
        kind: Option<EventKind>,
        #[graphql(desc = "Only events that start at this moment or later.")] from: Option<DateTime>,
        #[graphql(desc = "Only events that start before this moment.")] until: Option<DateTime>,
        #[graphql(desc = "Only events of the organization of this slug.")] organization: Option<String>,
    ) -> Result<Option<EventConnection>> {
        let platform = platform(ctx);
        let moment = |name: &str, text: Option<DateTime>| {
            let judged = text.map(|text| input::instant(&text.0)).transpose();
            judged.map_err(|(_, message)| errors::bad_input(format!("{name}: {message}")))
        };
        let whose = match &organization {
            None => None,
            Some(slug) => Some(whose(&platform.store, slug).await?),
        };
        let filter = EventFilter {
            organization: whose,
            kind: kind.map(Into::into),
            from: moment("from", from)?,
            until: moment("until", until)?,
        };
        let of = whose.map(|id| format!(" {id}")).unwrap_or_default();
        let list = format!("events {:?} {:?} {:?}{of}", filter.kind, filter.from, filter.until).into_bytes();
        let page = Page::parse(platform, &list, first, after)?;
        let after = page.after.as_deref().map(place).transpose()?;
        let found = sales::events(&platform.store, filter, after, page.first).await;
        let mut rows = found.map_err(|fault| errors::internal(&fault))?;
        let more = rows.len() > page.first as usize;
        rows.truncate(page.first as usize);
        let events = Event::list(rows).map_err(|fault| errors::internal(&fault))?;
        let entries = events.into_iter().map(|event| {
            let place = [event.row.starts_at.to_be_bytes().as_slice(), event.row.id.0.as_bytes()].concat();
            (place, event)
        });
        Ok(Some(EventConnection::new(
            platform,
            &list,
            &page,
            more,
            entries.collect(),
        )))
    }
}

/// The organization of this slug; where there is none, one that has no events.
async fn whose(store: &Store, slug: &str) -> Result<OrganizationId> {
    let found = organizations::by_slug(store, slug).await;
    let found = found.map_err(|error| errors::internal(&error.into()))?;
    Ok(found.map_or(OrganizationId(Uuid::nil()), |row| row.id))
}
