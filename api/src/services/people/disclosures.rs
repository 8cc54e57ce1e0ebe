//! Who received what of somebody's data: partners by their pulls, staff by the lists that they took away.
//!
//! Records that are not expanded yet are expanded first, so that nothing is missing. The number of statements does not
//! depend on how much was disclosed nor on how many registrations a list shows; each registration's part is a range of
//! one index.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use consentry_domain::{
    EventId, EventPartnerId, FieldMask, Instant, OfferId, OrganizationId, PersonId, Purpose, RegistrationId,
    RosterExportId,
};
use consentry_entity::{event, registration};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryResult, Value};
use uuid::Uuid;

use crate::platform::Fault;
use crate::platform::store::{Engine, Store, sql};
use crate::services::disclosure::expand;
use crate::services::sharing::offers::{self, EventKey, PartnerAtEvent};
use crate::services::sharing::questions::Shareable;
use crate::services::sharing::view;

/// How many registrations one statement asks about.
const AT_ONCE: usize = 100;

/// That something of one registration was handed out.
#[derive(Clone, Debug)]
pub struct Received {
    /// When.
    pub at: Instant,
    /// The record: of an answer to a partner, or of a list.
    pub record: Uuid,
    /// Whose it was.
    pub registration: RegistrationId,
    /// At which event.
    pub event: EventId,
    /// To whom.
    pub by: Recipient,
}

/// Who received it.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// A partner.
    Partner {
        /// The offer under which.
        offer: OfferId,
        /// Which one.
        event_partner: EventPartnerId,
        /// What for.
        purpose: Purpose,
        /// Which version of it the person had agreed to by then, which is not always the one that was in force.
        version: Option<i32>,
        /// Which fields.
        fields: FieldMask,
        /// How it was called then.
        name: String,
    },
    /// The organization's own staff.
    Staff {
        /// What for, in their words.
        purpose: String,
    },
}

impl Received {
    /// Its place in a list.
    #[must_use]
    pub fn place(&self) -> Place {
        Place {
            at: self.at,
            record: self.record,
            registration: self.registration,
        }
    }

    /// The list, where staff took one away.
    #[must_use]
    pub fn export(&self) -> Option<RosterExportId> {
        matches!(self.by, Recipient::Staff { .. }).then_some(RosterExportId(self.record))
    }
}

/// A place in a list, which is in the order of time, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    at: Instant,
    record: Uuid,
    registration: RegistrationId,
}

impl Place {
    /// Before everything.
    const START: Self = Self {
        at: Instant::MAX,
        record: Uuid::max(),
        registration: RegistrationId(Uuid::max()),
    };

    /// As a cursor carries it.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let at = self.at.0.to_be_bytes();
        [&at[..], self.record.as_bytes(), self.registration.0.as_bytes()].concat()
    }

    /// From a cursor.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (at, ids) = bytes.split_at_checked(8)?;
        let (record, registration) = ids.split_at_checked(16)?;
        Some(Self {
            at: Instant(i64::from_be_bytes(at.try_into().ok()?)),
            record: Uuid::from_slice(record).ok()?,
            registration: RegistrationId(Uuid::from_slice(registration).ok()?),
        })
    }
}

/// What was handed out, with everything that is shown beside it.
#[derive(Clone, Debug, Default)]
pub struct Disclosures {
    /// The newest first.
    pub received: Vec<Received>,
    /// The events.
    pub events: Vec<event::Model>,
    /// Their partners.
    pub partners: HashMap<EventId, Vec<Arc<PartnerAtEvent>>>,
    /// What the bits of their masks mean.
    pub questions: HashMap<EventId, Arc<Shareable>>,
}

/// A registration and its event.
pub type PlaceAt = (RegistrationId, EventId);

/// What was handed out of each of these registrations: of each up to one more than `first`, to tell whether there is
/// more.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn of_registrations(
    store: &Store,
    organization: OrganizationId,
    registrations: &[PlaceAt],
    first: u32,
    after: Option<Place>,
) -> Result<Disclosures, Fault> {
    expand::complete(store, organization).await?;
    let received = received(store, organization, registrations, first, after).await?;
    with_events(store, organization, received).await
}

/// What was handed out of all of a person's registrations: up to one more than `first`.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn of_person(
    store: &Store,
    organization: OrganizationId,
    person: PersonId,
    first: u32,
    after: Option<Place>,
) -> Result<Disclosures, Fault> {
    expand::complete(store, organization).await?;
    let text =
        "select id, event_id from registration where organization_id = $1 and person_id = $2 and status <> 'ERASED'";
    let rows = sql::all(store.read(), text, [organization.into(), person.into()]).await?;
    let places = rows
        .iter()
        .map(|row| Ok((row.try_get("", "id")?, row.try_get("", "event_id")?)));
    let places: Vec<PlaceAt> = places.collect::<Result<_, Fault>>()?;
    let mut received = received(store, organization, &places, first, after).await?;
    received.truncate(first as usize + 1);
    with_events(store, organization, received).await
}

