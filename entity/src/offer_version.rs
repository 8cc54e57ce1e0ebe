//! One version of an offer; never edited, only decided.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, LegalBasis, OfferId, OfferVersionState, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub offer_id: OfferId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub state: OfferVersionState,
    pub legal_basis: LegalBasis,
    pub field_mask: i64,
    pub text: String,
    pub text_hash: Vec<u8>,
    pub notice_url: String,
    pub notice_hash: Vec<u8>,
    pub retention_days: i32,
    pub starts_at: Option<i64>,
    pub ends_at: Option<i64>,
    pub editorial: bool,
    pub covers_from: Option<i32>,
    pub requested_at: i64,
    pub decided_at: Option<i64>,
    pub decided_by: Option<AccountId>,
    pub remark: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "offer_version",
    purpose: "proof",
    retention: "as the consents",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("offer_id", Class::None),
        ("version", Class::None),
        ("state", Class::None),
        ("legal_basis", Class::None),
        ("field_mask", Class::None),
        ("text", Class::None),
        ("text_hash", Class::None),
        ("notice_url", Class::None),
        ("notice_hash", Class::None),
        ("retention_days", Class::None),
        ("starts_at", Class::None),
        ("ends_at", Class::None),
        ("editorial", Class::None),
        ("covers_from", Class::None),
        ("requested_at", Class::None),
        ("decided_at", Class::None),
        ("decided_by", Class::None),
        ("remark", Class::None),
    ],
};
