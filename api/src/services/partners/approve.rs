//! Approving a version: it is in force from then on, and the leads follow in the same transaction.

use consentry_domain::offer::{OfferVersion, TextChange, covers_from};
use consentry_domain::{Instant, OfferId};
use consentry_entity::offer_version;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::at_event::note;
use super::difference::{self, Difference};
use super::{judge, request, told};
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, EventScope};
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::mail::facts::OfferDecision;
use crate::services::sharing::offers::{self, Offer, Version};
use crate::services::sharing::{stream_facts, switch};
use crate::transaction;

/// An approved version with what it changed.
#[derive(Clone, Debug)]
pub struct Approved {
    /// The offer as it is now.
    pub offer: Offer,
    /// Against the version before; none for the first one.
    pub difference: Option<Difference>,
}

/// Puts a requested version in force. Consents that cover it keep their leads, all others lose them.
///
/// # Errors
/// `WRONG_STATE` where the version does not wait for a decision.
pub async fn approve(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    id: OfferId,
    number: i32,
    text: TextChange,
    remark: Option<&str>,
) -> Result<Approved, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let mut problems = Problems::new();
    let remark = remark.and_then(|typed| problems.keep("remark", judge::remark(typed)));
    problems.none()?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        offers::seize(tx, organization, id).await?;
        let offer = request::find(tx, authorized, id).await?;
        let version = waiting(&offer, number)?;
        let difference = difference::of(&offer, version)?;
        let state = state(version)?.approve(now).map_err(|error| wrong_state(&error))?;
        let mut chain = offer.chain()?;
        chain.push(offer.as_approved(version, text)?);
        let row = offer_version::Model {
            state: state.state(),
            editorial: text == TextChange::Editorial,
            covers_from: covers_from(&chain),
            decided_at: Some(now.0),
            decided_by: Some(authorized.actor()),
            remark: remark.clone(),
            ..version.row.clone()
        };
        offer_version::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        let offer = request::find(tx, authorized, id).await?;
        switch::version(tx, organization, id, offer.in_force().map(Version::rule)).await?;
        stream_facts::rewrite_one(tx, organization, event, id).await?;
        let detail = serde_json::json!({ "version": number, "editorial": text == TextChange::Editorial });
        note(tx, authorized, "approveOffer", "offer", id.0, detail).await?;
        told::decided(
            tx,
            authorized,
            &offer,
            waiting(&offer, number)?,
            OfferDecision::Approved,
        )
        .await?;
        Ok(Approved { offer, difference })
    })
}

/// The version of this number, which must wait for a decision.
pub(super) fn waiting(offer: &Offer, number: i32) -> Result<&Version, Refused> {
    let version = offer.versions.iter().find(|version| version.row.version == number);
    version.ok_or_else(|| Refused::not_found("version"))
}

/// Where a version stands.
pub(super) fn state(version: &Version) -> Result<OfferVersion, Fault> {
    let state = OfferVersion::from_stored(version.row.state, version.row.decided_at.map(Instant));
    state.ok_or_else(|| Fault::Corrupt("a version decided at no time".into()))
}

pub(super) fn wrong_state(error: &consentry_domain::InvalidTransition) -> Refused {
    let message = format!("This version is decided already: it is {}.", error.from.to_lowercase());
    Refused::because("version", Code::WrongState, message)
}
