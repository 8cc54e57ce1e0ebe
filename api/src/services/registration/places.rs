//! Places: taken and given back by conditional updates of their quotas, in the order of the quotas' ids and last of all
//! in a transaction, so that a hot row is locked for one round trip.

use std::collections::BTreeMap;

use consentry_domain::{OrganizationId, QuotaId};
use consentry_entity::quota;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

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

/// Gives so many places of each quota back.
///
/// # Errors
/// When the database fails.
pub(super) async fn free(tx: &Tx, organization: OrganizationId, counts: &BTreeMap<QuotaId, i64>) -> Result<(), DbErr> {
    for (quota, count) in counts {
        sql::execute(
            tx,
            "update quota set available = available + $3 where organization_id = $1 and id = $2",
            [organization.into(), (*quota).into(), (*count).into()],
        )
        .await?;
    }
    Ok(())
}

/// Locks these quotas and says whether each has so many places; for the one change that goes on where they are gone.
///
/// # Errors
/// When the database fails.
pub(super) async fn are_left(
    tx: &Tx,
    organization: OrganizationId,
    needs: &BTreeMap<QuotaId, i64>,
) -> Result<bool, DbErr> {
    let rows = quota::Entity::find()
        .filter(quota::Column::OrganizationId.eq(organization))
        .filter(quota::Column::Id.is_in(needs.keys().copied()))
        .order_by_asc(quota::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    Ok(rows
        .iter()
        .all(|row| needs.get(&row.id).is_none_or(|needed| row.available >= *needed)))
}
