//! One registration's part of a disclosure, written late and before its attendee reads.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{ConsentRecordId, DisclosureId, LeadId, OfferId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disclosure_item")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub disclosure_id: DisclosureId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub lead_id: LeadId,
    pub registration_id: RegistrationId,
    pub stream_id: OfferId,
    pub at: i64,
    pub mask: i64,
    pub offer_version: i32,
    pub consent_record_id: ConsentRecordId,
    pub recipient_name: String,
    pub commitment: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "disclosure_item",
    purpose: "transparency (Art. 15)",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("disclosure_id", Class::None),
        ("lead_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("stream_id", Class::None),
        ("at", Class::Personal),
        ("mask", Class::None),
        ("offer_version", Class::None),
        ("consent_record_id", Class::None),
        ("recipient_name", Class::None),
        ("commitment", Class::None),
    ],
};
