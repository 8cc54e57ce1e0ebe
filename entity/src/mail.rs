//! A mail, sent or to be sent.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, MailId, MailKind, MailStatus, OrderId, OrganizationId, RegistrationId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    pub event_id: Option<EventId>,
    pub order_id: Option<OrderId>,
    pub registration_id: Option<RegistrationId>,
    pub kind: MailKind,
    pub locale: String,
    pub to_address: Option<String>,
    pub data: String,
    pub status: MailStatus,
    pub message_id: Option<String>,
    pub created_at: i64,
    pub sent_at: Option<i64>,
    pub error: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "mail",
    purpose: "operation",
    retention: "1 year",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("order_id", Class::Pseudonym),
        ("registration_id", Class::Pseudonym),
        ("kind", Class::None),
        ("locale", Class::None),
        ("to_address", Class::Personal),
        ("data", Class::Personal),
        ("status", Class::None),
        ("message_id", Class::None),
        ("created_at", Class::None),
        ("sent_at", Class::None),
        ("error", Class::Personal),
    ],
};
