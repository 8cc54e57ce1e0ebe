//! The organization's own account at a provider.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, ProviderAccountId, ProviderKind};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderAccountId,
    pub kind: ProviderKind,
    pub name: String,
    pub config: String,
    pub secret: Option<Vec<u8>>,
    pub active: bool,
    pub created_at: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "provider_account",
    purpose: "payments and mail",
    retention: "while used",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("kind", Class::None),
        ("name", Class::None),
        ("config", Class::None),
        ("secret", Class::Secret),
        ("active", Class::None),
        ("created_at", Class::None),
        ("revision", Class::None),
    ],
};
