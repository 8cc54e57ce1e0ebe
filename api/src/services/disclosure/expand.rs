//! Records of answers with leads, turned into one item per registration: late, and always before an attendee reads.
//!
//! A pull writes one row for a page, because that is all it has time for. Here each lead of the page becomes an item with
//! a commitment of its own and the opening of that; the one salt that was drawn for the page is erased with it, or it
//! would open what is erased later. A record is expanded once, whoever does it: its row is locked meanwhile.
//!
//! Nothing is written about a registration that is erased: whoever erases and whoever expands wait for each other at its
//! row.

use std::collections::{BTreeSet, HashMap};

use consentry_domain::commitment::{Salt, Tag, canonical, commit, item_salt};
use consentry_domain::evidence::{DISCLOSURE_ITEM_SCHEMA, DisclosureItemPayload, field_names, item_opening};
use consentry_domain::{
    ConsentRecordId, FieldMask, Instant, LeadId, OfferId, OpeningKind, OrganizationId, Purpose, RegistrationId,
};
use consentry_entity::{disclosure, disclosure_item, opening, stream};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Value,
};
use uuid::Uuid;

use crate::platform::Fault;
use crate::platform::store::{Engine, Store, Tx, sql};
use crate::transaction;

/// How many records one transaction expands; each has up to 100 leads.
const BATCH: usize = 16;

/// How many rows one statement writes.
const ROWS: usize = 500;

/// What to do about records that another is expanding.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Busy {
    /// Leave them to whoever it is.
    Skip,
    /// Wait until it is done.
    Wait,
}

/// A step of the worker: expands what is pending, in every organization. How many records it expanded.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn expand_due(store: &Store) -> Result<usize, Fault> {
    let text = "select distinct organization_id from disclosure where expanded_at is null";
    let mut total = 0;
    for row in sql::all(store.read(), text, []).await? {
        let organization: OrganizationId = row.try_get("", "organization_id")?;
        loop {
            let done = batch(store, organization, Busy::Skip).await?;
            total += done;
            if done < BATCH {
                break;
            }
        }
    }
    Ok(total)
}

/// Expands every record of the organization that is there now, so that nothing is missing from what is read afterwards.
///
/// # Errors
/// As [`expand_due`].
pub async fn complete(store: &Store, organization: OrganizationId) -> Result<(), Fault> {
    let newest =
        "select id from disclosure where organization_id = $1 and expanded_at is null order by id desc limit 1";
    let Some(newest) = sql::optional(store.read(), newest, [organization.into()]).await? else {
        return Ok(());
    };
    let newest: Uuid = newest.try_get("", "id")?;
    // What comes in meanwhile is newer and is not waited for: this ends.
    let left =
        "select 1 as one from disclosure where organization_id = $1 and expanded_at is null and id <= $2 limit 1";
    let values = [Value::from(organization), newest.into()];
    while sql::optional(store.read(), left, values.clone()).await?.is_some() {
        batch(store, organization, Busy::Wait).await?;
    }
    Ok(())
}

/// Expands the oldest records; how many.
async fn batch(store: &Store, organization: OrganizationId, busy: Busy) -> Result<usize, Fault> {
    transaction!(store.writer(), async |tx| {
        let records = pending(tx, organization, busy).await?;
        if records.is_empty() {
            return Ok(0);
        }
        let mut parts = Vec::new();
        for record in &records {
            parts.extend(split(record)?);
        }
        let subjects = subjects(tx, organization, &parts).await?;
        let purposes = purposes(tx, organization, &records).await?;
        let (mut items, mut openings) = (Vec::new(), Vec::new());
        for part in &parts {
            // An erased registration has none: nobody may read of it any more.
            let Some(registration) = subjects.get(&(part.record.stream_id, part.lead)) else {
                continue;
            };
            let purpose = purposes.get(&part.record.stream_id);
            let purpose = purpose.ok_or_else(|| Fault::Corrupt("a disclosure of an unknown stream".into()))?;
            let (item, opening) = part.write(*registration, *purpose)?;
            items.push(item);
            openings.push(opening);
        }
        insert::<disclosure_item::Entity, _>(tx, items).await?;
        insert::<opening::Entity, _>(tx, openings).await?;
        let text = format!(
            "update disclosure set salt = null, expanded_at = $2 where organization_id = $1 and id in ({})",
            sql::list(3, records.len())
        );
        let head = [Value::from(organization), tx.now().await?.0.into()];
        let ids = records.iter().map(|record| record.id.into());
        sql::execute(tx, &text, head.into_iter().chain(ids)).await?;
        Ok::<_, Fault>(records.len())
    })
}

