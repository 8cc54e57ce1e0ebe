//! One's complaints about what was done with one's data, and `fileComplaint`.

use async_graphql::{Context, ID, InputObject, Object, Result};
use consentry_domain::{ComplaintId, Instant, OrganizationId, PersonId, RegistrationId};
use consentry_entity::complaint;
use uuid::Uuid;

use super::person;
use crate::access::{OwnPerson, person_of_complaint};
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::vocabulary::ComplaintState;
use crate::graphql::{caller, errors, ids, platform};
use crate::platform::Refused;
use crate::services::complaints::{self, Named, NewComplaint};
use crate::{connection, mutation};

connection!(ComplaintConnection, ComplaintEdge, Complaint);

/// What one complained of, and what was answered.
pub struct Complaint(complaint::Model);

/// What one complained of, and what was answered.
#[Object]
impl Complaint {
    /// Opaque.
    pub(in crate::graphql) async fn id(&self) -> ID {
        ids::encode(self.0.organization_id, self.0.id)
    }
    /// When it was made.
    async fn opened_at(&self) -> DateTime {
        Instant(self.0.opened_at).into()
    }
    /// By when it is answered: within a month (Art. 12(3) GDPR).
    async fn due_at(&self) -> DateTime {
        Instant(self.0.due_at).into()
    }
    /// Where it stands.
    async fn state(&self) -> ComplaintState {
        self.0.state.into()
    }
    /// What one said.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// The name, as it was then, of who had received what it is about; absent where it is about something else.
    async fn about(&self) -> Option<&str> {
        self.0.recipient_name.as_deref()
    }
    /// The answer.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
    /// When it was answered.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(|at| Instant(at).into())
    }
}

/// A page of a person's complaints, the newest first.
pub(super) async fn of_person(
    ctx: &Context<'_>,
    organization: OrganizationId,
    person: PersonId,
    first: i32,
    after: Option<String>,
) -> Result<ComplaintConnection> {
    let platform = platform(ctx);
    let list = format!("complaints of person {person}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page.after.as_deref().map(Uuid::from_slice).transpose();
    let after = after.map_err(|_| errors::bad_input("after: this is not a cursor of this list."))?;
    let found = complaints::of_person(
        &platform.store,
        organization,
        person,
        page.first,
        after.map(ComplaintId),
    );
    let mut rows = found.await.map_err(|fault| errors::internal(&fault))?;
    let more = rows.len() > page.first as usize;
    rows.truncate(page.first as usize);
    let entries = rows
        .into_iter()
        .map(|row| (row.id.0.as_bytes().to_vec(), Complaint(row)));
    Ok(ComplaintConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries.collect(),
    ))
}

/// One's own complaint.
pub(super) async fn own(ctx: &Context<'_>, id: &ID) -> Result<Complaint, Refused> {
    let (organization, id) = ids::decode::<ComplaintId>(id).ok_or_else(|| Refused::not_found(""))?;
    let own = person_of_complaint(platform(ctx), caller(ctx), organization, id).await?;
    complaints::own(&platform(ctx).store, &own, id).await.map(Complaint)
}

/// A complaint.
#[derive(InputObject)]
pub struct FileComplaintInput {
    /// New for each complaint, the same when it is sent again.
    idempotency_key: String,
    /// Oneself within one organization: one of `me { people { id } }`.
    person_id: ID,
    /// What is wrong: 1 to 4000 characters.
    text: String,
    /// The place that it is about.
    registration_id: Option<ID>,
    /// What was disclosed: one of the person's `disclosures`.
    disclosure_id: Option<ID>,
}

mutation! {
    /// Complains to an organization about what was done with one's data. Its data-protection officer answers within a month
    /// (Art. 12(3) GDPR); nobody else there learns of it, and no partner. A mail acknowledges it. Ten can be open at once.
    FileComplaint::file_complaint(FileComplaintInput) => run;
    FileComplaintPayload {
        /// The complaint; absent when it was refused.
        complaint: Complaint
    }
    FileComplaintUserError, FileComplaintErrorCode {
        Required, TooLong, Invalid, NotFound, LimitExceeded, IdempotencyMismatch
    }
}

async fn run(ctx: &Context<'_>, input: FileComplaintInput) -> Result<Complaint, Refused> {
    let own = person::own(ctx, &input.person_id).await?;
    let named = Named {
        registration: input
            .registration_id
            .map(|id| ids::own(own.organization(), &id).ok_or_else(|| Refused::not_found("registrationId")))
            .transpose()?,
        disclosure: input.disclosure_id.map(|id| disclosure(&own, &id)).transpose()?,
    };
    let new = NewComplaint {
        idempotency_key: input.idempotency_key,
        text: input.text,
        named,
    };
    complaints::file(platform(ctx), &own, &new).await.map(Complaint)
}

/// What no id of this organization names answers as what is somebody else's there.
fn disclosure(own: &OwnPerson, id: &ID) -> Result<(Uuid, RegistrationId), Refused> {
    match ids::unpack(id) {
        Some((ids::RECEIVED_TAG, parts)) => match parts[..] {
            [organization, record, registration] if organization == own.organization().0 => {
                Ok((record, RegistrationId(registration)))
            }
            _ => Err(Refused::not_found("disclosureId")),
        },
        _ => Err(Refused::not_found("disclosureId")),
    }
}
