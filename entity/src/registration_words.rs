//! By which words a registration is found in the roster: its name, mail address, company and order code as they are looked
//! for, and pieces of them. An index over the pieces stands beside the table, on each engine in its own way.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration_words")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i64,
    pub organization_id: OrganizationId,
    pub registration_id: RegistrationId,
    pub event_id: EventId,
    pub words: String,
    pub pieces: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "registration_words",
    purpose: "contract",
    retention: "until erased",
    erasure: Erasure::RowDeleted,
    columns: &[
        ("number", Class::None),
        ("organization_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("event_id", Class::None),
        ("words", Class::Personal),
        ("pieces", Class::Personal),
    ],
};
