//! Whom an export named.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, RegistrationId, RosterExportId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_export_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub export_id: RosterExportId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: RegistrationId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "roster_export_item",
    purpose: "transparency (Art. 15)",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("export_id", Class::None),
        ("registration_id", Class::Pseudonym),
    ],
};
