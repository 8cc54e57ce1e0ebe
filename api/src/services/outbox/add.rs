//! Adding work, once per key.

use std::collections::HashSet;

use consentry_domain::{OrganizationId, OutboxId, OutboxKind};
use sea_orm::{DbErr, Value};
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
    let added = add_all(tx, vec![work]).await?;
    Ok(added.first().copied().unwrap_or(Added::Known))
}

/// Adds several pieces of work in one statement; what became of each.
///
/// # Errors
/// When the database fails.
pub async fn add_all(tx: &Tx, work: Vec<NewWork<'_>>) -> Result<Vec<Added>, DbErr> {
    if work.is_empty() {
        return Ok(Vec::new());
    }
    let now = tx.now().await?;
    let ids: Vec<OutboxId> = work.iter().map(|_| tx.ordered_id()).collect();
    let mut text = String::from(
        "insert into outbox (organization_id, id, kind, subject_id, state, attempts, next_at, dedupe_key, created_at) values ",
    );
    let mut values: Vec<Value> = vec![now.0.into()];
    for (index, (work, id)) in work.iter().zip(&ids).enumerate() {
        let first = index * 5 + 2;
        let comma = if index == 0 { "" } else { ", " };
        let (kind, subject, key) = (first + 2, first + 3, first + 4);
        text.push_str(&format!(
            "{comma}(${first}, ${}, ${kind}, ${subject}, 'READY', 0, $1, ${key}, $1)",
            first + 1
        ));
        values.extend([
            work.organization.0.into(),
            id.0.into(),
            work.kind.as_str().into(),
            work.subject.into(),
            work.dedupe_key.into(),
        ]);
    }
    text.push_str(" on conflict (organization_id, kind, dedupe_key) do nothing returning id");
    let rows = sql::all(tx, &text, values).await?;
    let new: HashSet<OutboxId> = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<_, _>>()?;
    let added = |id: OutboxId| {
        if new.contains(&id) {
            Added::New(id)
        } else {
            Added::Known
        }
    };
    Ok(ids.into_iter().map(added).collect())
}
