//! A device that lets people in at one event.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{AccountId, DoorDeviceId, EventId, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "door_device")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DoorDeviceId,
    pub event_id: EventId,
    pub name: String,
    pub list: Option<String>,
    pub generation: i32,
    pub link_expires_at: i64,
    pub made_by: AccountId,
    pub made_at: i64,
    pub ends_at: i64,
    pub opened_at: Option<i64>,
    pub last_seen_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "door_device",
    purpose: "event",
    retention: "as long as the event",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("name", Class::None),
        ("list", Class::None),
        ("generation", Class::None),
        ("link_expires_at", Class::None),
        ("made_by", Class::None),
        ("made_at", Class::None),
        ("ends_at", Class::None),
        ("opened_at", Class::None),
        ("last_seen_at", Class::None),
        ("revoked_at", Class::None),
    ],
};
