//! `register`.

use async_graphql::{Context, Object, Result, SimpleObject};
use consentry_domain::EventId;

use super::Order;
use super::register_input::RegisterInput;
use crate::graphql::public::ConsentIssue;
use crate::graphql::{errors, ids, platform};
use crate::platform::Refused;
use crate::services::registration::{self, orders};
use crate::user_errors;

user_errors! {
    /// Why `register` was refused.
    RegisterUserError, RegisterErrorCode {
        /// It is not what is expected.
        Invalid,
        /// It is missing.
        Required,
        /// It has too many characters.
        TooLong,
        /// There is no such thing here.
        NotFound,
        /// Not enough places are left.
        SoldOut,
        /// It is not on sale now.
        NotOnSale,
        /// An order cannot have so few or so many.
        LimitExceeded,
        /// Somebody is too young to come.
        TooYoung,
        /// Somebody wishes to share for another.
        ConsentNotYours,
        /// The key was used for another order.
        IdempotencyMismatch,
    }
}

/// What `register` made.
#[derive(SimpleObject, Default)]
pub struct RegisterPayload {
    /// The order; absent when it was refused.
    order: Option<Order>,
    /// Opens the order (`order`).
    secret: Option<String>,
    /// What could not be taken of the wishes about sharing: it blocks nothing.
    consent_issues: Vec<ConsentIssue>,
    /// Why it was refused.
    user_errors: Vec<RegisterUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct Register;

/// The mutation.
#[Object]
impl Register {
    /// Registers everybody in the order, or nobody. An order of zero is confirmed at once; the others hold their
    /// places until they expire.
    async fn register(&self, ctx: &Context<'_>, input: RegisterInput) -> Result<Option<RegisterPayload>> {
        match register(ctx, input).await {
            Ok(payload) => Ok(Some(payload)),
            Err(refused) => {
                let user_errors = errors::problems(refused)?;
                Ok(Some(RegisterPayload {
                    user_errors,
                    ..Default::default()
                }))
            }
        }
    }
}

async fn register(ctx: &Context<'_>, input: RegisterInput) -> Result<RegisterPayload, Refused> {
    let platform = platform(ctx);
    let (organization, event) = ids::decode::<EventId>(&input.event_id).ok_or_else(|| Refused::not_found("eventId"))?;
    let registered = registration::register(platform, &input.order(organization, event)).await?;
    let secret = orders::secret(platform, &registered.order);
    let order = Order::new(registered.order)?;
    let consent_issues = order.issues(ctx, registered.issues).await?;
    Ok(RegisterPayload {
        order: Some(order),
        secret: Some(secret),
        consent_issues,
        user_errors: Vec::new(),
    })
}
