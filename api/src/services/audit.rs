//! The audit log: who did what, append-only. Details name things and counts, never personal values.

use consentry_domain::{AccountId, ActorKind, AuditEntryId, EventId, OrganizationId};
use consentry_entity::audit_entry;
use sea_orm::{DbErr, EntityTrait, Set};
use uuid::Uuid;

use crate::platform::store::{Engine, Store, Tx, sql};

/// The statement, with the expression for the time that decides.
macro_rules! insert {
    ($now:literal) => {
        concat!(
            "insert into audit_entry (at, organization_id, id, actor, account_id, action, event_id, subject_kind, subject_id, \
             detail, request_id) values (",
            $now,
            ", $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        )
    };
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The tenant.
    pub organization: OrganizationId,
    /// What kind of actor.
    pub actor: ActorKind,
    /// The account, where there is one.
    pub account: Option<AccountId>,
    /// The action: the mutation's name, or `export`, `view…` for reads.
    pub action: &'a str,
    /// The event it belongs to.
    pub event: Option<EventId>,
    /// The kind of thing: `registration`, `offer`.
    pub subject_kind: &'a str,
    /// The thing.
    pub subject: Option<Uuid>,
    /// More, as JSON without personal data.
    pub detail: serde_json::Value,
}

/// Writes it down.
///
/// # Errors
/// When the database fails.
pub async fn note(tx: &Tx, entry: Entry<'_>) -> Result<(), DbErr> {
    let now = tx.now().await?;
    let row = audit_entry::ActiveModel {
        organization_id: Set(entry.organization),
        id: Set(tx.ordered_id::<AuditEntryId>()),
        at: Set(now.0),
        actor: Set(entry.actor),
        account_id: Set(entry.account),
        action: Set(entry.action.to_owned()),
        event_id: Set(entry.event),
        subject_kind: Set(entry.subject_kind.to_owned()),
        subject_id: Set(entry.subject),
        detail: Set(entry.detail.to_string()),
        request_id: Set(crate::platform::request::current()),
    };
    audit_entry::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes down that something was read, as a change of its own: durable before anybody sees it, and one statement, for it
/// is part of every page.
///
/// # Errors
/// When the database fails.
pub async fn note_read(store: &Store, entry: Entry<'_>) -> Result<(), DbErr> {
    let text = match store.engine() {
        Engine::Sqlite => insert!("$1"),
        Engine::Postgres => insert!("(extract(epoch from clock_timestamp()) * 1000000)::bigint + $1"),
    };
    let values = [
        sql::now_value(store),
        entry.organization.into(),
        store.entropy().ordered_id::<AuditEntryId>(store.clock().local()).into(),
        entry.actor.as_str().into(),
        entry.account.into(),
        entry.action.into(),
        entry.event.into(),
        entry.subject_kind.into(),
        entry.subject.into(),
        entry.detail.to_string().into(),
        crate::platform::request::current().into(),
    ];
    store.alone(text, &values).await.map(drop)
}
