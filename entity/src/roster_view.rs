//! A view of an event's roster that a member of staff keeps for themselves.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, EventId, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roster_view")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub words: Option<String>,
    pub query: String,
    pub made_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "roster_view",
    purpose: "administration",
    // What is looked for may be an attendee's name: erasing that attendee removes the views that name them.
    retention: "while a member",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("event_id", Class::None),
        ("account_id", Class::Pseudonym),
        ("name", Class::Personal),
        ("words", Class::Personal),
        ("query", Class::None),
        ("made_at", Class::None),
    ],
};
