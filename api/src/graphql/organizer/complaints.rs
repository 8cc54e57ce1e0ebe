//! Complaints, as the data-protection officer sees and answers them. For everybody else on the staff there are none.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::{ComplaintId, Instant, OrganizationId};
use consentry_entity::organization;

use super::roster::of_owner;
use crate::access::staff_of_organization;
use crate::graphql::connection::Page;
use crate::graphql::public::Event;
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::ComplaintState;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::complaints::{self, Answer, Managed, Officer, Place};
use crate::services::organizations;
use crate::{connection, mutation};

connection!(ManagedComplaintConnection, ManagedComplaintEdge, ManagedComplaint);

/// A complaint, as the data-protection officer sees it.
pub struct ManagedComplaint {
    found: Managed,
    organization: organization::Model,
}

/// A complaint, as the data-protection officer sees it.
#[Object]
impl ManagedComplaint {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.found.row.organization_id, self.found.row.id)
    }
    /// When it was made.
    async fn opened_at(&self) -> DateTime {
        Instant(self.found.row.opened_at).into()
    }
    /// By when it is to be answered (Art. 12(3) GDPR).
    async fn due_at(&self) -> DateTime {
        Instant(self.found.row.due_at).into()
    }
    /// Whether that has passed, and it is not answered.
    async fn is_overdue(&self) -> bool {
        self.found.is_overdue
    }
    /// Where it stands.
    async fn state(&self) -> ComplaintState {
        self.found.row.state.into()
    }
    /// The name at the place that it is about, or else at the person's newest; absent where none is known.
    async fn person_name(&self) -> Option<&str> {
        self.found.name.as_deref().filter(|name| !name.is_empty())
    }
    /// The address that the answer goes to; absent once the complaint is erased.
    async fn person_email(&self) -> Option<&str> {
        self.found.row.email.as_deref()
    }
    /// What they said; absent once the complaint is erased.
    async fn text(&self) -> Option<&str> {
        Some(self.found.row.text.as_str()).filter(|text| !text.is_empty())
    }
    /// The name, as it was then, of who had received what it is about; absent where it is about something else.
    async fn about(&self) -> Option<&str> {
        self.found.row.recipient_name.as_deref()
    }
    /// The event that it is about.
    async fn event(&self) -> Result<Option<Event>> {
        let event = self.found.event.clone();
        let event = event.map(|event| Event::new(event, self.organization.clone()));
        event.transpose().map_err(|fault| errors::internal(&fault))
    }
    /// The place that it is about.
    async fn registration_id(&self) -> Option<ID> {
        let row = &self.found.row;
        row.registration_id.map(|id| ids::encode(row.organization_id, id))
    }
    /// The answer; absent once the complaint is erased.
    async fn answer(&self) -> Option<&str> {
        self.found.row.answer.as_deref()
    }
    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.found.row.answered_at.map(|at| Instant(at).into())
    }
    /// The address of whoever answered it.
    async fn answered_by(&self) -> Option<&str> {
        self.found.answered_by.as_deref()
    }
    /// Raised by each change; sent back with the answer.
    async fn revision(&self) -> i64 {
        self.found.row.revision
    }
}

/// How many complaints wait for an answer.
#[derive(SimpleObject)]
pub struct ComplaintCounts {
    /// Those that are open.
    open: i64,
    /// Those of them whose day has passed.
    overdue: i64,
}

/// The right of the officer; none for everybody else.
async fn officer(ctx: &Context<'_>, organization: OrganizationId) -> Result<Option<Officer>> {
    errors::absent(staff_of_organization(platform(ctx), caller(ctx), organization).await)
}

/// A page of complaints; absent for everybody but the officer.
pub(super) async fn page(
    ctx: &Context<'_>,
    organization: &organization::Model,
    first: i32,
    after: Option<String>,
    state: Option<ComplaintState>,
) -> Result<Option<ManagedComplaintConnection>> {
    let Some(officer) = officer(ctx, organization.id).await? else {
        return Ok(None);
    };
    let platform = platform(ctx);
    let state: Option<consentry_domain::ComplaintState> = state.map(Into::into);
    let list = format!("complaints:{}:{state:?}", organization.id);
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let wrong = || errors::bad_input("after: this is not a cursor of this list.");
    let after = page.after.as_deref();
    let after = after
        .map(|bytes| Place::from_bytes(bytes).ok_or_else(wrong))
        .transpose()?;
    let found = complaints::page(platform, &officer, state, page.first, after).await;
    let (found, more) = found.map_err(|fault| errors::internal(&fault))?;
    let entries = found.into_iter().map(|found| {
        let place = found.place().to_bytes();
        let organization = organization.clone();
        (place, ManagedComplaint { found, organization })
    });
    Ok(Some(ManagedComplaintConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries.collect(),
    )))
}

/// One complaint; absent for everybody but the officer.
pub(super) async fn one(
    ctx: &Context<'_>,
    organization: &organization::Model,
    id: &ID,
) -> Result<Option<ManagedComplaint>> {
    let (Some(officer), Some((its, id))) = (officer(ctx, organization.id).await?, ids::decode::<ComplaintId>(id))
    else {
        return Ok(None);
    };
    if its != organization.id {
        return Ok(None);
    }
    let found = errors::absent(complaints::one(platform(ctx), &officer, id).await)?;
    let organization = organization.clone();
    Ok(found.map(|found| ManagedComplaint { found, organization }))
}

/// How many wait; absent for everybody but the officer.
pub(super) async fn counts(ctx: &Context<'_>, organization: OrganizationId) -> Result<Option<ComplaintCounts>> {
    let Some(officer) = officer(ctx, organization).await? else {
        return Ok(None);
    };
    let counts = complaints::counts(&platform(ctx).store, &officer).await;
    let counts = counts.map_err(|fault| errors::internal(&fault))?;
    Ok(Some(ComplaintCounts {
        open: counts.open,
        overdue: counts.overdue,
    }))
}

/// An answer to a complaint.
#[derive(InputObject)]
pub struct AnswerComplaintInput {
    /// Which.
    complaint_id: ID,
    /// The revision that was seen.
    revision: i64,
    /// What the complainant is told: 1 to 4000 characters.
    answer: String,
}

mutation! {
    /// Answers a complaint, for the data-protection officer alone: the answer goes to the complainant by mail, and stands
    /// beside the complaint. It is given once; the same words again are the same answer.
    AnswerComplaint::answer_complaint(AnswerComplaintInput) => run;
    AnswerComplaintPayload {
        /// The complaint; absent when it was refused.
        complaint: ManagedComplaint
    }
    AnswerComplaintUserError, AnswerComplaintErrorCode { Required, TooLong, Invalid, NotFound, Stale, WrongState }
}

async fn run(ctx: &Context<'_>, input: AnswerComplaintInput) -> Result<ManagedComplaint, Refused> {
    let (officer, id): (Officer, ComplaintId) = of_owner(ctx, "complaintId", &input.complaint_id).await?;
    let answer = Answer {
        id,
        revision: input.revision,
        text: input.answer,
    };
    let platform = platform(ctx);
    let found = complaints::answer(platform, &officer, &answer).await?;
    let organization = organizations::by_id(&platform.store, officer.organization()).await?;
    Ok(ManagedComplaint {
        found,
        organization: organization.ok_or_else(|| Refused::not_found("complaintId"))?,
    })
}
