//! A means of signing in. A sign-in link and a recovery code work once; an authenticator counts once its first code was shown
//! (until then it has an end). Only a password has a secret here: a hash. The others' are derived from their rows.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, CredentialId, CredentialKind};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credential")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CredentialId,
    pub account_id: AccountId,
    pub kind: CredentialKind,
    pub secret: Option<Vec<u8>>,
    pub generation: i32,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub used_at: Option<i64>,
    pub failures: i32,
    pub retry_at: Option<i64>,
    pub last_step: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "credential",
    purpose: "sign-in",
    retention: "while valid",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("id", Class::None),
        ("account_id", Class::Pseudonym),
        ("kind", Class::None),
        ("secret", Class::Secret),
        ("generation", Class::None),
        ("created_at", Class::Personal),
        ("expires_at", Class::None),
        ("used_at", Class::Personal),
        ("failures", Class::None),
        ("retry_at", Class::None),
        ("last_step", Class::Personal),
    ],
};
