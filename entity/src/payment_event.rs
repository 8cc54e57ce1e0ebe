//! A provider's event, once.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, PaymentId, ProviderAccountId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_account_id: ProviderAccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_ref: String,
    pub kind: String,
    pub payment_id: Option<PaymentId>,
    pub received_at: i64,
    pub outcome: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "payment_event",
    purpose: "accounting",
    retention: "1 year",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("provider_account_id", Class::None),
        ("event_ref", Class::None),
        ("kind", Class::None),
        ("payment_id", Class::None),
        ("received_at", Class::None),
        ("outcome", Class::None),
    ],
};
