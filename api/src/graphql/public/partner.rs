//! The partners of an event and what they ask for, as anyone sees it before the form.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use consentry_domain::{EventPartnerId, Field, FieldMask, Instant, OfferId};
use data_encoding::HEXLOWER;

use super::{Event, Question};
use crate::graphql::scalars::{DateTime, Locale, URL};
use crate::graphql::vocabulary::{AttendeeField, LegalBasis, PartnerRole, Purpose};
use crate::graphql::{errors, ids, platform};
use crate::services::sharing::offers::{PartnerAtEvent, ShownOffer};
use crate::services::sharing::questions::Shareable;
use crate::services::sharing::view;

/// A partner's privacy notice.
#[derive(SimpleObject, Clone)]
pub struct PrivacyNotice {
    /// Where it is.
    pub url: URL,
    /// The SHA-256 of its file, in hexadecimal; absent while it is not known.
    pub sha256: Option<String>,
}

impl PrivacyNotice {
    pub(crate) fn new(url: &str, hash: Option<&[u8]>) -> Self {
        Self {
            url: url.into(),
            sha256: hash.map(|hash| HEXLOWER.encode(hash)),
        }
    }
}

/// A partner in its role at an event.
#[derive(Clone)]
pub struct EventPartner {
    event: Event,
    partner: Arc<PartnerAtEvent>,
    questions: Arc<Shareable>,
}

impl EventPartner {
    pub(crate) fn new(event: Event, partner: Arc<PartnerAtEvent>, questions: Arc<Shareable>) -> Self {
        Self {
            event,
            partner,
            questions,
        }
    }
}

impl EventPartner {
    pub(super) fn is(&self, id: EventPartnerId) -> bool {
        self.partner.row.id == id
    }
}

/// A partner in its role at an event.
#[Object]
impl EventPartner {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.partner.row.organization_id, self.partner.row.id)
    }
    /// What it is at this event.
    async fn role(&self) -> PartnerRole {
        self.partner.row.role.into()
    }
    /// As it is registered.
    async fn legal_name(&self) -> &str {
        &self.partner.partner.legal_name
    }
    /// As people know it.
    async fn display_name(&self) -> &str {
        &self.partner.partner.display_name
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> &str {
        &self.partner.partner.country
    }
    /// Whom to write to about one's data.
    async fn contact_email(&self) -> &str {
        &self.partner.row.contact_email
    }
    /// How it treats what it receives.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(&self.partner.row.notice_url, self.partner.row.notice_hash.as_deref())
    }
    /// What it asks for now; nothing whose time is over.
    async fn offers(&self, ctx: &Context<'_>) -> Result<Vec<SharingOffer>> {
        let now = self.event.batch.now(&platform(ctx).store).await;
        let now = now.map_err(|error| errors::internal(&error.into()))?;
        let offers = view::public(&self.partner, &self.questions, now);
        Ok(offers
            .into_iter()
            .map(|shown| SharingOffer::new(self.event.clone(), shown))
            .collect())
    }
}

/// What one partner asks for one purpose, in one version.
#[derive(Clone)]
pub struct SharingOffer {
    event: Event,
    shown: Arc<ShownOffer>,
}

impl SharingOffer {
    /// From the offer and its event.
    #[must_use]
    pub fn new(event: Event, shown: Arc<ShownOffer>) -> Self {
        Self { event, shown }
    }

    /// Whether it is this one.
    #[must_use]
    pub fn is(&self, id: OfferId) -> bool {
        self.shown.offer.id == id
    }
}

