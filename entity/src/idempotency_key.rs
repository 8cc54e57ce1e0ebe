//! A request that created something: its keyed hash and what it made.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::OrganizationId;
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_hash: Vec<u8>,
    pub request_hash: Vec<u8>,
    pub result_id: Uuid,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "idempotency_key",
    purpose: "operation",
    retention: "30 days",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("scope", Class::None),
        ("key_hash", Class::None),
        ("request_hash", Class::None),
        ("result_id", Class::None),
        ("created_at", Class::None),
    ],
};
