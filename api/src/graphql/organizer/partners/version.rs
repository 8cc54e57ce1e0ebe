//! One version of an offer, as staff see it, and what it changes against the one before.

use std::sync::Arc;

use async_graphql::{Enum, Object, Result, SimpleObject};
use consentry_domain::Instant;

use super::managed::Context;
use crate::graphql::errors;
use crate::graphql::public::{LocalizedText, OfferedField, PrivacyNotice};
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::vocabulary::{LegalBasis, OfferVersionState};
use crate::services::partners::{self, Covered, Difference};
use crate::services::sharing::offers::{Offer, Version};

/// One version of an offer.
#[derive(Clone)]
pub struct ManagedOfferVersion {
    context: Context,
    offer: Arc<Offer>,
    version: Version,
}

impl ManagedOfferVersion {
    pub(super) fn new(context: Context, offer: Arc<Offer>, version: Version) -> Self {
        Self {
            context,
            offer,
            version,
        }
    }
}

/// One version of an offer.
#[Object]
impl ManagedOfferVersion {
    /// Its number.
    async fn version(&self) -> i32 {
        self.version.row.version
    }
    /// Where it stands.
    async fn state(&self) -> OfferVersionState {
        self.version.row.state.into()
    }
    /// On what ground in law.
    async fn legal_basis(&self) -> LegalBasis {
        self.version.row.legal_basis.into()
    }
    /// What attendees read.
    async fn text(&self, locale: Option<Locale>) -> &str {
        self.context.event.pick(&self.version.text, locale.as_ref())
    }
    /// What attendees read, in every language.
    async fn texts(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.version.text)
    }
    /// Which fields.
    async fn fields(&self) -> Vec<OfferedField> {
        OfferedField::of(&self.context.event, &self.context.questions, self.version.fields())
    }
    /// For how many days after the event, or after the consent if that is later.
    async fn retention_days(&self) -> i32 {
        self.version.row.retention_days
    }
    /// From when it is shared.
    async fn starts_at(&self) -> Option<DateTime> {
        self.version.row.starts_at.map(|at| Instant(at).into())
    }
    /// Until when it is shared.
    async fn ends_at(&self) -> Option<DateTime> {
        self.version.row.ends_at.map(|at| Instant(at).into())
    }
    /// The partner's notice, as it was when this version was requested.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(&self.version.row.notice_url, Some(&self.version.row.notice_hash))
    }
    /// What it changes against the version before; absent for the first one. To be read before approving it.
    async fn difference(&self) -> Result<Option<OfferDifference>> {
        let difference = partners::difference(&self.offer, &self.version).map_err(|fault| errors::internal(&fault))?;
        Ok(difference.map(|difference| OfferDifference {
            context: self.context.clone(),
            difference,
        }))
    }
    /// Whether its approver said that its text says the same as before in other words.
    async fn editorial(&self) -> bool {
        self.version.row.editorial
    }
    /// When it was requested.
    async fn requested_at(&self) -> DateTime {
        Instant(self.version.row.requested_at).into()
    }
    /// When it was decided.
    async fn decided_at(&self) -> Option<DateTime> {
        self.version.row.decided_at.map(|at| Instant(at).into())
    }
    /// What was said with the decision.
    async fn remark(&self) -> Option<&str> {
        self.version.row.remark.as_deref()
    }
}

/// What a version changes against the one before.
#[derive(Clone)]
pub struct OfferDifference {
    context: Context,
    difference: Difference,
}

impl OfferDifference {
    pub(crate) fn new(context: Context, difference: Difference) -> Self {
        Self { context, difference }
    }
}

/// Which consents carry over.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentCarryOver {
    /// Those to the version before: this one only takes away.
    Covered,
    /// Those to the version before, if the change of the text is editorial.
    CoveredIfEditorial,
    /// None: everybody is asked anew.
    None,
}

/// What a version changes against the one before.
#[Object]
impl OfferDifference {
    /// The version that it is compared with.
    async fn before_version(&self) -> i32 {
        self.difference.before
    }
    /// Fields that are asked for in addition.
    async fn added_fields(&self) -> Vec<OfferedField> {
        OfferedField::of(&self.context.event, &self.context.questions, self.difference.added)
    }
    /// Fields that are asked for no more.
    async fn removed_fields(&self) -> Vec<OfferedField> {
        OfferedField::of(&self.context.event, &self.context.questions, self.difference.removed)
    }
    /// Retention before, in days.
    async fn retention_days_before(&self) -> i32 {
        self.difference.retention_days.0
    }
    /// Retention now, in days.
    async fn retention_days(&self) -> i32 {
        self.difference.retention_days.1
    }
    /// The start before.
    async fn starts_at_before(&self) -> Option<DateTime> {
        self.difference.starts_at.0.map(DateTime::from)
    }
    /// The start now.
    async fn starts_at(&self) -> Option<DateTime> {
        self.difference.starts_at.1.map(DateTime::from)
    }
    /// The end before.
    async fn ends_at_before(&self) -> Option<DateTime> {
        self.difference.ends_at.0.map(DateTime::from)
    }
    /// The end now.
    async fn ends_at(&self) -> Option<DateTime> {
        self.difference.ends_at.1.map(DateTime::from)
    }
    /// Whether the partner's privacy notice is another.
    async fn notice_changed(&self) -> bool {
        self.difference.notice == partners::NoticeChange::Changed
    }
    /// The text in each language in which it differs.
    async fn texts(&self) -> Vec<TextDifference> {
        let texts = self.difference.text.iter().cloned();
        texts
            .map(|text| TextDifference {
                locale: Locale(text.locale),
                before: text.before,
                after: text.after,
            })
            .collect()
    }
    /// Which consents carry over.
    async fn consents(&self) -> ConsentCarryOver {
        match self.difference.covered {
            Covered::Yes => ConsentCarryOver::Covered,
            Covered::IfEditorial => ConsentCarryOver::CoveredIfEditorial,
            Covered::No => ConsentCarryOver::None,
        }
    }
}

/// A text in one language, before and after.
#[derive(SimpleObject, Clone)]
pub struct TextDifference {
    /// The language.
    locale: Locale,
    /// Before; absent where there was none.
    before: Option<String>,
    /// After; absent where there is none.
    after: Option<String>,
}
