//! What a partner's administrators do about its tokens.

use async_graphql::{Context, ID, InputObject, MergedObject, SimpleObject};
use consentry_domain::{PartnerId, PartnerTokenId};
use secrecy::ExposeSecret;

use super::PartnerToken;
use super::scope::of_partner;
use super::token::shown;
use super::token_scope::{TokenScopeInput, scopes};
use crate::graphql::platform;
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::TokenCapability;
use crate::mutation;
use crate::platform::Refused;
use crate::services::tokens::{self, NewToken};

/// The mutations.
#[derive(MergedObject, Default)]
pub struct OwnTokenMutation(IssueOwnToken, RevokeOwnToken);

/// A new token for one's own partner.
#[derive(InputObject)]
pub struct IssueOwnTokenInput {
    /// New for each token, the same when it is sent again.
    idempotency_key: String,
    /// The partner that one administers.
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

/// A token that was issued a moment ago.
#[derive(SimpleObject)]
pub struct IssuedToken {
    /// The token.
    token: PartnerToken,
    /// Its text, for the header `Authorization: Bearer …`. It is shown here and nowhere else, not even when the same request
    /// is sent again: keep it like a password.
    secret: Option<String>,
}

mutation! {
    /// Issues a token of one's own partner, within what the organizer approved. It works at once.
    IssueOwnToken::issue_own_token(IssueOwnTokenInput) => issue;
    IssueOwnTokenPayload {
        /// The token with its secret; absent when it was refused.
        issued: IssuedToken
    }
    IssueOwnTokenUserError, IssueOwnTokenErrorCode { Invalid, Required, TooLong, NotFound, NotPermitted, IdempotencyMismatch }
}

async fn issue(ctx: &Context<'_>, input: IssueOwnTokenInput) -> Result<IssuedToken, Refused> {
    let (own, partner): (_, PartnerId) = of_partner(ctx, "partnerId", &input.partner_id).await?;
    let organization = own.organization();
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
    let issued = tokens::issue_own(platform(ctx), &own, &new).await?;
    Ok(IssuedToken {
        token: shown(ctx, organization, issued.token).await?,
        secret: issued.secret.map(|secret| secret.expose_secret().to_owned()),
    })
}

/// A token of one's own partner, to be taken back.
#[derive(InputObject)]
pub struct RevokeOwnTokenInput {
    /// Which one.
    token_id: ID,
}

mutation! {
    /// Takes a token of one's own partner back: no request with it is answered any more.
    RevokeOwnToken::revoke_own_token(RevokeOwnTokenInput) => revoke;
    RevokeOwnTokenPayload {
        /// The token; absent when it was refused.
        token: PartnerToken
    }
    RevokeOwnTokenUserError, RevokeOwnTokenErrorCode { NotFound }
}

async fn revoke(ctx: &Context<'_>, input: RevokeOwnTokenInput) -> Result<PartnerToken, Refused> {
    let (own, id): (_, PartnerTokenId) = of_partner(ctx, "tokenId", &input.token_id).await?;
    tokens::revoke(platform(ctx), &own, id).await?;
    shown(ctx, own.organization(), id).await
}
