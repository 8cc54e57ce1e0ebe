//! `createPartner`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::managed::Partner;
use crate::graphql::organizer::roster::of_organization;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners::{self, NewPartner};
use crate::user_errors;

/// A new partner.
#[derive(InputObject)]
pub struct CreatePartnerInput {
    /// New for each partner, the same when it is sent again.
    idempotency_key: String,
    /// The organization.
    organization_id: ID,
    /// As people know it.
    display_name: String,
    /// As it is registered.
    legal_name: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// Whom the organization writes to.
    contact_email: String,
}

user_errors! {
    /// Why `createPartner` was refused.
    CreatePartnerUserError, CreatePartnerErrorCode { Invalid, Required, TooLong, NotFound, IdempotencyMismatch }
}

/// What `createPartner` made.
#[derive(SimpleObject, Default)]
pub struct CreatePartnerPayload {
    /// The partner; absent when it was refused.
    partner: Option<Partner>,
    /// Why it was refused.
    user_errors: Vec<CreatePartnerUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct CreatePartner;

/// The mutation.
#[Object]
impl CreatePartner {
    /// Adds a company with which the organization shares.
    async fn create_partner(
        &self,
        ctx: &Context<'_>,
        input: CreatePartnerInput,
    ) -> Result<Option<CreatePartnerPayload>> {
        match run(ctx, input).await {
            Ok(partner) => Ok(Some(CreatePartnerPayload {
                partner: Some(partner),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(CreatePartnerPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: CreatePartnerInput) -> Result<Partner, Refused> {
    let platform = platform(ctx);
    let authorized = of_organization(ctx, "organizationId", &input.organization_id).await?;
    let new = NewPartner {
        idempotency_key: input.idempotency_key,
        display_name: input.display_name,
        legal_name: input.legal_name,
        country: input.country,
        contact_email: input.contact_email,
    };
    Ok(partners::create(platform, &authorized, &new).await?.into())
}
