//! `withdrawOffer`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context;
use super::managed::ManagedOffer;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners;
use crate::user_errors;

/// Which version is withdrawn.
#[derive(InputObject)]
pub struct WithdrawOfferInput {
    /// The offer.
    offer_id: ID,
    /// The number of its version.
    version: i32,
    /// A remark, which the partner's administrators read.
    remark: Option<String>,
}

user_errors! {
    /// Why `withdrawOffer` was refused.
    WithdrawOfferUserError, WithdrawOfferErrorCode { Invalid, Required, TooLong, NotFound, WrongState }
}

/// What `withdrawOffer` settled.
#[derive(SimpleObject, Default)]
pub struct WithdrawOfferPayload {
    /// The offer; absent when it was refused.
    offer: Option<ManagedOffer>,
    /// Why it was refused.
    user_errors: Vec<WithdrawOfferUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct WithdrawOffer;

/// The mutation.
#[Object]
impl WithdrawOffer {
    /// Takes a version back: one that waits for a decision, or the one in force. With the latter nothing is shared any more, and consents given before do not come back with a later version.
    async fn withdraw_offer(
        &self,
        ctx: &Context<'_>,
        input: WithdrawOfferInput,
    ) -> Result<Option<WithdrawOfferPayload>> {
        match run(ctx, input).await {
            Ok(offer) => Ok(Some(WithdrawOfferPayload {
                offer: Some(offer),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(WithdrawOfferPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: WithdrawOfferInput) -> Result<ManagedOffer, Refused> {
    let platform = platform(ctx);
    let (authorized, offer) = context::offer_scope(ctx, &input.offer_id).await?;
    let remark = input.remark.as_deref();
    let offer = partners::withdraw(platform, &authorized, offer, input.version, remark).await?;
    context::offer(platform, &authorized, offer).await
}
