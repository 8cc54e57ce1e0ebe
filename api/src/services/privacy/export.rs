//! What an organization holds of somebody, as they take it away (Art. 15 and 20 GDPR, requirement S1): every row that is
//! theirs, from the same catalogue that erasing follows, so that nothing can be erased that was not shown.

use std::collections::BTreeSet;

use consentry_domain::{Day, Instant, MailId, OrganizationId, RegistrationId};
use consentry_entity::CATALOGUE;
use consentry_entity::catalogue::{Class, Table};
use consentry_entity::{organization, registration};
use sea_orm::Value;
use serde_json::Map;
use uuid::Uuid;

use super::empty::{Rows, rows};
use super::request::{Request, Whom};
use super::words::Words;
use super::{Subject, complaints, mails};
use crate::platform::store::{Engine, Tx, sql};
use crate::platform::{Fault, Platform, Refused};
use crate::transaction;

/// So many ids are bound to one statement.
const AT_ONCE: usize = 500;

/// Everything that an organization holds of somebody.
#[derive(Clone, Debug)]
pub struct MyData {
    /// The organization.
    pub organization: organization::Model,
    /// As of when.
    pub at: Instant,
    /// What each table holds; those with nothing are left out.
    pub tables: Vec<Held>,
}

/// What one table holds of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The table.
    pub name: &'static str,
    /// What its data is for.
    pub purpose: &'static str,
    /// How long it is kept.
    pub retention: &'static str,
    /// The columns, without those that hold a secret.
    pub columns: Vec<&'static str>,
    /// The rows: instants as RFC 3339, amounts in minor units, what is structured as JSON.
    pub rows: Vec<Vec<Option<String>>>,
}

/// Collects it; that it was done is noted.
///
/// # Errors
/// Not found, where the person is not there any more.
pub async fn export(platform: &Platform, request: Request<'_>) -> Result<MyData, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let held_ids = Ids::find(tx, request).await?;
        let mut tables = Vec::new();
        for table in CATALOGUE {
            if let Some((column, ids)) = held_ids.ids(table) {
                let held = held(tx, request.organization(), table, column, &ids).await?;
                tables.extend(Some(held).filter(|held| !held.rows.is_empty()));
            }
        }
        match request {
            Request::Own(_) => request.note(tx, "exportMyData", serde_json::json!({})).await?,
            Request::Officer(..) => request.note(tx, "exportPersonData", serde_json::json!({})).await?,
        }
        Ok::<_, Refused>(MyData {
            organization: request.holder(tx).await?,
            at: now,
            tables,
        })
    })
}

/// The ids by which somebody's rows are found.
struct Ids {
    person: Option<Uuid>,
    /// Their own account. It belongs to this installation and not to the organization, whose officer does not get it.
    account: Option<Uuid>,
    registrations: Vec<Uuid>,
    bought: Vec<Uuid>,
    mails: Vec<Uuid>,
    complaints: Vec<Uuid>,
}

impl Ids {
    async fn find(tx: &Tx, request: Request<'_>) -> Result<Self, Refused> {
        match request.whom(tx).await? {
            Whom::Person(subject) => {
                let its_own = matches!(request, Request::Own(_));
                Ok(Self {
                    account: its_own.then_some(subject.account.id.0),
                    ..Self::of_person(tx, &subject).await?
                })
            }
            Whom::Place(row) => Self::of_place(tx, &row).await,
            Whom::Nobody => Err(Refused::not_found("registrationId")),
        }
    }

    async fn of_person(tx: &Tx, subject: &Subject) -> Result<Self, Refused> {
        let (organization, person) = (subject.organization.id, subject.person.id);
        let mut words = Words::default();
        words.address(Some(&subject.account.email));
        let text =
            "select id, email, new_email from registration where organization_id = $1 and person_id = $2 order by id";
        let mut registrations = Vec::new();
        for row in sql::all(tx, text, [organization.into(), person.into()]).await? {
            registrations.push(row.try_get::<RegistrationId>("", "id")?);
            for column in ["email", "new_email"] {
                words.address(row.try_get::<Option<String>>("", column)?.as_deref());
            }
        }
        let text = "select o.id from event e join \"order\" o on o.organization_id = e.organization_id \
            and o.event_id = e.id where e.organization_id = $1 and o.buyer_email_key = $2 \
            union select order_id as id from registration where organization_id = $1 and person_id = $3 and is_buyer \
            order by 1";
        let key = subject.account.email_key.as_str();
        let mut bought = Vec::new();
        for row in sql::all(tx, text, [organization.into(), key.into(), person.into()]).await? {
            bought.push(row.try_get::<Uuid>("", "id")?);
        }
        let mails = mails::own(tx, organization, &registrations, &words).await?;
        let complaints = complaints::all(tx, organization, person).await?;
        Ok(Self {
            person: Some(person.0),
            account: None,
            registrations: registrations.into_iter().map(|id| id.0).collect(),
            bought,
            mails: mails.into_iter().map(|id| id.0).collect(),
            complaints: complaints.into_iter().map(|id| id.0).collect(),
        })
    }

