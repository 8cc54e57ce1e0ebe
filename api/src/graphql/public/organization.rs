//! The organization, as anyone sees it.

use async_graphql::{ID, Object};
use consentry_entity::organization;

use crate::graphql::ids;

/// Who runs the events: the controller of their attendees' data.
#[derive(Clone)]
pub struct Organization {
    row: organization::Model,
}

impl From<organization::Model> for Organization {
    fn from(row: organization::Model) -> Self {
        Self { row }
    }
}

/// Who runs the events: the controller of their attendees' data.
#[Object]
impl Organization {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode_global(self.row.id)
    }
    /// The first part of its addresses.
    async fn slug(&self) -> &str {
        &self.row.slug
    }
    /// As people know it.
    async fn name(&self) -> &str {
        &self.row.name
    }
    /// As it is registered.
    async fn legal_name(&self) -> &str {
        &self.row.legal_name
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> &str {
        &self.row.country
    }
    /// Whom to write to.
    async fn contact_email(&self) -> &str {
        &self.row.contact_email
    }
    /// Whom to write to about data protection.
    async fn data_protection_contact(&self) -> &str {
        &self.row.data_protection_contact
    }
}
