//! `requestOffer`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::context;
use super::managed::ManagedOffer;
use crate::graphql::organizer::roster::of_part;
use crate::graphql::public::{LocalizedTextInput, OfferedFieldInput, localized};
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::Purpose;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners::{self, NewOffer, Terms};
use crate::user_errors;

/// What a partner asks attendees for.
#[derive(InputObject)]
pub struct RequestOfferInput {
    /// New for each offer, the same when it is sent again.
    idempotency_key: String,
    /// The partner at the event.
    event_partner_id: ID,
    /// What for.
    purpose: Purpose,
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
    /// Why `requestOffer` was refused.
    RequestOfferUserError, RequestOfferErrorCode { Invalid, Required, TooLong, NotFound, Taken, NotShareable, LimitExceeded, Incomplete, IdempotencyMismatch }
}

/// What `requestOffer` made.
#[derive(SimpleObject, Default)]
pub struct RequestOfferPayload {
    /// The offer; absent when it was refused.
    offer: Option<ManagedOffer>,
    /// Why it was refused.
    user_errors: Vec<RequestOfferUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct RequestOffer;

/// The mutation.
#[Object]
impl RequestOffer {
    /// Requests an offer on a partner's behalf. Attendees see it once it is approved.
    async fn request_offer(&self, ctx: &Context<'_>, input: RequestOfferInput) -> Result<Option<RequestOfferPayload>> {
        match run(ctx, input).await {
            Ok(offer) => Ok(Some(RequestOfferPayload {
                offer: Some(offer),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(RequestOfferPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: RequestOfferInput) -> Result<ManagedOffer, Refused> {
    let platform = platform(ctx);
    let (authorized, event_partner) = of_part(ctx, "eventPartnerId", &input.event_partner_id).await?;
    let organization = authorized.organization();
    let terms = Terms {
        text: localized(input.text),
        fields: input.fields.iter().map(|field| field.named(organization)).collect(),
        retention_days: input.retention_days,
        starts_at: input.starts_at.map(|time| time.0),
        ends_at: input.ends_at.map(|time| time.0),
    };
    let new = NewOffer {
        idempotency_key: input.idempotency_key,
        event_partner,
        purpose: input.purpose.into(),
        terms,
    };
    let offer = partners::request(platform, &authorized, &new).await?;
    context::offer(platform, &authorized, offer).await
}
