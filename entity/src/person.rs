//! An account within one organization.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, OrganizationId, PersonId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "person")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub account_id: Option<AccountId>,
    pub email: Option<String>,
    pub created_at: i64,
    pub restricted_at: Option<i64>,
    pub erased_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "person",
    purpose: "registration",
    retention: "until erased",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("account_id", Class::Pseudonym),
        ("email", Class::Personal),
        ("created_at", Class::Personal),
        ("restricted_at", Class::Personal),
        ("erased_at", Class::None),
        ("revision", Class::None),
    ],
};
