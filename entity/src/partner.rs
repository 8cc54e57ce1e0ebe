//! A company with which an organization shares.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, PartnerId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    pub display_name: String,
    pub legal_name: String,
    pub country: String,
    pub contact_email: String,
    pub is_organization: bool,
    pub active: bool,
    pub created_at: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "partner",
    purpose: "sharing",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("display_name", Class::None),
        ("legal_name", Class::None),
        ("country", Class::None),
        ("contact_email", Class::Personal),
        ("is_organization", Class::None),
        ("active", Class::None),
        ("created_at", Class::None),
        ("revision", Class::None),
    ],
};
