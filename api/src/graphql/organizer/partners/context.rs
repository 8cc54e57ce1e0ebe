//! What the mutations about partners answer with, read after the change.

use std::sync::Arc;

use async_graphql::ID;
use consentry_domain::{EventPartnerId, OfferId};

use super::managed::{Context, EventTokens, ManagedEventPartner, ManagedOffer};
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, EventScope, staff_of_event};
use crate::graphql::organizer::roster::of_part;
use crate::graphql::public::Event;
use crate::graphql::{caller, platform};
use crate::platform::{Fault, Platform, Refused};
use crate::services::events::{self, Audience};
use crate::services::sharing::offers::Offer;
use crate::services::sharing::questions::Shareable;
use crate::services::{organizations, partners};

/// The right on the event of an offer, with the offer's id.
pub(super) async fn offer_scope(
    ctx: &async_graphql::Context<'_>,
    id: &ID,
) -> Result<(Authorized<EventScope, ManagePartners>, OfferId), Refused> {
    of_part(ctx, "offerId", id).await
}

/// The event with what its masks mean.
pub(super) async fn context(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
) -> Result<Context, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let missing = || Fault::Corrupt("an event that was there a moment ago".into());
    let row = events::by_id(&platform.store, Audience::Staff, organization, event)
        .await?
        .ok_or_else(missing)?;
    let owner = organizations::by_id(&platform.store, organization)
        .await?
        .ok_or_else(missing)?;
    let questions = Shareable::of_event(platform.store.read(), organization, event).await?;
    Ok(Context {
        event: Event::new(row, owner)?,
        questions: Arc::new(questions),
        // Whoever manages partners sees them.
        tokens: Arc::new(EventTokens::new(authorized.also().ok_or_else(missing)?)),
    })
}

/// An offer as staff see it after a change.
pub(super) async fn offer(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    offer: Offer,
) -> Result<ManagedOffer, Refused> {
    Ok(ManagedOffer::new(context(platform, authorized).await?, offer))
}

/// A partner at an event as staff see it after a change.
pub(super) async fn at_event(
    ctx: &async_graphql::Context<'_>,
    authorized: &Authorized<EventScope, ManagePartners>,
    id: EventPartnerId,
) -> Result<ManagedEventPartner, Refused> {
    let platform = platform(ctx);
    let view = staff_of_event(platform, caller(ctx), authorized.organization(), authorized.event()).await?;
    let all = partners::at_event(&platform.store, &view).await?;
    let found = all
        .into_iter()
        .find(|partner| partner.row.id == id)
        .ok_or_else(|| Refused::not_found(""))?;
    Ok(ManagedEventPartner::new(context(platform, authorized).await?, found))
}
