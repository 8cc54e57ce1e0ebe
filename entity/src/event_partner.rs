//! A partner in its role at one event.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, EventPartnerId, OrganizationId, PartnerId, PartnerRole};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_partner")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventPartnerId,
    pub event_id: EventId,
    pub partner_id: PartnerId,
    pub role: PartnerRole,
    pub notice_url: String,
    pub notice_hash: Option<Vec<u8>>,
    pub contact_email: String,
    pub active: bool,
    pub created_at: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "event_partner",
    purpose: "sharing",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("partner_id", Class::None),
        ("role", Class::None),
        ("notice_url", Class::None),
        ("notice_hash", Class::None),
        ("contact_email", Class::Personal),
        ("active", Class::None),
        ("created_at", Class::None),
        ("revision", Class::None),
    ],
};
