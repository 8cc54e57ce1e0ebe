//! Looking at complaints: one's own, and those that the data-protection officer has to answer. A list costs the same number
//! of statements whatever its length.

use std::collections::{BTreeSet, HashMap};

use consentry_domain::{ActorKind, ComplaintId, ComplaintState, EventId, Instant, OrganizationId, PersonId};
use consentry_entity::{complaint, event};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, Value};

use super::{Officer, Place, SUBJECT};
use crate::access::OwnPerson;
use crate::platform::store::{Store, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::services::audit;

/// One's own complaints, the newest first: up to one more than `first`, to tell whether there are more.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    store: &Store,
    organization: OrganizationId,
    person: PersonId,
    first: u32,
    after: Option<ComplaintId>,
) -> Result<Vec<complaint::Model>, Fault> {
    use complaint::Column;
    let mut query = complaint::Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::PersonId.eq(person));
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query
        .order_by_desc(Column::Id)
        .limit(u64::from(first) + 1)
        .all(store.read())
        .await?)
}

/// One of one's own.
///
/// # Errors
/// Not found, where it is somebody else's.
pub async fn own(store: &Store, own: &OwnPerson, id: ComplaintId) -> Result<complaint::Model, Refused> {
    let found = complaint::Entity::find_by_id((own.organization(), id))
        .one(store.read())
        .await?;
    found
        .filter(|row| row.person_id == own.person())
        .ok_or_else(|| Refused::not_found(""))
}

/// A complaint with what its officer has to know.
#[derive(Clone, Debug)]
pub struct Managed {
    /// The complaint.
    pub row: complaint::Model,
    /// The name at the place that it is about, or else at the newest of that person.
    pub name: Option<String>,
    /// Whether its answer is late.
    pub is_overdue: bool,
    /// The address of whoever answered it.
    pub answered_by: Option<String>,
    /// The event that it is about.
    pub event: Option<event::Model>,
}

impl Managed {
    /// Its place in the list.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            state: self.row.state,
            due: Instant(self.row.due_at),
            id: self.row.id,
        }
    }
}

/// What is read of a complaint; `$1` is the organization, and `$2` what the time is told from.
fn columns(store: &Store) -> String {
    format!(
        "c.*, a.email as answered_by_email, (c.state = 'OPEN' and c.due_at < {}) as is_overdue, \
         coalesce((select r.full_name from registration r where r.organization_id = $1 and r.id = c.registration_id), \
         (select r.full_name from registration r where r.organization_id = $1 and r.person_id = c.person_id \
         order by r.id desc limit 1)) as person_name \
         from complaint c left join account a on a.id = c.answered_by where c.organization_id = $1",
        sql::now(store.engine(), 2)
    )
}

/// A page of the officer's list; whether more follow. That it was looked at is in the audit log before anybody sees it.
///
/// # Errors
/// When the database fails.
pub async fn page(
    platform: &Platform,
    officer: &Officer,
    only: Option<ComplaintState>,
    first: u32,
    after: Option<Place>,
) -> Result<(Vec<Managed>, bool), Fault> {
    let (store, parts) = (&platform.store, Place::parts(after, only));
    let mut rows = Vec::new();
    if !parts.is_empty() {
        let columns = columns(store);
        let mut values: Vec<Value> = vec![officer.organization().into(), sql::now_value(store)];
        let selects = parts.iter().map(|part| {
            let (due, id) = (values.len() + 1, values.len() + 2);
            values.push(part.due.0.into());
            values.push(part.id.into());
            let (beyond, order) = match part.state {
                ComplaintState::Open => (">", "asc"),
                ComplaintState::Answered => ("<", "desc"),
            };
            format!(
                "select * from (select {columns} and c.state = '{}' and (c.due_at, c.id) {beyond} (${due}, ${id}) \
                 order by c.due_at {order}, c.id {order} limit {}) {}",
                part.state,
                first + 1,
                part.state.as_str().to_lowercase()
            )
        });
        let text = selects.collect::<Vec<_>>().join(" union all ");
        rows = sql::all(store.read(), &text, values).await?;
    }
    let mut found = managed(store, officer.organization(), &rows).await?;
    found.sort_by_key(|one| one.place().order());
    let more = found.len() > first as usize;
    found.truncate(first as usize);
    let detail = serde_json::json!({ "complaints": found.len() });
    note(store, officer, "viewComplaints", None, detail).await?;
    Ok((found, more))
}

