//! `reviseOffer`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context;
use super::managed::ManagedOffer;
use crate::graphql::public::{LocalizedTextInput, OfferedFieldInput, localized};
use crate::graphql::scalars::DateTime;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners::{self, Revision, Terms};
use crate::user_errors;

/// A new version of an offer.
#[derive(InputObject)]
pub struct ReviseOfferInput {
    /// New for each version, the same when it is sent again.
    idempotency_key: String,
    /// The offer.
    offer_id: ID,
    /// What attendees read before they decide, per language.
    text: Vec<LocalizedTextInput>,
    /// Which fields.
    fields: Vec<OfferedFieldInput>,
    /// For how many days after the event, or after the consent if that is later.
    retention_days: i32,
    /// From when it is shared; absent: from the consent on.
    starts_at: Option<DateTime>,
    /// Until when it is shared; absent: without end.
    ends_at: Option<DateTime>,
}

user_errors! {
    /// Why `reviseOffer` was refused.
    ReviseOfferUserError, ReviseOfferErrorCode { Invalid, Required, TooLong, NotFound, WrongState, NotShareable, LimitExceeded, Incomplete, IdempotencyMismatch }
}

/// What `reviseOffer` made.
#[derive(SimpleObject, Default)]
pub struct ReviseOfferPayload {
    /// The offer with its new version; absent when it was refused.
    offer: Option<ManagedOffer>,
    /// Why it was refused.
    user_errors: Vec<ReviseOfferUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct ReviseOffer;

/// The mutation.
#[Object]
impl ReviseOffer {
    /// Requests a new version of an offer. The one in force stays until the new one is approved.
    async fn revise_offer(&self, ctx: &Context<'_>, input: ReviseOfferInput) -> Result<Option<ReviseOfferPayload>> {
        match run(ctx, input).await {
            Ok(offer) => Ok(Some(ReviseOfferPayload {
                offer: Some(offer),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(ReviseOfferPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: ReviseOfferInput) -> Result<ManagedOffer, Refused> {
    let platform = platform(ctx);
    let (authorized, offer) = context::offer_scope(ctx, &input.offer_id).await?;
    let organization = authorized.organization();
    let terms = Terms {
        text: localized(input.text),
        fields: input.fields.iter().map(|field| field.named(organization)).collect(),
        retention_days: input.retention_days,
        starts_at: input.starts_at.map(|time| time.0),
        ends_at: input.ends_at.map(|time| time.0),
    };
    let revision = Revision {
        idempotency_key: input.idempotency_key,
        offer,
        terms,
    };
    let offer = partners::revise(platform, &authorized, &revision).await?;
    context::offer(platform, &authorized, offer).await
}
