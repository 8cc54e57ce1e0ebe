//! The record of one answer with leads: durable before its first byte leaves. Arrays of fixed-width items.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{Capability, DisclosureId, OfferId, OrganizationId, PartnerTokenId};
use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "disclosure")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisclosureId,
    pub stream_id: OfferId,
    pub at: i64,
    pub token_id: Option<PartnerTokenId>,
    pub capability: Capability,
    pub request_id: Uuid,
    pub recipient_name: String,
    pub offer_version: i32,
    pub lead_ids: Vec<u8>,
    pub masks: Vec<u8>,
    pub revisions: Vec<u8>,
    pub consent_record_ids: Vec<u8>,
    pub salt: Option<Vec<u8>>,
    pub expanded_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "disclosure",
    purpose: "proof",
    retention: "3 years",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("stream_id", Class::None),
        ("at", Class::None),
        ("token_id", Class::None),
        ("capability", Class::None),
        ("request_id", Class::None),
        ("recipient_name", Class::None),
        ("offer_version", Class::None),
        ("lead_ids", Class::None),
        ("masks", Class::None),
        ("revisions", Class::None),
        ("consent_record_ids", Class::None),
        ("salt", Class::Secret),
        ("expanded_at", Class::None),
    ],
};
