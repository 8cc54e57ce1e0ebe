//! Revoking a token: from the commit on no request with it is answered.

use consentry_domain::{PartnerId, PartnerTokenId};

use crate::access::MayIssue;
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};
use crate::services::audit;
use crate::transaction;

/// Revokes it; one that is revoked already stays so.
///
/// # Errors
/// Not found where the organization has no such token, or it is another partner's.
pub async fn revoke(platform: &Platform, by: &impl MayIssue, id: PartnerTokenId) -> Result<(), Refused> {
    let organization = by.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let known = sql::optional(
            tx,
            "select partner_id from partner_token where organization_id = $1 and id = $2 and account_id is null",
            [organization.into(), id.into()],
        )
        .await?;
        let partner: Option<PartnerId> = known.map(|row| row.try_get("", "partner_id")).transpose()?;
        if !partner.is_some_and(|partner| by.may_issue_for(partner)) {
            return Err(Refused::not_found("tokenId"));
        }
        let changed = sql::execute(
            tx,
            "update partner_token set revoked_at = $3, revision = revision + 1 \
             where organization_id = $1 and id = $2 and revoked_at is null and account_id is null",
            [organization.into(), id.into(), now.0.into()],
        )
        .await?;
        if changed == 0 {
            return Ok(());
        }
        audit::note(
            tx,
            audit::Entry {
                organization,
                actor: by.kind(),
                account: Some(by.account()),
                action: "revokePartnerToken",
                event: None,
                subject_kind: "partnerToken",
                subject: Some(id.0),
                detail: serde_json::json!({}),
            },
        )
        .await?;
        Ok(())
    })
}
