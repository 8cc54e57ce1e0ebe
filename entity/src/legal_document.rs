//! One version of a text that attendees acknowledge; never edited.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{DocumentId, DocumentKind, EventId, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "legal_document")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DocumentId,
    pub event_id: EventId,
    pub kind: DocumentKind,
    pub version: i32,
    pub title: String,
    pub content: String,
    pub content_hash: Vec<u8>,
    pub required: bool,
    pub created_at: i64,
    pub superseded_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "legal_document",
    purpose: "event",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("kind", Class::None),
        ("version", Class::None),
        ("title", Class::None),
        ("content", Class::None),
        ("content_hash", Class::None),
        ("required", Class::None),
        ("created_at", Class::None),
        ("superseded_at", Class::None),
    ],
};