    async fn of_place(tx: &Tx, row: &registration::Model) -> Result<Self, Refused> {
        let mut words = Words::default();
        for address in [&row.email, &row.ordered_email, &row.new_email] {
            words.address(address.as_deref());
        }
        let mut mails: BTreeSet<MailId> = BTreeSet::new();
        mails.extend(mails::own(tx, row.organization_id, &[row.id], &Words::default()).await?);
        mails.extend(mails::of_order(tx, row.organization_id, row.order_id, &words).await?);
        Ok(Self {
            person: None,
            account: None,
            registrations: vec![row.id.0],
            bought: row.is_buyer.then_some(row.order_id.0).into_iter().collect(),
            mails: mails.into_iter().map(|id| id.0).collect(),
            complaints: Vec::new(),
        })
    }

    /// By which column and ids their rows of this table are found; none where it holds nothing of attendees.
    fn ids(&self, table: &Table) -> Option<(&'static str, Vec<Uuid>)> {
        Some(match of(table)? {
            Rows::OfRegistrations(column) => (column, self.registrations.clone()),
            Rows::OfTheLeadTable => ("registration_id", self.registrations.clone()),
            Rows::Bought => ("id", self.bought.clone()),
            Rows::OfBought(column) => (column, self.bought.clone()),
            Rows::Mails(column) => (column, self.mails.clone()),
            Rows::Complaints => ("id", self.complaints.clone()),
            Rows::Made => return None,
            Rows::Person => ("id", self.person.into_iter().collect()),
            Rows::OfAccount(column) => (column, self.account.into_iter().collect()),
            Rows::Roles => ("account_id", self.account.into_iter().collect()),
        })
    }
}

/// Whose the rows of a table are, where it tells something about somebody. Work that waits and keyed hashes tell nothing.
fn of(table: &Table) -> Option<Rows> {
    let telling = |class: Class| matches!(class, Class::Personal | Class::Sensitive | Class::Pseudonym);
    let tells = table.columns.iter().any(|(_, class)| telling(*class));
    rows(table).filter(|_| tells)
}

async fn held(tx: &Tx, organization: OrganizationId, table: &Table, column: &str, ids: &[Uuid]) -> Result<Held, Fault> {
    let shown = table.columns.iter().filter(|(_, class)| *class != Class::Secret);
    let columns: Vec<&'static str> = shown.map(|(name, _)| *name).collect();
    let is_tenants = table.columns.iter().any(|(name, _)| *name == "organization_id");
    let head = is_tenants.then(|| Value::from(organization));
    let mut rows = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let tenant = if is_tenants { "organization_id = $1 and " } else { "" };
        let list = sql::list(1 + usize::from(is_tenants), some.len());
        let text = format!(
            "select {} as held from \"{}\" t where {tenant}t.{column} in ({list})",
            as_json(tx.engine(), &columns),
            table.name
        );
        let values = head.clone().into_iter().chain(some.iter().map(|id| Value::from(*id)));
        for row in sql::all(tx, &text, values).await? {
            let text: String = row.try_get("", "held")?;
            let odd = |error: serde_json::Error| Fault::Corrupt(format!("a row of {}: {error}", table.name));
            let values: Map<String, serde_json::Value> = serde_json::from_str(&text).map_err(odd)?;
            rows.push(columns.iter().map(|name| said(name, values.get(*name))).collect());
        }
    }
    // By the first columns, which are the key: the databases have no order of their own.
    rows.sort();
    Ok(Held {
        name: table.name,
        purpose: table.purpose,
        retention: table.retention,
        columns,
        rows,
    })
}

/// What stands before the hexadecimal digits of bytes: no text has a control character.
const BYTES: char = '\u{1}';

