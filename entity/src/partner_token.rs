//! An opaque secret held by a partner, of which only its keyed hash is kept; or the seat of a member of its staff, which has
//! no secret and is opened by that account's session.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, OrganizationId, PartnerId, PartnerMemberRole, PartnerTokenId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_token")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerTokenId,
    pub partner_id: PartnerId,
    pub kid: String,
    pub name: String,
    pub hash: Option<Vec<u8>>,
    pub capabilities: String,
    pub networks: Option<String>,
    pub claim_generation: i32,
    pub created_at: i64,
    pub created_by: Option<AccountId>,
    pub claimed_at: Option<i64>,
    pub not_before: i64,
    pub expires_at: i64,
    pub revoked_at: Option<i64>,
    pub last_used_minute: Option<i64>,
    pub revision: i64,
    pub account_id: Option<AccountId>,
    pub member_role: Option<PartnerMemberRole>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "partner_token",
    purpose: "sharing",
    retention: "1 year after its end",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("partner_id", Class::None),
        ("kid", Class::None),
        ("name", Class::None),
        ("hash", Class::Secret),
        ("capabilities", Class::None),
        ("networks", Class::None),
        ("claim_generation", Class::None),
        ("created_at", Class::None),
        ("created_by", Class::None),
        ("claimed_at", Class::None),
        ("not_before", Class::None),
        ("expires_at", Class::None),
        ("revoked_at", Class::None),
        ("last_used_minute", Class::None),
        ("revision", Class::None),
        ("account_id", Class::Pseudonym),
        ("member_role", Class::None),
    ],
};
