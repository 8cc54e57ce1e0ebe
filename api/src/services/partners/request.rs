//! Asking attendees for something: a first version of an offer, or a new version of one.

use consentry_domain::{EventPartnerId, OfferId, Purpose};
use consentry_entity::{event_partner, offer_version, sharing_offer};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use super::at_event::note;
use super::terms::Terms;
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, EventScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::idempotency;
use crate::services::sharing::offers::{self, Offer};
use crate::services::sharing::stream_facts;
use crate::transaction;

/// A new offer, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewOffer {
    /// The client's key.
    pub idempotency_key: String,
    /// Who asks.
    pub event_partner: EventPartnerId,
    /// What for.
    pub purpose: Purpose,
    /// Its first version.
    pub terms: Terms,
}

/// Requests it on the partner's behalf. Nobody but staff sees it before it is approved.
///
/// # Errors
/// What is wrong with the input; `TAKEN` where the partner asks for this purpose already.
pub async fn request(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    new: &NewOffer,
) -> Result<Offer, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let terms = new.terms.judge()?;
    let scope = format!("requestOffer:{event}:{}", authorized.actor());
    let claim = idempotency::Request::of(organization, scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let id: OfferId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &claim, id.0).await? {
            return find(tx, authorized, OfferId(made)).await;
        }
        let partner = event_partner::Entity::find_by_id((organization, new.event_partner))
            .one(tx)
            .await?;
        let partner = partner
            .filter(|row| row.event_id == event)
            .ok_or_else(|| Refused::not_found("eventPartnerId"))?;
        let taken = sharing_offer::Entity::find()
            .filter(sharing_offer::Column::OrganizationId.eq(organization))
            .filter(sharing_offer::Column::EventPartnerId.eq(partner.id))
            .filter(sharing_offer::Column::Purpose.eq(new.purpose))
            .count(tx)
            .await?;
        if taken > 0 {
            let message = "This partner has an offer for this purpose already; revise that one.";
            return Err(Refused::because("purpose", Code::Taken, message));
        }
        let row = sharing_offer::Model {
            organization_id: organization,
            id,
            event_id: event,
            event_partner_id: partner.id,
            purpose: new.purpose,
            created_at: now.0,
            revision: 1,
        };
        let version = terms.version(tx, organization, event, &partner, id, 1).await?;
        sharing_offer::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        offer_version::Entity::insert(version.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        stream_facts::rewrite_one(tx, organization, event, id).await?;
        note(
            tx,
            authorized,
            "requestOffer",
            "offer",
            id.0,
            serde_json::json!({ "purpose": new.purpose, "version": 1 }),
        )
        .await?;
        find(tx, authorized, id).await
    })
}

/// A new version of an offer, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Revision {
    /// The client's key.
    pub idempotency_key: String,
    /// The offer.
    pub offer: OfferId,
    /// The version.
    pub terms: Terms,
}

/// Requests a new version. The one in force stays until this one is approved.
///
/// # Errors
/// What is wrong with the input; `WRONG_STATE` while another version waits for a decision.
pub async fn revise(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    revision: &Revision,
) -> Result<Offer, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let terms = revision.terms.judge()?;
    let scope = format!("reviseOffer:{event}:{}", authorized.actor());
    let claim = idempotency::Request::of(organization, scope, &revision.idempotency_key, revision)?;
    transaction!(platform.store.writer(), async |tx| {
        if let idempotency::Claim::Replayed(_) = idempotency::claim(platform, tx, &claim, revision.offer.0).await? {
            return find(tx, authorized, revision.offer).await;
        }
        offers::seize(tx, organization, revision.offer).await?;
        let offer = find(tx, authorized, revision.offer).await?;
        if offer.requested().is_some() {
            let message = "Another version waits for a decision; approve, reject or withdraw that one first.";
            return Err(Refused::because("offerId", Code::WrongState, message));
        }
        let partner = event_partner::Entity::find_by_id((organization, offer.row.event_partner_id))
            .one(tx)
            .await?;
        let partner = partner.ok_or_else(|| Fault::Corrupt("an offer without its partner".into()))?;
        let number = offer.versions.last().map_or(1, |last| last.row.version + 1);
        let version = terms
            .version(tx, organization, event, &partner, offer.row.id, number)
            .await?;
        offer_version::Entity::insert(version.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        note(
            tx,
            authorized,
            "reviseOffer",
            "offer",
            offer.row.id.0,
            serde_json::json!({ "version": number }),
        )
        .await?;
        find(tx, authorized, revision.offer).await
    })
}

/// The offer, if it is one of this event.
pub(super) async fn find(
    tx: &Tx,
    authorized: &Authorized<EventScope, ManagePartners>,
    id: OfferId,
) -> Result<Offer, Refused> {
    let offer = offers::by_id(tx, authorized.organization(), id).await?;
    offer
        .filter(|offer| offer.row.event_id == authorized.event())
        .ok_or_else(|| Refused::not_found("offerId"))
}
