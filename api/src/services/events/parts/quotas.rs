//! Quotas: numbers of places, shared by ticket types.

use consentry_domain::{QuotaId, TicketTypeId};
use consentry_entity::{quota, quota_ticket_type};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::{Editor, changed, check_revision, claim, lock};
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, EventScope};
use crate::platform::store::{Store, sql};
use crate::platform::{Code, Platform, Problems, Refused};
use crate::services::input;
use crate::transaction;

/// What a quota is, as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct QuotaTerms {
    /// Its name, for staff.
    pub name: String,
    /// How many places there are in all.
    pub size: i32,
}

/// Creates one; ticket types name it in their terms.
///
/// # Errors
/// What is wrong with the input, field by field.
pub async fn create_quota(
    platform: &Platform,
    editor: &Editor,
    key: &str,
    terms: &QuotaTerms,
) -> Result<QuotaId, Refused> {
    let (name, size) = judge(terms)?;
    transaction!(platform.store.writer(), async |tx| {
        let id: QuotaId = tx.ordered_id();
        if let Some(made) = claim(platform, tx, editor, "createQuota", key, terms, id.0).await? {
            return Ok(QuotaId(made));
        }
        lock(tx, editor).await?;
        let row = quota::Model {
            organization_id: editor.organization(),
            id,
            event_id: editor.event(),
            name: name.clone(),
            size,
            available: size,
            revision: 1,
        };
        quota::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(tx)
            .await?;
        changed(tx, editor, "createQuota", "quota", id.0).await?;
        Ok(id)
    })
}

/// The event's quotas with the ticket types that share each, for staff.
///
/// # Errors
/// When the database fails.
pub async fn quotas(
    store: &Store,
    authorized: &Authorized<EventScope, ViewOrganization>,
) -> Result<Vec<(quota::Model, Vec<TicketTypeId>)>, DbErr> {
    let rows = quota::Entity::find()
        .filter(quota::Column::OrganizationId.eq(authorized.organization()))
        .filter(quota::Column::EventId.eq(authorized.event()))
        .order_by_asc(quota::Column::Id)
        .all(store.read())
        .await?;
    let shared = quota_ticket_type::Entity::find()
        .filter(quota_ticket_type::Column::OrganizationId.eq(authorized.organization()))
        .filter(quota_ticket_type::Column::QuotaId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(quota_ticket_type::Column::TicketTypeId)
        .all(store.read())
        .await?;
    let with = rows.into_iter().map(|row| {
        let its = shared.iter().filter(|link| link.quota_id == row.id);
        let its = its.map(|link| link.ticket_type_id).collect();
        (row, its)
    });
    Ok(with.collect())
}

/// Changes one; it cannot become smaller than what is taken of it.
///
/// # Errors
/// As [`create_quota`]; stale when it was changed meanwhile.
pub async fn update_quota(
    platform: &Platform,
    editor: &Editor,
    id: QuotaId,
    revision: i64,
    terms: &QuotaTerms,
) -> Result<(), Refused> {
    let (name, size) = judge(terms)?;
    transaction!(platform.store.writer(), async |tx| {
        lock(tx, editor).await?;
        let before = quota::Entity::find_by_id((editor.organization(), id))
            .one(tx)
            .await?
            .filter(|row| row.event_id == editor.event())
            .ok_or_else(|| Refused::not_found("quotaId"))?;
        check_revision(revision, before.revision)?;
        // What is left moves by the difference: sales go on meanwhile, so it is never written as a number.
        let fitted = sql::execute(
            tx,
            "update quota set name = $3, size = $4, available = available + $4 - size, revision = revision + 1 \
             where organization_id = $1 and id = $2 and available + $4 - size >= 0",
            [
                editor.organization().into(),
                id.into(),
                name.clone().into(),
                size.into(),
            ],
        )
        .await?;
        if fitted == 0 {
            let words = "More places than that are taken already.";
            return Err(Refused::because("terms.size", Code::LimitExceeded, words));
        }
        changed(tx, editor, "updateQuota", "quota", id.0).await
    })
}

fn judge(terms: &QuotaTerms) -> Result<(String, i64), Refused> {
    let mut problems = Problems::new();
    let name = problems
        .keep("terms.name", input::line(&terms.name, 200))
        .unwrap_or_default();
    if !(0..=1_000_000).contains(&terms.size) {
        problems.add("terms.size", Code::Invalid, "A number from 0 to 1000000 is expected.");
    }
    problems.none()?;
    Ok((name, i64::from(terms.size)))
}
