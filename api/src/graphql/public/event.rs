//! An event, as anyone sees it.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use consentry_domain::{Instant, TicketTypeId};
use consentry_entity::{event, organization};

use super::session::{EventSessionConnection, sessions};
use super::speaker::speakers;
use super::{
    ConsentIssue, EventPartner, LegalDocument, LocalizedText, Organization, PostalAddress, Question, SharingOffer,
    Speaker, TicketType,
};
use crate::graphql::scalars::{DateTime, Locale, TimeZone};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::platform::store::Store;
use crate::services::sales::{Batch, EventKey};
use crate::services::sharing::{Issue, view};
use crate::services::{Localized, events};

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

/// Where a conference takes place.
#[derive(SimpleObject, Clone)]
pub struct Venue {
    /// Its name, as people look for it.
    name: String,
    /// Where it is.
    address: Option<PostalAddress>,
}

/// A conference or a webinar.
#[derive(Clone)]
pub struct Event(Arc<Parts>);

/// What is known of an event.
pub struct Parts {
    pub(super) row: event::Model,
    organization: organization::Model,
    title: Localized,
    description: Localized,
    venue: Option<events::Venue>,
    pub(super) batch: Arc<Batch>,
}

impl std::ops::Deref for Event {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Event {
    /// From its rows.
    ///
    /// # Errors
    /// When its texts cannot be read.
    pub fn new(row: event::Model, organization: organization::Model) -> Result<Self, Fault> {
        let batch = Arc::new(Batch::new(vec![row.clone()]));
        Self::with_batch(row, organization, batch)
    }

    /// The events of one list: their parts are read for all of them at once.
    ///
    /// # Errors
    /// When their texts cannot be read.
    pub fn list(rows: Vec<(event::Model, organization::Model)>) -> Result<Vec<Self>, Fault> {
        let batch = Arc::new(Batch::new(rows.iter().map(|(event, _)| event.clone()).collect()));
        rows.into_iter()
            .map(|(event, organization)| Self::with_batch(event, organization, batch.clone()))
            .collect()
    }

    fn with_batch(row: event::Model, organization: organization::Model, batch: Arc<Batch>) -> Result<Self, Fault> {
        let title = Localized::parse(&row.title)?;
        let description = Localized::parse(&row.description)?;
        let venue = row.venue.as_deref().map(events::Venue::parse).transpose()?;
        Ok(Self(Arc::new(Parts {
            row,
            organization,
            title,
            description,
            venue,
            batch,
        })))
    }

    /// Whose event it is.
    pub(in crate::graphql) fn organizer(&self) -> &organization::Model {
        &self.organization
    }

    pub(in crate::graphql) fn key(&self) -> EventKey {
        (self.row.organization_id, self.row.id)
    }

    /// Its ticket type of this id, also a hidden or an archived one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_ticket_type(&self, ctx: &Context<'_>, id: TicketTypeId) -> Result<Option<TicketType>> {
        Ok(self
            .all_ticket_types(ctx)
            .await?
            .into_iter()
            .find(|ticket_type| ticket_type.is(id)))
    }

    pub(crate) async fn all_ticket_types(&self, ctx: &Context<'_>) -> Result<Vec<TicketType>> {
        let all = self.every_ticket_type(&platform(ctx).store).await;
        all.map_err(|fault| errors::internal(&fault))
    }

    pub(crate) async fn every_ticket_type(&self, store: &Store) -> Result<Vec<TicketType>, Fault> {
        let all = self.batch.ticket_types(store, self.key()).await?;
        Ok(all
            .iter()
            .map(|on_sale| TicketType::new(self.clone(), on_sale.clone()))
            .collect())
    }

    pub(crate) async fn all_questions(&self, ctx: &Context<'_>) -> Result<Vec<Question>> {
        let all = self.batch.questions(&platform(ctx).store, self.key()).await;
        let all = all.map_err(|fault| errors::internal(&fault))?;
        Ok(all
            .iter()
            .map(|question| Question::new(self.clone(), question.clone()))
            .collect())
    }

    /// What is asked of whoever buys a listed ticket type.
    pub(super) async fn listed_questions(&self, ctx: &Context<'_>) -> Result<Vec<Question>> {
        let mut listed = self.all_ticket_types(ctx).await?;
        listed.retain(TicketType::is_listed);
        let mut questions = self.all_questions(ctx).await?;
        questions.retain(|question| listed.iter().any(|ticket_type| question.belongs_to(ticket_type)));
        Ok(questions)
    }

