//! What staff see of an event's parts beside what anyone sees: revisions, hidden and archived ones, quotas.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use consentry_domain::{EventSessionId, SpeakerId, TicketTypeId};
use consentry_entity::quota;

use super::Sensitivity;
use super::ticket_types::TicketTypeVisibility;
use crate::connection;
use crate::graphql::ids;
use crate::graphql::public::{self, Event, EventSession, Question, Speaker, TicketType};
use crate::services::events::{Missing, PublishProblem as Problem};
use crate::services::sharing::questions::is_fixed;

/// A ticket type, as staff see it.
pub struct ManagedTicketType(pub(crate) TicketType);

/// A ticket type, as staff see it.
#[Object]
impl ManagedTicketType {
    /// As anyone sees it.
    async fn ticket_type(&self) -> TicketType {
        self.0.clone()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.0.row().revision
    }
    /// Whether everybody finds it.
    async fn visibility(&self) -> TicketTypeVisibility {
        self.0.row().visibility.into()
    }
    /// Its place in the list.
    async fn position(&self) -> i32 {
        self.0.row().position
    }
    /// Whether it is out of sale for good.
    async fn archived(&self) -> bool {
        self.0.row().archived_at.is_some()
    }
}

/// A question, as staff see it.
pub struct ManagedQuestion(pub(crate) Question);

/// A question, as staff see it.
#[Object]
impl ManagedQuestion {
    /// As anyone sees it.
    async fn question(&self) -> Question {
        self.0.clone()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.0.row().revision
    }
    /// How delicate its answers are.
    async fn sensitivity(&self) -> Sensitivity {
        self.0.row().sensitivity.into()
    }
    /// Its place in the form.
    async fn position(&self) -> i32 {
        self.0.row().position
    }
    /// Whether its meaning is fixed, because partners were offered its answers: its kind, its words, its choices, and
    /// whether and by whom it is shared stay as they are.
    async fn fixed(&self) -> bool {
        is_fixed(self.0.row())
    }
    /// The ticket types whose buyers alone are asked, hidden and archived ones included; empty where everybody is.
    async fn ticket_type_ids(&self) -> Vec<ID> {
        let organization = self.0.row().organization_id;
        let ids = self.0.asked_with().iter();
        ids.map(|id| ids::encode(organization, *id)).collect()
    }
    /// The partner at the event whose own question it is, also one that is no longer shown.
    async fn asked_by_id(&self) -> Option<ID> {
        let row = self.0.row();
        let partner = row.event_partner_id?;
        Some(ids::encode(row.organization_id, partner))
    }
}

/// A part of an agenda, as staff see it.
pub struct ManagedEventSession(pub(crate) EventSession);

/// A part of an agenda, as staff see it.
#[Object]
impl ManagedEventSession {
    /// As anyone sees it.
    async fn session(&self) -> EventSession {
        self.0.clone()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.0.row().revision
    }
}

connection!(
    types
    ManagedEventSessionConnection,
    ManagedEventSessionEdge,
    ManagedEventSession
);

/// A page of an agenda, as staff see it.
pub(crate) async fn sessions(
    ctx: &Context<'_>,
    event: &Event,
    first: i32,
    after: Option<String>,
) -> Result<ManagedEventSessionConnection> {
    let page = public::sessions(ctx, event, first, after).await?;
    let edges = page.edges.into_iter().map(|edge| ManagedEventSessionEdge {
        cursor: edge.cursor,
        node: ManagedEventSession(edge.node),
    });
    Ok(ManagedEventSessionConnection {
        edges: edges.collect(),
        page_info: page.page_info,
    })
}

/// One part of this event's agenda.
pub(crate) async fn session(ctx: &Context<'_>, event: &Event, id: &ID) -> Result<Option<ManagedEventSession>> {
    let (organization, _) = event.key();
    match ids::decode::<EventSessionId>(id) {
        Some((its, id)) if its == organization => {
            let found = public::find_session(ctx, event, id).await?;
            Ok(found.map(ManagedEventSession))
        }
        _ => Ok(None),
    }
}

/// Somebody who speaks, as staff see them.
pub struct ManagedSpeaker(pub(crate) Speaker);

/// Somebody who speaks, as staff see them.
#[Object]
impl ManagedSpeaker {
    /// As anyone sees them.
    async fn speaker(&self) -> Speaker {
        self.0.clone()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.0.row().revision
    }
    /// Their place in the list; within a place they stand by name.
    async fn position(&self) -> i32 {
        self.0.row().position
    }
    /// The picture of them that is shown: sent back with the next change, or it goes.
    async fn picture_id(&self) -> Result<Option<ID>> {
        let row = self.0.row();
        public::picture_id(row.organization_id, row.picture.as_deref())
    }
}

/// Who speaks at this event.
pub(crate) async fn speakers(ctx: &Context<'_>, event: &Event) -> Result<Vec<ManagedSpeaker>> {
    let all = public::speakers(ctx, event).await?;
    Ok(all.into_iter().map(ManagedSpeaker).collect())
}

/// One who speaks at this event.
pub(crate) async fn speaker(ctx: &Context<'_>, event: &Event, id: &ID) -> Result<Option<ManagedSpeaker>> {
    let (organization, _) = event.key();
    match ids::decode::<SpeakerId>(id) {
        Some((its, id)) if its == organization => {
            let found = public::find_speaker(ctx, event, id).await?;
            Ok(found.map(ManagedSpeaker))
        }
        _ => Ok(None),
    }
}

/// A number of places shared by ticket types.
pub struct Quota(pub(crate) quota::Model, pub(crate) Vec<TicketTypeId>);

/// A number of places shared by ticket types.
#[Object]
impl Quota {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.0.organization_id, self.0.id)
    }
    /// Its name, for staff.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// How many places there are in all.
    async fn size(&self) -> i64 {
        self.0.size
    }
    /// How many are left.
    async fn available(&self) -> i64 {
        self.0.available
    }
    /// The ticket types whose places are taken of it.
    async fn ticket_type_ids(&self) -> Vec<ID> {
        let organization = self.0.organization_id;
        self.1.iter().map(|id| ids::encode(organization, *id)).collect()
    }
    /// Raised by each change; sent back with the next one.
    async fn revision(&self) -> i64 {
        self.0.revision
    }
}

/// What an event lacks before it can be published.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "crate::services::events::Missing")]
pub enum PublishProblemCode {
    /// Nothing is sold.
    TicketType,
    /// Something costs money, and there is no way of paying.
    Payment,
    /// A conference without a venue.
    Venue,
    /// A webinar without the address of its room.
    JoinUrl,
    /// Terms.
    Terms,
    /// The privacy notice.
    PrivacyNotice,
    /// The organization's data-protection contact.
    DataProtectionContact,
    /// A question does not say what its answers are for.
    QuestionPurpose,
    /// A question does not say how long its answers are kept.
    QuestionRetention,
    /// A partner with offers has no privacy notice or contact.
    PartnerNotice,
}

/// One thing to do before publishing.
#[derive(SimpleObject)]
pub struct PublishProblem {
    /// What is missing.
    code: PublishProblemCode,
    /// The part that lacks it, by its name.
    name: Option<String>,
    /// What to do.
    message: String,
}

impl From<Problem> for PublishProblem {
    fn from(problem: Problem) -> Self {
        let missing: Missing = problem.missing;
        Self {
            code: missing.into(),
            name: problem.name,
            message: problem.message,
        }
    }
}