/// What one partner asks for one purpose, in one version.
#[Object]
impl SharingOffer {
    /// Opaque; the same in all versions.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.shown.offer.organization_id, self.shown.offer.id)
    }
    /// Who asks.
    async fn partner(&self) -> EventPartner {
        EventPartner::new(
            self.event.clone(),
            self.shown.partner.clone(),
            self.shown.questions.clone(),
        )
    }
    /// Which version this is; named with each decision.
    async fn version(&self) -> i32 {
        self.shown.version.row.version
    }
    /// What for.
    async fn purpose(&self) -> Purpose {
        self.shown.offer.purpose.into()
    }
    /// On what ground in law.
    async fn legal_basis(&self) -> LegalBasis {
        self.shown.version.row.legal_basis.into()
    }
    /// What one consents to, in the wished language where there is one.
    async fn text(&self, locale: Option<Locale>) -> &str {
        self.event.pick(&self.shown.version.text, locale.as_ref())
    }
    /// Which fields; each can be given or left out.
    async fn fields(&self) -> Vec<OfferedField> {
        OfferedField::all(&self.event, &self.shown, self.shown.version.fields())
    }
    /// For how many days after the event, or after the consent if that is later, the partner may keep what it receives.
    async fn retention_days(&self) -> i32 {
        self.shown.version.row.retention_days
    }
    /// From when it is shared; absent: from the consent on.
    async fn starts_at(&self) -> Option<DateTime> {
        self.shown.version.row.starts_at.map(|at| Instant(at).into())
    }
    /// Until when it is shared; absent: without end.
    async fn ends_at(&self) -> Option<DateTime> {
        self.shown.version.row.ends_at.map(|at| Instant(at).into())
    }
    /// The partner's privacy notice under which it is shared.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(
            &self.shown.version.row.notice_url,
            Some(&self.shown.version.row.notice_hash),
        )
    }
}

/// A field that an offer asks for: a standard one, or a question.
#[derive(Clone)]
pub struct OfferedField {
    event: Event,
    questions: Arc<Shareable>,
    field: Field,
}

impl OfferedField {
    /// The fields of a mask.
    #[must_use]
    pub fn all(event: &Event, shown: &Arc<ShownOffer>, mask: FieldMask) -> Vec<Self> {
        Self::of(event, &shown.questions, mask)
    }

    /// The fields of a mask of this event.
    #[must_use]
    pub fn of(event: &Event, questions: &Arc<Shareable>, mask: FieldMask) -> Vec<Self> {
        let one = |field| Self {
            event: event.clone(),
            questions: questions.clone(),
            field,
        };
        mask.iter().map(one).collect()
    }
}

/// A field that an offer asks for: a standard one, or a question.
#[Object]
impl OfferedField {
    /// The standard field; absent for a question.
    async fn field(&self) -> Option<AttendeeField> {
        match self.field {
            Field::Standard(field) => Some(field.into()),
            Field::Question(_) => None,
        }
    }
    /// The question's id; absent for a standard field.
    async fn question_id(&self) -> Option<ID> {
        let Field::Question(bit) = self.field else { return None };
        let question = self.questions.of_bit(bit)?;
        Some(ids::encode(question.row.organization_id, question.row.id))
    }
    /// The question; absent for a standard field, and where the question is no longer asked.
    async fn question(&self, ctx: &Context<'_>) -> Result<Option<Question>> {
        let Field::Question(bit) = self.field else {
            return Ok(None);
        };
        let all = self.event.all_questions(ctx).await?;
        Ok(self
            .questions
            .of_bit(bit)
            .and_then(|own| all.into_iter().find(|question| question.is(own.row.id))))
    }
    /// What it is called, in the wished language where there is one.
    async fn label(&self, locale: Option<Locale>) -> String {
        self.event
            .pick(&self.questions.label(self.field), locale.as_ref())
            .to_owned()
    }
}

impl Event {
    /// Its active partners.
    /// Its partner of this id, where it still has a role.
    pub(super) async fn find_partner(&self, ctx: &Context<'_>, id: EventPartnerId) -> Result<Option<EventPartner>> {
        let all = self.all_partners(ctx).await?;
        Ok(all.into_iter().find(|partner| partner.partner.row.id == id))
    }

    pub(super) async fn all_partners(&self, ctx: &Context<'_>) -> Result<Vec<EventPartner>> {
        let all = self.batch.partners(&platform(ctx).store, self.key()).await;
        let (partners, questions) = all.map_err(|fault| errors::internal(&fault))?;
        let active = partners.iter().filter(|partner| partner.is_active());
        Ok(active
            .map(|partner| EventPartner::new(self.clone(), partner.clone(), questions.clone()))
            .collect())
    }
}
