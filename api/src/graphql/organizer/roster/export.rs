//! `exportRoster`, and opening an export to fetch it.

use async_graphql::{Context, Enum, ID, InputObject, Result, SimpleObject};
use consentry_domain::RosterExportId;
use consentry_entity::roster_export;

use super::list::RosterFilter;
use super::scope::of_event;
use crate::access::{Caller, staff_of_part};
use crate::graphql::scalars::URL;
use crate::graphql::{ids, platform};
use crate::mutation;
use crate::platform::{Code, Platform, Refused};
use crate::services::roster::export::{self, Exporter, NewExport};

pub use crate::services::roster::export::Lines;

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

/// A list that staff take away.
#[derive(SimpleObject)]
pub struct RosterExport {
    /// Opaque.
    id: ID,
    /// Where it stands.
    status: ExportStatus,
    /// What for; the attendees who are named in it read this.
    purpose: String,
    /// How many it names.
    row_count: Option<i64>,
    /// Where it is fetched, as CSV, with the caller's own credential; with `.xlsx` behind it, as a workbook.
    download_url: Option<URL>,
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
    Ok(shown(platform, row))
}

fn shown(platform: &Platform, row: roster_export::Model) -> RosterExport {
    let id = ids::encode(row.organization_id, row.id);
    RosterExport {
        status: row.status.into(),
        purpose: row.purpose,
        row_count: row.row_count,
        download_url: Some(URL(platform.url(&format!("/exports/{}", id.as_str())))),
        id,
    }
}

/// Opens an export for whoever may take lists of its event away.
///
/// # Errors
/// Not found: unknown, foreign and forbidden alike.
pub async fn open_export(platform: &Platform, caller: &Caller, id: &str) -> Result<Lines, Refused> {
    caller.signed_in().ok_or(Refused::Unauthenticated)?;
    let (organization, id) = ids::decode::<RosterExportId>(&ID(id.to_owned())).ok_or_else(|| Refused::not_found(""))?;
    let exporter: Exporter = staff_of_part(platform, caller, organization, id).await?;
    export::open(platform, &exporter, id).await
}
