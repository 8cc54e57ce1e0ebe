//! A list that is fetched: its lines, page by page, and how far the last one came who fetched it. The file itself is kept
//! nowhere.

use consentry_domain::{EventId, FetchState, Instant, OrganizationId, RosterExportId};
use consentry_entity::roster_export_fetch;
use sea_orm::EntityTrait;

use super::export::{COLUMNS, Exporter, one};
use super::seen::note;
use crate::platform::store::{Store, Tx, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::services::Localized;
use crate::transaction;

/// How many registrations a step of the stream reads.
const STEP: usize = 500;
/// After so many lines it is written down how far it is.
const NOTED: i64 = 2000;
/// Of a fetch that goes on and writes nothing down for so long nobody knows whether it still does: what ends the program
/// leaves no word.
const SILENCE_MINUTES: i64 = 2;

/// How far the last one came who fetched the list; none where nobody did.
///
/// # Errors
/// When the database fails.
pub async fn last(
    store: &Store,
    exporter: &Exporter,
    id: RosterExportId,
) -> Result<Option<roster_export_fetch::Model>, Fault> {
    Ok(roster_export_fetch::Entity::find_by_id((exporter.organization(), id))
        .one(store.read())
        .await?)
}

/// Whether nothing was heard of it for so long that it has probably ended.
#[must_use]
pub fn is_silent(fetch: &roster_export_fetch::Model, now: Instant) -> bool {
    fetch.state == FetchState::Running && Instant(fetch.seen_at).plus_minutes(SILENCE_MINUTES) <= now
}

/// The lines of an export that is being fetched.
pub struct Lines {
    store: Store,
    organization: OrganizationId,
    event: EventId,
    export: RosterExportId,
    after: Option<uuid::Uuid>,
    done: bool,
    progress: Progress,
}

/// Opens an export to fetch its lines. That it is fetched is in the audit log first.
///
/// # Errors
/// Not found, where the event has no such export.
pub async fn open(platform: &Platform, exporter: &Exporter, id: RosterExportId) -> Result<Lines, Refused> {
    let (organization, event) = (exporter.organization(), exporter.event());
    let row = one(&platform.store, exporter, id).await?;
    row.ok_or_else(|| Refused::not_found(""))?;
    let fetch = transaction!(platform.store.writer(), async |tx| {
        let subject = Some(("rosterExport", id.0));
        note(tx, exporter, "downloadRosterExport", subject, serde_json::json!({})).await?;
        begin(tx, organization, id).await
    })?;
    Ok(Lines {
        store: platform.store.clone(),
        organization,
        event,
        export: id,
        after: None,
        done: false,
        progress: Progress {
            platform: platform.clone(),
            key: (organization, id, fetch),
            lines: 0,
            noted: 0,
            is_over: false,
        },
    })
}

/// The one who comes now is the last one who came; others who still fetch it write nothing down any more.
async fn begin(tx: &Tx, organization: OrganizationId, export: RosterExportId) -> Result<uuid::Uuid, Refused> {
    let (now, fetch) = (tx.now().await?, tx.random_id::<uuid::Uuid>());
    let text = "insert into roster_export_fetch (organization_id, export_id, fetch_id, state, row_count, started_at, seen_at) \
                values ($1, $2, $3, 'RUNNING', 0, $4, $4) on conflict (organization_id, export_id) do update \
                set fetch_id = excluded.fetch_id, state = excluded.state, row_count = 0, \
                started_at = excluded.started_at, seen_at = excluded.seen_at";
    let values = [organization.into(), export.into(), fetch.into(), now.0.into()];
    sql::execute(tx, text, values).await?;
    Ok(fetch)
}

impl Lines {
    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        COLUMNS.map(str::to_owned).to_vec()
    }

    /// The next lines, every cell as it is stored; none when there are no more. Who was erased meanwhile is not in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<String>>>, Fault> {
        if self.done {
            return Ok(None);
        }
        let text = format!(
            "select i.registration_id, r.status, r.order_code, r.full_name, r.given_name, r.family_name, r.email, r.phone, \
             r.company, r.job_title, r.city, r.country, t.name as ticket_type, r.created_at, r.confirmed_at, \
             (select min(c.at) from check_in c where c.organization_id = r.organization_id \
              and c.registration_id = r.id and c.undone_at is null) as checked_in_at, o.status as order_status, \
             e.default_locale \
             from roster_export_item i \
             join registration r on r.organization_id = i.organization_id and r.id = i.registration_id \
             join ticket_type t on t.organization_id = r.organization_id and t.id = r.ticket_type_id \
             join \"order\" o on o.organization_id = r.organization_id and o.id = r.order_id \
             join event e on e.organization_id = r.organization_id and e.id = $4 \
             where i.organization_id = $1 and i.export_id = $2 and i.registration_id > $3 \
             order by i.registration_id limit {STEP}"
        );
        let after = self.after.unwrap_or_default();
        let values = [
            self.organization.into(),
            self.export.into(),
            after.into(),
            self.event.into(),
        ];
        let rows = sql::all(self.store.read(), &text, values).await?;
        self.done = rows.len() < STEP;
        let mut lines = Vec::with_capacity(rows.len());
        for row in &rows {
            self.after = Some(row.try_get("", "registration_id")?);
            if row.try_get::<String>("", "status")? != "ERASED" {
                lines.push(line(row)?);
            }
        }
        self.progress.more(rows.len()).await?;
        Ok(Some(lines))
    }

    /// The last line was handed out. A list that is let go of without this has broken off.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&mut self) -> Result<(), Fault> {
        self.progress.end().await
    }
}

