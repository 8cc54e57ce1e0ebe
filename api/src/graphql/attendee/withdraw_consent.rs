//! `withdrawConsent` and `withdrawAllConsents`: as easy as giving, and never refused for anything that changed meanwhile.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::OfferId;

use super::consents::{self, RegistrationConsents};
use crate::graphql::public::OfferedFieldInput;
use crate::graphql::{errors, ids, platform};
use crate::platform::Refused;
use crate::services::sharing::{NamedField, own};
use crate::user_errors;

/// What is taken back.
#[derive(InputObject)]
pub struct WithdrawConsentInput {
    /// One's own registration.
    registration_id: ID,
    /// The offer.
    offer_id: ID,
    /// Which fields; absent: all of it.
    fields: Option<Vec<OfferedFieldInput>>,
}

user_errors! {
    /// Why `withdrawConsent` was refused.
    WithdrawConsentUserError, WithdrawConsentErrorCode { NotFound }
}

/// What `withdrawConsent` changed.
#[derive(SimpleObject, Default)]
pub struct WithdrawConsentPayload {
    /// The consents as they are now; absent when it was refused.
    registration_consents: Option<RegistrationConsents>,
    /// Why it was refused.
    user_errors: Vec<WithdrawConsentUserError>,
}

/// Everything is taken back.
#[derive(InputObject)]
pub struct WithdrawAllConsentsInput {
    /// One's own registration.
    registration_id: ID,
}

user_errors! {
    /// Why `withdrawAllConsents` was refused.
    WithdrawAllConsentsUserError, WithdrawAllConsentsErrorCode { NotFound }
}

/// What `withdrawAllConsents` changed.
#[derive(SimpleObject, Default)]
pub struct WithdrawAllConsentsPayload {
    /// The consents as they are now; absent when it was refused.
    registration_consents: Option<RegistrationConsents>,
    /// Why it was refused.
    user_errors: Vec<WithdrawAllConsentsUserError>,
}

/// The mutations.
#[derive(Default)]
pub struct WithdrawConsents;

/// The mutations.
#[Object]
impl WithdrawConsents {
    /// Takes a consent back, wholly or in the named fields. In effect for every request of the partner that begins
    /// afterwards; needs no revision and always wins.
    async fn withdraw_consent(
        &self,
        ctx: &Context<'_>,
        input: WithdrawConsentInput,
    ) -> Result<Option<WithdrawConsentPayload>> {
        match one(ctx, input).await {
            Ok(consents) => Ok(Some(WithdrawConsentPayload {
                registration_consents: Some(consents),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(WithdrawConsentPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }

    /// Takes every consent of a registration back, what was only wished included.
    async fn withdraw_all_consents(
        &self,
        ctx: &Context<'_>,
        input: WithdrawAllConsentsInput,
    ) -> Result<Option<WithdrawAllConsentsPayload>> {
        match all(ctx, input).await {
            Ok(consents) => Ok(Some(WithdrawAllConsentsPayload {
                registration_consents: Some(consents),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(WithdrawAllConsentsPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn one(ctx: &Context<'_>, input: WithdrawConsentInput) -> Result<RegistrationConsents, Refused> {
    let own = consents::own(ctx, &input.registration_id).await?;
    let organization = own.organization();
    let offer: OfferId = ids::own(organization, &input.offer_id).ok_or_else(|| Refused::not_found("offerId"))?;
    let fields: Option<Vec<NamedField>> = input
        .fields
        .map(|fields| fields.iter().map(|field| field.named(organization)).collect());
    own::withdraw(platform(ctx), &own, offer, fields.as_deref()).await?;
    consents::look(ctx, &own).await
}

async fn all(ctx: &Context<'_>, input: WithdrawAllConsentsInput) -> Result<RegistrationConsents, Refused> {
    let own = consents::own(ctx, &input.registration_id).await?;
    own::withdraw_all(platform(ctx), &own).await?;
    consents::look(ctx, &own).await
}
