//! What somebody complains of, and what they were answered.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{
    AccountId, ComplaintId, ComplaintState, DisclosureId, EventId, EventPartnerId, OrganizationId, PersonId,
    RegistrationId, RosterExportId,
};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComplaintId,
    pub person_id: PersonId,
    pub account_id: Option<AccountId>,
    pub event_id: Option<EventId>,
    pub registration_id: Option<RegistrationId>,
    pub event_partner_id: Option<EventPartnerId>,
    pub disclosure_id: Option<DisclosureId>,
    pub roster_export_id: Option<RosterExportId>,
    pub recipient_name: Option<String>,
    pub text: String,
    pub email: Option<String>,
    pub locale: String,
    pub state: ComplaintState,
    pub opened_at: i64,
    pub due_at: i64,
    pub answered_at: Option<i64>,
    pub answered_by: Option<AccountId>,
    pub answer: Option<String>,
    pub revision: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "complaint",
    purpose: "complaints (Art. 12(3) and 77)",
    // Who is erased while a complaint is open is still answered (Art. 17(3)(b) and (e)): then it is emptied.
    retention: "until erased; an open one until it is answered",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("person_id", Class::Pseudonym),
        ("account_id", Class::Pseudonym),
        ("event_id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("event_partner_id", Class::None),
        ("disclosure_id", Class::None),
        ("roster_export_id", Class::None),
        ("recipient_name", Class::None),
        ("text", Class::Personal),
        ("email", Class::Personal),
        ("locale", Class::None),
        // That there was a complaint, and that it was answered in time, is to be shown afterwards (Art. 5(2)).
        ("state", Class::None),
        ("opened_at", Class::None),
        ("due_at", Class::None),
        ("answered_at", Class::None),
        ("answered_by", Class::None),
        ("answer", Class::Personal),
        ("revision", Class::None),
    ],
};
