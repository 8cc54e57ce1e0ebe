//! Revoking a token: from the commit on no request with it is answered.

use consentry_domain::{ActorKind, PartnerTokenId};

use crate::access::rights::ManagePartners;
use crate::access::{Authorized, OrganizationScope};
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};
use crate::services::audit;
use crate::transaction;

/// Revokes it; one that is revoked already stays so.
///
/// # Errors
/// Not found where the organization has no such token.
pub async fn revoke(
    platform: &Platform,
    authorized: &Authorized<OrganizationScope, ManagePartners>,
    id: PartnerTokenId,
) -> Result<(), Refused> {
    let organization = authorized.organization();
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let changed = sql::execute(
            tx,
            "update partner_token set revoked_at = $3, revision = revision + 1 \
             where organization_id = $1 and id = $2 and revoked_at is null and account_id is null",
            [organization.into(), id.into(), now.0.into()],
        )
        .await?;
        if changed == 0 {
            let known = sql::optional(
                tx,
                "select 1 as one from partner_token where organization_id = $1 and id = $2 and account_id is null",
                [organization.into(), id.into()],
            )
            .await?;
            return known.map(drop).ok_or_else(|| Refused::not_found("tokenId"));
        }
        audit::note(
            tx,
            audit::Entry {
                organization,
                actor: ActorKind::Staff,
                account: Some(authorized.actor()),
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
