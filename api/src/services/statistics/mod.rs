//! How an event stands: registrations by status and ticket type and by day, who was let in, orders and payments; and, once
//! it is over, how many share what.
//!
//! No read walks the registrations: the worker counts ([`count_due`]), one row per event holds what it counted, and a
//! read is that row. So the numbers are up to a minute old, and say when they were counted. What is counted at each sale
//! already, the places that are left, is read from the quotas and is of now.
//!
//! What attendees decided about sharing is counted apart, once and with noise (see [`consents`]): staff learn of nobody
//! whether they share.

mod consents;
mod count;

pub use consents::{FieldCount, OfferCount};
pub use count::{count_due, recount};

use consentry_domain::{Day, Instant, OrderStatus, PaymentStatus, RefundDueReason, RegistrationStatus, TicketTypeId};
use consentry_entity::event_statistics;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};

use crate::access::rights::{CheckInPeople, ManageMails, ViewOrders, ViewOrganization};
use crate::access::{Authorized, EventScope};
use crate::platform::Fault;
use crate::platform::store::Store;

/// Registrations of one status and ticket type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registrations {
    /// Where they stand.
    pub status: RegistrationStatus,
    /// What was bought.
    pub ticket_type: TicketTypeId,
    /// How many.
    pub count: i64,
}

/// Registrations that were made on one day, whatever became of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnDay {
    /// The day, on the event's clock.
    pub day: Day,
    /// How many.
    pub count: i64,
}

/// Who is in, by door or list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetIn {
    /// The door or list.
    pub list: String,
    /// How many registrations.
    pub count: i64,
}

/// Orders of one status and currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// Where they stand; one whose provider is being told to stop counts as pending.
    pub status: OrderStatus,
    /// ISO 4217.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// What they cost together, with tax, in minor units.
    pub total_minor: i64,
}

/// Payments of one status and currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payments {
    /// Where they stand.
    pub status: PaymentStatus,
    /// Why they are to be given back, where they are.
    pub refund_due: Option<RefundDueReason>,
    /// Whether that is done.
    #[serde(default)]
    pub refund_settled: bool,
    /// ISO 4217.
    pub currency: String,
    /// How many.
    pub count: i64,
    /// Their sum in minor units.
    pub amount_minor: i64,
}

/// What is counted of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// By status and ticket type.
    pub registrations: Vec<Registrations>,
    /// By day, the first one first; days without any are left out.
    pub days: Vec<OnDay>,
    /// By list, of the confirmed registrations.
    pub let_in: Vec<LetIn>,
    /// How many confirmed registrations are in, by however many lists.
    #[serde(default)]
    pub inside: i64,
}

/// What is counted of money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// By status and currency.
    pub orders: Vec<Orders>,
    /// By status, refund and currency.
    pub payments: Vec<Payments>,
    /// How many orders have a payment that is still to be given back or looked at.
    #[serde(default)]
    pub refunds_due: i64,
}

/// As it is stored. What was counted before there was more to count is read as nothing until it is counted again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    people: People,
    money: Money,
    #[serde(default)]
    failed_mails: i64,
}

/// What whoever sees the event sees of it.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// When it was counted.
    pub counted_at: Instant,
    /// Of people.
    pub people: People,
    /// How many share what, and when that was counted; none until the event is over.
    pub consents: Option<(Instant, Vec<OfferCount>)>,
}

/// What whoever stands at a door sees of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AtDoor {
    /// When it was counted.
    pub counted_at: Instant,
    /// How many registrations are confirmed.
    pub expected: i64,
    /// How many of them are in by this door or list.
    pub inside: i64,
}

/// The event's statistics; none until they were counted for the first time.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn of_event(
    store: &Store,
    authorized: &Authorized<EventScope, ViewOrganization>,
) -> Result<Option<Statistics>, Fault> {
    let Some(row) = row(store, authorized.scope()).await? else {
        return Ok(None);
    };
    let consents = match (row.consents_counted_at, &row.consents) {
        (Some(at), Some(counts)) => Some((Instant(at), read(counts)?)),
        _ => None,
    };
    Ok(Some(Statistics {
        counted_at: Instant(row.counted_at),
        people: read::<Counts>(&row.counts)?.people,
        consents,
    }))
}

/// How many are expected, and how many of them are in by one door or list; none until they were counted for the first time.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn at_door(
    store: &Store,
    door: &Authorized<EventScope, CheckInPeople>,
    list: &str,
) -> Result<Option<AtDoor>, Fault> {
    let Some(row) = row(store, door.scope()).await? else {
        return Ok(None);
    };
    let people = read::<Counts>(&row.counts)?.people;
    let confirmed = people.registrations.iter();
    let confirmed = confirmed.filter(|one| one.status == RegistrationStatus::Confirmed);
    let here = people.let_in.iter().filter(|one| one.list == list);
    Ok(Some(AtDoor {
        counted_at: Instant(row.counted_at),
        expected: confirmed.map(|one| one.count).sum(),
        inside: here.map(|one| one.count).sum(),
    }))
}

/// The event's money; none until it was counted for the first time.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn money_of_event(
    store: &Store,
    authorized: &Authorized<EventScope, ViewOrders>,
) -> Result<Option<Money>, Fault> {
    let row = row(store, authorized.scope()).await?;
    row.map(|row| Ok(read::<Counts>(&row.counts)?.money)).transpose()
}

/// How many of the event's mails were refused, and nothing became of them; none until they were counted for the first time.
///
/// # Errors
/// When the database fails or holds something else.
pub async fn failed_mails_of_event(
    store: &Store,
    authorized: &Authorized<EventScope, ManageMails>,
) -> Result<Option<i64>, Fault> {
    let row = row(store, authorized.scope()).await?;
    row.map(|row| Ok(read::<Counts>(&row.counts)?.failed_mails)).transpose()
}

async fn row(store: &Store, scope: EventScope) -> Result<Option<event_statistics::Model>, Fault> {
    let key = (scope.organization, scope.event);
    Ok(event_statistics::Entity::find_by_id(key).one(store.read()).await?)
}

fn read<T: serde::de::DeserializeOwned>(json: &str) -> Result<T, Fault> {
    serde_json::from_str(json).map_err(|_| Fault::Corrupt("statistics that cannot be read".into()))
}

fn written<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|error| Fault::Outside(error.to_string()))
}
