//! A question to a guardian.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{GuardianRequestId, GuardianRequestStatus, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "guardian_request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GuardianRequestId,
    pub registration_id: RegistrationId,
    pub guardian_name: Option<String>,
    pub guardian_email: Option<String>,
    pub generation: i32,
    pub status: GuardianRequestStatus,
    pub created_at: i64,
    pub decided_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "guardian_request",
    purpose: "consent of minors (Art. 8)",
    retention: "until erased",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("guardian_name", Class::Personal),
        ("guardian_email", Class::Personal),
        ("generation", Class::None),
        ("status", Class::None),
        ("created_at", Class::Personal),
        ("decided_at", Class::Personal),
    ],
};
