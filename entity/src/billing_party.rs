//! Who is billed.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrderId, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "billing_party")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub order_id: OrderId,
    pub company: Option<String>,
    pub address: String,
    pub vat_id: Option<String>,
    pub purchase_order_number: Option<String>,
    pub invoice_email: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "billing_party",
    purpose: "accounting",
    retention: "10 years (accounting)",
    erasure: Erasure::KeptByLaw,
    columns: &[
        ("organization_id", Class::None),
        ("order_id", Class::None),
        ("company", Class::Personal),
        ("address", Class::Personal),
        ("vat_id", Class::Personal),
        ("purchase_order_number", Class::None),
        ("invoice_email", Class::Personal),
    ],
};
