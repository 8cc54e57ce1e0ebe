//! A partner's places as its administrators see them: what was asked there in every state, what is drafted, and what could be
//! asked. Nothing of a registration is read.

use std::sync::Arc;

use consentry_domain::{EventPartnerId, OrganizationId};
use consentry_entity::{event, event_partner, offer_draft};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::draft::Draft;
use crate::access::AdministeredPartner;
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::Localized;
use crate::services::sharing::offers::{self, Offer};
use crate::services::sharing::questions::Askable;

/// A place.
#[derive(Clone, Debug)]
pub struct OwnPlace {
    /// Its row.
    pub row: event_partner::Model,
    /// The event.
    pub event: event::Model,
    /// The event's title.
    pub title: Localized,
    /// What was asked there, oldest first.
    pub offers: Vec<Offer>,
    /// What is drafted, by purpose.
    pub drafts: Vec<Draft>,
    /// The questions of its event whose answers can be asked for.
    pub questions: Arc<Askable>,
}

/// Up to `first` places of the partner, one more where there is one, in the order in which it was added to events. Six
/// statements.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn places(
    store: &Store,
    of: &AdministeredPartner,
    first: u32,
    after: Option<EventPartnerId>,
) -> Result<Vec<OwnPlace>, Fault> {
    let mut query = own(of)
        .order_by_asc(event_partner::Column::Id)
        .limit(u64::from(first) + 1);
    if let Some(after) = after {
        query = query.filter(event_partner::Column::Id.gt(after));
    }
    filled(store, of.organization(), query.all(store.read()).await?).await
}

/// The place of this id, where it is the partner's.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn place(store: &Store, of: &AdministeredPartner, id: EventPartnerId) -> Result<Option<OwnPlace>, Fault> {
    let rows = own(of)
        .filter(event_partner::Column::Id.eq(id))
        .all(store.read())
        .await?;
    Ok(filled(store, of.organization(), rows).await?.pop())
}

fn own(of: &AdministeredPartner) -> sea_orm::Select<event_partner::Entity> {
    event_partner::Entity::find()
        .filter(event_partner::Column::OrganizationId.eq(of.organization()))
        .filter(event_partner::Column::PartnerId.eq(of.partner()))
}

async fn filled(
    store: &Store,
    organization: OrganizationId,
    rows: Vec<event_partner::Model>,
) -> Result<Vec<OwnPlace>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<EventPartnerId> = rows.iter().map(|row| row.id).collect();
    let keys: Vec<_> = rows.iter().map(|row| (organization, row.event_id)).collect();
    let events = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization))
        .filter(event::Column::Id.is_in(rows.iter().map(|row| row.event_id)))
        .all(store.read())
        .await?;
    let offers = offers::of_places(store.read(), organization, &ids).await?;
    let drafts = offer_draft::Entity::find()
        .filter(offer_draft::Column::OrganizationId.eq(organization))
        .filter(offer_draft::Column::EventPartnerId.is_in(ids))
        .order_by_asc(offer_draft::Column::Purpose)
        .all(store.read())
        .await?;
    let drafts = drafts.iter().map(Draft::of).collect::<Result<Vec<_>, _>>()?;
    let questions = Askable::of_events(store.read(), &keys).await?;
    let place = |row: event_partner::Model| {
        let event = events.iter().find(|event| event.id == row.event_id).cloned();
        let event = event.ok_or_else(|| Fault::Corrupt("an event partner without its event".into()))?;
        Ok(OwnPlace {
            title: Localized::parse(&event.title)?,
            offers: offers
                .iter()
                .filter(|offer| offer.row.event_partner_id == row.id)
                .cloned()
                .collect(),
            drafts: drafts
                .iter()
                .filter(|draft| draft.event_partner == row.id)
                .cloned()
                .collect(),
            questions: questions.get(&event.id).cloned().unwrap_or_default(),
            event,
            row,
        })
    };
    rows.into_iter().map(place).collect()
}
