//! The events of one list: what belongs to them is read once for all of them, when it is first asked for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use consentry_domain::{EventId, EventSessionId, Instant, OrganizationId, SpeakerId};
use consentry_entity::{event, event_session};
use sea_orm::{ColumnTrait, DbErr};
use tokio::sync::OnceCell;

use super::documents::{self, Document};
use super::questions::{self, Question};
use super::sessions;
use super::speakers::{self, Speaker};
use super::ticket_types::{self, OnSale};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::sharing::offers::{self, PartnerAtEvent};
use crate::services::sharing::questions::Shareable;

/// Names an event.
pub type EventKey = (OrganizationId, EventId);

type ByEvent<T> = HashMap<EventKey, Vec<T>>;
type Cell<T> = OnceCell<ByEvent<T>>;
type Partners = (ByEvent<Arc<PartnerAtEvent>>, HashMap<EventKey, Arc<Shareable>>);

/// The events of one list with what has been read of their parts.
#[derive(Default)]
pub struct Batch {
    events: Vec<event::Model>,
    now: OnceCell<Instant>,
    ticket_types: Cell<Arc<OnSale>>,
    questions: Cell<Arc<Question>>,
    documents: Cell<Document>,
    partners: OnceCell<Partners>,
    sessions: Mutex<HashMap<u32, Arc<Cell<event_session::Model>>>>,
    speakers: Cell<Arc<Speaker>>,
    speaking: Cell<(EventSessionId, SpeakerId)>,
}

impl Batch {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(events: Vec<event::Model>) -> Self {
        Self {
            events,
            ..Self::default()
        }
    }

    /// The moment at which this list is read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn now(&self, store: &Store) -> Result<Instant, DbErr> {
        self.now.get_or_try_init(|| store.now()).await.copied()
    }

    /// Every ticket type of this event, hidden and archived ones included, with what is left of it.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn ticket_types(&self, store: &Store, event: EventKey) -> Result<&[Arc<OnSale>], Fault> {
        let all = self
            .ticket_types
            .get_or_try_init(|| ticket_types::load(store.read(), &self.events));
        Ok(all.await?.get(&event).map_or(&[], Vec::as_slice))
    }

    /// Every question of this event that is asked now.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn questions(&self, store: &Store, event: EventKey) -> Result<&[Arc<Question>], Fault> {
        let all = self
            .questions
            .get_or_try_init(|| questions::load(store.read(), &self.events));
        Ok(all.await?.get(&event).map_or(&[], Vec::as_slice))
    }

    /// The versions in force of this event's documents.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn documents(&self, store: &Store, event: EventKey) -> Result<&[Document], Fault> {
        let all = self
            .documents
            .get_or_try_init(|| documents::load(store.read(), &self.events));
        Ok(all.await?.get(&event).map_or(&[], Vec::as_slice))
    }

    /// The partners of this event in every state, with what the bits of its masks mean.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn partners(
        &self,
        store: &Store,
        event: EventKey,
    ) -> Result<(&[Arc<PartnerAtEvent>], Arc<Shareable>), Fault> {
        let (partners, questions) = self.partners.get_or_try_init(|| self.load_partners(store)).await?;
        let partners = partners.get(&event).map_or(&[][..], Vec::as_slice);
        Ok((partners, questions.get(&event).cloned().unwrap_or_default()))
    }

    async fn load_partners(
        &self,
        store: &Store,
    ) -> Result<(ByEvent<Arc<PartnerAtEvent>>, HashMap<EventKey, Arc<Shareable>>), Fault> {
        let keys: Vec<EventKey> = self
            .events
            .iter()
            .map(|event| (event.organization_id, event.id))
            .collect();
        let partners = offers::of_events(store.read(), &keys).await?;
        let partners = partners
            .into_iter()
            .map(|(event, all)| (event, all.into_iter().map(Arc::new).collect()));
        let questions = Shareable::of_events(store.read(), &keys).await?;
        let questions = questions.into_iter().map(|(event, all)| (event, Arc::new(all)));
        Ok((partners.collect(), questions.collect()))
    }

    /// The first sessions of this event, one more than asked for where there is one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_sessions(
        &self,
        store: &Store,
        event: EventKey,
        first: u32,
    ) -> Result<Vec<event_session::Model>, DbErr> {
        let cell = {
            let mut cells = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
            cells.entry(first).or_default().clone()
        };
        let all = cell
            .get_or_try_init(|| sessions::load_first(store.read(), &self.events, first))
            .await?;
        Ok(all.get(&event).cloned().unwrap_or_default())
    }

    /// Who speaks at this event.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn speakers(&self, store: &Store, event: EventKey) -> Result<&[Arc<Speaker>], Fault> {
        let all = self
            .speakers
            .get_or_try_init(|| speakers::load(store.read(), &self.events));
        Ok(all.await?.get(&event).map_or(&[], Vec::as_slice))
    }

    /// Who speaks in this session of this event.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn speakers_of(
        &self,
        store: &Store,
        event: EventKey,
        session: EventSessionId,
    ) -> Result<Vec<Arc<Speaker>>, Fault> {
        let all = self
            .speaking
            .get_or_try_init(|| speakers::of_sessions(store.read(), &self.events));
        let speaking = all.await?.get(&event).map_or(&[][..], Vec::as_slice);
        if speaking.iter().all(|(its, _)| *its != session) {
            return Ok(Vec::new());
        }
        let mut speakers = self.speakers(store, event).await?.to_vec();
        speakers.retain(|speaker| speaking.contains(&(session, speaker.row.id)));
        Ok(speakers)
    }
}

/// Rows of these events. The ids are unique in themselves; the tenants lead every index.
pub(super) fn of_events(
    organization: impl ColumnTrait,
    event: impl ColumnTrait,
    events: &[event::Model],
) -> sea_orm::Condition {
    let mut organizations: Vec<OrganizationId> = events.iter().map(|event| event.organization_id).collect();
    organizations.sort_unstable();
    organizations.dedup();
    let ids = events.iter().map(|event| event.id);
    sea_orm::Condition::all()
        .add(organization.is_in(organizations))
        .add(event.is_in(ids))
}

/// Groups rows by their event, in the order in which they come.
pub(super) fn by_event<T>(rows: impl IntoIterator<Item = (EventKey, T)>) -> ByEvent<T> {
    let mut groups = ByEvent::new();
    for (event, row) in rows {
        groups.entry(event).or_default().push(row);
    }
    groups
}
