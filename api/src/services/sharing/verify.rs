//! The lead table against the truth: every image is rebuilt from consents, offers and registrations and compared with
//! what is stored, and every `received` mark with the records of disclosures. It changes nothing.
//!
//! Reads go on while others write, so what differs is looked at a second time before it is reported.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use consentry_domain::lead::{LeadChange, LeadState, Standing, StoredLead, change, sort_key};
use consentry_domain::{ConsentState, FieldMask, LeadId, OfferId, OrganizationId, RegistrationId};
use consentry_entity::{disclosure, lead, organization};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::leads::{Key, standings};
use super::{row, truth};
use crate::platform::Fault;
use crate::platform::store::{Store, sql};

/// So many registrations, and so many disclosures, are looked at at once.
const AT_ONCE: u64 = 500;

/// What was looked at and what differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// How many leads were compared, tombstones included.
    pub leads: u64,
    /// How many registrations they belong to, or could belong to.
    pub registrations: u64,
    /// How many disclosures the marks were rebuilt from.
    pub disclosures: u64,
    /// What differs; nothing, if all is well.
    pub differences: Vec<Difference>,
}

/// Something that differs.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The tenant.
    pub organization: OrganizationId,
    /// The stream.
    pub stream: OfferId,
    /// The registration.
    pub registration: Option<RegistrationId>,
    /// The lead, where there is one.
    pub lead: Option<LeadId>,
    /// What is wrong; never a value.
    pub what: &'static str,
}

/// Compares everything.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn verify(store: &Store) -> Result<Report, Fault> {
    let connection = store.read();
    let mut report = Report::default();
    for organization in organization::Entity::find()
        .order_by_asc(organization::Column::Id)
        .all(connection)
        .await?
    {
        images(connection, organization.id, &mut report).await?;
        marks(connection, organization.id, &mut report).await?;
    }
    Ok(report)
}

async fn images(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    report: &mut Report,
) -> Result<(), Fault> {
    let mut after = RegistrationId(uuid::Uuid::nil());
    loop {
        let some = registrations(connection, organization, after).await?;
        let Some(last) = some.last().copied() else {
            return Ok(());
        };
        after = last;
        report.registrations += some.len() as u64;
        let (compared, differences) = compare(connection, organization, &some).await?;
        report.leads += compared;
        if differences.is_empty() {
            continue;
        }
        let again: BTreeSet<RegistrationId> = differences
            .iter()
            .filter_map(|difference| difference.registration)
            .collect();
        let again: Vec<RegistrationId> = again.into_iter().collect();
        let (_, still) = compare(connection, organization, &again).await?;
        report
            .differences
            .extend(still.into_iter().filter(|difference| differences.contains(difference)));
    }
}

/// The next registrations that have, or could have, leads.
async fn registrations(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    after: RegistrationId,
) -> Result<Vec<RegistrationId>, Fault> {
    let first_of = |table| {
        format!(
            "select * from (select distinct registration_id from {table} where organization_id = $1 \
             and registration_id > $2 order by registration_id limit {AT_ONCE}) {table}_part"
        )
    };
    let text = format!(
        "select registration_id from ({} union {}) parts order by registration_id limit {AT_ONCE}",
        first_of("consent"),
        first_of("lead")
    );
    let rows = sql::all(connection, &text, [organization.into(), after.into()]).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get("", "registration_id"))
        .collect::<Result<_, _>>()?)
}

async fn compare(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    registrations: &[RegistrationId],
) -> Result<(u64, Vec<Difference>), Fault> {
    let stored = lead::Entity::find()
        .filter(lead::Column::OrganizationId.eq(organization))
        .filter(lead::Column::RegistrationId.is_in(registrations.iter().copied()))
        .all(connection)
        .await?;
    let decided = truth::decided(connection, organization, registrations, "").await?;
    let granted = decided
        .iter()
        .filter(|decided| decided.consent.state == ConsentState::Granted);
    let granted: BTreeSet<OfferId> = granted.map(|decided| decided.offer).collect();
    let granted: Vec<OfferId> = granted.into_iter().collect();
    let standings = standings(connection, organization, registrations, &decided, &granted).await?;
    let compared = stored.len() as u64;
    let mut differences = Vec::new();
    let mut live: BTreeMap<Key, StoredLead> = BTreeMap::new();
    for row in stored {
        let key = (row.stream_id, row.registration_id);
        let sorted = [&row.sort_full_name, &row.sort_family_name, &row.sort_company].map(Option::clone);
        let lead = row::stored(row)?;
        let mut wrong = |what| differences.push(difference(organization, key, Some(lead.id), what));
        if lead.state != LeadState::Live {
            if lead.received.is_empty() {
                wrong("a lead that was never received is kept although it is not live");
            }
            if sorted.iter().any(Option::is_some)
                || !lead.image.mask.is_empty()
                || !lead.image.values.mask_of_present().is_empty()
            {
                wrong("a lead that is not live still holds values");
            }
        } else if lead.image.mask != lead.image.values.mask_of_present() {
            wrong("a lead's values are not those that its mask names");
        } else if sorted != row::SORTED.map(|(field, _)| Some(sort_key(&lead.image.values, field))) {
            wrong("a lead is sorted by something else than its values");
        }
        if lead.state != LeadState::Removed && live.insert(key, lead.clone()).is_some() {
            differences.push(difference(
                organization,
                key,
                Some(lead.id),
                "a registration has two leads in one stream",
            ));
        }
    }
    let keys: BTreeSet<Key> = standings.keys().chain(live.keys()).copied().collect();
    for key in keys {
        let standing = standings
            .get(&key)
            .map_or(Standing::Removed, |(_, standing)| standing.clone());
        let lead = live.get(&key);
        let id = lead.map(|lead| lead.id);
        let what = match change(lead, standing) {
            LeadChange::Keep => continue,
            LeadChange::Insert(_) => "a lead is missing",
            LeadChange::Rewrite(_) => "a lead is not what consent, offer and values say",
            LeadChange::Restrict => "a lead is live although its registration is restricted",
            LeadChange::Remove => "a lead is there without a consent that allows it",
        };
        differences.push(difference(organization, key, id, what));
    }
    Ok((compared, differences))
}

