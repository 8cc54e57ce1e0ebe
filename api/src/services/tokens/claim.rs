//! Claiming a token: its secret is made here, shown once, and forgotten but for its keyed hash.

use consentry_domain::token::{PartnerToken, TokenKind, TokenText};
use consentry_domain::{ActorKind, Instant, OrganizationId, PartnerTokenId};
use sea_orm::Value;
use secrecy::SecretString;

use super::ENVIRONMENT;
use crate::platform::keys::LinkKind;
use crate::platform::store::Tx;
use crate::platform::store::sql::{self, Lock, lock_suffix};
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::audit;
use crate::transaction;

/// A token that was claimed a moment ago.
pub struct Claimed {
    /// The tenant.
    pub organization: OrganizationId,
    /// The token.
    pub token: PartnerTokenId,
    /// Its text; nobody can ask for it again.
    pub secret: SecretString,
}

/// Claims the token that this link is about. The link works once; if the answer is lost, a new token has to be issued.
///
/// # Errors
/// Expired where the link is none of ours, was used, or its token was revoked or is over: one answer.
pub async fn claim(platform: &Platform, secret: &str) -> Result<Claimed, Refused> {
    let refused = || {
        Refused::because(
            "secret",
            Code::Expired,
            "This link does not work any more. Ask the organizer for a new token.",
        )
    };
    let link = platform
        .keys
        .open_link(LinkKind::TokenClaim, secret.trim())
        .ok_or_else(refused)?;
    let id = PartnerTokenId(link.id);
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let text = format!(
            "select kid, claim_generation, claimed_at, revoked_at, expires_at from partner_token \
             where organization_id = $1 and id = $2{}",
            lock_suffix(tx.engine(), Lock::Exclusive)
        );
        let values: [Value; 2] = [link.organization.into(), id.into()];
        let row = sql::optional(tx, &text, values).await?.ok_or_else(refused)?;
        let at = |column| Ok::<_, sea_orm::DbErr>(row.try_get::<Option<i64>>("", column)?.map(Instant));
        let is_open = PartnerToken::from_stored(at("claimed_at")?, at("revoked_at")?)
            .claim(now)
            .is_ok();
        let of_this_generation = row.try_get::<i32>("", "claim_generation")? == link.generation;
        let over = row.try_get::<i64>("", "expires_at")? <= now.0;
        if !is_open || !of_this_generation || over {
            return Err(refused());
        }
        let key_id: String = row.try_get("", "kid")?;
        let secret = open(platform, tx, (link.organization, id), &key_id, now).await?;
        audit::note(
            tx,
            audit::Entry {
                organization: link.organization,
                actor: ActorKind::Partner,
                account: None,
                action: "claimPartnerToken",
                event: None,
                subject_kind: "partnerToken",
                subject: Some(link.id),
                detail: serde_json::json!({}),
            },
        )
        .await?;
        Ok(Claimed {
            organization: link.organization,
            token: id,
            secret,
        })
    })
}

/// Makes the secret of a token, and keeps its keyed hash. From now on it works, within its time.
pub(super) async fn open(
    platform: &Platform,
    tx: &Tx,
    (organization, id): (OrganizationId, PartnerTokenId),
    key_id: &str,
    now: Instant,
) -> Result<SecretString, Refused> {
    let token = TokenText::with_key_id(ENVIRONMENT, TokenKind::Partner, key_id, &tx.random())
        .map_err(|_| Fault::Corrupt("a token's key id".into()))?;
    sql::execute(
        tx,
        "update partner_token set hash = $3, claimed_at = $4, claim_generation = claim_generation + 1, \
         revision = revision + 1 where organization_id = $1 and id = $2",
        [
            organization.into(),
            id.into(),
            platform.keys.token_hash(token.expose()).into(),
            now.0.into(),
        ],
    )
    .await?;
    Ok(token.expose().into())
}
