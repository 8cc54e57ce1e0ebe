//! From what a page statement answers to what the rule takes. Columns are read by their place (see
//! [`statements`](super::statements)): a page has thousands of them.

use consentry_domain::disclosure::InForce;
use consentry_domain::lead::{LeadImage, LeadState, StoredLead};
use consentry_domain::{Day, EventPartnerId, FieldMask, Instant, LeadValues, OfferId, Purpose};
use sea_orm::{QueryResult, TryGetable};

use super::facts::StreamFacts;
use crate::platform::Fault;

/// A stream as it stands, and its facts.
#[derive(Debug)]
pub struct Stream {
    /// Which one.
    pub id: OfferId,
    /// What is in force.
    pub in_force: InForce,
    /// How long the version in force allows a lead to be kept, in days.
    pub retention_days: i32,
    /// The event's end.
    pub event_ends_at: Instant,
    /// What its partner may know.
    pub facts: StreamFacts,
}

/// How many columns a stream has.
const STREAM_COLUMNS: usize = 11;

/// What a row of a page statement is.
pub(super) enum PageRow {
    /// The stream.
    Stream(Box<Stream>),
    /// A lead.
    Lead(Box<StoredLead>),
}

/// Reads a row of a page statement.
pub(super) fn page_row(row: &QueryResult) -> Result<PageRow, Fault> {
    match at::<Option<OfferId>>(row, 0)? {
        Some(id) => stream(row, id).map(|stream| PageRow::Stream(Box::new(stream))),
        None => lead(row).map(|lead| PageRow::Lead(Box::new(lead))),
    }
}

/// Reads a stream from a row that begins with its columns.
pub(super) fn stream(row: &QueryResult, id: OfferId) -> Result<Stream, Fault> {
    Ok(Stream {
        id,
        in_force: InForce {
            event_partner_id: at::<EventPartnerId>(row, 1)?,
            purpose: at::<Purpose>(row, 2)?,
            active: at(row, 3)?,
            version: at(row, 4)?,
            fields: FieldMask::from_db(at(row, 5)?),
            starts: at::<Option<i64>>(row, 6)?.map(Instant),
            ends: at::<Option<i64>>(row, 7)?.map(Instant),
        },
        retention_days: at(row, 8)?,
        event_ends_at: Instant(at(row, 9)?),
        facts: StreamFacts::parse(&at::<String>(row, 10)?)?,
    })
}

fn lead(row: &QueryResult) -> Result<StoredLead, Fault> {
    let column = |number: usize| STREAM_COLUMNS + number;
    let text = |number: usize| at::<Option<String>>(row, column(number));
    let state = LeadState::from_db(at(row, column(2))?).ok_or_else(|| Fault::Corrupt("a lead's state".into()))?;
    Ok(StoredLead {
        id: at(row, column(0))?,
        contact_key: at(row, column(1))?,
        state,
        revision: at(row, column(7))?,
        received: FieldMask::from_db(at(row, column(8))?),
        image: LeadImage {
            mask: FieldMask::from_db(at(row, column(3))?),
            offer_version: at(row, column(4))?,
            consented_on: Day(at(row, column(5))?),
            consent_record_id: at(row, column(6))?,
            values: LeadValues {
                full_name: text(9)?,
                given_name: text(10)?,
                family_name: text(11)?,
                email: text(12)?,
                phone: text(13)?,
                company: text(14)?,
                job_title: text(15)?,
                city: text(16)?,
                country: text(17)?,
                postal_address: json(text(18)?.as_deref(), "a lead's postal address")?,
                social_profile: text(19)?,
                ticket_type: at(row, column(20))?,
                attended: at::<Option<bool>>(row, column(21))?.unwrap_or_default(),
                answers: json(text(22)?.as_deref(), "a lead's answers")?.unwrap_or_default(),
            },
        },
    })
}

fn at<T: TryGetable>(row: &QueryResult, column: usize) -> Result<T, Fault> {
    row.try_get_by_index(column).map_err(Fault::Database)
}

fn json<T: serde::de::DeserializeOwned>(text: Option<&str>, what: &str) -> Result<Option<T>, Fault> {
    text.map(|text| serde_json::from_str(text).map_err(|error| Fault::Corrupt(format!("{what}: {error}"))))
        .transpose()
}
