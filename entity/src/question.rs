//! A question of an event's form.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, EventPartnerId, OrganizationId, QuestionId, QuestionKind, Sensitivity};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "question")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QuestionId,
    pub event_id: EventId,
    pub kind: QuestionKind,
    pub label: String,
    pub help: Option<String>,
    pub sensitivity: Sensitivity,
    pub required: bool,
    pub shareable: bool,
    pub bit: Option<i32>,
    pub event_partner_id: Option<EventPartnerId>,
    pub purpose: String,
    pub retention_days: Option<i32>,
    pub position: i32,
    pub archived_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "question",
    purpose: "event",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("kind", Class::None),
        ("label", Class::None),
        ("help", Class::None),
        ("sensitivity", Class::None),
        ("required", Class::None),
        ("shareable", Class::None),
        ("bit", Class::None),
        ("event_partner_id", Class::None),
        ("purpose", Class::None),
        ("retention_days", Class::None),
        ("position", Class::None),
        ("archived_at", Class::None),
        ("revision", Class::None),
    ],
};
