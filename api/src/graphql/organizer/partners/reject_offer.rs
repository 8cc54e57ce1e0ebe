//! `rejectOffer`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context;
use super::managed::ManagedOffer;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners;
use crate::user_errors;

/// Which version is rejected.
#[derive(InputObject)]
pub struct RejectOfferInput {
    /// The offer.
    offer_id: ID,
    /// The number of its version.
    version: i32,
    /// A remark, which the partner's administrators read.
    remark: Option<String>,
}

user_errors! {
    /// Why `rejectOffer` was refused.
    RejectOfferUserError, RejectOfferErrorCode { Invalid, Required, TooLong, NotFound, WrongState }
}

/// What `rejectOffer` settled.
#[derive(SimpleObject, Default)]
pub struct RejectOfferPayload {
    /// The offer; absent when it was refused.
    offer: Option<ManagedOffer>,
    /// Why it was refused.
    user_errors: Vec<RejectOfferUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct RejectOffer;

/// The mutation.
#[Object]
impl RejectOffer {
    /// Refuses a requested version; the one in force stays.
    async fn reject_offer(&self, ctx: &Context<'_>, input: RejectOfferInput) -> Result<Option<RejectOfferPayload>> {
        match run(ctx, input).await {
            Ok(offer) => Ok(Some(RejectOfferPayload {
                offer: Some(offer),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(RejectOfferPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: RejectOfferInput) -> Result<ManagedOffer, Refused> {
    let platform = platform(ctx);
    let (authorized, offer) = context::offer_scope(ctx, &input.offer_id).await?;
    let remark = input.remark.as_deref();
    let offer = partners::reject(platform, &authorized, offer, input.version, remark).await?;
    context::offer(platform, &authorized, offer).await
}
