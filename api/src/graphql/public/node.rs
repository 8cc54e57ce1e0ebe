//! What anyone sees, by its id: found through its event, which must be public, as the event itself would show it.

use async_graphql::{Context, ID, Result};
use consentry_domain::{
    DocumentId, EventId, EventPartnerId, EventSessionId, OfferId, OrganizationId, QuestionId, SpeakerId, TicketTypeId,
};
use uuid::Uuid;

use super::{
    Event, EventPartner, EventSession, LegalDocument, Organization, Question, SharingOffer, Speaker, TicketType,
    find_session, find_speaker,
};
use crate::graphql::ids::PublicId;
use crate::graphql::{errors, ids, platform};
use crate::services::events::{self, Audience};
use crate::services::organizations;

/// An organization that shows an event to anyone.
pub(in crate::graphql) async fn organization(ctx: &Context<'_>, id: &ID) -> Result<Option<Organization>> {
    let Some(id) = ids::decode_global::<OrganizationId>(id) else {
        return Ok(None);
    };
    let store = &platform(ctx).store;
    let shown = events::shows_any(store, id).await;
    if !shown.map_err(|error| errors::internal(&error.into()))? {
        return Ok(None);
    }
    let row = organizations::by_id(store, id).await;
    Ok(row
        .map_err(|error| errors::internal(&error.into()))?
        .map(Organization::from))
}

/// An event.
pub(in crate::graphql) async fn event(ctx: &Context<'_>, id: &ID) -> Result<Option<Event>> {
    match ids::decode::<EventId>(id) {
        Some((organization, id)) => by_id(ctx, organization, id).await,
        None => Ok(None),
    }
}

/// A ticket type, also one that is not listed.
pub(in crate::graphql) async fn ticket_type(ctx: &Context<'_>, id: &ID) -> Result<Option<TicketType>> {
    let Some((event, id)) = of_part::<TicketTypeId>(ctx, id).await? else {
        return Ok(None);
    };
    let found = event.find_ticket_type(ctx, id).await?;
    Ok(found.filter(|ticket_type| !ticket_type.is_archived()))
}

/// A question that is asked of whoever buys something listed.
pub(in crate::graphql) async fn question(ctx: &Context<'_>, id: &ID) -> Result<Option<Question>> {
    let Some((event, id)) = of_part::<QuestionId>(ctx, id).await? else {
        return Ok(None);
    };
    Ok(event
        .listed_questions(ctx)
        .await?
        .into_iter()
        .find(|question| question.is(id)))
}

/// A part of an agenda.
pub(in crate::graphql) async fn event_session(ctx: &Context<'_>, id: &ID) -> Result<Option<EventSession>> {
    let Some((event, id)) = of_part::<EventSessionId>(ctx, id).await? else {
        return Ok(None);
    };
    find_session(ctx, &event, id).await
}

/// Somebody who speaks.
pub(in crate::graphql) async fn speaker(ctx: &Context<'_>, id: &ID) -> Result<Option<Speaker>> {
    let Some((event, id)) = of_part::<SpeakerId>(ctx, id).await? else {
        return Ok(None);
    };
    find_speaker(ctx, &event, id).await
}

/// A document in force.
pub(in crate::graphql) async fn document(ctx: &Context<'_>, id: &ID) -> Result<Option<LegalDocument>> {
    let Some((event, id)) = of_part::<DocumentId>(ctx, id).await? else {
        return Ok(None);
    };
    let all = event.batch.documents(&platform(ctx).store, event.key()).await;
    let all = all.map_err(|fault| errors::internal(&fault))?;
    let found = all.iter().find(|document| document.row.id == id);
    Ok(found.map(|document| LegalDocument::new(event.clone(), document.clone())))
}

/// An active partner of an event.
pub(in crate::graphql) async fn event_partner(ctx: &Context<'_>, id: &ID) -> Result<Option<EventPartner>> {
    let Some((event, id)) = of_part::<EventPartnerId>(ctx, id).await? else {
        return Ok(None);
    };
    Ok(event
        .all_partners(ctx)
        .await?
        .into_iter()
        .find(|partner| partner.is(id)))
}

/// An offer in force.
pub(in crate::graphql) async fn offer(ctx: &Context<'_>, id: &ID) -> Result<Option<SharingOffer>> {
    let Some((event, id)) = of_part::<OfferId>(ctx, id).await? else {
        return Ok(None);
    };
    let offers = event.offers(&platform(ctx).store).await;
    let offers = offers.map_err(|fault| errors::internal(&fault))?;
    Ok(offers.into_iter().find(|offer| offer.is(id)))
}

/// The public event to which something belongs, and the thing's id.
async fn of_part<T: PublicId + Copy + Into<Uuid>>(ctx: &Context<'_>, id: &ID) -> Result<Option<(Event, T)>> {
    let Some((organization, id)) = ids::decode::<T>(id) else {
        return Ok(None);
    };
    let event = events::event_of_part(&platform(ctx).store, organization, id.into()).await;
    match event.map_err(|error| errors::internal(&error.into()))? {
        Some(event) => Ok(by_id(ctx, organization, event).await?.map(|event| (event, id))),
        None => Ok(None),
    }
}

async fn by_id(ctx: &Context<'_>, organization: OrganizationId, id: EventId) -> Result<Option<Event>> {
    let store = &platform(ctx).store;
    let row = events::by_id(store, Audience::Public, organization, id).await;
    let Some(row) = row.map_err(|error| errors::internal(&error.into()))? else {
        return Ok(None);
    };
    let owner = organizations::by_id(store, organization).await;
    let owner = owner.map_err(|error| errors::internal(&error.into()))?;
    owner
        .map(|owner| Event::new(row, owner))
        .transpose()
        .map_err(|fault| errors::internal(&fault))
}
