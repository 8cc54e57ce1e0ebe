//! Adding work, once per key.

use consentry_domain::{OrganizationId, OutboxId, OutboxKind};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::platform::store::{Tx, sql};

/// Work to be done after the commit.
#[derive(Clone, Debug)]
pub struct NewWork<'a> {
    /// Whose it is.
    pub organization: OrganizationId,
    /// What it is.
    pub kind: OutboxKind,
    /// The row it is about.
    pub subject: Uuid,
    /// The same work has the same key; added twice, it is done once.
    pub dedupe_key: &'a str,
}

/// Whether the work was new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It was.
    New(OutboxId),
    /// Work with this key is there, done or not.
    Known,
}

/// Adds work to the transaction at hand.
///
/// # Errors
/// When the database fails.
pub async fn add(tx: &Tx, work: NewWork<'_>) -> Result<Added, DbErr> {
    let now = tx.now().await?;
    let id: OutboxId = tx.ordered_id();
    let rows = sql::execute(
        tx,
        "insert into outbox (organization_id, id, kind, subject_id, state, attempts, next_at, dedupe_key, created_at) \
         values ($1, $2, $3, $4, 'READY', 0, $5, $6, $5) \
         on conflict (organization_id, kind, dedupe_key) do nothing",
        [
            work.organization.0.into(),
            id.0.into(),
            work.kind.as_str().into(),
            work.subject.into(),
            now.0.into(),
            work.dedupe_key.into(),
        ],
    )
    .await?;
    Ok(if rows == 0 { Added::Known } else { Added::New(id) })
}