/// The oldest records that are not expanded, locked.
async fn pending(tx: &Tx, organization: OrganizationId, busy: Busy) -> Result<Vec<disclosure::Model>, Fault> {
    let query = disclosure::Entity::find()
        .filter(disclosure::Column::OrganizationId.eq(organization))
        .filter(disclosure::Column::ExpandedAt.is_null())
        .order_by_asc(disclosure::Column::Id)
        .limit(BATCH as u64);
    let query = match (tx.engine(), busy) {
        (Engine::Sqlite, _) => query,
        (Engine::Postgres, Busy::Wait) => query.lock_exclusive(),
        (Engine::Postgres, Busy::Skip) => query.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
    };
    Ok(query.all(tx).await?)
}

/// One lead's part in a record.
struct Part<'a> {
    record: &'a disclosure::Model,
    lead: LeadId,
    mask: FieldMask,
    revision: i64,
    consent_record: ConsentRecordId,
}

/// Takes a record's lists apart.
fn split(record: &disclosure::Model) -> Result<Vec<Part<'_>>, Fault> {
    let odd = || Fault::Corrupt(format!("disclosure {}: lists of different lengths", record.id));
    let count = record.lead_ids.len() / 16;
    let lengths = [
        (record.lead_ids.len(), 16),
        (record.masks.len(), 8),
        (record.revisions.len(), 8),
        (record.consent_record_ids.len(), 16),
    ];
    if lengths.iter().any(|(length, width)| *length != count * width) {
        return Err(odd());
    }
    let number = |bytes: &[u8], at: usize| {
        let bytes = bytes.get(8 * at..8 * at + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map(i64::from_be_bytes).ok_or_else(odd)
    };
    let id = |bytes: &[u8], at: usize| {
        let bytes = bytes.get(16 * at..16 * at + 16).ok_or_else(odd)?;
        Uuid::from_slice(bytes).map_err(|_| odd())
    };
    (0..count)
        .map(|at| {
            Ok(Part {
                record,
                lead: LeadId(id(&record.lead_ids, at)?),
                mask: FieldMask::from_db(number(&record.masks, at)?),
                revision: number(&record.revisions, at)?,
                consent_record: ConsentRecordId(id(&record.consent_record_ids, at)?),
            })
        })
        .collect()
}

