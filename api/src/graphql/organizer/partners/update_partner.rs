//! `updatePartner`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};

use super::managed::Partner;
use crate::graphql::organizer::roster::of_owner;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::partners::{self, PartnerChange};
use crate::user_errors;

/// A change of a partner; what is absent stays.
#[derive(InputObject)]
pub struct UpdatePartnerInput {
    /// The partner.
    partner_id: ID,
    /// The revision that was seen.
    revision: i64,
    /// As people know it.
    display_name: Option<String>,
    /// As it is registered.
    legal_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Whom the organization writes to.
    contact_email: Option<String>,
    /// Whether anything is shared with it.
    active: Option<bool>,
}

user_errors! {
    /// Why `updatePartner` was refused.
    UpdatePartnerUserError, UpdatePartnerErrorCode { Invalid, Required, TooLong, NotFound, Stale }
}

/// What `updatePartner` changed.
#[derive(SimpleObject, Default)]
pub struct UpdatePartnerPayload {
    /// The partner; absent when it was refused.
    partner: Option<Partner>,
    /// Why it was refused.
    user_errors: Vec<UpdatePartnerUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct UpdatePartner;

/// The mutation.
#[Object]
impl UpdatePartner {
    /// Changes a partner. What it is called reaches its own views at once; a partner that is not active receives nothing.
    async fn update_partner(
        &self,
        ctx: &Context<'_>,
        input: UpdatePartnerInput,
    ) -> Result<Option<UpdatePartnerPayload>> {
        match run(ctx, input).await {
            Ok(partner) => Ok(Some(UpdatePartnerPayload {
                partner: Some(partner),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(UpdatePartnerPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn run(ctx: &Context<'_>, input: UpdatePartnerInput) -> Result<Partner, Refused> {
    let platform = platform(ctx);
    let (authorized, id) = of_owner(ctx, "partnerId", &input.partner_id).await?;
    let change = PartnerChange {
        revision: input.revision,
        display_name: input.display_name,
        legal_name: input.legal_name,
        country: input.country,
        contact_email: input.contact_email,
        active: input.active,
    };
    Ok(partners::update(platform, &authorized, id, &change).await?.into())
}
