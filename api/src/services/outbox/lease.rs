//! Taking work, so that nobody else takes it meanwhile.

use std::time::Duration;

use consentry_domain::{OrganizationId, OutboxId, OutboxKind};
use sea_orm::{DbErr, QueryResult};
use uuid::Uuid;

use crate::platform::store::{Engine, Store, sql};

/// Leased work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its id.
    pub id: OutboxId,
    /// The row it is about.
    pub subject: Uuid,
    /// How often it was taken, this time included.
    pub attempts: i32,
    /// The lease under which it was taken.
    pub lease: Uuid,
}

/// What is due, and what others took and never ended. On PostgreSQL rows that another worker is just taking are passed
/// over; on SQLite there is one writer at a time.
macro_rules! lease_statement {
    ($lock:literal) => {
        concat!(
            "with due as (select organization_id, id from outbox where kind = $1 \
             and ((state = 'READY' and next_at <= $2) or (state = 'LEASED' and leased_until <= $2)) \
             order by next_at limit $3",
            $lock,
            ") update outbox set state = 'LEASED', lease = $4, leased_until = $5, attempts = attempts + 1 \
             from due where outbox.organization_id = due.organization_id and outbox.id = due.id \
             returning outbox.organization_id, outbox.id, outbox.subject_id, outbox.attempts"
        )
    };
}

/// Takes up to `limit` pieces of work of this kind for so long.
///
/// # Errors
/// When the database fails.
pub async fn lease(store: &Store, kind: OutboxKind, limit: u32, length: Duration) -> Result<Vec<Work>, DbErr> {
    let text = match store.engine() {
        Engine::Sqlite => lease_statement!(""),
        Engine::Postgres => lease_statement!(" for update skip locked"),
    };
    let length = i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
    let mut work = crate::transaction!(store.writer(), async |tx| {
        let now = tx.now().await?;
        let lease: Uuid = tx.random_id();
        let rows = sql::all(
            tx,
            text,
            [
                kind.as_str().into(),
                now.0.into(),
                i64::from(limit).into(),
                lease.into(),
                now.plus_micros(length).0.into(),
            ],
        )
        .await?;
        rows.iter()
            .map(|row| read(row, lease))
            .collect::<Result<Vec<_>, DbErr>>()
    })?;
    // What was added first is done first, as far as one batch goes.
    work.sort_by_key(|work| work.id);
    Ok(work)
}

fn read(row: &QueryResult, lease: Uuid) -> Result<Work, DbErr> {
    Ok(Work {
        organization: OrganizationId(row.try_get("", "organization_id")?),
        id: OutboxId(row.try_get("", "id")?),
        subject: row.try_get("", "subject_id")?,
        attempts: row.try_get("", "attempts")?,
        lease,
    })
}
