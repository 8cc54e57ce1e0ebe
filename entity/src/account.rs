//! Somebody who can sign in to this installation.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::AccountId;
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    pub email: String,
    pub email_key: String,
    pub email_proved_at: Option<i64>,
    pub locale: String,
    pub created_at: i64,
    pub erased_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "account",
    purpose: "sign-in",
    retention: "while used",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("id", Class::None),
        ("email", Class::Personal),
        ("email_key", Class::Personal),
        ("email_proved_at", Class::Personal),
        ("locale", Class::Personal),
        ("created_at", Class::Personal),
        ("erased_at", Class::None),
    ],
};
