//! A page of the roster: one keyset read of one index, with a literal limit.
//!
//! Unfiltered and by status, by name, time or order code, and by the beginning of a mail address or an order code, a page
//! costs the same in an event of any size. By words it costs what is found (see [`words`](super::words)). Other filters
//! walk the index until the page is full.

use consentry_domain::words::Sought;
use consentry_domain::{EventId, OrderId, OrganizationId, RegistrationId, RegistrationStatus, TicketTypeId, text};
use sea_orm::{QueryResult, Value};
use uuid::Uuid;

use super::seen::entry;
use super::words::{self, Way};
use crate::access::rights::{Permission, ViewRoster};
use crate::access::{Authorized, EventScope};
use crate::platform::store::{Engine, Places, sql, there};
use crate::platform::{Fault, Platform};
use crate::services::audit;

/// How the roster is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// By the time of registering.
    Time,
    /// By order code.
    OrderCode,
}

/// Who is listed; everything that is named must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Filter {
    /// Where the registration stands.
    pub status: Option<RegistrationStatus>,
    /// What was bought.
    pub ticket_type: Option<TicketTypeId>,
    /// How the mail address begins.
    pub mail_prefix: Option<String>,
    /// How the order's code begins.
    pub order_code_prefix: Option<String>,
    /// What the name contains.
    pub name: Option<String>,
    /// Words of which each stands in the name, the mail address, the company or the order's code.
    pub words: Option<Sought>,
}

/// Which list.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Wanted {
    /// Its order; a list by the beginning of something is in the order of that.
    pub sort: Sort,
    /// Who is in it.
    pub filter: Filter,
}

/// A list of an event, as an engine is asked for it.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "named by their types")]
pub struct List<'a> {
    pub engine: Engine,
    pub organization: OrganizationId,
    pub event: EventId,
    pub wanted: &'a Wanted,
    pub way: Way,
}

/// One registration, as the roster shows it.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "columns of the registration")]
pub struct Row {
    pub id: RegistrationId,
    pub order_id: OrderId,
    pub order_code: String,
    pub ticket_type_id: TicketTypeId,
    pub status: RegistrationStatus,
    pub full_name: Option<String>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub sort_name: Vec<u8>,
    pub company: Option<String>,
    pub revision: i64,
    pub created_at: i64,
}

/// Some of the roster.
#[derive(Clone, Debug)]
pub struct Page {
    /// The registrations.
    pub rows: Vec<Row>,
    /// In which order they are.
    key: Key,
    /// Whether more follow.
    pub has_next: bool,
}

impl Page {
    /// The place of a registration in this list, for a cursor.
    #[must_use]
    pub fn place(&self, row: &Row) -> Vec<u8> {
        self.key.place(row)
    }
}

/// What is read of a registration: no consent, no code that opens a door. [`Row::of`] reads it by place.
pub(super) const COLUMNS: &str = "id, order_id, order_code, ticket_type_id, status, full_name, email, email_key, sort_name, company, revision, created_at";

impl Row {
    pub(super) fn of(row: &QueryResult) -> Result<Self, Fault> {
        let row = Places::of(row)?;
        let text = |place| Ok::<_, Fault>(row.text(place)?.map(str::to_owned));
        let status = there(row.text(4)?)?;
        Ok(Self {
            id: there(row.id(0)?)?,
            order_id: there(row.id(1)?)?,
            order_code: there(text(2)?)?,
            ticket_type_id: there(row.id(3)?)?,
            status: RegistrationStatus::parse(status)
                .ok_or_else(|| Fault::Corrupt("a registration's status".into()))?,
            full_name: text(5)?,
            email: text(6)?,
            email_key: text(7)?,
            sort_name: there(row.bytes(8)?)?.to_vec(),
            company: text(9)?,
            revision: there(row.integer(10)?)?,
            created_at: there(row.integer(11)?)?,
        })
    }
}

/// In which order an index gives the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Name,
    Time,
    OrderCode,
    Mail,
}

impl Key {
    fn of(wanted: &Wanted) -> Self {
        match (
            &wanted.filter.mail_prefix,
            &wanted.filter.order_code_prefix,
            wanted.sort,
        ) {
            (Some(_), _, _) => Self::Mail,
            (None, Some(_), _) | (None, None, Sort::OrderCode) => Self::OrderCode,
            (None, None, Sort::Name) => Self::Name,
            (None, None, Sort::Time) => Self::Time,
        }
    }

