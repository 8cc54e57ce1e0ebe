//! Everything that decides what an order of one event may contain.

use std::sync::Arc;

use consentry_domain::{EventId, Instant, OrganizationId, TicketTypeId};
use consentry_entity::{event, organization};

use super::batch::{Batch, EventKey};
use super::{Document, OnSale, Question};
use crate::platform::store::Store;
use crate::platform::{Fault, Refused};
use crate::services::events::{self, Audience};
use crate::services::organizations;

/// The form of one event, as it is at one moment.
pub struct Form {
    /// The event.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
    /// Every ticket type, hidden ones included, archived ones not.
    pub ticket_types: Vec<Arc<OnSale>>,
    /// Every question.
    pub questions: Vec<Arc<Question>>,
    /// Every document.
    pub documents: Vec<Document>,
    /// When it was read.
    pub now: Instant,
}

impl Form {
    /// Reads it; the number of statements is the same for every event.
    ///
    /// # Errors
    /// Not found, when nobody may see the event.
    pub async fn load(store: &Store, organization: OrganizationId, event: EventId) -> Result<Self, Refused> {
        Self::load_as(store, Audience::Public, organization, event).await
    }

    /// The form as this audience finds it: who has a place changes answers also when nothing is sold any more.
    ///
    /// # Errors
    /// Not found, when this audience may not see the event.
    pub async fn load_as(
        store: &Store,
        audience: Audience,
        organization: OrganizationId,
        event: EventId,
    ) -> Result<Self, Refused> {
        let event = events::by_id(store, audience, organization, event)
            .await?
            .ok_or_else(|| Refused::not_found("eventId"))?;
        let organization = organizations::by_id(store, event.organization_id)
            .await?
            .ok_or_else(|| Fault::Corrupt("an event without an organization".into()))?;
        let now = store.now().await?;
        let key: EventKey = (event.organization_id, event.id);
        let batch = Batch::new(vec![event.clone()]);
        let ticket_types = batch
            .ticket_types(store, key)
            .await?
            .iter()
            .filter(|on_sale| on_sale.row.archived_at.is_none())
            .cloned()
            .collect();
        let questions = batch.questions(store, key).await?.to_vec();
        let documents = batch.documents(store, key).await?.to_vec();
        Ok(Self {
            event,
            organization,
            ticket_types,
            questions,
            documents,
            now,
        })
    }

    /// The ticket type of this id, listed or not.
    #[must_use]
    pub fn ticket_type(&self, id: TicketTypeId) -> Option<&Arc<OnSale>> {
        self.ticket_types.iter().find(|on_sale| on_sale.id() == id)
    }
}
