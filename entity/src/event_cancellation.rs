//! That an event was called off, and how far its orders have been ended since.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, EventId, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_cancellation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    pub account_id: AccountId,
    pub total: i64,
    pub done: i64,
    pub waiting: i64,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "event_cancellation",
    purpose: "event",
    retention: "as long as the event",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("event_id", Class::None),
        // Who works for the organization, as in the log.
        ("account_id", Class::Pseudonym),
        ("total", Class::None),
        ("done", Class::None),
        ("waiting", Class::None),
        ("created_at", Class::None),
        ("finished_at", Class::None),
    ],
};
