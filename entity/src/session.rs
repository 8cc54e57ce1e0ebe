//! A signed-in session; access tokens name it and it is checked at each request.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, SessionId, SessionKind};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub account_id: AccountId,
    pub kind: SessionKind,
    pub refresh_generation: i32,
    pub created_at: i64,
    pub last_used_at: i64,
    pub expires_at: i64,
    pub ended_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "session",
    purpose: "sign-in",
    retention: "90 days",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("id", Class::None),
        ("account_id", Class::Pseudonym),
        ("kind", Class::None),
        ("refresh_generation", Class::None),
        ("created_at", Class::Personal),
        ("last_used_at", Class::Personal),
        ("expires_at", Class::None),
        ("ended_at", Class::Personal),
    ],
};
