//! One's own place at an event.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use consentry_domain::registration::{PendingReason as Stored, PendingReasons};
use consentry_domain::{EventId, EventKind, Instant, RegistrationId, RegistrationStatus as Status};
use consentry_entity::{event, organization, registration};
use tokio::sync::OnceCell;

use super::consent::Consent;
use super::disclosure::{self, DisclosureConnection};
use crate::graphql::public::{Answer, Event, PostalAddress, RegistrationStatus, TicketType};
use crate::graphql::scalars::{Date, DateTime, Locale, URL};
use crate::graphql::{errors, ids, platform};
use crate::platform::Fault;
use crate::services::mail::{LinkPurpose, Links};
use crate::services::people::{self, Listed};
use crate::services::sharing::{postal_address, view};

/// What a pending registration waits for.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "Stored")]
pub enum PendingReason {
    /// The order's payment.
    Payment,
    /// An organizer's approval.
    Approval,
    /// A parent's permission.
    ParentalPermission,
}

/// What is read once for all registrations of one list, which are of one organization.
struct Shared {
    rows: Vec<(registration::Model, event::Model)>,
    answers: OnceCell<HashMap<RegistrationId, Vec<people::Answer>>>,
    consents: OnceCell<HashMap<RegistrationId, Vec<view::Consent>>>,
    disclosures: disclosure::Batches,
}

/// One's own place at one event.
pub struct Registration {
    row: registration::Model,
    event_row: event::Model,
    organization: organization::Model,
    event: Event,
    shared: Arc<Shared>,
}

impl Registration {
    /// Those of one list, all of one organization: what belongs to them is read for all of them at once.
    ///
    /// # Errors
    /// When an event's texts cannot be read.
    pub fn list(listed: Vec<Listed>) -> Result<Vec<Self>, Fault> {
        let mut seen: HashSet<EventId> = HashSet::new();
        let events = listed.iter().filter(|listed| seen.insert(listed.event.id));
        let events: Vec<_> = events
            .map(|listed| (listed.event.clone(), listed.organization.clone()))
            .collect();
        let ids: Vec<EventId> = events.iter().map(|(event, _)| event.id).collect();
        let events: HashMap<EventId, Event> = ids.into_iter().zip(Event::list(events)?).collect();
        let shared = Arc::new(Shared {
            rows: listed
                .iter()
                .map(|listed| (listed.row.clone(), listed.event.clone()))
                .collect(),
            answers: OnceCell::new(),
            consents: OnceCell::new(),
            disclosures: disclosure::Batches::default(),
        });
        listed
            .into_iter()
            .map(|listed| {
                let missing = || Fault::Corrupt("a registration without its event".into());
                Ok(Self {
                    event: events.get(&listed.event.id).cloned().ok_or_else(missing)?,
                    row: listed.row,
                    event_row: listed.event,
                    organization: listed.organization,
                    shared: shared.clone(),
                })
            })
            .collect()
    }

    /// One alone.
    ///
    /// # Errors
    /// When its event's texts cannot be read.
    pub fn one(listed: Listed) -> Result<Self, Fault> {
        let one = Self::list(vec![listed])?.pop();
        one.ok_or_else(|| Fault::Corrupt("a list of one with none".into()))
    }
}