    /// Why wishes at this event were not fulfilled, with the offers as they are now.
    pub(super) async fn issues(&self, store: &Store, issues: Vec<Issue>) -> Result<Vec<ConsentIssue>, Fault> {
        if issues.is_empty() {
            return Ok(Vec::new());
        }
        let offers = self.offers(store).await?;
        let issues = issues.into_iter();
        Ok(issues.map(|issue| ConsentIssue::new(issue, &offers)).collect())
    }

    /// Every offer in force whose time is not over.
    pub(super) async fn offers(&self, store: &Store) -> Result<Vec<SharingOffer>, Fault> {
        let (partners, questions) = self.batch.partners(store, self.key()).await?;
        let active = partners.iter().filter(|partner| partner.is_active());
        let now = self.batch.now(store).await?;
        let shown = active.flat_map(|partner| view::public(partner, &questions, now));
        Ok(shown.map(|shown| SharingOffer::new(self.clone(), shown)).collect())
    }

    /// A text of this event in the wished language.
    pub(crate) fn pick<'a>(&'a self, text: &'a Localized, locale: Option<&Locale>) -> &'a str {
        self.pick_in(text, locale.map(|locale| locale.0.as_str()))
    }

    pub(super) fn pick_in<'a>(&'a self, text: &'a Localized, locale: Option<&str>) -> &'a str {
        text.pick(locale, &self.row.default_locale)
    }
}

/// A conference or a webinar.
#[Object]
impl Event {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
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
        self.pick(&self.title, locale.as_ref())
    }
    /// Its title in every language.
    async fn titles(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.title)
    }
    /// What it is about (CommonMark).
    async fn description(&self, locale: Option<Locale>) -> &str {
        self.pick(&self.description, locale.as_ref())
    }
    /// What it is about, in every language.
    async fn descriptions(&self) -> Vec<LocalizedText> {
        LocalizedText::all(&self.description)
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
    /// Where it takes place; absent for a webinar.
    async fn venue(&self) -> Option<Venue> {
        let venue = self.venue.as_ref()?;
        Some(Venue {
            name: venue.name.clone(),
            address: venue.address.clone().map(PostalAddress::from),
        })
    }
    /// Whom to write to about it.
    async fn contact_email(&self) -> &str {
        self.row
            .contact_email
            .as_deref()
            .unwrap_or(&self.organization.contact_email)
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
    /// Whether everybody's date of birth is asked.
    async fn asks_date_of_birth(&self) -> bool {
        self.row.asks_date_of_birth
    }
    /// Whether the place of somebody under age waits for a parent's permission.
    async fn requires_parental_permission(&self) -> bool {
        self.row.requires_parental_permission
    }
    /// Rises with each change of it; the version of its entry in calendars.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
    /// Its agenda, in the order in which it happens.
    async fn sessions(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<EventSessionConnection> {
        sessions(ctx, self, first, after).await
    }
    /// Who speaks: by their place in the list, within a place by name.
    async fn speakers(&self, ctx: &Context<'_>) -> Result<Vec<Speaker>> {
        speakers(ctx, self).await
    }
    /// What everybody finds to buy.
    async fn ticket_types(&self, ctx: &Context<'_>) -> Result<Vec<TicketType>> {
        let mut all = self.all_ticket_types(ctx).await?;
        all.retain(TicketType::is_listed);
        Ok(all)
    }
    /// One ticket type by its id, also one that is not listed.
    async fn ticket_type(&self, ctx: &Context<'_>, id: ID) -> Result<Option<TicketType>> {
        match ids::decode::<TicketTypeId>(&id) {
            Some((organization, id)) if organization == self.row.organization_id => Ok(self
                .find_ticket_type(ctx, id)
                .await?
                .filter(|ticket_type| !ticket_type.is_archived())),
            _ => Ok(None),
        }
    }
    /// What is asked of whoever buys a listed ticket type.
    async fn questions(&self, ctx: &Context<'_>) -> Result<Vec<Question>> {
        self.listed_questions(ctx).await
    }
    /// Its partners and what they ask for now. One that asks for nothing, or whose request is not approved, is named too:
    /// by its role, as at any event.
    async fn partners(&self, ctx: &Context<'_>) -> Result<Vec<EventPartner>> {
        self.all_partners(ctx).await
    }
    /// What is to be acknowledged, in the versions in force.
    async fn documents(&self, ctx: &Context<'_>) -> Result<Vec<LegalDocument>> {
        let all = self.batch.documents(&platform(ctx).store, self.key()).await;
        let all = all.map_err(|fault| errors::internal(&fault))?;
        Ok(all
            .iter()
            .map(|document| LegalDocument::new(self.clone(), document.clone()))
            .collect())
    }
}
