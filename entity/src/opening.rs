//! Salt and canonical bytes behind a commitment; erasing it makes the commitment unreadable.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OpeningKind, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opening")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: OpeningKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub registration_id: Option<RegistrationId>,
    pub salt: Vec<u8>,
    pub payload: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "opening",
    purpose: "proof",
    retention: "as the record",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("kind", Class::None),
        ("id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("salt", Class::Secret),
        ("payload", Class::Personal),
    ],
};
