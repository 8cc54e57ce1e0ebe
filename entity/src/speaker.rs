//! Somebody who speaks at an event, as its page presents them.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, OrganizationId, SpeakerId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "speaker")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SpeakerId,
    pub event_id: EventId,
    pub name: String,
    pub headline: String,
    pub biography: String,
    pub website: Option<String>,
    pub position: i32,
    pub revision: i64,
    pub picture: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "speaker",
    purpose: "event",
    // Published by the organizer, who removes them: an attendee's erasure does not reach a programme.
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("name", Class::Personal),
        ("headline", Class::Personal),
        ("biography", Class::Personal),
        ("website", Class::Personal),
        ("position", Class::None),
        ("revision", Class::None),
        ("picture", Class::Pseudonym),
    ],
};
