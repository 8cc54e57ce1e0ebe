//! The facts of an offer's leads that its partner may know, and the feed's counter.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, EventPartnerId, OfferId, OrganizationId, Purpose};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stream")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    pub event_id: EventId,
    pub event_partner_id: EventPartnerId,
    pub purpose: Purpose,
    pub highest: i64,
    pub epoch: i32,
    pub active: bool,
    pub version: Option<i32>,
    pub field_mask: i64,
    pub starts_at: Option<i64>,
    pub ends_at: Option<i64>,
    pub retention_days: i32,
    pub event_ends_at: i64,
    pub facts: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "stream",
    purpose: "sharing",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("event_partner_id", Class::None),
        ("purpose", Class::None),
        ("highest", Class::None),
        ("epoch", Class::None),
        ("active", Class::None),
        ("version", Class::None),
        ("field_mask", Class::None),
        ("starts_at", Class::None),
        ("ends_at", Class::None),
        ("retention_days", Class::None),
        ("event_ends_at", Class::None),
        ("facts", Class::None),
    ],
};
