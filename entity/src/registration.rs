//! One person's place at one event.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::{EventId, OrderId, OrganizationId, PersonId, RegistrationId, RegistrationStatus, TicketTypeId};
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RegistrationId,
    pub event_id: EventId,
    pub order_id: OrderId,
    pub order_code: String,
    pub ticket_type_id: TicketTypeId,
    pub person_id: Option<PersonId>,
    pub status: RegistrationStatus,
    pub pending_payment: bool,
    pub pending_approval: bool,
    pub pending_guardian: bool,
    pub check_in_code: String,
    pub badge_code: String,
    pub link_generation: i32,
    pub is_buyer: bool,
    pub ordered_name: Option<String>,
    pub ordered_email: Option<String>,
    pub full_name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub sort_name: Vec<u8>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub email_proved_at: Option<i64>,
    pub new_email: Option<String>,
    pub address_generation: i32,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub job_title: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub postal_address: Option<String>,
    pub social_profile: Option<String>,
    pub date_of_birth: Option<String>,
    pub of_age_stated_at: Option<i64>,
    pub locale: String,
    pub consents_suspended: bool,
    pub restricted_at: Option<i64>,
    pub quarantined_at: Option<i64>,
    pub objected_purposes: i32,
    pub opted_out: bool,
    pub consent_revision: i64,
    pub revision: i64,
    pub created_at: i64,
    pub confirmed_at: Option<i64>,
    pub cancelled_at: Option<i64>,
    pub erased_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "registration",
    purpose: "contract",
    retention: "until erased",
    erasure: Erasure::Emptied,
    columns: &[
        ("organization_id", Class::None),
        ("id", Class::None),
        ("event_id", Class::None),
        ("order_id", Class::None),
        ("order_code", Class::None),
        ("ticket_type_id", Class::None),
        ("person_id", Class::Pseudonym),
        ("status", Class::None),
        ("pending_payment", Class::None),
        ("pending_approval", Class::None),
        ("pending_guardian", Class::None),
        ("check_in_code", Class::Secret),
        ("badge_code", Class::Secret),
        ("link_generation", Class::None),
        ("is_buyer", Class::None),
        ("ordered_name", Class::Personal),
        ("ordered_email", Class::Personal),
        ("full_name", Class::Personal),
        ("given_name", Class::Personal),
        ("family_name", Class::Personal),
        ("sort_name", Class::Personal),
        ("email", Class::Personal),
        ("email_key", Class::Personal),
        ("email_proved_at", Class::Personal),
        ("new_email", Class::Personal),
        ("address_generation", Class::None),
        ("phone", Class::Personal),
        ("company", Class::Personal),
        ("job_title", Class::Personal),
        ("city", Class::Personal),
        ("country", Class::Personal),
        ("postal_address", Class::Personal),
        ("social_profile", Class::Personal),
        ("date_of_birth", Class::Sensitive),
        ("of_age_stated_at", Class::Sensitive),
        ("locale", Class::Personal),
        ("consents_suspended", Class::None),
        ("restricted_at", Class::Personal),
        ("quarantined_at", Class::Personal),
        ("objected_purposes", Class::Personal),
        ("opted_out", Class::Personal),
        ("consent_revision", Class::None),
        ("revision", Class::None),
        ("created_at", Class::Personal),
        ("confirmed_at", Class::None),
        ("cancelled_at", Class::None),
        ("erased_at", Class::None),
    ],
};
