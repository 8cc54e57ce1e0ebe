//! Places: taken and given back by conditional updates of their quotas, in the order of the quotas' ids and last of all
//! in a transaction, so that a hot row is locked for one round trip.

use std::collections::BTreeMap;

use consentry_domain::{OrganizationId, QuotaId};
use sea_orm::DbErr;

use crate::platform::store::{Tx, sql};

/// Takes so many places of each quota. What has been taken when one has too few is undone with the transaction.
///
/// # Errors
/// When the database fails.
pub(super) async fn take(
    tx: &Tx,
    organization: OrganizationId,
    needs: &BTreeMap<QuotaId, i64>,
) -> Result<Result<(), QuotaId>, DbErr> {
    for (quota, count) in needs {
        let taken = sql::execute(
            tx,
            "update quota set available = available - $3 where organization_id = $1 and id = $2 and available >= $3",
            [organization.into(), (*quota).into(), (*count).into()],
        )
        .await?;
        if taken == 0 {
            return Ok(Err(*quota));
        }
    }
    Ok(Ok(()))
}
