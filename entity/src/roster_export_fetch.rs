//! How far the last one came who fetched a list. The list itself is kept nowhere.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{FetchState, OrganizationId, RosterExportId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_export_fetch")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub export_id: RosterExportId,
    pub fetch_id: Uuid,
    pub state: FetchState,
    pub row_count: i64,
    pub started_at: i64,
    pub seen_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "roster_export_fetch",
    purpose: "transparency (Art. 15)",
    retention: "3 years",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("export_id", Class::None),
        ("fetch_id", Class::None),
        ("state", Class::None),
        ("row_count", Class::None),
        ("started_at", Class::None),
        ("seen_at", Class::None),
    ],
};
