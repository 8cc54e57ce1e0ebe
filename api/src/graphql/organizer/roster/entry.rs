//! One registration, as staff see it: no consent, no refusal, no count of them, for staff must not see who refused what.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use consentry_domain::{Instant, OrganizationId, RegistrationId};
use consentry_entity::check_in;

use crate::access::rights::ViewRoster;
use crate::access::{Authorized, EventScope, staff_of_event};
use crate::graphql::public::{Event, OrderStatus, Question, RegistrationStatus, TicketType};
use crate::graphql::scalars::{DateTime, Locale};
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::{Fault, Platform, Refused};
use crate::services::events::{self, Audience};
use crate::services::organizations;
use crate::services::roster::{self, Parts, Passage, Row};

/// One passage at a door.
#[derive(SimpleObject, Clone)]
pub struct CheckIn {
    /// Opaque.
    id: ID,
    /// At which door.
    list: String,
    /// When.
    at: DateTime,
    /// With which device.
    device: Option<String>,
    /// When it was taken back.
    undone_at: Option<DateTime>,
}

impl CheckIn {
    pub(in crate::graphql::organizer) fn of(organization: OrganizationId, passage: &Passage) -> Self {
        Self {
            id: ids::encode(organization, passage.id),
            list: passage.list.clone(),
            at: passage.at.into(),
            device: passage.device.clone(),
            undone_at: passage.undone_at.map(DateTime::from),
        }
    }
}

impl From<check_in::Model> for CheckIn {
    fn from(row: check_in::Model) -> Self {
        Self {
            id: ids::encode(row.organization_id, row.id),
            list: row.list,
            at: Instant(row.at).into(),
            device: row.device,
            undone_at: row.undone_at.map(|at| Instant(at).into()),
        }
    }
}

/// What somebody answered.
#[derive(Clone)]
pub struct RosterAnswer {
    question: Question,
    value: consentry_domain::AnswerValue,
}

/// What somebody answered.
#[Object]
impl RosterAnswer {
    /// What was asked.
    async fn question(&self) -> Question {
        self.question.clone()
    }
    /// The answer in words; of choices their labels.
    async fn values(&self, locale: Option<Locale>) -> Vec<String> {
        self.question.words(&self.value, locale.as_ref())
    }
}

/// One registration, as staff see it.
#[derive(Clone)]
pub struct RosterEntry {
    organization: OrganizationId,
    event: Event,
    row: Row,
    parts: Arc<Parts>,
}

impl RosterEntry {
    pub(super) fn new(organization: OrganizationId, event: Event, row: Row, parts: Arc<Parts>) -> Self {
        Self {
            organization,
            event,
            row,
            parts,
        }
    }

    /// One alone.
    pub(in crate::graphql::organizer) fn one(platform: &Platform, event: Event, row: Row) -> Self {
        let (organization, id) = event.key();
        let parts = Parts::of(&platform.store, organization, id, std::slice::from_ref(&row));
        Self::new(organization, event, row, Arc::new(parts))
    }
}

/// One registration, as staff see it.
#[Object]
impl RosterEntry {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.organization, self.row.id)
    }
    /// Whole name; empty once it is erased.
    async fn full_name(&self) -> &str {
        self.row.full_name.as_deref().unwrap_or_default()
    }
    /// Mail address; empty once it is erased.
    async fn email(&self) -> &str {
        self.row.email.as_deref().unwrap_or_default()
    }
    /// Company.
    async fn company(&self) -> Option<&str> {
        self.row.company.as_deref()
    }
    /// Where it stands.
    async fn status(&self) -> RegistrationStatus {
        self.row.status.into()
    }
    /// What was bought.
    async fn ticket_type(&self, ctx: &Context<'_>) -> Result<TicketType> {
        let found = self.event.find_ticket_type(ctx, self.row.ticket_type_id).await?;
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("a registration of an unknown ticket type".into())))
    }
    /// The order's code.
    async fn order_code(&self) -> &str {
        &self.row.order_code
    }
    /// Where the order stands.
    async fn order_status(&self) -> Result<OrderStatus> {
        let orders = self.parts.orders().await.map_err(|fault| errors::internal(&fault))?;
        let found = orders.get(&self.row.order_id).copied().map(OrderStatus::from);
        found.ok_or_else(|| errors::internal(&Fault::Corrupt("a registration without its order".into())))
    }
    /// Passages at doors, those that were taken back included; oldest first.
    async fn check_ins(&self) -> Result<Vec<CheckIn>> {
        let passages = self.parts.passages().await.map_err(|fault| errors::internal(&fault))?;
        let its = passages.get(&self.row.id).map(Vec::as_slice).unwrap_or_default();
        Ok(its
            .iter()
            .map(|passage| CheckIn::of(self.organization, passage))
            .collect())
    }
    /// What was answered to the questions that are asked now.
    async fn answers(&self, ctx: &Context<'_>) -> Result<Vec<RosterAnswer>> {
        let all = self.parts.answers().await.map_err(|fault| errors::internal(&fault))?;
        let Some(given) = all.get(&self.row.id) else {
            return Ok(Vec::new());
        };
        let mut answers = Vec::new();
        for question in self.event.all_questions(ctx).await? {
            if let Some((_, value)) = given.iter().find(|(id, _)| question.is(*id)) {
                answers.push(RosterAnswer {
                    question,
                    value: value.clone(),
                });
            }
        }
        Ok(answers)
    }
    /// When it was made.
    async fn created_at(&self) -> DateTime {
        Instant(self.row.created_at).into()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.row.revision
    }
}

/// The event to which a right belongs.
pub(in crate::graphql::organizer) async fn event_of<P: crate::access::rights::Permission>(
    platform: &Platform,
    authorized: &Authorized<EventScope, P>,
) -> Result<Event, Refused> {
    let missing = || Fault::Corrupt("an event that was there a moment ago".into());
    let (organization, event) = (authorized.organization(), authorized.event());
    let row = events::by_id(&platform.store, Audience::Staff, organization, event)
        .await?
        .ok_or_else(missing)?;
    let owner = organizations::by_id(&platform.store, organization)
        .await?
        .ok_or_else(missing)?;
    Ok(Event::new(row, owner)?)
}

/// A registration after staff changed it; whoever may change it may see it.
pub(in crate::graphql::organizer) async fn entry(
    ctx: &Context<'_>,
    organization: OrganizationId,
    event: consentry_domain::EventId,
    id: RegistrationId,
) -> Result<RosterEntry, Refused> {
    let platform = platform(ctx);
    let view: Authorized<EventScope, ViewRoster> = staff_of_event(platform, caller(ctx), organization, event).await?;
    let row = roster::one(platform, &view, id).await?;
    Ok(RosterEntry::one(platform, event_of(platform, &view).await?, row))
}
