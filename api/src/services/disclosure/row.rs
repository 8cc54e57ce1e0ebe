//! From what a page statement answers to what the rule takes. Columns are read by their place (see
//! [`statements`](super::statements)): a page has thousands of them.

use consentry_domain::disclosure::InForce;
use consentry_domain::lead::{LeadImage, LeadState, StoredLead};
use consentry_domain::{Day, EventPartnerId, FieldMask, Instant, LeadValues, OfferId, Purpose};
use sea_orm::QueryResult;

use super::facts::StreamFacts;
use crate::platform::Fault;
use crate::platform::store::{Places, there};

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

/// Where the parts of a stream stand in a row.
pub(super) struct StreamPlaces {
    event_partner: usize,
    purpose: usize,
    active: usize,
    version: usize,
    fields: usize,
    starts: usize,
    ends: usize,
    retention_days: usize,
    event_ends: usize,
    facts: usize,
}

impl StreamPlaces {
    /// In the list of a token's streams, after the stream's id.
    pub(super) const LISTED: Self = Self {
        event_partner: 1,
        purpose: 2,
        active: 3,
        version: 4,
        fields: 5,
        starts: 6,
        ends: 7,
        retention_days: 8,
        event_ends: 9,
        facts: 10,
    };
    /// In a page, where it travels in the columns of a lead.
    const IN_PAGE: Self = Self {
        event_partner: 1,
        purpose: 9,
        active: 21,
        version: 4,
        fields: 3,
        starts: 7,
        ends: 8,
        retention_days: 5,
        event_ends: 24,
        facts: 22,
    };
}

/// The state by which a page's row says that it is the stream.
const IS_STREAM: i32 = 0;

/// What a row of a page statement is.
#[expect(clippy::large_enum_variant, reason = "read into its place at once; nearly always the lead")]
pub(super) enum PageRow {
    /// The stream.
    Stream(Box<Stream>),
    /// A lead.
    Lead(StoredLead),
}

/// Reads a row of a page statement.
pub(super) fn page_row(row: &QueryResult) -> Result<PageRow, Fault> {
    let row = Places::of(row)?;
    match there(row.small(2)?)? {
        IS_STREAM => {
            let id = there(row.id(0)?)?;
            stream(&row, id, &StreamPlaces::IN_PAGE).map(|stream| PageRow::Stream(Box::new(stream)))
        }
        state => lead(&row, state).map(PageRow::Lead),
    }
}

/// Reads a stream.
pub(super) fn stream(row: &Places<'_>, id: OfferId, places: &StreamPlaces) -> Result<Stream, Fault> {
    let purpose = there(row.text(places.purpose)?)?;
    Ok(Stream {
        id,
        in_force: InForce {
            event_partner_id: there(row.id::<EventPartnerId>(places.event_partner)?)?,
            purpose: Purpose::parse(purpose).ok_or_else(|| Fault::Corrupt("a stream's purpose".into()))?,
            active: there(row.truth(places.active)?)?,
            version: row.small(places.version)?,
            fields: FieldMask::from_db(there(row.integer(places.fields)?)?),
            starts: row.integer(places.starts)?.map(Instant),
            ends: row.integer(places.ends)?.map(Instant),
        },
        retention_days: there(row.small(places.retention_days)?)?,
        event_ends_at: Instant(there(row.integer(places.event_ends)?)?),
        facts: StreamFacts::parse(there(row.text(places.facts)?)?)?,
    })
}

/// Reads a lead, in the order of the statement's columns.
fn lead(row: &Places<'_>, state: i32) -> Result<StoredLead, Fault> {
    let text = |place| Ok::<_, Fault>(row.text(place)?.map(str::to_owned));
    Ok(StoredLead {
        id: there(row.id(0)?)?,
        contact_key: there(row.id(1)?)?,
        state: LeadState::from_db(state).ok_or_else(|| Fault::Corrupt("a lead's state".into()))?,
        revision: there(row.integer(7)?)?,
        received: FieldMask::from_db(there(row.integer(8)?)?),
        image: LeadImage {
            mask: FieldMask::from_db(there(row.integer(3)?)?),
            offer_version: there(row.small(4)?)?,
            consented_version: there(row.small(23)?)?,
            consented_on: Day(there(row.small(5)?)?),
            consent_record_id: there(row.id(6)?)?,
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
                postal_address: json(row.text(18)?, "a lead's postal address")?,
                social_profile: text(19)?,
                ticket_type: row.id(20)?,
                attended: row.truth(21)?.unwrap_or_default(),
                answers: json(row.text(22)?, "a lead's answers")?.unwrap_or_default(),
            },
        },
    })
}

fn json<T: serde::de::DeserializeOwned>(text: Option<&str>, what: &str) -> Result<Option<T>, Fault> {
    text.map(|text| serde_json::from_str(text).map_err(|error| Fault::Corrupt(format!("{what}: {error}"))))
        .transpose()
}