/// A row as JSON; the database knows its columns' types.
fn as_json(engine: Engine, columns: &[&str]) -> String {
    let pairs = columns.iter().map(|name| match engine {
        Engine::Sqlite => format!(
            "'{name}', case typeof(t.\"{name}\") when 'blob' then char(1) || lower(hex(t.\"{name}\")) else t.\"{name}\" end"
        ),
        Engine::Postgres => format!(
            "'{name}', case when pg_typeof(t.\"{name}\") = 'bytea'::regtype \
             then to_jsonb(chr(1) || substr(t.\"{name}\"::text, 3)) else to_jsonb(t.\"{name}\") end"
        ),
    });
    let pairs = pairs.collect::<Vec<_>>().join(", ");
    match engine {
        Engine::Sqlite => format!("json_object({pairs})"),
        Engine::Postgres => format!("json_build_object({pairs})::text"),
    }
}

/// A value as people and programs read it.
fn said(column: &str, value: Option<&serde_json::Value>) -> Option<String> {
    use serde_json::Value as Json;
    let is_instant = column == "at" || column.ends_with("_at");
    match value? {
        Json::Null => None,
        Json::Number(micros) if is_instant => Some(micros.as_i64().map_or_else(|| micros.to_string(), rfc3339)),
        Json::Number(day) if column.ends_with("_on") => {
            let day = day.as_i64().and_then(|day| i32::try_from(day).ok());
            day.map(|day| Day(day).to_string())
        }
        Json::Number(flag) if column.starts_with("is_") => Some((flag.as_i64() != Some(0)).to_string()),
        Json::String(text) => Some(text.strip_prefix(BYTES).and_then(bytes).unwrap_or_else(|| text.clone())),
        other => Some(other.to_string()),
    }
}

fn rfc3339(micros: i64) -> String {
    Instant(micros).to_string()
}

/// Bytes: an id, a text, or else in hexadecimal digits.
fn bytes(hex: &str) -> Option<String> {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
    match Uuid::from_slice(&bytes) {
        Ok(id) => Some(id.to_string()),
        Err(_) => Some(String::from_utf8(bytes).unwrap_or_else(|_| hex.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use consentry_entity::catalogue::Erasure;

    #[test]
    fn every_table_with_something_personal_of_attendees_is_taken_along() {
        // What staff did is no record of an attendee, a partner's contacts are companies', the filter of a list is the
        // staff's (that somebody was on it is in the list's items), and a speaker is presented by the organizer, in words and
        // pictures.
        let not_theirs = [
            "audit_entry",
            "partner",
            "event_partner",
            "roster_export",
            "speaker",
            "picture",
        ];
        for table in CATALOGUE {
            let personal = |class: &Class| matches!(class, Class::Personal | Class::Sensitive);
            let is_personal = table.columns.iter().any(|(_, class)| personal(class));
            if is_personal && !not_theirs.contains(&table.name) {
                assert!(of(table).is_some(), "{}", table.name);
            }
        }
    }

    #[test]
    fn whatever_erasing_empties_was_shown_before() {
        for table in CATALOGUE.iter().filter(|table| table.erasure == Erasure::Emptied) {
            assert!(of(table).is_some(), "{}", table.name);
        }
    }

    #[test]
    fn values_are_readable() {
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        let read = |column: &str, text: &str| said(column, Some(&json(text)));
        assert_eq!(read("created_at", "0").as_deref(), Some("1970-01-01T00:00:00Z"));
        assert_eq!(read("consented_on", "1").as_deref(), Some("1970-01-02"));
        assert_eq!(read("is_buyer", "1").as_deref(), Some("true"));
        assert_eq!(read("is_buyer", "false").as_deref(), Some("false"));
        assert_eq!(read("total_minor", "4900").as_deref(), Some("4900"));
        assert_eq!(read("email", "null"), None);
        assert_eq!(said("email", None), None);
        assert_eq!(read("city", "\"Köln\"").as_deref(), Some("Köln"));
        let id = "\"\\u000100000000000000000000000000000001\"";
        assert_eq!(read("id", id).as_deref(), Some("00000000-0000-0000-0000-000000000001"));
        assert_eq!(read("payload", "\"\\u00017b7d\"").as_deref(), Some("{}"));
        assert_eq!(read("company", "\"\\\\x7b7d\"").as_deref(), Some("\\x7b7d"));
        assert_eq!(read("commitment", "\"\\u0001ff\"").as_deref(), Some("ff"));
    }
}