impl Part<'_> {
    fn write(
        &self,
        registration: RegistrationId,
        purpose: Purpose,
    ) -> Result<(disclosure_item::Model, opening::Model), Fault> {
        let record = self.record;
        let drawn = record.salt.as_deref().and_then(|salt| salt.try_into().ok());
        let drawn = drawn.ok_or_else(|| Fault::Corrupt(format!("disclosure {}: no salt", record.id)))?;
        let salt = item_salt(&Salt(drawn), self.lead);
        let payload = DisclosureItemPayload {
            schema: DISCLOSURE_ITEM_SCHEMA.to_owned(),
            disclosure_id: record.id,
            lead_id: self.lead,
            registration_id: registration,
            offer_id: record.stream_id,
            offer_version: record.offer_version,
            lead_revision: self.revision,
            consent_record_id: self.consent_record,
            recipient_name: record.recipient_name.clone(),
            purpose,
            fields: field_names(self.mask),
            at: Instant(record.at).to_string(),
            capability: record.capability,
            token_id: record.token_id,
            request_id: record.request_id,
        };
        let payload = canonical(&payload).map_err(|error| Fault::Corrupt(error.to_string()))?;
        let item = disclosure_item::Model {
            organization_id: record.organization_id,
            disclosure_id: record.id,
            lead_id: self.lead,
            registration_id: registration,
            stream_id: record.stream_id,
            at: record.at,
            mask: self.mask.to_db(),
            offer_version: record.offer_version,
            consent_record_id: self.consent_record,
            recipient_name: record.recipient_name.clone(),
            commitment: commit(Tag::DisclosureItem, &salt, &payload).0.to_vec(),
        };
        let opening = opening::Model {
            organization_id: record.organization_id,
            kind: OpeningKind::Disclosure,
            id: item_opening(record.id, self.lead),
            registration_id: Some(registration),
            salt: salt.0.to_vec(),
            payload,
        };
        Ok((item, opening))
    }
}

/// Whose each lead is, of those who are not erased. None of them can be erased before this transaction ends.
async fn subjects(
    tx: &Tx,
    organization: OrganizationId,
    parts: &[Part<'_>],
) -> Result<HashMap<(OfferId, LeadId), RegistrationId>, Fault> {
    let keys: BTreeSet<(OfferId, LeadId)> = parts.iter().map(|part| (part.record.stream_id, part.lead)).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "select stream_id, id, registration_id from lead where organization_id = $1 and {}",
        sql::pairs("stream_id", "id", 2, keys.len())
    );
    let values = keys
        .iter()
        .flat_map(|(stream, id)| [Value::from(*stream), Value::from(*id)]);
    let mut found: HashMap<(OfferId, LeadId), RegistrationId> = HashMap::new();
    for row in sql::all(tx, &text, std::iter::once(organization.into()).chain(values)).await? {
        let key = (row.try_get("", "stream_id")?, row.try_get("", "id")?);
        found.insert(key, row.try_get("", "registration_id")?);
    }
    if found.len() < keys.len() {
        // What was handed out is kept, so this is a defect; the others' items must not wait for it.
        tracing::error!(missing = keys.len() - found.len(), %organization, "leads that were handed out are not there");
    }
    let ids: BTreeSet<RegistrationId> = found.values().copied().collect();
    let text = format!(
        "select id from registration where organization_id = $1 and status <> 'ERASED' and id in ({}) order by id{}",
        sql::list(2, ids.len()),
        match tx.engine() {
            Engine::Sqlite => "",
            Engine::Postgres => " for key share",
        }
    );
    let values = std::iter::once(organization.into()).chain(ids.iter().map(|id| (*id).into()));
    let rows = sql::all(tx, &text, values).await?;
    let there = rows.iter().map(|row| row.try_get("", "id"));
    let there: BTreeSet<RegistrationId> = there.collect::<Result<_, _>>()?;
    found.retain(|_, registration| there.contains(registration));
    Ok(found)
}

/// The purpose of each stream.
async fn purposes(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    records: &[disclosure::Model],
) -> Result<HashMap<OfferId, Purpose>, Fault> {
    let streams: BTreeSet<OfferId> = records.iter().map(|record| record.stream_id).collect();
    let rows = stream::Entity::find()
        .filter(stream::Column::OrganizationId.eq(organization))
        .filter(stream::Column::Id.is_in(streams))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.purpose)).collect())
}

async fn insert<E, M>(tx: &Tx, rows: Vec<M>) -> Result<(), Fault>
where
    E: EntityTrait<Model = M>,
    E::ActiveModel: ActiveModelTrait<Entity = E> + Send,
    M: IntoActiveModel<E::ActiveModel> + Clone,
{
    for some in rows.chunks(ROWS) {
        E::insert_many(some.iter().map(|row| row.clone().into_active_model().reset_all()))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
