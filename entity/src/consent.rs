//! What one registration decided about one offer.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{
    AgeBasis, ConsentRecordId, ConsentState, Decider, EventId, OfferId, OrganizationId, RegistrationId,
};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub registration_id: RegistrationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub offer_id: OfferId,
    pub event_id: EventId,
    pub state: ConsentState,
    pub version: i32,
    pub granted_mask: i64,
    pub decided_at: i64,
    pub decider: Decider,
    pub age_basis: Option<AgeBasis>,
    pub locale: String,
    pub consent_record_id: ConsentRecordId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "consent",
    purpose: "consent",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("offer_id", Class::None),
        ("event_id", Class::None),
        ("state", Class::Personal),
        ("version", Class::None),
        ("granted_mask", Class::Personal),
        ("decided_at", Class::Personal),
        ("decider", Class::Personal),
        ("age_basis", Class::Sensitive),
        ("locale", Class::Personal),
        ("consent_record_id", Class::None),
    ],
};
