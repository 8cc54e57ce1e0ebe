//! `issuePartnerToken` and `revokePartnerToken`.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::{PartnerId, PartnerTokenId};

use super::roster::of_owner;
use crate::graphql::partner::{PartnerToken, TokenScopeInput, scopes, shown_token};
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::TokenCapability;
use crate::graphql::{errors, platform};
use crate::platform::Refused;
use crate::services::tokens::{self, NewToken};
use crate::user_errors;

/// A new token for a partner.
#[derive(InputObject)]
pub struct IssuePartnerTokenInput {
    /// New for each token, the same when it is sent again.
    idempotency_key: String,
    /// Whose it is going to be.
    partner_id: ID,
    /// For whom or for what, so that people know it again.
    name: String,
    /// What it reads.
    scopes: Vec<TokenScopeInput>,
    /// What it may do.
    #[graphql(default_with = "vec![TokenCapability::Pull]")]
    capabilities: Vec<TokenCapability>,
    /// From when it works; from now where it is not said.
    not_before: Option<DateTime>,
    /// Until when it works; for 90 days where it is not said, for 400 at most.
    expires_at: Option<DateTime>,
    /// Ranges of addresses (CIDR) from which it works; from anywhere where none is said.
    #[graphql(default)]
    networks: Vec<String>,
}

user_errors! {
    /// Why `issuePartnerToken` was refused.
    IssuePartnerTokenUserError, IssuePartnerTokenErrorCode { Invalid, Required, TooLong, NotFound, NotPermitted, IdempotencyMismatch }
}

/// What `issuePartnerToken` made.
#[derive(SimpleObject, Default)]
pub struct IssuePartnerTokenPayload {
    /// The token; absent when it was refused. Its secret is made when the partner claims it, and staff never see it.
    token: Option<PartnerToken>,
    /// Why it was refused.
    user_errors: Vec<IssuePartnerTokenUserError>,
}

/// A token to be taken back.
#[derive(InputObject)]
pub struct RevokePartnerTokenInput {
    /// Which one.
    token_id: ID,
}

user_errors! {
    /// Why `revokePartnerToken` was refused.
    RevokePartnerTokenUserError, RevokePartnerTokenErrorCode { NotFound }
}

/// What `revokePartnerToken` did.
#[derive(SimpleObject, Default)]
pub struct RevokePartnerTokenPayload {
    /// The token; absent when it was refused.
    token: Option<PartnerToken>,
    /// Why it was refused.
    user_errors: Vec<RevokePartnerTokenUserError>,
}

/// The mutations.
#[derive(Default)]
pub struct PartnerTokens;

/// The mutations.
#[Object]
impl PartnerTokens {
    /// Issues a token and mails its partner's contact a link to claim it.
    async fn issue_partner_token(
        &self,
        ctx: &Context<'_>,
        input: IssuePartnerTokenInput,
    ) -> Result<Option<IssuePartnerTokenPayload>> {
        match issue(ctx, input).await {
            Ok(token) => Ok(Some(IssuePartnerTokenPayload {
                token: Some(token),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(IssuePartnerTokenPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }

    /// Takes a token back: no request with it is answered any more.
    async fn revoke_partner_token(
        &self,
        ctx: &Context<'_>,
        input: RevokePartnerTokenInput,
    ) -> Result<Option<RevokePartnerTokenPayload>> {
        match revoke(ctx, &input.token_id).await {
            Ok(token) => Ok(Some(RevokePartnerTokenPayload {
                token: Some(token),
                ..Default::default()
            })),
            Err(refused) => Ok(Some(RevokePartnerTokenPayload {
                user_errors: errors::problems(refused)?,
                ..Default::default()
            })),
        }
    }
}

async fn issue(ctx: &Context<'_>, input: IssuePartnerTokenInput) -> Result<PartnerToken, Refused> {
    let platform = platform(ctx);
    let (authorized, partner) = of_owner::<_, PartnerId>(ctx, "partnerId", &input.partner_id).await?;
    let organization = authorized.organization();
    let new = NewToken {
        idempotency_key: input.idempotency_key,
        partner,
        name: input.name,
        scopes: scopes(organization, &input.scopes)?,
        capabilities: input.capabilities.into_iter().map(Into::into).collect(),
        not_before: input.not_before.map(|at| at.0),
        expires_at: input.expires_at.map(|at| at.0),
        networks: input.networks,
    };
    let id = tokens::issue(platform, &authorized, &new).await?;
    shown_token(ctx, organization, id).await
}

async fn revoke(ctx: &Context<'_>, token_id: &ID) -> Result<PartnerToken, Refused> {
    let platform = platform(ctx);
    let (authorized, id) = of_owner::<_, PartnerTokenId>(ctx, "tokenId", token_id).await?;
    tokens::revoke(platform, &authorized, id).await?;
    shown_token(ctx, authorized.organization(), id).await
}
