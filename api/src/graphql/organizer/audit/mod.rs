//! The audit log. Entries name things and counts, never personal values.

use async_graphql::{Context, Enum, ID, InputObject, Result, SimpleObject};
use consentry_domain::{AuditEntryId, EventId, Instant, OrganizationId};

use crate::access::rights::ViewAudit;
use crate::access::{Authorized, OrganizationScope, staff_of_organization};
use crate::connection;
use crate::graphql::connection::Page;
use crate::graphql::scalars::DateTime;
use crate::graphql::{caller, errors, ids, platform};
use crate::services::input;
use crate::services::team::{self, AuditFilter as Filter, Noted};

/// What kind of actor did something.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::ActorKind")]
pub enum ActorKind {
    /// The person concerned.
    Attendee,
    /// A team member.
    Staff,
    /// A partner.
    Partner,
    /// A guardian.
    Guardian,
    /// Nobody signed in.
    Anonymous,
    /// A device that lets people in, with a credential of its own.
    Device,
    /// The program itself.
    System,
}

/// Something that was done.
#[derive(SimpleObject)]
pub struct AuditEntry {
    /// Opaque.
    id: ID,
    /// When.
    at: DateTime,
    /// By what kind of actor.
    actor: ActorKind,
    /// By whom, where it was a team member.
    staff_email: Option<String>,
    /// The name of the device at a door that did it, or to which it was done.
    device_name: Option<String>,
    /// What: a mutation's name, or `view…` and `export…` for reads.
    action: String,
    /// At which event.
    event_id: Option<ID>,
    /// What kind of thing was concerned.
    subject_kind: String,
    /// More, as JSON without personal data.
    detail: String,
}

impl From<Noted> for AuditEntry {
    fn from(Noted { row, email, device }: Noted) -> Self {
        let staff = row.actor == consentry_domain::ActorKind::Staff;
        Self {
            id: ids::encode(row.organization_id, row.id),
            at: Instant(row.at).into(),
            actor: row.actor.into(),
            // The log tells of staff; which attendee withdrew is not the log reader's matter.
            staff_email: email.filter(|_| staff),
            device_name: device,
            action: row.action,
            event_id: row.event_id.map(|event| ids::encode(row.organization_id, event)),
            subject_kind: row.subject_kind,
            detail: row.detail,
        }
    }
}

connection!(AuditEntryConnection, AuditEntryEdge, AuditEntry);

/// Which entries; everything that is named must hold.
#[derive(InputObject, Default)]
pub struct AuditFilter {
    /// Of this event.
    event_id: Option<ID>,
    /// Of this action.
    action: Option<String>,
    /// From then on.
    from: Option<DateTime>,
    /// Before then.
    until: Option<DateTime>,
}

impl AuditFilter {
    fn judge(self, organization: OrganizationId) -> Result<Filter> {
        let moment = |field: &str, text: Option<DateTime>| -> Result<Option<i64>> {
            let wrong = |(_, message): (_, String)| errors::bad_input(format!("filter.{field}: {message}"));
            text.map(|text| input::instant(&text.0).map(|at| at.0).map_err(wrong))
                .transpose()
        };
        let event = self.event_id.map(|id| match ids::decode::<EventId>(&id) {
            Some((its, event)) if its == organization => event,
            _ => EventId(uuid::Uuid::nil()),
        });
        Ok(Filter {
            event,
            action: self.action,
            from: moment("from", self.from)?,
            until: moment("until", self.until)?,
        })
    }
}

/// A page of the log, newest first; absent for who may not read it.
pub(super) async fn page(
    ctx: &Context<'_>,
    organization: OrganizationId,
    first: i32,
    after: Option<String>,
    filter: AuditFilter,
) -> Result<Option<AuditEntryConnection>> {
    let platform = platform(ctx);
    let reader = errors::absent(staff_of_organization(platform, caller(ctx), organization).await)?;
    let Some(reader): Option<Authorized<OrganizationScope, ViewAudit>> = reader else {
        return Ok(None);
    };
    let filter = filter.judge(organization)?;
    let wish = serde_json::to_string(&filter).map_err(|error| errors::bad_input(error.to_string()))?;
    let list = format!("audit:{organization}:{wish}");
    let page = Page::parse(platform, list.as_bytes(), first, after)?;
    let after = page
        .after
        .as_deref()
        .and_then(|place| uuid::Uuid::from_slice(place).ok())
        .map(AuditEntryId);
    let found = team::audit_log(&platform.store, &reader, &filter, page.first, after).await;
    let (rows, more) = found.map_err(|fault| errors::internal(&fault))?;
    let entries = rows
        .into_iter()
        .map(|noted| (noted.row.id.0.as_bytes().to_vec(), noted.into()))
        .collect();
    Ok(Some(AuditEntryConnection::new(
        platform,
        list.as_bytes(),
        &page,
        more,
        entries,
    )))
}
