//! A partner's place at an event, as its administrators see it.

use std::sync::Arc;

use async_graphql::{ID, Object};
use consentry_domain::{Field, FieldMask, Instant, OrganizationId};

use super::token::PartnerField;
use crate::graphql::ids;
use crate::graphql::public::{EventKind, LocalizedText, PrivacyNotice};
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::vocabulary::{LegalBasis, OfferVersionState, PartnerRole, Purpose};
use crate::services::disclosure::facts::QuestionFacts;
use crate::services::partners::{Draft, OwnPlace};
use crate::services::sharing::NamedField;
use crate::services::sharing::offers::{Offer, Version};
use crate::services::sharing::questions::AskableQuestion;
use crate::services::tokens::{FieldFacts, Named};

/// Your place at an event.
#[derive(Clone)]
pub struct AdministeredPlace {
    place: Arc<OwnPlace>,
}

impl From<OwnPlace> for AdministeredPlace {
    fn from(place: OwnPlace) -> Self {
        Self { place: Arc::new(place) }
    }
}

impl AdministeredPlace {
    fn organization(&self) -> OrganizationId {
        self.place.row.organization_id
    }

    fn field(&self, field: Named) -> PartnerField {
        PartnerField {
            organization: self.organization(),
            facts: FieldFacts {
                field,
                default_locale: self.place.event.default_locale.clone(),
            },
        }
    }

    fn fields(&self, mask: FieldMask) -> Vec<PartnerField> {
        let named = |field| match field {
            Field::Standard(field) => Named::Standard(field),
            Field::Question(bit) => Named::Question(self.place.questions.of_bit(bit).map(facts)),
        };
        mask.iter().map(|field| self.field(named(field))).collect()
    }
}

fn facts(question: &AskableQuestion) -> QuestionFacts {
    QuestionFacts {
        id: question.row.id,
        label: question.label.clone(),
        choices: Default::default(),
    }
}

/// Your place at an event.
#[Object]
impl AdministeredPlace {
    /// The event partner's id.
    async fn id(&self) -> ID {
        ids::encode(self.organization(), self.place.row.id)
    }
    /// In which role you are there.
    async fn role(&self) -> PartnerRole {
        self.place.row.role.into()
    }
    /// Whether the organizer lets anything be shared with you there.
    async fn active(&self) -> bool {
        self.place.row.active
    }
    /// The event's title, in the wished language where there is one.
    async fn event_title(&self, locale: Option<Locale>) -> &str {
        let locale = locale.as_ref().map(|locale| locale.0.as_str());
        self.place.title.pick(locale, &self.place.event.default_locale)
    }
    /// Conference or webinar.
    async fn event_kind(&self) -> EventKind {
        self.place.event.kind.into()
    }
    /// When it starts.
    async fn starts_at(&self) -> DateTime {
        Instant(self.place.event.starts_at).into()
    }
    /// When it ends.
    async fn ends_at(&self) -> DateTime {
        Instant(self.place.event.ends_at).into()
    }
    /// In which time zone it is.
    async fn time_zone(&self) -> TimeZone {
        TimeZone(self.place.event.time_zone.clone())
    }
    /// Your privacy notice there, as the organizer knows it. Nothing can be asked for while its hash is missing.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(&self.place.row.notice_url, self.place.row.notice_hash.as_deref())
    }
    /// The questions whose answers you can ask for.
    async fn questions(&self) -> Vec<PartnerField> {
        let questions = self.place.questions.of_place(self.place.row.id);
        questions
            .map(|question| self.field(Named::Question(Some(facts(question)))))
            .collect()
    }
    /// What you asked for, one for each purpose, in every state.
    async fn offers(&self) -> Vec<OwnOffer> {
        let offers = self.place.offers.iter().cloned();
        offers.map(|offer| OwnOffer::new(self.clone(), offer)).collect()
    }
    /// What you mean to ask for.
    async fn drafts(&self) -> Vec<OfferDraft> {
        let drafts = self.place.drafts.iter().cloned();
        drafts.map(|draft| OfferDraft::new(self.clone(), draft)).collect()
    }
}

/// What you ask attendees for, for one purpose.
pub struct OwnOffer {
    place: AdministeredPlace,
    offer: Offer,
}

impl OwnOffer {
    pub(super) fn new(place: AdministeredPlace, offer: Offer) -> Self {
        Self { place, offer }
    }
}

/// What you ask attendees for, for one purpose.
#[Object]
impl OwnOffer {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.place.organization(), self.offer.row.id)
    }
    /// What for.
    async fn purpose(&self) -> Purpose {
        self.offer.row.purpose.into()
    }
    /// The number of the version that attendees are asked with; absent where there is none.
    async fn version_in_force(&self) -> Option<i32> {
        self.offer.in_force().map(|version| version.row.version)
    }
    /// The number of the version that waits for the organizer's decision.
    async fn version_requested(&self) -> Option<i32> {
        self.offer.requested().map(|version| version.row.version)
    }
    /// Its versions, oldest first.
    async fn versions(&self) -> Vec<OwnOfferVersion> {
        let versions = self.offer.versions.iter().cloned();
        let version = |version| OwnOfferVersion {
            place: self.place.clone(),
            version,
        };
        versions.map(version).collect()
    }
}

/// A version of what you ask for.
pub struct OwnOfferVersion {
    place: AdministeredPlace,
    version: Version,
}

/// A version of what you ask for.
#[Object]
impl OwnOfferVersion {
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
    /// What attendees read, in every language.
    async fn texts(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.version.text)
    }
    /// Which fields.
    async fn fields(&self) -> Vec<PartnerField> {
        self.place.fields(self.version.fields())
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
    /// When its approval was asked for.
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

/// What you mean to ask for. Nobody but your administrators sees it.
pub struct OfferDraft {
    place: AdministeredPlace,
    draft: Draft,
}

impl OfferDraft {
    pub(super) fn new(place: AdministeredPlace, draft: Draft) -> Self {
        Self { place, draft }
    }
}

/// What you mean to ask for. Nobody but your administrators sees it.
#[Object]
impl OfferDraft {
    /// What for: a place has one draft for each purpose.
    async fn purpose(&self) -> Purpose {
        self.draft.purpose.into()
    }
    /// What attendees would read, in every language.
    async fn texts(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.draft.terms.text)
    }
    /// Which fields.
    async fn fields(&self) -> Vec<PartnerField> {
        let named = self.draft.terms.fields.iter().map(|field| match field {
            NamedField::Standard(field) => Named::Standard(*field),
            NamedField::Question(id) => Named::Question(self.place.place.questions.by_id(*id).map(facts)),
        });
        named.map(|field| self.place.field(field)).collect()
    }
    /// For how many days after the event, or after the consent if that is later.
    async fn retention_days(&self) -> Option<i32> {
        self.draft.terms.retention_days
    }
    /// From when it would be shared.
    async fn starts_at(&self) -> Option<DateTime> {
        self.draft.terms.starts_at.clone().map(DateTime)
    }
    /// Until when it would be shared.
    async fn ends_at(&self) -> Option<DateTime> {
        self.draft.terms.ends_at.clone().map(DateTime)
    }
    /// When it was changed.
    async fn updated_at(&self) -> DateTime {
        self.draft.updated_at.into()
    }
    /// Its revision, to be sent with a change.
    async fn revision(&self) -> i64 {
        self.draft.revision
    }
}