/// One's own place at one event.
#[Object]
impl Registration {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// The event.
    async fn event(&self) -> Event {
        self.event.clone()
    }
    /// What was bought.
    async fn ticket_type(&self, ctx: &Context<'_>) -> Result<TicketType> {
        let found = self.event.find_ticket_type(ctx, self.row.ticket_type_id).await?;
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("a registration of an unknown ticket type".into())))
    }
    /// Where it stands.
    async fn status(&self) -> RegistrationStatus {
        self.row.status.into()
    }
    /// What it waits for.
    async fn pending_for(&self) -> Vec<PendingReason> {
        if self.row.status != Status::Pending {
            return Vec::new();
        }
        let reasons = PendingReasons {
            payment: self.row.pending_payment,
            approval: self.row.pending_approval,
            parental_permission: self.row.pending_guardian,
        };
        reasons.iter().map(PendingReason::from).collect()
    }
    /// What is shown at the door.
    async fn check_in_code(&self) -> &str {
        &self.row.check_in_code
    }
    /// What is printed on the badge.
    async fn badge_code(&self) -> &str {
        &self.row.badge_code
    }
    /// The whole name.
    async fn full_name(&self) -> Option<&str> {
        self.row.full_name.as_deref()
    }
    /// The given name.
    async fn given_name(&self) -> Option<&str> {
        self.row.given_name.as_deref()
    }
    /// The family name.
    async fn family_name(&self) -> Option<&str> {
        self.row.family_name.as_deref()
    }
    /// The address.
    async fn email(&self) -> Option<&str> {
        self.row.email.as_deref()
    }
    /// The address that was wished for instead; it takes over once it is proved.
    async fn new_email(&self) -> Option<&str> {
        self.row.new_email.as_deref()
    }
    /// The telephone number.
    async fn phone(&self) -> Option<&str> {
        self.row.phone.as_deref()
    }
    /// The company.
    async fn company(&self) -> Option<&str> {
        self.row.company.as_deref()
    }
    /// The job title.
    async fn job_title(&self) -> Option<&str> {
        self.row.job_title.as_deref()
    }
    /// The town.
    async fn city(&self) -> Option<&str> {
        self.row.city.as_deref()
    }
    /// ISO 3166-1 alpha-2.
    async fn country(&self) -> Option<&str> {
        self.row.country.as_deref()
    }
    /// The postal address.
    async fn postal_address(&self) -> Result<Option<PostalAddress>> {
        let address = postal_address(self.row.postal_address.as_deref()).map_err(|fault| errors::internal(&fault))?;
        Ok(address.map(Into::into))
    }
    /// A page about oneself.
    async fn social_profile(&self) -> Option<&str> {
        self.row.social_profile.as_deref()
    }
    /// When one was born; absent where the event did not ask. Partners never see it.
    async fn date_of_birth(&self) -> Option<Date> {
        self.row.date_of_birth.clone().map(Date)
    }
    /// The language of what is written to one.
    async fn locale(&self) -> Locale {
        Locale(self.row.locale.clone())
    }
    /// Whether somebody who reads that address has proved it.
    async fn email_proved(&self) -> bool {
        self.row.email_proved_at.is_some()
    }
    /// The page from which one joins a webinar; only once the place is confirmed. Whoever has it can join as this person.
    async fn join_url(&self, ctx: &Context<'_>) -> Option<URL> {
        let joins = self.event_row.kind == EventKind::Webinar && self.row.status == Status::Confirmed;
        joins.then(|| {
            let (organization, id) = (self.row.organization_id, self.row.id.0);
            URL(platform(ctx).address(LinkPurpose::Join, organization, id, self.row.link_generation))
        })
    }
    /// What was answered, in the order of the questions.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<Answer>> {
        let ids: Vec<RegistrationId> = self.shared.rows.iter().map(|(row, _)| row.id).collect();
        let all = self
            .shared
            .answers
            .get_or_try_init(|| people::answers(&platform(ctx).store, self.row.organization_id, &ids));
        let all = all.await.map_err(|fault| errors::internal(&fault))?;
        let mine = all.get(&self.row.id).map_or(&[][..], Vec::as_slice);
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let questions = self.event.all_questions(ctx).await?;
        Ok(Answer::list(self.row.organization_id, mine, &questions))
    }
    /// Until when answers can be changed; absent where there is no such day. One's own name and the like can always be.
    async fn answers_editable_until(&self) -> Option<DateTime> {
        self.event_row.answers_editable_until.map(|at| Instant(at).into())
    }
    /// Raised by each change.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
    /// Raised by each change of the consents; sent back with `setConsents`.
    async fn consent_revision(&self) -> i64 {
        self.row.consent_revision
    }
    /// How it stands with each offer that can be given, and each other that something is decided about.
    async fn consents(&self, ctx: &Context<'_>) -> Result<Vec<Consent>> {
        let all = self.shared.consents.get_or_try_init(|| async {
            let rows: Vec<&registration::Model> = self.shared.rows.iter().map(|(row, _)| row).collect();
            let store = &platform(ctx).store;
            view::of_registrations(store.read(), self.row.organization_id, &rows, store.now().await?).await
        });
        let all = all.await.map_err(|fault| errors::internal(&fault))?;
        let mine = all.get(&self.row.id).cloned().unwrap_or_default();
        Ok(Consent::of_event(mine, &self.event))
    }
    /// Who received what of this registration's data, the newest first.
    async fn disclosures(&self, ctx: &Context<'_>, first: i32, after: Option<String>) -> Result<DisclosureConnection> {
        let all: Vec<_> = self.shared.rows.iter().map(|(row, _)| (row.id, row.event_id)).collect();
        let one = (self.row.id, self.row.event_id);
        let whose = (&self.organization, all.as_slice());
        disclosure::of_registration(ctx, whose, &self.shared.disclosures, one, (first, after)).await
    }
}
