//! Partners and offers, as staff see them: every version in every state, and never who decided what.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, Result, SimpleObject};
use consentry_domain::{Instant, OfferVersionState as State};
use consentry_entity::partner;

use crate::connection;
use crate::graphql::public::{Event, OfferedField, PrivacyNotice};
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::vocabulary::{LegalBasis, PartnerRole, Purpose};
use crate::graphql::{errors, ids};
use crate::services::partners::{self, Covered, Difference};
use crate::services::sharing::offers::{Offer, PartnerAtEvent, Version};
use crate::services::sharing::questions::Shareable;

/// A company with which the organization shares.
#[derive(Clone)]
pub struct Partner {
    row: partner::Model,
}

impl From<partner::Model> for Partner {
    fn from(row: partner::Model) -> Self {
        Self { row }
    }
}

/// A company with which the organization shares.
#[Object]
impl Partner {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// As people know it.
    async fn display_name(&self) -> &str {
        &self.row.display_name
    }
    /// As it is registered.
    async fn legal_name(&self) -> &str {
        &self.row.legal_name
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> &str {
        &self.row.country
    }
    /// Whom the organization writes to.
    async fn contact_email(&self) -> &str {
        &self.row.contact_email
    }
    /// Whether this is the organization itself, as the host of its events.
    async fn is_organization(&self) -> bool {
        self.row.is_organization
    }
    /// Whether anything is shared with it.
    async fn active(&self) -> bool {
        self.row.active
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
}

connection!(PartnerConnection, PartnerEdge, Partner);

/// What belongs to an event's partners: read once, shared by all of them.
#[derive(Clone)]
pub struct Context {
    /// The event.
    pub event: Event,
    /// What the bits of its masks mean.
    pub questions: Arc<Shareable>,
}

/// A partner in its role at an event, as staff see it.
#[derive(Clone)]
pub struct ManagedEventPartner {
    context: Context,
    partner: PartnerAtEvent,
}

impl ManagedEventPartner {
    pub(crate) fn new(context: Context, partner: PartnerAtEvent) -> Self {
        Self { context, partner }
    }
}

/// A partner in its role at an event, as staff see it.
#[Object]
impl ManagedEventPartner {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.partner.row.organization_id, self.partner.row.id)
    }
    /// The company.
    async fn partner(&self) -> Partner {
        self.partner.partner.clone().into()
    }
    /// What it is at this event.
    async fn role(&self) -> PartnerRole {
        self.partner.row.role.into()
    }
    /// How it treats what it receives. An offer can be requested only once the file's SHA-256 is known.
    async fn privacy_notice(&self) -> PrivacyNotice {
        PrivacyNotice::new(&self.partner.row.notice_url, self.partner.row.notice_hash.as_deref())
    }
    /// Whom attendees write to about their data.
    async fn contact_email(&self) -> &str {
        &self.partner.row.contact_email
    }
    /// Whether anything is shared with it at this event.
    async fn active(&self) -> bool {
        self.partner.row.active
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.partner.row.revision
    }
    /// What it asks for, in every state.
    async fn offers(&self) -> Vec<ManagedOffer> {
        let offers = self.partner.offers.iter().cloned();
        offers
            .map(|offer| ManagedOffer::new(self.context.clone(), offer))
            .collect()
    }
}

/// What one partner asks for one purpose, as staff see it.
#[derive(Clone)]
pub struct ManagedOffer {
    context: Context,
    offer: Arc<Offer>,
}

impl ManagedOffer {
    pub(crate) fn new(context: Context, offer: Offer) -> Self {
        Self {
            context,
            offer: Arc::new(offer),
        }
    }

    fn shown(&self, version: &Version) -> ManagedOfferVersion {
        ManagedOfferVersion {
            context: self.context.clone(),
            offer: self.offer.clone(),
            version: version.clone(),
        }
    }
}

/// What one partner asks for one purpose, as staff see it.
#[Object]
impl ManagedOffer {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.offer.row.organization_id, self.offer.row.id)
    }
    /// What for.
    async fn purpose(&self) -> Purpose {
        self.offer.row.purpose.into()
    }
    /// The version that attendees see.
    async fn in_force(&self) -> Option<ManagedOfferVersion> {
        self.offer.in_force().map(|version| self.shown(version))
    }
    /// The version that waits for a decision.
    async fn requested(&self) -> Option<ManagedOfferVersion> {
        self.offer.requested().map(|version| self.shown(version))
    }
    /// Every version, oldest first.
    async fn versions(&self) -> Vec<ManagedOfferVersion> {
        self.offer.versions.iter().map(|version| self.shown(version)).collect()
    }
}

/// Where a version of an offer stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "State")]
pub enum OfferVersionState {
    /// Asked for.
    Requested,
    /// Shown to attendees, until a later one is.
    Approved,
    /// Refused by the organizer.
    Rejected,
    /// Taken back.
    Withdrawn,
}

/// One version of an offer.
#[derive(Clone)]
pub struct ManagedOfferVersion {
    context: Context,
    offer: Arc<Offer>,
    version: Version,
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
        let texts = self.version.text.0.iter();
        texts
            .map(|(locale, text)| LocalizedText {
                locale: Locale(locale.clone()),
                text: text.clone(),
            })
            .collect()
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

/// A text in one language.
#[derive(SimpleObject, Clone)]
pub struct LocalizedText {
    /// The language.
    pub locale: Locale,
    /// The text.
    pub text: String,
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
