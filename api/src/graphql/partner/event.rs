//! An event, as a partner sees it: facts, and nothing that a registration moves.

use async_graphql::{ID, Object};
use consentry_domain::{FieldMask, Instant, OrganizationId};

use super::token::PartnerField;
use crate::connection;
use crate::graphql::ids;
use crate::graphql::public::EventKind;
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::vocabulary::{LegalBasis, PartnerRole, Purpose};
use crate::services::Localized;
use crate::services::disclosure::Stream;
use crate::services::disclosure::view::Covered;
use crate::services::tokens::FieldFacts;

/// You, at one event.
pub struct PartnerEvent {
    covered: Covered,
}

impl From<Covered> for PartnerEvent {
    fn from(covered: Covered) -> Self {
        Self { covered }
    }
}

/// You, at one event.
#[Object]
impl PartnerEvent {
    /// The event partner's id: what `leads(eventPartnerId:)` takes.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.covered.organization, self.covered.event_partner)
    }
    /// In which role you are there.
    async fn role(&self) -> PartnerRole {
        self.covered.role.into()
    }
    /// The event's title, in the wished language where there is one.
    async fn event_title(&self, locale: Option<Locale>) -> &str {
        pick(
            &self.covered.event.title,
            locale.as_ref(),
            &self.covered.event.default_locale,
        )
    }
    /// Conference or webinar.
    async fn event_kind(&self) -> EventKind {
        self.covered.event.kind.into()
    }
    /// When it starts.
    async fn starts_at(&self) -> DateTime {
        self.covered.event.starts_at.into()
    }
    /// When it ends.
    async fn ends_at(&self) -> DateTime {
        self.covered.event.ends_at.into()
    }
    /// In which time zone it is; absent where it was not noted when the event was last changed.
    async fn time_zone(&self) -> Option<TimeZone> {
        self.covered.event.time_zone.clone().map(TimeZone)
    }
    /// Whether you take part there: while the organizer has you switched off, attendees are not asked and nothing is handed
    /// out.
    async fn active(&self) -> bool {
        self.covered.streams.iter().any(|stream| stream.in_force.active)
    }
    /// Your offers in force, for the purposes that the token covers.
    async fn offers(&self) -> Vec<PartnerOffer<'_>> {
        let organization = self.covered.organization;
        let offer = |stream| PartnerOffer::new(organization, stream, self.covered.at);
        self.covered.streams.iter().filter_map(offer).collect()
    }
}

connection!(PartnerEventConnection, PartnerEventEdge, PartnerEvent);

/// The version in force of what you ask attendees for.
pub struct PartnerOffer<'a> {
    organization: OrganizationId,
    stream: &'a Stream,
    version: i32,
    at: Instant,
}

impl<'a> PartnerOffer<'a> {
    fn new(organization: OrganizationId, stream: &'a Stream, at: Instant) -> Option<Self> {
        Some(Self {
            organization,
            stream,
            version: stream.in_force.version?,
            at,
        })
    }
}

/// The version in force of what you ask attendees for.
#[Object]
impl PartnerOffer<'_> {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.organization, self.stream.id)
    }
    /// Its number.
    async fn version(&self) -> i32 {
        self.version
    }
    /// What for.
    async fn purpose(&self) -> Purpose {
        self.stream.in_force.purpose.into()
    }
    /// On what ground in law.
    async fn legal_basis(&self) -> LegalBasis {
        LegalBasis::Consent
    }
    /// What attendees are asked, in the wished language where there is one.
    async fn text(&self, locale: Option<Locale>) -> &str {
        let facts = &self.stream.facts;
        pick(&facts.text, locale.as_ref(), &facts.event.default_locale)
    }
    /// What you ask for.
    async fn fields(&self) -> Vec<PartnerField> {
        let mask: FieldMask = self.stream.in_force.fields;
        let field = |facts| PartnerField {
            organization: self.organization,
            facts,
        };
        FieldFacts::of(mask, &self.stream.facts)
            .into_iter()
            .map(field)
            .collect()
    }
    /// Whether leads are handed out for it now: you take part, it has begun and is not over.
    async fn open(&self) -> bool {
        self.stream.in_force.is_open(self.at)
    }
    /// How long you may keep a lead after the event and the consent, in days.
    async fn retention_days(&self) -> i32 {
        self.stream.retention_days
    }
    /// From when leads are shared.
    async fn starts_at(&self) -> Option<DateTime> {
        self.stream.in_force.starts.map(Into::into)
    }
    /// Until when leads are shared.
    async fn ends_at(&self) -> Option<DateTime> {
        self.stream.in_force.ends.map(Into::into)
    }
}

fn pick<'a>(text: &'a Localized, locale: Option<&Locale>, default: &'a str) -> &'a str {
    text.pick(locale.map(|locale| locale.0.as_str()), default)
}