/// One complaint. That it was looked at is in the audit log before anybody sees it.
///
/// # Errors
/// Not found, where the organization has no such complaint.
pub async fn one(platform: &Platform, officer: &Officer, id: ComplaintId) -> Result<Managed, Refused> {
    let found = known(platform, officer, id).await?;
    note(
        &platform.store,
        officer,
        "viewComplaint",
        Some(id),
        serde_json::json!({}),
    )
    .await?;
    Ok(found)
}

/// One complaint, for whoever has just answered it.
///
/// # Errors
/// Not found, where the organization has no such complaint.
pub(super) async fn known(platform: &Platform, officer: &Officer, id: ComplaintId) -> Result<Managed, Refused> {
    let store = &platform.store;
    let text = format!("select {} and c.id = $3", columns(store));
    let values = [officer.organization().into(), sql::now_value(store), id.into()];
    let rows = sql::all(store.read(), &text, values).await?;
    let found = managed(store, officer.organization(), &rows).await?;
    found
        .into_iter()
        .next()
        .ok_or_else(|| Refused::not_found("complaintId"))
}

async fn managed(store: &Store, organization: OrganizationId, rows: &[QueryResult]) -> Result<Vec<Managed>, Fault> {
    let mut found = Vec::new();
    for row in rows {
        found.push(Managed {
            row: complaint::Model::from_query_result(row, "")?,
            name: row.try_get("", "person_name")?,
            is_overdue: row.try_get("", "is_overdue")?,
            answered_by: row.try_get("", "answered_by_email")?,
            event: None,
        });
    }
    let events: BTreeSet<EventId> = found.iter().filter_map(|one| one.row.event_id).collect();
    if events.is_empty() {
        return Ok(found);
    }
    let events: HashMap<EventId, event::Model> = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization))
        .filter(event::Column::Id.is_in(events))
        .all(store.read())
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    for one in &mut found {
        one.event = one.row.event_id.and_then(|id| events.get(&id).cloned());
    }
    Ok(found)
}

/// How many wait for an answer, and of how many it is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Those that are open.
    pub open: i64,
    /// Those of them whose day has passed.
    pub overdue: i64,
}

/// How many there are to be answered. It tells nothing of anybody, so that it is not noted.
///
/// # Errors
/// When the database fails.
pub async fn counts(store: &Store, officer: &Officer) -> Result<Counts, Fault> {
    let text = format!(
        "select count(*) as open, count(case when due_at < {} then 1 end) as overdue from complaint \
         where organization_id = $1 and state = 'OPEN'",
        sql::now(store.engine(), 2)
    );
    let values = [officer.organization().into(), sql::now_value(store)];
    let row = sql::one(store.read(), &text, values).await?;
    Ok(Counts {
        open: row.try_get("", "open")?,
        overdue: row.try_get("", "overdue")?,
    })
}

async fn note(
    store: &Store,
    officer: &Officer,
    action: &str,
    subject: Option<ComplaintId>,
    detail: serde_json::Value,
) -> Result<(), Fault> {
    let entry = audit::Entry {
        organization: officer.organization(),
        actor: ActorKind::Staff,
        account: Some(officer.actor()),
        action,
        event: None,
        subject_kind: SUBJECT,
        subject: subject.map(|id| id.0),
        detail,
    };
    Ok(audit::note_read(store, entry).await?)
}
