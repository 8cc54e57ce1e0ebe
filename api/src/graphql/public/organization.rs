//! The organization, as anyone sees it.

use async_graphql::{Context, ID, Object, Result};
use consentry_entity::organization;

use super::{LocalizedText, Picture};
use crate::graphql::scalars::Locale;
use crate::graphql::{errors, ids, platform};
use crate::services::Localized;

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

impl Organization {
    fn pick(&self, text: &Localized, locale: Option<&Locale>) -> String {
        let wished = locale.map(|locale| locale.0.as_str());
        text.pick(wished, &self.row.default_locale).to_owned()
    }
}

/// What a column of texts holds.
fn text(column: &str) -> Result<Localized> {
    Localized::parse(column).map_err(|fault| errors::internal(&fault))
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
    /// What stands at the head of its pages, where it has one.
    async fn logo(&self, ctx: &Context<'_>) -> Result<Option<Picture>> {
        Picture::shown(platform(ctx), &self.row, self.row.logo.as_deref(), &self.row.name)
    }
    /// The colour of links and buttons on its pages, as # and six hexadecimal digits; absent for that of this program. Read
    /// on light ground; on dark ground its pages take the nearest one that is read there.
    async fn accent_color(&self) -> Option<&str> {
        self.row.accent_color.as_deref()
    }
    /// What it says of itself above the list of its events (CommonMark), in the wished language where there is one; empty
    /// where it says nothing.
    async fn introduction(&self, locale: Option<Locale>) -> Result<String> {
        Ok(self.pick(&text(&self.row.introduction)?, locale.as_ref()))
    }
    /// What it says of itself, in every language.
    async fn introductions(&self) -> Result<Vec<LocalizedText>> {
        Ok(LocalizedText::all(&text(&self.row.introduction)?))
    }
    /// One line at the foot of its pages and mails, in the wished language where there is one; empty where it has none.
    async fn footer(&self, locale: Option<Locale>) -> Result<String> {
        Ok(self.pick(&text(&self.row.footer)?, locale.as_ref()))
    }
    /// The line at the foot, in every language.
    async fn footers(&self) -> Result<Vec<LocalizedText>> {
        Ok(LocalizedText::all(&text(&self.row.footer)?))
    }
}
