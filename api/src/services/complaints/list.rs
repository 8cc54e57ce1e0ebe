//! Looking at complaints: one's own, and those that the data-protection officer has to answer. A list costs the same number
//! of statements whatever its length.

use std::collections::{BTreeSet, HashMap};

use consentry_domain::{ActorKind, ComplaintId, ComplaintState, EventId, Instant, OrganizationId, PersonId};
use consentry_entity::{complaint, event};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QueryResult, QuerySelect, Value};
use uuid::Uuid;

use super::{Officer, SUBJECT};
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

/// A place in the officer's list: first what is open, by the day on which it is due; then what is answered, the other way
/// round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    state: ComplaintState,
    due: Instant,
    id: ComplaintId,
}

impl Place {
    /// As a cursor carries it.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let open = u8::from(self.state == ComplaintState::Open);
        [&[open][..], &self.due.0.to_be_bytes(), self.id.0.as_bytes()].concat()
    }

    /// From a cursor.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (open, rest) = bytes.split_first()?;
        let (due, id) = rest.split_at_checked(8)?;
        let state = match open {
            0 => ComplaintState::Answered,
            _ => ComplaintState::Open,
        };
        Some(Self {
            state,
            due: Instant(i64::from_be_bytes(due.try_into().ok()?)),
            id: ComplaintId(Uuid::from_slice(id).ok()?),
        })
    }

    /// Before all with this state.
    const fn before(state: ComplaintState) -> Self {
        match state {
            ComplaintState::Open => Self {
                state,
                due: Instant::MIN,
                id: ComplaintId(Uuid::nil()),
            },
            ComplaintState::Answered => Self {
                state,
                due: Instant::MAX,
                id: ComplaintId(Uuid::max()),
            },
        }
    }

    /// Where each part of the list that comes after this place, or after its beginning, begins.
    fn parts(after: Option<Self>, only: Option<ComplaintState>) -> Vec<Self> {
        let first = after.unwrap_or(Self::before(ComplaintState::Open));
        let mut parts = vec![first];
        if first.state == ComplaintState::Open {
            parts.push(Self::before(ComplaintState::Answered));
        }
        parts.retain(|part| only.is_none_or(|state| state == part.state));
        parts
    }
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
    found.sort_by_key(|one| order(one.place()));
    let more = found.len() > first as usize;
    found.truncate(first as usize);
    let detail = serde_json::json!({ "complaints": found.len() });
    note(store, officer, "viewComplaints", None, detail).await?;
    Ok((found, more))
}

/// What the list is sorted by: two databases join the parts of a statement in whatever order.
fn order(place: Place) -> (bool, i64, u128) {
    let id = place.id.0.as_u128();
    match place.state {
        ComplaintState::Open => (false, place.due.0, id),
        ComplaintState::Answered => (true, -place.due.0, u128::MAX - id),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn place(state: ComplaintState, due: i64, id: u128) -> Place {
        Place {
            state,
            due: Instant(due),
            id: ComplaintId(Uuid::from_u128(id)),
        }
    }

    #[test]
    fn a_place_comes_back_from_a_cursor() {
        for state in ComplaintState::ALL {
            let one = place(*state, -7, 9);
            assert_eq!(Place::from_bytes(&one.to_bytes()), Some(one));
        }
        assert_eq!(Place::from_bytes(&[1, 2]), None);
    }

    #[test]
    fn what_is_open_comes_first_by_its_day_and_what_is_answered_the_other_way_round() {
        use ComplaintState::{Answered, Open};
        let sorted = [
            place(Open, 1, 5),
            place(Open, 2, 1),
            place(Answered, 9, 1),
            place(Answered, 3, 2),
        ];
        assert!(sorted.windows(2).all(|two| order(two[0]) < order(two[1])));
        assert!(order(Place::before(Open)) < order(sorted[0]));
        assert_eq!(Place::parts(None, None).len(), 2);
        assert_eq!(Place::parts(Some(sorted[2]), None), [sorted[2]]);
        assert_eq!(Place::parts(Some(sorted[2]), Some(Open)), []);
        assert_eq!(Place::parts(Some(sorted[0]), Some(Answered)), [Place::before(Answered)]);
    }
}
