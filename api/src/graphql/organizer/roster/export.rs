//! `exportRoster`, an export as it stands, and opening it to fetch it.

use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use consentry_domain::{FetchState, Instant, RosterExportId};
use consentry_entity::{roster_export, roster_export_fetch};

use super::list::RosterFilter;
use super::scope::of_event;
use crate::access::rights::ViewOrganization;
use crate::access::{Authorized, Caller, EventScope, staff_of_part};
use crate::graphql::scalars::{DateTime, URL};
use crate::graphql::{errors, ids, platform};
use crate::mutation;
use crate::platform::{Code, Platform, Refused};
use crate::services::roster::export::{self, Exporter, NewExport};
use crate::services::roster::fetch;

pub use crate::services::roster::fetch::Lines;

/// Where an export stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::ExportStatus")]
pub enum ExportStatus {
    /// Asked for.
    Queued,
    /// Being written.
    Running,
    /// To be fetched.
    Ready,
    /// Did not work.
    Failed,
}

/// How far somebody came who fetches a list.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterFetchState {
    /// Lines are being handed out.
    Running,
    /// Nothing was handed out for minutes: it has probably broken off, and nobody was left to say so.
    Silent,
    /// The last line was handed out.
    Done,
    /// It ended before the last line: whoever fetched it went away, or it could not be read.
    BrokenOff,
}

/// A list that is fetched. No copy of it is kept.
#[derive(SimpleObject)]
pub struct RosterFetch {
    /// How far it is.
    state: RosterFetchState,
    /// How many registrations were handed out, to the nearest thousands while it runs.
    row_count: i64,
    /// When it began.
    started_at: DateTime,
    /// When something was last heard of it.
    progressed_at: DateTime,
}

impl RosterFetch {
    fn new(row: &roster_export_fetch::Model, now: Instant) -> Self {
        Self {
            state: match row.state {
                FetchState::Running if fetch::is_silent(row, now) => RosterFetchState::Silent,
                FetchState::Running => RosterFetchState::Running,
                FetchState::Done => RosterFetchState::Done,
                FetchState::BrokenOff => RosterFetchState::BrokenOff,
            },
            row_count: row.row_count,
            started_at: Instant(row.started_at).into(),
            progressed_at: Instant(row.seen_at).into(),
        }
    }
}

/// A list that staff take away.
pub struct RosterExport {
    row: roster_export::Model,
    exporter: Exporter,
}

/// A list that staff take away.
#[Object]
impl RosterExport {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }

    /// Where it stands.
    async fn status(&self) -> ExportStatus {
        self.row.status.into()
    }

    /// What for; the attendees who are named in it read this.
    async fn purpose(&self) -> &str {
        &self.row.purpose
    }

    /// How many it names.
    async fn row_count(&self) -> Option<i64> {
        self.row.row_count
    }

    /// When it was taken.
    async fn created_at(&self) -> DateTime {
        Instant(self.row.created_at).into()
    }

    /// Where it is fetched, as CSV, with the caller's own credential; with `.xlsx` behind it, as a workbook.
    async fn download_url(&self, ctx: &Context<'_>) -> Option<URL> {
        let id = ids::encode(self.row.organization_id, self.row.id);
        Some(URL(platform(ctx).url(&format!("/exports/{}", id.as_str()))))
    }

    /// How far the last one came who fetched it. Absent where nobody did.
    async fn last_fetch(&self, ctx: &Context<'_>) -> Result<Option<RosterFetch>> {
        let store = &platform(ctx).store;
        let last = fetch::last(store, &self.exporter, self.row.id).await;
        let Some(last) = last.map_err(|fault| errors::internal(&fault))? else {
            return Ok(None);
        };
        let now = store.now().await.map_err(|error| errors::internal(&error.into()))?;
        Ok(Some(RosterFetch::new(&last, now)))
    }
}

/// A list to be taken away.
#[derive(InputObject)]
pub struct ExportRosterInput {
    /// New for each one, the same when it is sent again.
    idempotency_key: String,
    /// The event.
    event_id: ID,
    /// What for; the attendees who are named in it read this.
    purpose: String,
    /// Who is in it; everybody where nothing is named.
    filter: Option<RosterFilter>,
}

mutation! {
    /// Takes a list away. It is in the audit log, and the attendees who are named in it see that staff took it.
    ExportRoster::export_roster(ExportRosterInput) => run;
    ExportRosterPayload {
        /// The list; absent when it was refused.
        roster_export: RosterExport
    }
    ExportRosterUserError, ExportRosterErrorCode { Invalid, Required, TooLong, NotFound, IdempotencyMismatch }
}

async fn run(ctx: &Context<'_>, input: ExportRosterInput) -> Result<RosterExport, Refused> {
    let platform = platform(ctx);
    let exporter: Exporter = of_event(ctx, "eventId", &input.event_id).await?;
    let filter = input.filter.unwrap_or_default().judge(exporter.organization());
    let filter = filter.map_err(|error| Refused::because("filter", Code::Invalid, error.message))?;
    let new = NewExport {
        idempotency_key: input.idempotency_key,
        purpose: input.purpose,
        filter,
    };
    let row = export::create(platform, &exporter, &new).await?;
    Ok(RosterExport { row, exporter })
}

/// An export of the event; absent for who may not take lists away.
pub(in crate::graphql::organizer) async fn one(
    ctx: &Context<'_>,
    view: &Authorized<EventScope, ViewOrganization>,
    id: &ID,
) -> Result<Option<RosterExport>> {
    let (Some(exporter), Some((organization, id))) = (view.also(), ids::decode::<RosterExportId>(id)) else {
        return Ok(None);
    };
    if organization != view.organization() {
        return Ok(None);
    }
    let found = export::one(&platform(ctx).store, &exporter, id).await;
    let row = found.map_err(|fault| errors::internal(&fault))?;
    Ok(row.map(|row| RosterExport { row, exporter }))
}

/// Opens an export for whoever may take lists of its event away.
///
/// # Errors
/// Not found: unknown, foreign and forbidden alike.
pub async fn open_export(platform: &Platform, caller: &Caller, id: &str) -> Result<Lines, Refused> {
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, id) = ids::decode::<RosterExportId>(&ID(id.to_owned())).ok_or_else(|| Refused::not_found(""))?;
    let exporter: Exporter = staff_of_part(platform, caller, organization, id).await?;
    fetch::open(platform, &exporter, id).await
}
