//! A text that is to be acknowledged, as anyone sees it. Acknowledging is never consent to sharing.

use async_graphql::{Enum, ID, Object};

use super::{Event, LocalizedText};
use crate::graphql::ids;
use crate::graphql::scalars::Locale;
use crate::services::sales::Document;

/// What kind of text it is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::DocumentKind")]
pub enum DocumentKind {
    /// Terms.
    Terms,
    /// Privacy notice.
    PrivacyNotice,
    /// Code of conduct.
    CodeOfConduct,
}

/// One version of a text that is to be acknowledged.
#[derive(Clone)]
pub struct LegalDocument {
    event: Event,
    document: Document,
}

impl LegalDocument {
    pub(super) fn new(event: Event, document: Document) -> Self {
        Self { event, document }
    }
}

/// One version of a text that is to be acknowledged.
#[Object]
impl LegalDocument {
    /// Opaque; of this version.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.document.row.organization_id, self.document.row.id)
    }
    /// What kind of text it is.
    async fn kind(&self) -> DocumentKind {
        self.document.row.kind.into()
    }
    /// Which version, from 1.
    async fn version(&self) -> i32 {
        self.document.row.version
    }
    /// Its title, in the wished language where there is one.
    async fn title(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.document.title, locale.as_ref())
    }
    /// Its title in every language.
    async fn titles(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.document.title)
    }
    /// Its text (CommonMark).
    async fn content(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.document.content, locale.as_ref())
    }
    /// Its text in every language.
    async fn contents(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.document.content)
    }
    /// The hash of this version in all its languages, in hexadecimal: what an acknowledgement refers to.
    async fn content_hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.document.row.content_hash)
    }
    /// Whether nobody can register without acknowledging it.
    async fn required(&self) -> bool {
        self.document.row.required
    }
}
