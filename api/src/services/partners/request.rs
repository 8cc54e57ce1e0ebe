//! Asking attendees for something: a first version of an offer, or a new version of one.

use consentry_domain::{EventPartnerId, OfferId, Purpose};
use consentry_entity::{event_partner, offer_version, sharing_offer};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};

use super::at_event::note;
use super::terms::{Judged, Terms};
use crate::access::MayAsk;
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

/// Requests it on the partner's behalf. Nobody but staff and the partner's administrators sees it before it is approved.
///
/// # Errors
/// What is wrong with the input; `TAKEN` where the partner asks for this purpose already.
pub async fn request(platform: &Platform, by: &impl MayAsk, new: &NewOffer) -> Result<Offer, Refused> {
    let terms = new.terms.judge()?;
    let scope = format!("requestOffer:{}:{}", by.event(), by.account());
    let claim = idempotency::Request::of(by.organization(), scope, &new.idempotency_key, new)?;
    transaction!(platform.store.writer(), async |tx| {
        tx.now().await?;
        let id: OfferId = tx.ordered_id();
        if let idempotency::Claim::Replayed(made) = idempotency::claim(platform, tx, &claim, id.0).await? {
            return find(tx, by, OfferId(made)).await;
        }
        insert(tx, by, id, (new.event_partner, new.purpose), &terms).await
    })
}

/// Writes the first version of an offer: of which place, and for what.
pub(super) async fn insert(
    tx: &Tx,
    by: &impl MayAsk,
    id: OfferId,
    (event_partner, purpose): (EventPartnerId, Purpose),
    terms: &Judged,
) -> Result<Offer, Refused> {
    let (organization, event) = (by.organization(), by.event());
    let partner = event_partner::Entity::find_by_id((organization, event_partner))
        .one(tx)
        .await?;
    let partner = partner
        .filter(|row| row.event_id == event && by.may_ask_for(row.id))
        .ok_or_else(|| Refused::not_found("eventPartnerId"))?;
    let taken = sharing_offer::Entity::find()
        .filter(sharing_offer::Column::OrganizationId.eq(organization))
        .filter(sharing_offer::Column::EventPartnerId.eq(partner.id))
        .filter(sharing_offer::Column::Purpose.eq(purpose))
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
        purpose,
        created_at: tx.now().await?.0,
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
    let detail = serde_json::json!({ "purpose": purpose, "version": 1 });
    note(tx, by, "requestOffer", "offer", id.0, detail).await?;
    find(tx, by, id).await
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
pub async fn revise(platform: &Platform, by: &impl MayAsk, revision: &Revision) -> Result<Offer, Refused> {
    let terms = revision.terms.judge()?;
    let scope = format!("reviseOffer:{}:{}", by.event(), by.account());
    let claim = idempotency::Request::of(by.organization(), scope, &revision.idempotency_key, revision)?;
    transaction!(platform.store.writer(), async |tx| {
        if let idempotency::Claim::Replayed(_) = idempotency::claim(platform, tx, &claim, revision.offer.0).await? {
            return find(tx, by, revision.offer).await;
        }
        add_version(tx, by, revision.offer, &terms).await
    })
}

/// Writes a later version of an offer.
pub(super) async fn add_version(tx: &Tx, by: &impl MayAsk, id: OfferId, terms: &Judged) -> Result<Offer, Refused> {
    let (organization, event) = (by.organization(), by.event());
    offers::seize(tx, organization, id).await?;
    let offer = find(tx, by, id).await?;
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
    let detail = serde_json::json!({ "version": number });
    note(tx, by, "reviseOffer", "offer", id.0, detail).await?;
    find(tx, by, id).await
}

/// The offer, if it is one of this event, and one that they may ask for.
pub(super) async fn find(tx: &Tx, by: &impl MayAsk, id: OfferId) -> Result<Offer, Refused> {
    let offer = offers::by_id(tx, by.organization(), id).await?;
    offer
        .filter(|offer| offer.row.event_id == by.event() && by.may_ask_for(offer.row.event_partner_id))
        .ok_or_else(|| Refused::not_found("offerId"))
}
