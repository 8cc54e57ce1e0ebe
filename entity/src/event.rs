//! A conference or a webinar.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, EventKind, EventStatus, OrganizationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    pub slug: String,
    pub kind: EventKind,
    pub status: EventStatus,
    pub title: String,
    pub description: String,
    pub default_locale: String,
    pub time_zone: String,
    pub starts_at: i64,
    pub ends_at: i64,
    pub starts_local: String,
    pub ends_local: String,
    pub venue: Option<String>,
    pub join_url: Option<String>,
    pub currency: String,
    pub minimum_age: Option<i32>,
    pub consent_age: i32,
    pub asks_date_of_birth: bool,
    pub requires_parental_permission: bool,
    pub answers_editable_until: Option<i64>,
    pub order_hold_minutes: i32,
    pub transfer_hold_days: i32,
    pub contact_email: Option<String>,
    pub created_at: i64,
    pub published_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "event",
    purpose: "event",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("slug", Class::None),
        ("kind", Class::None),
        ("status", Class::None),
        ("title", Class::None),
        ("description", Class::None),
        ("default_locale", Class::None),
        ("time_zone", Class::None),
        ("starts_at", Class::None),
        ("ends_at", Class::None),
        ("starts_local", Class::None),
        ("ends_local", Class::None),
        ("venue", Class::None),
        ("join_url", Class::Secret),
        ("currency", Class::None),
        ("minimum_age", Class::None),
        ("consent_age", Class::None),
        ("asks_date_of_birth", Class::None),
        ("requires_parental_permission", Class::None),
        ("answers_editable_until", Class::None),
        ("order_hold_minutes", Class::None),
        ("transfer_hold_days", Class::None),
        ("contact_email", Class::None),
        ("created_at", Class::None),
        ("published_at", Class::None),
        ("ended_at", Class::None),
        ("revision", Class::None),
    ],
};
