//! An event, as anyone sees it.

use async_graphql::{Enum, ID, Object};
use consentry_domain::Instant;
use consentry_entity::{event, organization};

use super::Organization;
use crate::graphql::ids;
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::platform::Fault;
use crate::services::Localized;

/// What kind of event it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::EventKind")]
pub enum EventKind {
    /// At a venue.
    Conference,
    /// Online.
    Webinar,
}

/// Where an event stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::EventStatus")]
pub enum EventStatus {
    /// Being prepared; only staff see it.
    Draft,
    /// Visible; sells within its sale windows.
    Published,
    /// Called off.
    Cancelled,
    /// Sells nothing more.
    Closed,
    /// Kept for the records.
    Archived,
}

/// A conference or a webinar.
#[derive(Clone)]
pub struct Event {
    row: event::Model,
    organization: organization::Model,
    title: Localized,
    description: Localized,
}

impl Event {
    /// From its rows.
    ///
    /// # Errors
    /// When its texts cannot be read.
    pub fn new(row: event::Model, organization: organization::Model) -> Result<Self, Fault> {
        let title = Localized::parse(&row.title)?;
        let description = Localized::parse(&row.description)?;
        Ok(Self {
            row,
            organization,
            title,
            description,
        })
    }
}

#[Object]
impl Event {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// Who runs it.
    async fn organization(&self) -> Organization {
        self.organization.clone().into()
    }
    /// The last part of its address.
    async fn slug(&self) -> &str {
        &self.row.slug
    }
    /// Conference or webinar.
    async fn kind(&self) -> EventKind {
        self.row.kind.into()
    }
    /// Where it stands.
    async fn status(&self) -> EventStatus {
        self.row.status.into()
    }
    /// Its title, in the wished language where there is one.
    async fn title(&self, locale: Option<Locale>) -> &str {
        self.title.pick(
            locale.as_ref().map(|locale| locale.0.as_str()),
            &self.row.default_locale,
        )
    }
    /// What it is about (CommonMark).
    async fn description(&self, locale: Option<Locale>) -> &str {
        self.description.pick(
            locale.as_ref().map(|locale| locale.0.as_str()),
            &self.row.default_locale,
        )
    }
    /// When it starts.
    async fn starts_at(&self) -> DateTime {
        Instant(self.row.starts_at).into()
    }
    /// When it ends.
    async fn ends_at(&self) -> DateTime {
        Instant(self.row.ends_at).into()
    }
    /// Where its clock stands.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.row.time_zone.clone())
    }
    /// ISO 4217.
    async fn currency(&self) -> &str {
        &self.row.currency
    }
    /// How old one must be to come.
    async fn minimum_age(&self) -> Option<i32> {
        self.row.minimum_age
    }
    /// Below this age a guardian decides what is shared.
    async fn consent_age(&self) -> i32 {
        self.row.consent_age
    }
}
