//! A picture that an organization shows: its logo, or somebody who speaks.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{OrganizationId, PictureId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "picture")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PictureId,
    pub name: String,
    pub bytes: Vec<u8>,
    pub touched_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "picture",
    purpose: "event",
    // Published by the organizer, like what is said of a speaker: an attendee's erasure does not reach a programme.
    retention: "until it is taken away; one that is shown nowhere, a day",
    erasure: Erasure::Never,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("name", Class::None),
        ("bytes", Class::Personal),
        ("touched_at", Class::None),
    ],
};
