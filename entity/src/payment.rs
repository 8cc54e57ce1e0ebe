//! A payment of an order.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{
    OrderId, OrganizationId, PaymentId, PaymentMethod, PaymentStatus, ProviderAccountId, RefundDueReason,
};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PaymentId,
    pub order_id: OrderId,
    pub method: PaymentMethod,
    pub status: PaymentStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub provider_account_id: Option<ProviderAccountId>,
    pub provider_ref: Option<String>,
    pub intent_ref: Option<String>,
    pub reference: Option<String>,
    pub redirect_url: Option<String>,
    pub return_url: Option<String>,
    pub failure: Option<String>,
    pub refund_due: Option<RefundDueReason>,
    pub created_at: i64,
    pub confirmed_at: Option<i64>,
    pub expires_at: Option<i64>,
    pub checked_at: Option<i64>,
    pub revision: i64,
    pub refund_settled_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "payment",
    purpose: "accounting",
    retention: "10 years (accounting)",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("order_id", Class::None),
        ("method", Class::None),
        ("status", Class::None),
        ("amount_minor", Class::None),
        ("currency", Class::None),
        ("provider_account_id", Class::None),
        ("provider_ref", Class::None),
        ("intent_ref", Class::None),
        ("reference", Class::None),
        ("redirect_url", Class::Secret),
        ("return_url", Class::None),
        ("failure", Class::None),
        ("refund_due", Class::None),
        ("created_at", Class::None),
        ("confirmed_at", Class::None),
        ("expires_at", Class::None),
        ("checked_at", Class::None),
        ("revision", Class::None),
        ("refund_settled_at", Class::None),
    ],
};
