//! One change of a consent, append-only; its words are in an opening.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{ConsentAction, ConsentRecordId, OfferId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_record")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConsentRecordId,
    pub registration_id: RegistrationId,
    pub offer_id: OfferId,
    pub version: i32,
    pub action: ConsentAction,
    pub at: i64,
    pub commitment: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "consent_record",
    purpose: "proof",
    retention: "3 years after the consent ends",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("offer_id", Class::None),
        ("version", Class::None),
        ("action", Class::None),
        ("at", Class::None),
        ("commitment", Class::None),
    ],
};
