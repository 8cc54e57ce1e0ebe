//! The agenda of an event, as anyone sees it.

use async_graphql::{Context, ID, Object, Result};
use consentry_domain::{EventSessionId, Instant};
use consentry_entity::event_session;
use uuid::Uuid;

use super::speaker::speakers_of;
use super::{Event, LocalizedText, Speaker};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::sales::sessions_after;
use crate::services::{Localized, events};

/// A part of an event's agenda.
#[derive(Clone)]
pub struct EventSession {
    event: Event,
    row: event_session::Model,
    title: Localized,
    description: Localized,
}

impl EventSession {
    /// Its row, for what only staff see.
    pub(in crate::graphql) fn row(&self) -> &event_session::Model {
        &self.row
    }

    fn new(event: Event, row: event_session::Model) -> Result<Self, Fault> {
        let title = Localized::parse(&row.title)?;
        let description = Localized::parse(&row.description)?;
        Ok(Self {
            event,
            row,
            title,
            description,
        })
    }
}

/// A part of an event's agenda.
#[Object]
impl EventSession {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// Its title, in the wished language where there is one.
    async fn title(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.title, locale.as_ref())
    }
    /// Its title in every language.
    async fn titles(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.title)
    }
    /// What it is about (CommonMark).
    async fn description(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.description, locale.as_ref())
    }
    /// What it is about, in every language.
    async fn descriptions(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.description)
    }
    /// When it starts.
    async fn starts_at(&self) -> DateTime {
        Instant(self.row.starts_at).into()
    }
    /// When it ends.
    async fn ends_at(&self) -> DateTime {
        Instant(self.row.ends_at).into()
    }
    /// Where in the venue.
    async fn place(&self) -> Option<&str> {
        self.row.place.as_deref()
    }
    /// Who speaks, in the order of the event's list of speakers.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<Speaker>> {
        speakers_of(ctx, &self.event, self.row.id).await
    }
}

connection!(EventSessionConnection, EventSessionEdge, EventSession);

/// A page of an event's agenda.
pub(in crate::graphql) async fn sessions(
    ctx: &Context<'_>,
    event: &Event,
    first: i32,
    after: Option<String>,
) -> Result<EventSessionConnection> {
    let platform = platform(ctx);
    let (organization, id) = event.key();
    let list = [b"sessions".as_slice(), organization.0.as_bytes(), id.0.as_bytes()].concat();
    let page = Page::parse(platform, &list, first, after)?;
    let place = page.after.as_deref().map(place).transpose()?;
    let rows = match place {
        None => {
            event
                .batch
                .first_sessions(&platform.store, event.key(), page.first)
                .await
        }
        Some(place) => sessions_after(platform.store.read(), event.key(), place, page.first).await,
    };
    let mut rows = rows.map_err(|error| errors::internal(&error.into()))?;
    let more = rows.len() > page.first as usize;
    rows.truncate(page.first as usize);
    let entries = rows.into_iter().map(|row| {
        let place = [row.starts_at.to_be_bytes().as_slice(), row.id.0.as_bytes()].concat();
        Ok((place, EventSession::new(event.clone(), row)?))
    });
    let entries = entries
        .collect::<Result<_, Fault>>()
        .map_err(|fault| errors::internal(&fault))?;
    Ok(EventSessionConnection::new(platform, &list, &page, more, entries))
}

/// One part of this event's agenda.
pub(in crate::graphql) async fn find_session(
    ctx: &Context<'_>,
    event: &Event,
    id: EventSessionId,
) -> Result<Option<EventSession>> {
    let (organization, its) = event.key();
    let row = events::session_by_id(&platform(ctx).store, organization, id).await;
    let row = row.map_err(|error| errors::internal(&error.into()))?;
    row.filter(|row| row.event_id == its)
        .map(|row| EventSession::new(event.clone(), row))
        .transpose()
        .map_err(|fault| errors::internal(&fault))
}

/// Reads a place that this program wrote: a moment and an id.
pub(super) fn place<T: From<Uuid>>(bytes: &[u8]) -> Result<(Instant, T)> {
    let foreign = || errors::bad_input("after: this is not a cursor of this list.");
    let (at, id) = bytes.split_first_chunk::<8>().ok_or_else(foreign)?;
    let id = Uuid::from_slice(id).map_err(|_| foreign())?;
    Ok((Instant(i64::from_be_bytes(*at)), id.into()))
}
