//! A list that staff took away, and what for.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, EventId, ExportStatus, OrganizationId, RosterExportId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_export")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RosterExportId,
    pub event_id: EventId,
    pub account_id: AccountId,
    pub purpose: String,
    pub status: ExportStatus,
    pub filter: String,
    pub row_count: Option<i64>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "roster_export",
    purpose: "transparency (Art. 15)",
    retention: "3 years",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("account_id", Class::Pseudonym),
        ("purpose", Class::None),
        ("status", Class::None),
        ("filter", Class::None),
        ("row_count", Class::None),
        ("created_at", Class::None),
        ("finished_at", Class::None),
    ],
};
