//! The contact key of a registration at one event partner, kept for the registration's life.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{ContactKey, EventPartnerId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: RegistrationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_partner_id: EventPartnerId,
    pub contact_key: ContactKey,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "contact",
    purpose: "sharing",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("event_partner_id", Class::None),
        ("contact_key", Class::None),
    ],
};