/// How each of these registrations stands with the offers of its event.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn consents(
    store: &Store,
    organization: OrganizationId,
    registrations: &[RegistrationId],
) -> Result<HashMap<RegistrationId, Vec<view::Consent>>, Fault> {
    let rows = registration::Entity::find()
        .filter(registration::Column::OrganizationId.eq(organization))
        .filter(registration::Column::Id.is_in(registrations.iter().copied()))
        .all(store.read())
        .await?;
    let rows: Vec<_> = rows.iter().collect();
    view::of_registrations(store.read(), organization, &rows, store.now().await?).await
}

/// The newest of each registration after this place.
async fn received(
    store: &Store,
    organization: OrganizationId,
    registrations: &[PlaceAt],
    first: u32,
    after: Option<Place>,
) -> Result<Vec<Received>, Fault> {
    let after = after.unwrap_or(Place::START);
    let events: HashMap<RegistrationId, EventId> = registrations.iter().copied().collect();
    let mut received = Vec::new();
    for some in registrations.chunks(AT_ONCE) {
        let text = statement(store.engine(), some.len(), first + 1);
        let head = [
            organization.into(),
            after.at.0.into(),
            after.record.into(),
            after.registration.into(),
        ];
        let ids = some.iter().map(|(id, _)| Value::from(*id));
        for row in sql::all(store.read(), &text, head.into_iter().chain(ids)).await? {
            received.push(read(&row, &events)?);
        }
    }
    received.sort_unstable_by_key(|one: &Received| std::cmp::Reverse(one.place()));
    Ok(received)
}

/// For each of so many registrations, bound from `$5` on, two ranges: partners' answers and staff's lists. What was agreed
/// to is what the consent's record says: the item has the version that was in force, which may be a later one.
fn statement(engine: Engine, registrations: usize, limit: u32) -> String {
    // PostgreSQL takes an untyped null for a text.
    let (id, number) = match engine {
        Engine::Sqlite => ("null", "null"),
        Engine::Postgres => ("null::uuid", "null::bigint"),
    };
    let parts = (5..5 + registrations).map(|place| {
        format!(
            "select * from (select i.at, i.disclosure_id as record, i.registration_id, i.stream_id, i.mask, \
             i.consent_record_id, i.recipient_name as words from disclosure_item i \
             where i.organization_id = $1 and i.registration_id = ${place} \
             and (i.at, i.disclosure_id, i.registration_id) < ($2, $3, $4) \
             order by i.at desc, i.disclosure_id desc limit {limit}) a{place} \
             union all select * from (select e.created_at as at, e.id as record, x.registration_id, {id} as stream_id, \
             {number} as mask, {id} as consent_record_id, e.purpose as words from roster_export_item x \
             join roster_export e on e.organization_id = x.organization_id and e.id = x.export_id \
             where x.organization_id = $1 and x.registration_id = ${place} \
             and (e.created_at, e.id, x.registration_id) < ($2, $3, $4) \
             order by e.created_at desc, e.id desc limit {limit}) b{place}"
        )
    });
    format!(
        "select p.*, s.event_partner_id, s.purpose, c.version from ({}) p \
         left join stream s on s.organization_id = $1 and s.id = p.stream_id \
         left join consent_record c on c.organization_id = $1 and c.id = p.consent_record_id",
        parts.collect::<Vec<_>>().join(" union all ")
    )
}

fn read(row: &QueryResult, events: &HashMap<RegistrationId, EventId>) -> Result<Received, Fault> {
    let registration: RegistrationId = row.try_get("", "registration_id")?;
    let words: String = row.try_get("", "words")?;
    let by = match row.try_get::<Option<OfferId>>("", "stream_id")? {
        Some(offer) => Recipient::Partner {
            offer,
            event_partner: row.try_get("", "event_partner_id")?,
            purpose: row.try_get("", "purpose")?,
            version: row.try_get("", "version")?,
            fields: FieldMask::from_db(row.try_get("", "mask")?),
            name: words,
        },
        None => Recipient::Staff { purpose: words },
    };
    let event = events.get(&registration).copied();
    Ok(Received {
        at: Instant(row.try_get("", "at")?),
        record: row.try_get("", "record")?,
        registration,
        event: event.ok_or_else(|| Fault::Corrupt("a disclosure of another registration".into()))?,
        by,
    })
}

async fn with_events(
    store: &Store,
    organization: OrganizationId,
    received: Vec<Received>,
) -> Result<Disclosures, Fault> {
    if received.is_empty() {
        return Ok(Disclosures::default());
    }
    let ids: BTreeSet<EventId> = received.iter().map(|one| one.event).collect();
    let keys: Vec<EventKey> = ids.iter().map(|id| (organization, *id)).collect();
    let events = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(organization))
        .filter(event::Column::Id.is_in(ids))
        .all(store.read())
        .await?;
    let partners = offers::of_events(store.read(), &keys).await?;
    let questions = Shareable::of_events(store.read(), &keys).await?;
    Ok(Disclosures {
        received,
        events,
        partners: partners
            .into_iter()
            .map(|(key, partners)| (key.1, partners.into_iter().map(Arc::new).collect()))
            .collect(),
        questions: questions
            .into_iter()
            .map(|(key, questions)| (key.1, Arc::new(questions)))
            .collect(),
    })
}
