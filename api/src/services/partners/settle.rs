//! Rejecting a requested version, and taking a version back.

use consentry_domain::OfferId;
use consentry_domain::offer::OfferVersion;
use consentry_entity::offer_version;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::approve::{state, waiting, wrong_state};
use super::at_event::note;
use super::{judge, request, told};
use crate::access::rights::ManagePartners;
use crate::access::{Authorized, EventScope, MayAsk};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::mail::facts::OfferDecision;
use crate::services::sharing::offers::{self, Offer, Version};
use crate::services::sharing::{stream_facts, switch};
use crate::transaction;

/// Rejects a requested version; the one in force stays.
///
/// # Errors
/// `WRONG_STATE` where the version does not wait for a decision.
pub async fn reject(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManagePartners>,
    id: OfferId,
    number: i32,
    remark: Option<&str>,
) -> Result<Offer, Refused> {
    settle(platform, authorized, id, number, remark, Settlement::Reject).await
}

/// Takes a version back: one that waits for a decision, or the one in force. With the latter, nothing is shared any
/// more: its leads go, and consents given before do not come back with a later version.
///
/// # Errors
/// `WRONG_STATE` where the version is neither.
pub async fn withdraw(
    platform: &Platform,
    authorized: &impl MayAsk,
    id: OfferId,
    number: i32,
    remark: Option<&str>,
) -> Result<Offer, Refused> {
    settle(platform, authorized, id, number, remark, Settlement::Withdraw).await
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Settlement {
    Reject,
    Withdraw,
}

impl Settlement {
    /// What the log calls it.
    fn action(self) -> &'static str {
        match self {
            Self::Reject => "rejectOffer",
            Self::Withdraw => "withdrawOffer",
        }
    }

    /// What the partner is told, of a version that is in force or not.
    fn told(self, in_force: bool) -> OfferDecision {
        match self {
            Self::Reject => OfferDecision::SentBack,
            Self::Withdraw if in_force => OfferDecision::Ended,
            Self::Withdraw => OfferDecision::TakenBack,
        }
    }
}

async fn settle(
    platform: &Platform,
    authorized: &impl MayAsk,
    id: OfferId,
    number: i32,
    remark: Option<&str>,
    how: Settlement,
) -> Result<Offer, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    let mut problems = Problems::new();
    let remark = remark.and_then(|typed| problems.keep("remark", judge::remark(typed)));
    problems.none()?;
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        offers::seize(tx, organization, id).await?;
        let offer = request::find(tx, authorized, id).await?;
        let version = waiting(&offer, number)?;
        let before = state(version)?;
        let in_force = offer.in_force().is_some_and(|in_force| in_force.row.version == number);
        if matches!(before, OfferVersion::Approved { .. }) && !in_force {
            let message = "A later version is in force; withdraw that one.";
            return Err(Refused::because("version", Code::WrongState, message));
        }
        let after = match how {
            Settlement::Reject => before.reject(now),
            Settlement::Withdraw => before.withdraw(now),
        };
        let row = offer_version::Model {
            state: after.map_err(|error| wrong_state(&error))?.state(),
            decided_at: Some(now.0),
            decided_by: Some(authorized.account()),
            remark: remark.clone(),
            ..version.row.clone()
        };
        offer_version::Entity::update(row.into_active_model().reset_all())
            .exec(tx)
            .await?;
        let offer = request::find(tx, authorized, id).await?;
        if in_force {
            switch::version(tx, organization, id, offer.in_force().map(Version::rule)).await?;
            stream_facts::rewrite_one(tx, organization, event, id).await?;
        }
        let detail = serde_json::json!({ "version": number });
        note(tx, authorized, how.action(), "offer", id.0, detail).await?;
        told::decided(tx, authorized, &offer, waiting(&offer, number)?, how.told(in_force)).await?;
        Ok(offer)
    })
}