    /// What is sorted by, and then by the id. Not by the id alone: the planner would walk the whole organization's ids,
    /// where one event has most of its registrations.
    fn column(self) -> &'static str {
        match self {
            Self::Name => "sort_name",
            Self::Time => "created_at",
            Self::OrderCode => "order_code",
            Self::Mail => "email_key",
        }
    }

    fn place(self, row: &Row) -> Vec<u8> {
        let mut place = row.id.0.as_bytes().to_vec();
        match self {
            Self::Name => place.extend_from_slice(&row.sort_name),
            Self::Time => place.extend_from_slice(&row.created_at.to_be_bytes()),
            Self::OrderCode => place.extend_from_slice(row.order_code.as_bytes()),
            Self::Mail => place.extend_from_slice(row.email_key.as_deref().unwrap_or_default().as_bytes()),
        }
        place
    }

    fn value(self, bytes: &[u8]) -> Value {
        match self {
            Self::Name => bytes.to_vec().into(),
            Self::Time => bytes.try_into().map(i64::from_be_bytes).unwrap_or(i64::MIN).into(),
            Self::OrderCode | Self::Mail => String::from_utf8_lossy(bytes).into_owned().into(),
        }
    }
}

/// The statement of a page and what is bound: one text for each kind of list and each page size.
#[must_use]
pub fn statement(list: List<'_>, first: u32, after: Option<&[u8]>) -> (String, Vec<Value>) {
    let key = Key::of(list.wanted);
    let mut text = format!("select {COLUMNS} from registration where organization_id = $1 and event_id = $2");
    let mut values: Vec<Value> = vec![list.organization.into(), list.event.into()];
    text += &conditions(list, &mut values);
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some((id, rest)) = after.and_then(|place| place.split_at_checked(16)) {
        let id = Uuid::from_slice(id).unwrap_or_default();
        let column = key.column();
        text += &format!(" and ({column}, id) > ({}, {})", bind(key.value(rest)), bind(id.into()));
    }
    text += &format!(" order by {}, id limit {}", key.column(), first + 1);
    (text, values)
}

/// What a list's filter says, to be added to a statement; what is bound is added to `values`.
pub(super) fn conditions(list: List<'_>, values: &mut Vec<Value>) -> String {
    let filter = &list.wanted.filter;
    let mut text = String::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(status) = filter.status {
        text += &format!(" and status = {}", bind(status.as_str().into()));
    }
    if let Some(prefix) = &filter.mail_prefix {
        text += &range("email_key", &text::email_key(prefix.trim()), &mut bind);
    }
    if let Some(prefix) = &filter.order_code_prefix {
        text += &range("order_code", &prefix.trim().to_uppercase(), &mut bind);
    }
    if let Some(ticket_type) = filter.ticket_type {
        text += &format!(" and ticket_type_id = {}", bind(ticket_type.into()));
    }
    if let Some(name) = &filter.name {
        let name = name
            .trim()
            .to_lowercase()
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        text += &format!(
            " and lower(full_name) like {} escape '\\'",
            bind(format!("%{name}%").into())
        );
    }
    if let Some(sought) = &filter.words {
        text += &words::condition(list.engine, list.way, list.event, sought, &mut bind);
    }
    text
}

/// That a text begins so, as a range of its index. Nothing that is valid sorts behind the last character.
fn range(column: &str, prefix: &str, bind: &mut impl FnMut(Value) -> String) -> String {
    let (from, to) = (bind(prefix.into()), bind(format!("{prefix}\u{10ffff}").into()));
    format!(" and {column} >= {from} and {column} < {to}")
}

/// A page. That it was looked at is in the audit log before anybody sees it.
///
/// # Errors
/// When the database fails.
pub async fn page(
    platform: &Platform,
    authorized: &Authorized<EventScope, ViewRoster>,
    wanted: &Wanted,
    first: u32,
    after: Option<&[u8]>,
) -> Result<Page, Fault> {
    let page = read(platform, authorized, wanted, first, after).await?;
    let detail = serde_json::json!({ "entries": page.rows.len() });
    audit::note_read(&platform.store, entry(authorized, "viewRoster", None, detail)).await?;
    Ok(page)
}

/// A page, for whoever notes what it is read for.
pub(super) async fn read<P: Permission>(
    platform: &Platform,
    authorized: &Authorized<EventScope, P>,
    wanted: &Wanted,
    first: u32,
    after: Option<&[u8]>,
) -> Result<Page, Fault> {
    let (connection, engine) = (platform.store.read(), platform.store.engine());
    let event = authorized.event();
    let list = List {
        engine,
        organization: authorized.organization(),
        event,
        wanted,
        way: Way::to_page(connection, engine, event, wanted.filter.words.as_ref()).await?,
    };
    let (text, values) = statement(list, first, after);
    let rows = sql::all(connection, &text, values).await?;
    let mut rows = rows.iter().map(Row::of).collect::<Result<Vec<_>, _>>()?;
    let first = usize::try_from(first).unwrap_or(usize::MAX);
    let has_next = rows.len() > first;
    rows.truncate(first);
    Ok(Page {
        rows,
        key: Key::of(wanted),
        has_next,
    })
}