/// How far a fetch is, and the word that is left of it.
struct Progress {
    platform: Platform,
    key: (OrganizationId, RosterExportId, uuid::Uuid),
    lines: i64,
    noted: i64,
    is_over: bool,
}

impl Progress {
    async fn more(&mut self, lines: usize) -> Result<(), Fault> {
        self.lines += i64::try_from(lines).unwrap_or(i64::MAX);
        if self.lines - self.noted < NOTED {
            return Ok(());
        }
        self.noted = self.lines;
        write(&self.platform, self.key, self.lines, FetchState::Running).await
    }

    async fn end(&mut self) -> Result<(), Fault> {
        if !std::mem::replace(&mut self.is_over, true) {
            write(&self.platform, self.key, self.lines, FetchState::Done).await?;
        }
        Ok(())
    }
}

impl Drop for Progress {
    /// Whoever fetched it went away, or it could not be read.
    fn drop(&mut self) {
        let (false, Ok(runtime)) = (self.is_over, tokio::runtime::Handle::try_current()) else {
            return;
        };
        let (platform, key, lines) = (self.platform.clone(), self.key, self.lines);
        runtime.spawn(async move {
            if let Err(fault) = write(&platform, key, lines, FetchState::BrokenOff).await {
                tracing::error!(%fault, "that a list broke off could not be written down");
            }
        });
    }
}

async fn write(
    platform: &Platform,
    (organization, export, fetch): (OrganizationId, RosterExportId, uuid::Uuid),
    lines: i64,
    state: FetchState,
) -> Result<(), Fault> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let text = "update roster_export_fetch set state = $4, row_count = $5, seen_at = $6 \
                    where organization_id = $1 and export_id = $2 and fetch_id = $3";
        let (key, state) = ([organization.into(), export.into(), fetch.into()], state.as_str());
        let values = key.into_iter().chain([state.into(), lines.into(), now.0.into()]);
        sql::execute(tx, text, values).await?;
        Ok::<_, Fault>(())
    })
}

fn line(row: &sea_orm::QueryResult) -> Result<Vec<String>, Fault> {
    let text = |column: &str| row.try_get::<Option<String>>("", column).map(Option::unwrap_or_default);
    let moment = |column: &str| {
        row.try_get::<Option<i64>>("", column)
            .map(|at| at.map_or_else(String::new, |at| Instant(at).to_string()))
    };
    let ticket_type = Localized::parse(&text("ticket_type")?)?;
    let ticket_type = ticket_type.pick(None, &text("default_locale")?).to_owned();
    let mut line = Vec::with_capacity(COLUMNS.len());
    for column in COLUMNS {
        line.push(match column {
            "ticket_type" => ticket_type.clone(),
            "created_at" | "confirmed_at" | "checked_in_at" => moment(column)?,
            _ => text(column)?,
        });
    }
    Ok(line)
}
