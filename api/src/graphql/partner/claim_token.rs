//! `claimPartnerToken`.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use secrecy::ExposeSecret;

use super::PartnerToken;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::tokens;
use crate::user_errors;

/// What the link in the mail says.
#[derive(InputObject)]
pub struct ClaimPartnerTokenInput {
    /// The last part of the link.
    secret: String,
}

user_errors! {
    /// Why `claimPartnerToken` was refused.
    ClaimPartnerTokenUserError, ClaimPartnerTokenErrorCode {
        /// The link does not work, or does not work any more.
        Expired
    }
}

/// The claimed token.
#[derive(SimpleObject, Default)]
pub struct ClaimPartnerTokenPayload {
    /// The token; absent when it was refused.
    token: Option<PartnerToken>,
    /// Its text, for the header `Authorization: Bearer …`. It is shown here and nowhere else: keep it like a password.
    secret: Option<String>,
    /// Why it was refused.
    user_errors: Vec<ClaimPartnerTokenUserError>,
}

/// The mutation.
#[derive(Default)]
pub struct ClaimPartnerToken;

/// The mutation.
#[Object]
impl ClaimPartnerToken {
    /// Makes the token's secret and shows it, once. The link works once.
    async fn claim_partner_token(
        &self,
        ctx: &Context<'_>,
        input: ClaimPartnerTokenInput,
    ) -> Result<Option<ClaimPartnerTokenPayload>> {
        match claim(ctx, &input.secret).await {
            Ok(payload) => Ok(Some(payload)),
            Err(refused) => Ok(Some(ClaimPartnerTokenPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn claim(ctx: &Context<'_>, secret: &str) -> Result<ClaimPartnerTokenPayload, Refused> {
    let platform = platform(ctx);
    let claimed = tokens::claim(platform, secret).await?;
    let view = tokens::by_id(&platform.store, claimed.organization, claimed.token).await?;
    Ok(ClaimPartnerTokenPayload {
        token: view.map(PartnerToken::from),
        secret: Some(claimed.secret.expose_secret().to_owned()),
        user_errors: Vec::new(),
    })
}
