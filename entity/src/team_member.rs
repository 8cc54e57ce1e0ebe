//! A role of an account in an organization, or at one event.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, EventId, OrganizationId, Role, TeamMemberId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "team_member")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TeamMemberId,
    pub account_id: AccountId,
    pub role: Role,
    pub event_id: Option<EventId>,
    pub created_at: i64,
    pub ends_at: Option<i64>,
    pub removed_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "team_member",
    purpose: "administration",
    retention: "while a member",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("account_id", Class::Pseudonym),
        ("role", Class::None),
        ("event_id", Class::None),
        ("created_at", Class::None),
        ("ends_at", Class::None),
        ("removed_at", Class::None),
        ("revision", Class::None),
    ],
};
