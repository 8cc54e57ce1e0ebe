//! What the door needs beside codes: somebody who is found by name, and the list for hours without a network. Whoever
//! stands there sees these alone, not the roster.

use std::collections::HashMap;

use consentry_domain::words::Sought;
use consentry_domain::{RegistrationId, RegistrationStatus, TicketTypeId};
use sea_orm::Value;
use uuid::Uuid;

use super::check_in::Doorkeeper;
use super::list::{Filter, List, Row, Sort, Wanted, statement};
use super::parts::{Parts, Passage};
use super::scan::list_at;
use super::sealed::{self, SALT, Sealed};
use super::seen::entry;
use super::words::Way;
use crate::platform::store::sql;
use crate::platform::{Code, Fault, Platform};
use crate::services::audit;

/// So many are found by name at most: whoever looks for one person does not read a list.
const MOST_FOUND: u32 = 10;

/// Somebody who is expected, and the passage by which they are in.
pub type Expected = (Row, Option<Passage>);

/// The door or list that is meant: the one that is named, or where a device stands.
///
/// # Errors
/// When it cannot be the name of one.
pub fn list_named(door: &Doorkeeper, list: Option<&str>) -> Result<String, (Code, String)> {
    list_at(door, list)
}

/// The confirmed registrations with these words, at most ten, by name. That they were looked at is in the audit log before
/// anybody sees them.
///
/// # Errors
/// When the database fails.
pub async fn expected(
    platform: &Platform,
    door: &Doorkeeper,
    words: Sought,
    list: &str,
) -> Result<Vec<Expected>, Fault> {
    let (connection, engine) = (platform.store.read(), platform.store.engine());
    let (organization, event) = (door.organization(), door.event());
    let way = Way::to_page(connection, engine, event, Some(&words)).await?;
    let filter = Filter {
        status: Some(RegistrationStatus::Confirmed),
        words: Some(words),
        ..Filter::default()
    };
    let wanted = Wanted {
        sort: Sort::Name,
        filter,
    };
    let of = List {
        engine,
        organization,
        event,
        wanted: &wanted,
        way,
    };
    let (text, values) = statement(of, MOST_FOUND, None);
    let rows = sql::all(connection, &text, values).await?;
    let rows = rows.iter().map(Row::of).take(MOST_FOUND as usize);
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    let parts = Parts::of(&platform.store, organization, event, &rows);
    let mut passages = match rows.as_slice() {
        [] => HashMap::new(),
        _ => parts.passages().await?.clone(),
    };
    let detail = serde_json::json!({ "entries": rows.len() });
    audit::note_read(&platform.store, entry(door, "viewDoor", None, detail)).await?;
    let found = rows.into_iter().map(|row| {
        let its = passages.remove(&row.id).unwrap_or_default();
        let open = |passage: &Passage| passage.undone_at.is_none() && passage.list == list;
        let passage = its.into_iter().find(open);
        (row, passage)
    });
    Ok(found.collect())
}

/// One line of the list for hours without a network.
#[derive(Clone, Debug)]
pub struct Line {
    /// Who, for whoever holds the code.
    pub sealed: Sealed,
    /// Whether they are in.
    pub is_in: bool,
}

/// Some of that list.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// What its lines are found with; the same on all its pages.
    pub salt: [u8; SALT],
    /// The lines, in no order that tells of anybody.
    pub lines: Vec<Line>,
    /// Where the next page begins, if there is one.
    pub next: Option<Vec<u8>>,
}

/// A place in it: its salt, and the last registration of the page before.
struct Place {
    salt: [u8; SALT],
    after: Option<(i64, Uuid)>,
}

impl Place {
    /// A place as [`written`](Self::written) wrote it; a new list where there is none.
    fn read(platform: &Platform, place: Option<&[u8]>) -> Self {
        let known = place.and_then(|place| {
            let (salt, rest) = place.split_at_checked(SALT)?;
            let (at, id) = rest.split_at_checked(8)?;
            let after = (i64::from_be_bytes(at.try_into().ok()?), Uuid::from_slice(id).ok()?);
            Some(Self {
                salt: salt.try_into().ok()?,
                after: Some(after),
            })
        });
        known.unwrap_or_else(|| Self {
            salt: platform.store.entropy().bytes(),
            after: None,
        })
    }

    fn written(salt: [u8; SALT], (at, id): (i64, RegistrationId)) -> Vec<u8> {
        [&salt[..], &at.to_be_bytes(), id.0.as_bytes()].concat()
    }
}

/// The statement of a page, and what is bound.
fn page(door: &Doorkeeper, list: &str, first: u32, after: Option<(i64, Uuid)>) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = vec![door.organization().into(), door.event().into(), list.into()];
    let mut from = "";
    if let Some((at, id)) = after {
        values.extend([Value::from(at), id.into()]);
        from = " and (created_at, id) > ($4, $5)";
    }
    let text = format!(
        "select id, check_in_code, full_name, ticket_type_id, created_at, cast(case when exists (select 1 from check_in c \
         where c.organization_id = $1 and c.registration_id = registration.id and c.list = $3 and c.undone_at is null) \
         then 1 else 0 end as bigint) as is_in from registration where organization_id = $1 and event_id = $2 \
         and status = 'CONFIRMED'{from} order by created_at, id limit {}",
        first + 1
    );
    (text, values)
}

/// A page of the confirmed registrations, each sealed for its code. That it was taken is in the audit log before it is
/// answered. `ticket_types` says what each is called.
///
/// # Errors
/// When the database fails.
pub async fn snapshot(
    platform: &Platform,
    door: &Doorkeeper,
    list: &str,
    (first, after): (u32, Option<&[u8]>),
    ticket_types: &HashMap<TicketTypeId, String>,
) -> Result<Snapshot, Fault> {
    let place = Place::read(platform, after);
    let (text, values) = page(door, list, first, place.after);
    let mut rows = sql::all(platform.store.read(), &text, values).await?;
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    let more = rows.len() > first;
    rows.truncate(first);
    let (mut lines, mut last) = (Vec::with_capacity(rows.len()), None);
    for row in &rows {
        let code: String = row.try_get("", "check_in_code")?;
        let ticket_type: TicketTypeId = row.try_get("", "ticket_type_id")?;
        let said = serde_json::json!({
            "name": row.try_get::<Option<String>>("", "full_name")?.unwrap_or_default(),
            "ticketType": ticket_types.get(&ticket_type),
        });
        lines.push(Line {
            sealed: sealed::seal(place.salt, &code, &said, platform.store.entropy().bytes()),
            is_in: row.try_get::<i64>("", "is_in")? == 1,
        });
        last = Some((row.try_get("", "created_at")?, row.try_get("", "id")?));
    }
    // Registrations are read in the order in which they were made; their keys are random.
    lines.sort_by(|one, other| one.sealed.key.cmp(&other.sealed.key));
    let detail = serde_json::json!({ "entries": lines.len(), "list": list });
    audit::note_read(&platform.store, entry(door, "takeDoorSnapshot", None, detail)).await?;
    Ok(Snapshot {
        salt: place.salt,
        lines,
        next: last.filter(|_| more).map(|last| Place::written(place.salt, last)),
    })
}