const fn difference(organization: OrganizationId, key: Key, lead: Option<LeadId>, what: &'static str) -> Difference {
    Difference {
        organization,
        stream: key.0,
        registration: Some(key.1),
        lead,
        what,
    }
}

/// Rebuilds the marks of one stream at a time from the records of what was handed out.
async fn marks(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    report: &mut Report,
) -> Result<(), Fault> {
    let text = "select id from stream where organization_id = $1 order by id";
    for row in sql::all(connection, text, [organization.into()]).await? {
        let stream: OfferId = row.try_get("", "id")?;
        // Marks first: what is handed out meanwhile is only in the records, and not compared.
        let stored: HashMap<LeadId, (RegistrationId, FieldMask)> = lead::Entity::find()
            .filter(lead::Column::OrganizationId.eq(organization))
            .filter(lead::Column::StreamId.eq(stream))
            .filter(lead::Column::Received.ne(0))
            .all(connection)
            .await?
            .into_iter()
            .map(|row| (row.id, (row.registration_id, FieldMask::from_db(row.received))))
            .collect();
        let handed_out = handed_out(connection, organization, stream, report).await?;
        for (id, (registration, received)) in &stored {
            let recorded = handed_out.get(id).copied().unwrap_or(FieldMask::EMPTY);
            if !received.is_subset_of(recorded) {
                let what = "a lead is marked as received without a record of it";
                report
                    .differences
                    .push(difference(organization, (stream, *registration), Some(*id), what));
            }
        }
        let missing: Vec<LeadId> = handed_out
            .iter()
            .filter(|(id, recorded)| {
                !stored
                    .get(id)
                    .is_some_and(|(_, received)| recorded.is_subset_of(*received))
            })
            .map(|(id, _)| *id)
            .collect();
        for id in unmarked(connection, organization, stream, &missing, &handed_out).await? {
            let what = "a record says that a lead was handed out which is not marked so";
            report.differences.push(Difference {
                organization,
                stream,
                registration: None,
                lead: Some(id),
                what,
            });
        }
    }
    Ok(())
}

/// Those of these leads that are still not marked with what was recorded.
async fn unmarked(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    stream: OfferId,
    leads: &[LeadId],
    handed_out: &HashMap<LeadId, FieldMask>,
) -> Result<Vec<LeadId>, Fault> {
    let mut unmarked = Vec::new();
    for id in leads {
        let row = lead::Entity::find_by_id((organization, stream, *id))
            .one(connection)
            .await?;
        let received = row.map_or(FieldMask::EMPTY, |row| FieldMask::from_db(row.received));
        if !handed_out[id].is_subset_of(received) {
            unmarked.push(*id);
        }
    }
    Ok(unmarked)
}

/// What each lead of a stream was handed out with, by the records.
async fn handed_out(
    connection: &DatabaseConnection,
    organization: OrganizationId,
    stream: OfferId,
    report: &mut Report,
) -> Result<HashMap<LeadId, FieldMask>, Fault> {
    let mut handed_out: HashMap<LeadId, FieldMask> = HashMap::new();
    let mut after = consentry_domain::DisclosureId(uuid::Uuid::nil());
    loop {
        let some = disclosure::Entity::find()
            .filter(disclosure::Column::OrganizationId.eq(organization))
            .filter(disclosure::Column::StreamId.eq(stream))
            .filter(disclosure::Column::Id.gt(after))
            .order_by_asc(disclosure::Column::Id)
            .limit(AT_ONCE)
            .all(connection)
            .await?;
        let Some(last) = some.last() else { return Ok(handed_out) };
        after = last.id;
        report.disclosures += some.len() as u64;
        for row in some {
            let odd = || Fault::Corrupt(format!("disclosure {}: lists of different lengths", row.id));
            if row.lead_ids.len() / 16 != row.masks.len() / 8 {
                return Err(odd());
            }
            for (id, mask) in row.lead_ids.chunks_exact(16).zip(row.masks.chunks_exact(8)) {
                let id = LeadId(uuid::Uuid::from_slice(id).map_err(|_| odd())?);
                let mask = FieldMask::from_db(i64::from_be_bytes(mask.try_into().map_err(|_| odd())?));
                let known = handed_out.entry(id).or_default();
                *known = known.union(mask).union(FieldMask::RECEIVED);
            }
        }
    }
}
