//! The tables' rows: what bears on what is shared, and what is shared. Plain shapes of columns; nothing is judged here.

use std::collections::BTreeMap;

use serde_json::Value;
use uuid::Uuid;

/// The bits of the standard fields, in the order of the columns that hold them.
pub const TEXT_FIELDS: [(u8, &str); 11] = [
    (0, "full_name"),
    (1, "given_name"),
    (2, "family_name"),
    (3, "email"),
    (4, "phone"),
    (5, "company"),
    (6, "job_title"),
    (7, "city"),
    (8, "country"),
    (9, "postal_address"),
    (10, "social_profile"),
];
/// The bit of the ticket type.
pub const TICKET_TYPE: u8 = 11;
/// The bit of attendance.
pub const ATTENDANCE: u8 = 12;

/// Values by the bits of their fields.
pub type Fields = BTreeMap<u8, Value>;

/// A row of `registration`.
#[derive(Clone, Debug)]
pub struct Registration {
    /// `event_id`.
    pub event: Uuid,
    /// `order_id`.
    pub order: Uuid,
    /// `person_id`.
    pub person: Option<Uuid>,
    /// `ticket_type_id`.
    pub ticket_type: Uuid,
    /// `status`.
    pub status: String,
    /// `email_proved_at`.
    pub email_proved_at: Option<i64>,
    /// `consents_suspended`.
    pub consents_suspended: bool,
    /// `restricted_at`.
    pub restricted_at: Option<i64>,
    /// `quarantined_at`.
    pub quarantined_at: Option<i64>,
    /// `objected_purposes`.
    pub objected_purposes: i32,
    /// `opted_out`.
    pub opted_out: bool,
    /// What its text columns hold.
    pub texts: BTreeMap<u8, String>,
}

/// A row of `consent`.
#[derive(Clone, Debug)]
pub struct Consent {
    /// `state`.
    pub state: String,
    /// `version`.
    pub version: i32,
    /// `granted_mask`.
    pub granted_mask: i64,
    /// `decided_at`.
    pub decided_at: i64,
    /// `decider`.
    pub decider: String,
    /// `age_basis`.
    pub age_basis: Option<String>,
    /// `consent_record_id`.
    pub record: Uuid,
}

/// A row of `sharing_offer`.
#[derive(Clone, Debug)]
pub struct Offer {
    /// `event_id`.
    pub event: Uuid,
    /// `event_partner_id`.
    pub event_partner: Uuid,
    /// `purpose`.
    pub purpose: String,
    /// Its versions, in the order of their numbers.
    pub versions: Vec<Version>,
}

/// A row of `offer_version`.
#[derive(Clone, Debug)]
pub struct Version {
    /// `version`.
    pub number: i32,
    /// `state`.
    pub state: String,
    /// `field_mask`.
    pub field_mask: i64,
    /// `text`.
    pub text: String,
    /// `notice_url` and `notice_hash`.
    pub notice: (String, Vec<u8>),
    /// `retention_days`.
    pub retention_days: i32,
    /// `starts_at`.
    pub starts_at: Option<i64>,
    /// `ends_at`.
    pub ends_at: Option<i64>,
    /// `editorial`.
    pub editorial: bool,
    /// Whether it was approved at some time: `covers_from` is given then.
    pub was_approved: bool,
}

/// A row of `question`.
#[derive(Clone, Debug)]
pub struct Question {
    /// `event_id`.
    pub event: Uuid,
    /// `bit`.
    pub bit: Option<i32>,
    /// `shareable`.
    pub shareable: bool,
    /// `sensitivity`.
    pub sensitivity: String,
    /// `event_partner_id`.
    pub event_partner: Option<Uuid>,
}

/// A row of `lead`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lead {
    /// `stream_id`.
    pub stream: Uuid,
    /// `id`.
    pub id: Uuid,
    /// `registration_id`.
    pub registration: Uuid,
    /// `contact_key`.
    pub contact_key: Uuid,
    /// `state`.
    pub state: i32,
    /// `mask`.
    pub mask: i64,
    /// `offer_version`.
    pub offer_version: i32,
    /// `consented_version`.
    pub consented_version: i32,
    /// `consented_on`.
    pub consented_on: i32,
    /// `consent_record_id`.
    pub record: Uuid,
    /// `revision`.
    pub revision: i64,
    /// `received`.
    pub received: i64,
    /// `pos`.
    pub pos: Option<i64>,
    /// What its columns hold.
    pub fields: Fields,
}

/// A version, and its terms: fields, start, end, retention in days.
pub type InForce = (i32, i64, Option<i64>, Option<i64>, i32);

/// What a row of `stream` tells the partner's side.
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// `active`.
    pub active: bool,
    /// `version`, and the terms that count then: `field_mask`, `starts_at`, `ends_at`, `retention_days`.
    pub in_force: Option<InForce>,
}

/// One lead of a row of `disclosure`.
#[derive(Clone, Debug)]
pub struct Disclosed {
    /// Of which stream.
    pub stream: Uuid,
    /// Which lead.
    pub lead: Uuid,
    /// The fields.
    pub mask: i64,
}

/// Everything.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// By id.
    pub registrations: BTreeMap<Uuid, Registration>,
    /// The persons whose `restricted_at` is set.
    pub restricted_persons: Vec<Uuid>,
    /// By registration and offer.
    pub consents: BTreeMap<(Uuid, Uuid), Consent>,
    /// By registration and offer: when the last record was made, and what it says; where one change made several, all
    /// that they say.
    pub last_records: BTreeMap<(Uuid, Uuid), (i64, Vec<String>)>,
    /// By id.
    pub offers: BTreeMap<Uuid, Offer>,
    /// By event partner: whether it is active, and whether its partner is.
    pub active: BTreeMap<Uuid, (bool, bool)>,
    /// By id.
    pub questions: BTreeMap<Uuid, Question>,
    /// By registration and question.
    pub answers: BTreeMap<(Uuid, Uuid), Value>,
    /// The registrations that are in.
    pub attended: Vec<Uuid>,
    /// In the order of their ids.
    pub leads: Vec<Lead>,
    /// By id.
    pub streams: BTreeMap<Uuid, Stream>,
    /// By registration and event partner.
    pub contacts: BTreeMap<(Uuid, Uuid), Uuid>,
    /// Everything that was handed out.
    pub disclosed: Vec<Disclosed>,
}

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("not JSON: {error}"))
}

/// A text column's value; an address is compared by what it says, not by how it is written.
#[must_use]
pub fn value_of(bit: u8, text: &str) -> Value {
    if bit == 9 { json(text) } else { Value::from(text) }
}
