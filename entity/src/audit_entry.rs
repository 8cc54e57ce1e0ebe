//! Who did what; append-only.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, ActorKind, AuditEntryId, EventId, OrganizationId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    pub at: i64,
    pub actor: ActorKind,
    pub account_id: Option<AccountId>,
    pub action: String,
    pub event_id: Option<EventId>,
    pub subject_kind: String,
    pub subject_id: Option<Uuid>,
    pub detail: String,
    pub request_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "audit_entry",
    purpose: "accountability",
    retention: "3 years",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("at", Class::None),
        ("actor", Class::None),
        ("account_id", Class::Pseudonym),
        ("action", Class::None),
        ("event_id", Class::None),
        ("subject_kind", Class::None),
        ("subject_id", Class::None),
        ("detail", Class::None),
        ("request_id", Class::None),
    ],
};
