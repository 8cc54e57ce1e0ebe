//! One purchase by one buyer.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, OrderId, OrderStatus, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrderId,
    pub event_id: EventId,
    pub code: String,
    pub status: OrderStatus,
    pub buyer_name: Option<String>,
    pub buyer_email: Option<String>,
    pub buyer_email_key: Option<String>,
    pub locale: String,
    pub currency: String,
    pub total_minor: i64,
    pub tax_minor: i64,
    pub secret_generation: i32,
    pub created_at: i64,
    pub expires_at: Option<i64>,
    pub paid_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub reminded_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "order",
    purpose: "contract",
    retention: "10 years (accounting)",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("code", Class::None),
        ("status", Class::None),
        ("buyer_name", Class::Personal),
        ("buyer_email", Class::Personal),
        ("buyer_email_key", Class::Personal),
        ("locale", Class::None),
        ("currency", Class::None),
        ("total_minor", Class::None),
        ("tax_minor", Class::None),
        ("secret_generation", Class::None),
        ("created_at", Class::None),
        ("expires_at", Class::None),
        ("paid_at", Class::None),
        ("ended_at", Class::None),
        ("reminded_at", Class::None),
        ("revision", Class::None),
    ],
};
