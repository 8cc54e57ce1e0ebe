//! That somebody acknowledged a document, and which bytes.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{DocumentId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "acknowledgement")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: RegistrationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub document_id: DocumentId,
    pub locale: String,
    pub content_hash: Vec<u8>,
    pub at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "acknowledgement",
    purpose: "proof",
    retention: "3 years after the event",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("document_id", Class::None),
        ("locale", Class::Personal),
        ("content_hash", Class::None),
        ("at", Class::Personal),
    ],
};
