//! `approveOffer`.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};

use consentry_domain::offer;

use super::context;
use super::managed::ManagedOffer;
use super::version::OfferDifference;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners;
use crate::user_errors;

/// Which version is approved.
#[derive(InputObject)]
pub struct ApproveOfferInput {
    /// The offer.
    offer_id: ID,
    /// The number of its version.
    version: i32,
    /// Whether a changed text says something else, or the same in other words.
    #[graphql(default_with = "TextChange::Substantial")]
    text_change: TextChange,
    /// A remark, which the partner's administrators read.
    remark: Option<String>,
}

user_errors! {
    /// Why `approveOffer` was refused.
    ApproveOfferUserError, ApproveOfferErrorCode { Invalid, Required, TooLong, NotFound, WrongState }
}

/// What `approveOffer` put in force.
#[derive(SimpleObject, Default)]
pub struct ApproveOfferPayload {
    /// The offer; absent when it was refused.
    offer: Option<ManagedOffer>,
    /// What the version changes against the one before; absent for the first one.
    difference: Option<OfferDifference>,
    /// Why it was refused.
    user_errors: Vec<ApproveOfferUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct ApproveOffer;

/// The mutation.
#[Object]
impl ApproveOffer {
    /// Puts a requested version in force. Consents carry over only where it takes nothing but away.
    async fn approve_offer(&self, ctx: &Context<'_>, input: ApproveOfferInput) -> Result<Option<ApproveOfferPayload>> {
        match run(ctx, input).await {
            Ok((offer, difference)) => Ok(Some(ApproveOfferPayload {
                offer: Some(offer),
                difference,
                ..Default::default()
            })),
            Err(refused) => Ok(Some(ApproveOfferPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: ApproveOfferInput) -> Result<(ManagedOffer, Option<OfferDifference>), Refused> {
    let platform = platform(ctx);
    let (authorized, offer) = context::offer_scope(ctx, &input.offer_id).await?;
    let text = match input.text_change {
        TextChange::Substantial => offer::TextChange::Substantial,
        TextChange::Editorial => offer::TextChange::Editorial,
    };
    let remark = input.remark.as_deref();
    let approved = partners::approve(platform, &authorized, offer, input.version, text, remark).await?;
    let context = context::context(platform, &authorized).await?;
    let difference = approved
        .difference
        .map(|difference| OfferDifference::new(context.clone(), difference));
    Ok((ManagedOffer::new(context, approved.offer), difference))
}

/// What the approver says about a changed text.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextChange {
    /// It says something else: everybody is asked anew.
    Substantial,
    /// It says the same in other words. The difference is kept.
    Editorial,
}
