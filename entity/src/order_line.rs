//! A line of an order; prices as they were.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrderId, OrderLineId, OrganizationId, TicketTypeId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderLineId,
    pub order_id: OrderId,
    pub ticket_type_id: TicketTypeId,
    pub quantity: i32,
    pub unit_price_minor: i64,
    pub tax_rate: i32,
    pub price_includes_tax: bool,
    pub net_minor: i64,
    pub tax_minor: i64,
    pub gross_minor: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "order_line",
    purpose: "accounting",
    retention: "10 years (accounting)",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("order_id", Class::None),
        ("ticket_type_id", Class::None),
        ("quantity", Class::None),
        ("unit_price_minor", Class::None),
        ("tax_rate", Class::None),
        ("price_includes_tax", Class::None),
        ("net_minor", Class::None),
        ("tax_minor", Class::None),
        ("gross_minor", Class::None),
    ],
};
