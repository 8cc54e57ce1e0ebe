//! The tenant.
#![allow(missing_docs, reason = "columns are named by what they hold; the catalogue says what for")]

use consentry_domain::OrganizationId;
use sea_orm::entity::prelude::*;

use crate::catalogue::{Class, Erasure, Table};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub slug: String,
    pub name: String,
    pub legal_name: String,
    pub country: String,
    pub contact_email: String,
    pub data_protection_contact: String,
    pub default_locale: String,
    pub created_at: i64,
    pub revision: i64,
    pub logo: Option<String>,
    pub accent_color: Option<String>,
    pub authenticator_required: bool,
    pub introduction: String,
    pub footer: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The columns' entries in the catalogue of personal data.
pub const CATALOGUE: Table = Table {
    name: "organization",
    purpose: "administration",
    retention: "installation",
    erasure: Erasure::Never,
    columns: &[
        ("id", Class::None),
        ("slug", Class::None),
        ("name", Class::None),
        ("legal_name", Class::None),
        ("country", Class::None),
        ("contact_email", Class::None),
        ("data_protection_contact", Class::None),
        ("default_locale", Class::None),
        ("created_at", Class::None),
        ("revision", Class::None),
        ("logo", Class::None),
        ("accent_color", Class::None),
        ("authenticator_required", Class::None),
        ("introduction", Class::None),
        ("footer", Class::None),
    ],
};
