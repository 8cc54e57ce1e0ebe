//! Work to be done outside the database.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, OutboxId, OutboxKind, OutboxState};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OutboxId,
    pub kind: OutboxKind,
    pub subject_id: Uuid,
    pub state: OutboxState,
    pub attempts: i32,
    pub next_at: i64,
    pub leased_until: Option<i64>,
    pub lease: Option<Uuid>,
    pub last_error: Option<String>,
    pub dedupe_key: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "outbox",
    purpose: "operation",
    retention: "30 days after it is done",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("kind", Class::None),
        ("subject_id", Class::None),
        ("state", Class::None),
        ("attempts", Class::None),
        ("next_at", Class::None),
        ("leased_until", Class::None),
        ("lease", Class::None),
        ("last_error", Class::None),
        ("dedupe_key", Class::None),
        ("created_at", Class::None),
    ],
};
