//! What is sold.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, OrganizationId, TicketTypeId, Visibility};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_type")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketTypeId,
    pub event_id: EventId,
    pub name: String,
    pub description: Option<String>,
    pub price_minor: i64,
    pub tax_rate: i32,
    pub price_includes_tax: bool,
    pub available_from: Option<i64>,
    pub available_until: Option<i64>,
    pub min_per_order: i32,
    pub max_per_order: i32,
    pub visibility: Visibility,
    pub requires_approval: bool,
    pub position: i32,
    pub archived_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "ticket_type",
    purpose: "event",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("name", Class::None),
        ("description", Class::None),
        ("price_minor", Class::None),
        ("tax_rate", Class::None),
        ("price_includes_tax", Class::None),
        ("available_from", Class::None),
        ("available_until", Class::None),
        ("min_per_order", Class::None),
        ("max_per_order", Class::None),
        ("visibility", Class::None),
        ("requires_approval", Class::None),
        ("position", Class::None),
        ("archived_at", Class::None),
        ("revision", Class::None),
    ],
};
