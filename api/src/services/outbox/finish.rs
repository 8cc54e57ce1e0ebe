//! Ending work: done, to be tried again, or dead.

use consentry_domain::{OrganizationId, OutboxId};
use sea_orm::DbErr;

use super::{Work, pause};
use crate::platform::store::{Store, Tx, sql};

/// Whether the work was still ours to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It was.
    Yes,
    /// The lease had run out and another has taken over: nothing was written.
    No,
}

/// What follows from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It may work later; dead after so many attempts.
    Temporary {
        /// The last attempt.
        max_attempts: u32,
    },
    /// It could not be tried at all (the other side is down): the attempt does not count.
    NotItsOwn,
    /// No second attempt helps.
    Permanent,
}

impl Failure {
    /// Whether this work is not tried again.
    #[must_use]
    pub fn is_final(self, work: &Work) -> bool {
        match self {
            Self::Temporary { max_attempts } => i64::from(work.attempts) >= i64::from(max_attempts),
            Self::NotItsOwn => false,
            Self::Permanent => true,
        }
    }
}

/// Marks work as done, in the transaction that writes its result.
///
/// # Errors
/// When the database fails.
pub async fn done(tx: &Tx, work: &Work) -> Result<Held, DbErr> {
    let rows = sql::execute(
        tx,
        "update outbox set state = 'DONE', lease = null, leased_until = null, last_error = null \
         where organization_id = $1 and id = $2 and state = 'LEASED' and lease = $3",
        [work.organization.0.into(), work.id.0.into(), work.lease.into()],
    )
    .await?;
    Ok(if rows == 0 { Held::No } else { Held::Yes })
}

/// Marks work as failed: to be tried again after a pause, or dead. `error` holds no personal data.
///
/// # Errors
/// When the database fails.
pub async fn failed(tx: &Tx, store: &Store, work: &Work, failure: Failure, error: &str) -> Result<Held, DbErr> {
    let state = if failure.is_final(work) { "DEAD" } else { "READY" };
    let attempts = if failure == Failure::NotItsOwn {
        work.attempts - 1
    } else {
        work.attempts
    };
    let next = tx.now().await?.plus_seconds(pause(work.attempts, store.entropy()));
    let rows = sql::execute(
        tx,
        "update outbox set state = $4, next_at = $5, lease = null, leased_until = null, last_error = $6, \
         attempts = $7 \
         where organization_id = $1 and id = $2 and state = 'LEASED' and lease = $3",
        [
            work.organization.0.into(),
            work.id.0.into(),
            work.lease.into(),
            state.into(),
            next.0.into(),
            error.into(),
            attempts.into(),
        ],
    )
    .await?;
    Ok(if rows == 0 { Held::No } else { Held::Yes })
}

/// Starts work anew that is dead or waits for its next attempt; what is done or being done stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn revive(tx: &Tx, organization: OrganizationId, id: OutboxId) -> Result<Held, DbErr> {
    let now = tx.now().await?;
    let rows = sql::execute(
        tx,
        "update outbox set state = 'READY', attempts = 0, next_at = $3 \
         where organization_id = $1 and id = $2 and state in ('DEAD', 'READY')",
        [organization.0.into(), id.0.into(), now.0.into()],
    )
    .await?;
    Ok(if rows == 0 { Held::No } else { Held::Yes })
}
