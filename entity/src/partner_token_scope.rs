//! At which event partner a token reads which purposes and fields.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventPartnerId, OrganizationId, PartnerTokenId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_token_scope")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_id: PartnerTokenId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_partner_id: EventPartnerId,
    pub purposes: i32,
    pub field_mask: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "partner_token_scope",
    purpose: "sharing",
    retention: "as the token",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("token_id", Class::None),
        ("event_partner_id", Class::None),
        ("purposes", Class::None),
        ("field_mask", Class::None),
    ],
};
