//! One passage at a door.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, CheckInId, EventId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckInId,
    pub event_id: EventId,
    pub registration_id: RegistrationId,
    pub list: String,
    pub at: i64,
    pub device: Option<String>,
    pub account_id: Option<AccountId>,
    pub undone_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "check_in",
    purpose: "event",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("list", Class::None),
        ("at", Class::Personal),
        ("device", Class::None),
        ("account_id", Class::Pseudonym),
        ("undone_at", Class::None),
    ],
};
