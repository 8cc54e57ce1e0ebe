//! What belongs to the events of one list, their partners above all: read for all of them when the first of them is asked
//! for its own.

use std::collections::HashMap;
use std::sync::Arc;

use consentry_entity::event_cancellation;
use tokio::sync::OnceCell;

use crate::access::rights::{ManageEvents, ViewOrganization};
use crate::access::{Authorized, EventScope};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::events::parts::Editor;
use crate::services::sharing::offers::{EventKey, PartnerAtEvent};
use crate::services::sharing::questions::Shareable;
use crate::services::{events, partners};

/// The right to see an event.
pub type Right = Authorized<EventScope, ViewOrganization>;

/// What is read once for all events of a list.
pub struct Listed {
    events: Vec<Arc<Right>>,
    found: OnceCell<Found>,
    cancellations: OnceCell<HashMap<EventKey, event_cancellation::Model>>,
}

struct Found {
    partners: HashMap<EventKey, Vec<PartnerAtEvent>>,
    questions: HashMap<EventKey, Arc<Shareable>>,
}

impl Listed {
    /// Those of these events; none is read yet.
    #[must_use]
    pub fn new(events: Vec<Arc<Right>>) -> Self {
        Self {
            events,
            found: OnceCell::new(),
            cancellations: OnceCell::new(),
        }
    }

    /// The partners of one of them, and what its masks mean.
    ///
    /// # Errors
    /// When the database fails or holds something else.
    pub async fn of(&self, store: &Store, event: &Right) -> Result<(Vec<PartnerAtEvent>, Arc<Shareable>), Fault> {
        let found = self.found.get_or_try_init(|| self.read(store)).await?;
        let key = (event.organization(), event.event());
        let partners = found.partners.get(&key).cloned().unwrap_or_default();
        Ok((partners, found.questions.get(&key).cloned().unwrap_or_default()))
    }

    /// How far it is that the orders of one of them are ended; none for whoever may not manage it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancellation(&self, store: &Store, event: &Right) -> Result<Option<event_cancellation::Model>, Fault> {
        if event.also::<ManageEvents>().is_none() {
            return Ok(None);
        }
        let editors: Vec<Editor> = self.events.iter().filter_map(|event| event.also()).collect();
        let read = || async { events::cancellations(store, &editors).await };
        let found = self.cancellations.get_or_try_init(read).await?;
        Ok(found.get(&(event.organization(), event.event())).cloned())
    }

    async fn read(&self, store: &Store) -> Result<Found, Fault> {
        let keys: Vec<EventKey> = self
            .events
            .iter()
            .map(|event| (event.organization(), event.event()))
            .collect();
        let questions = Shareable::of_events(store.read(), &keys).await?.into_iter();
        Ok(Found {
            partners: partners::at_events(store, &self.events).await?,
            questions: questions.map(|(key, questions)| (key, Arc::new(questions))).collect(),
        })
    }
}
