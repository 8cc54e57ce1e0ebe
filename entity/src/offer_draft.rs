//! What a partner's administrators mean to ask attendees for, before they ask for its approval. Nobody else sees it.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, EventPartnerId, OrganizationId, Purpose};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "offer_draft")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_partner_id: EventPartnerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: Purpose,
    pub terms: String,
    pub updated_by: AccountId,
    pub updated_at: i64,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "offer_draft",
    purpose: "sharing",
    retention: "until it is sent or discarded",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("event_partner_id", Class::None),
        ("purpose", Class::None),
        ("terms", Class::None),
        ("updated_by", Class::None),
        ("updated_at", Class::None),
        ("revision", Class::None),
    ],
};
