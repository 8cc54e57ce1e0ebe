//! What one partner may see of one registration for one purpose: only granted values.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{ConsentRecordId, ContactKey, LeadId, OfferId, OrganizationId, RegistrationId, TicketTypeId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "lead")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub stream_id: OfferId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LeadId,
    pub registration_id: RegistrationId,
    pub contact_key: ContactKey,
    pub state: i32,
    pub mask: i64,
    pub offer_version: i32,
    pub consented_on: i32,
    pub consent_record_id: ConsentRecordId,
    pub revision: i64,
    pub received: i64,
    pub pos: Option<i64>,
    pub full_name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub job_title: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub postal_address: Option<String>,
    pub social_profile: Option<String>,
    pub ticket_type_id: Option<TicketTypeId>,
    pub attended: Option<bool>,
    pub answers: Option<String>,
    pub sort_full_name: Option<String>,
    pub sort_family_name: Option<String>,
    pub sort_company: Option<String>,
    pub consented_version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "lead",
    purpose: "sharing",
    retention: "as the consent",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("stream_id", Class::None),
        ("id", Class::None),
        ("registration_id", Class::Pseudonym),
        ("contact_key", Class::None),
        ("state", Class::None),
        ("mask", Class::None),
        ("offer_version", Class::None),
        ("consented_on", Class::None),
        ("consent_record_id", Class::None),
        ("revision", Class::None),
        ("received", Class::None),
        ("pos", Class::None),
        ("full_name", Class::Personal),
        ("given_name", Class::Personal),
        ("family_name", Class::Personal),
        ("email", Class::Personal),
        ("phone", Class::Personal),
        ("company", Class::Personal),
        ("job_title", Class::Personal),
        ("city", Class::Personal),
        ("country", Class::Personal),
        ("postal_address", Class::Personal),
        ("social_profile", Class::Personal),
        ("ticket_type_id", Class::Personal),
        ("attended", Class::Personal),
        ("answers", Class::Personal),
        ("sort_full_name", Class::Personal),
        ("sort_family_name", Class::Personal),
        ("sort_company", Class::Personal),
        ("consented_version", Class::None),
    ],
};
