//! The one writer of the lead table: it recomputes what each stream may see of registrations and writes the differences.
//!
//! A row whose image stays equal is not touched, or hidden changes would move it. A row's revision grows if and only if
//! its place in the feed is taken away. `received` is never written here: only a pull writes it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use consentry_domain::disclosure::Truth;
use consentry_domain::lead::{LeadChange, LeadState, Standing, StoredLead, change, standing};
use consentry_domain::{ConsentState, ContactKey, EventPartnerId, LeadId, OfferId, OrganizationId, RegistrationId};
use consentry_entity::{contact, lead};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Value,
};

use super::row::{self, Identity};
use super::truth::{self, Decided};
use crate::platform::Fault;
use crate::platform::store::{Tx, sql};

/// So many registrations are read, and so many rows written, by one statement: what both engines can bind.
const AT_ONCE: usize = 500;

/// Brings the lead table into line with the truth for these registrations, after whatever changed them: consents,
/// values, status, check-ins, restrictions. To be called in the transaction of the change, after it.
///
/// The caller holds these registrations' row locks. This function itself takes, in this order, shared locks on the
/// offers that they decided about and locks on their leads; whoever switches an offer's version takes no lock on a
/// registration, so that nobody waits in a circle.
///
/// Its number of statements does not depend on how many registrations (up to 500), offers or fields there are.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn rewrite(tx: &Tx, organization: OrganizationId, registrations: &[RegistrationId]) -> Result<(), Fault> {
    for some in registrations.chunks(AT_ONCE) {
        rewrite_some(tx, organization, some, None).await?;
    }
    Ok(())
}

/// As [`rewrite`], of one stream alone. The caller holds the stream's offer exclusively, which makes the registrations'
/// locks unnecessary: whoever changes one of them rewrites its leads after this.
pub(super) async fn rewrite_of(
    tx: &Tx,
    organization: OrganizationId,
    stream: OfferId,
    registrations: &[RegistrationId],
) -> Result<(), Fault> {
    for some in registrations.chunks(AT_ONCE) {
        rewrite_some(tx, organization, some, Some(stream)).await?;
    }
    Ok(())
}

async fn rewrite_some(
    tx: &Tx,
    organization: OrganizationId,
    registrations: &[RegistrationId],
    only: Option<OfferId>,
) -> Result<(), Fault> {
    let shared = sql::lock_suffix(tx.engine(), sql::Lock::Shared);
    let mut decided = truth::decided(tx, organization, registrations, shared).await?;
    decided.retain(|decided| only.is_none_or(|only| only == decided.offer));
    let stored = stored(tx, organization, registrations, only).await?;
    let granted: BTreeSet<OfferId> = decided
        .iter()
        .filter(|decided| decided.consent.state == ConsentState::Granted)
        .map(|decided| decided.offer)
        .collect();
    if granted.is_empty() && stored.is_empty() {
        return Ok(());
    }
    let standings = standings(
        tx,
        organization,
        registrations,
        &decided,
        &granted.into_iter().collect::<Vec<_>>(),
    )
    .await?;
    let mut plan = Plan::default();
    let keys: BTreeSet<Key> = standings.keys().chain(stored.keys()).copied().collect();
    for key in keys {
        let (partner, standing) = standings
            .get(&key)
            .cloned()
            .map_or((None, Standing::Removed), |(partner, standing)| {
                (Some(partner), standing)
            });
        plan.add(organization, key, partner, stored.get(&key), standing)?;
    }
    plan.write(tx, organization).await
}

/// A registration's place in a stream.
pub(super) type Key = (OfferId, RegistrationId);

/// The rows that are there and not removed, locked in the order of (stream, id).
async fn stored(
    tx: &Tx,
    organization: OrganizationId,
    registrations: &[RegistrationId],
    only: Option<OfferId>,
) -> Result<BTreeMap<Key, StoredLead>, Fault> {
    let mut query = lead::Entity::find()
        .filter(lead::Column::OrganizationId.eq(organization))
        .filter(lead::Column::RegistrationId.is_in(registrations.iter().copied()))
        .filter(lead::Column::State.ne(LeadState::Removed.to_db()));
    if let Some(only) = only {
        query = query.filter(lead::Column::StreamId.eq(only));
    }
    let rows = query
        .order_by_asc(lead::Column::StreamId)
        .order_by_asc(lead::Column::Id)
        .lock_exclusive()
        .all(tx)
        .await?;
    rows.into_iter()
        .map(|row| Ok(((row.stream_id, row.registration_id), row::stored(row)?)))
        .collect()
}

/// Where these registrations stand with the streams that they decided about.
pub(super) async fn standings(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    registrations: &[RegistrationId],
    decided: &[Decided],
    granted: &[OfferId],
) -> Result<BTreeMap<Key, (EventPartnerId, Standing)>, Fault> {
    if granted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let offers = truth::in_force(connection, organization, granted).await?;
    let people = truth::people(connection, organization, registrations).await?;
    let standing = |decided: &Decided| {
        let person = people.get(&decided.registration)?;
        let truth = Truth {
            purpose: decided.purpose,
            offer: offers.get(&decided.offer).copied(),
            consent: decided.consent,
            registration: person.registration,
            values: &person.values,
        };
        Some((
            (decided.offer, decided.registration),
            (decided.event_partner, standing(&truth)),
        ))
    };
    Ok(decided.iter().filter_map(standing).collect())
}

/// What is to be written.
#[derive(Default)]
struct Plan {
    /// New rows; their contact key is filled in when it is known.
    insert: Vec<(EventPartnerId, lead::Model)>,
    rewrite: Vec<lead::Model>,
    /// Never received: the row goes.
    delete: Vec<(OfferId, LeadId)>,
    restrict: Vec<(OfferId, LeadId)>,
    remove: Vec<(OfferId, LeadId)>,
}

impl Plan {
    fn add(
        &mut self,
        organization: OrganizationId,
        key: Key,
        partner: Option<EventPartnerId>,
        stored: Option<&StoredLead>,
        standing: Standing,
    ) -> Result<(), Fault> {
        let (stream, registration) = key;
        let nil = uuid::Uuid::nil();
        let identity = Identity {
            organization,
            stream,
            id: stored.map_or(LeadId(nil), |lead| lead.id),
            registration,
            contact_key: stored.map_or(ContactKey(nil), |lead| lead.contact_key),
        };
        match (change(stored, standing), stored, partner) {
            (LeadChange::Insert(image), _, Some(partner)) => self.insert.push((partner, row::live(identity, image)?)),
            (LeadChange::Rewrite(image), Some(_), _) => self.rewrite.push(row::live(identity, image)?),
            (LeadChange::Restrict | LeadChange::Remove, Some(lead), _) if lead.received.is_empty() => {
                self.delete.push((stream, lead.id))
            }
            (LeadChange::Restrict, Some(lead), _) => self.restrict.push((stream, lead.id)),
            (LeadChange::Remove, Some(lead), _) => self.remove.push((stream, lead.id)),
            _ => {}
        }
        Ok(())
    }

    async fn write(self, tx: &Tx, organization: OrganizationId) -> Result<(), Fault> {
        let mut rows = self.rewrite;
        let mut insert = self.insert;
        if !insert.is_empty() {
            // Before the keys: how many of those are drawn depends on what the partner learnt for other purposes, and a
            // seed would give the lead another id, and so another place in the list.
            for (_, row) in &mut insert {
                row.id = tx.random_id();
            }
            let keys = contact_keys(tx, organization, &insert).await?;
            for (partner, mut row) in insert {
                row.contact_key = keys[&(row.registration_id, partner)];
                rows.push(row);
            }
        }
        for some in rows.chunks(AT_ONCE) {
            upsert(tx, some).await?;
        }
        for some in self.delete.chunks(AT_ONCE) {
            let text = format!(
                "delete from lead where organization_id = $1 and received = 0 and {}",
                sql::pairs("stream_id", "id", 2, some.len())
            );
            sql::execute(tx, &text, bind(organization, some)).await?;
        }
        for (state, leads) in [
            (LeadState::Restricted, self.restrict),
            (LeadState::Removed, self.remove),
        ] {
            for some in leads.chunks(AT_ONCE) {
                empty(tx, organization, state, some).await?;
            }
        }
        Ok(())
    }
}

/// Writes new rows and replaces images; of a row that is there neither the marks nor the identity.
async fn upsert(tx: &Tx, rows: &[lead::Model]) -> Result<(), Fault> {
    use lead::Column as C;
    let replaced = [
        C::State,
        C::Mask,
        C::OfferVersion,
        C::ConsentedVersion,
        C::ConsentedOn,
        C::ConsentRecordId,
        C::FullName,
        C::GivenName,
        C::FamilyName,
        C::Email,
        C::Phone,
        C::Company,
        C::JobTitle,
        C::City,
        C::Country,
        C::PostalAddress,
        C::SocialProfile,
        C::TicketTypeId,
        C::Attended,
        C::Answers,
        C::SortFullName,
        C::SortFamilyName,
        C::SortCompany,
    ];
    let conflict = OnConflict::columns([C::OrganizationId, C::StreamId, C::Id])
        .update_columns(replaced)
        .value(C::Revision, Expr::col((lead::Entity, C::Revision)).add(1_i64))
        .value(C::Pos, Expr::value(Option::<i64>::None))
        .to_owned();
    lead::Entity::insert_many(rows.iter().map(|row| row.clone().into_active_model().reset_all()))
        .on_conflict(conflict)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Empties received rows: the partner will be told.
async fn empty(
    tx: &Tx,
    organization: OrganizationId,
    state: LeadState,
    leads: &[(OfferId, LeadId)],
) -> Result<(), Fault> {
    let text = format!(
        "update lead set {}, state = {} where organization_id = $1 and {}",
        EMPTIED,
        state.to_db(),
        sql::pairs("stream_id", "id", 2, leads.len())
    );
    sql::execute(tx, &text, bind(organization, leads)).await?;
    Ok(())
}

/// How a row is emptied.
pub(super) const EMPTIED: &str = "mask = 0, full_name = null, given_name = null, family_name = null, email = null, phone = null, \
    company = null, job_title = null, city = null, country = null, postal_address = null, social_profile = null, ticket_type_id = null, \
    attended = null, answers = null, sort_full_name = null, sort_family_name = null, \
    sort_company = null, revision = revision + 1, pos = null";

/// The contact keys of these registrations at these event partners, made where there is none yet.
async fn contact_keys(
    tx: &Tx,
    organization: OrganizationId,
    leads: &[(EventPartnerId, lead::Model)],
) -> Result<HashMap<(RegistrationId, EventPartnerId), ContactKey>, Fault> {
    let registrations: BTreeSet<RegistrationId> = leads.iter().map(|(_, row)| row.registration_id).collect();
    let known = contact::Entity::find()
        .filter(contact::Column::OrganizationId.eq(organization))
        .filter(contact::Column::RegistrationId.is_in(registrations))
        .all(tx)
        .await?;
    let mut keys: HashMap<_, _> = known
        .into_iter()
        .map(|row| ((row.registration_id, row.event_partner_id), row.contact_key))
        .collect();
    let mut new = Vec::new();
    for (partner, row) in leads {
        keys.entry((row.registration_id, *partner)).or_insert_with(|| {
            let contact_key: ContactKey = tx.random_id();
            new.push(contact::Model {
                organization_id: organization,
                registration_id: row.registration_id,
                event_partner_id: *partner,
                contact_key,
            });
            contact_key
        });
    }
    if !new.is_empty() {
        contact::Entity::insert_many(new.into_iter().map(|row| row.into_active_model().reset_all()))
            .exec_without_returning(tx)
            .await?;
    }
    Ok(keys)
}

/// The organization, then each pair.
fn bind(organization: OrganizationId, leads: &[(OfferId, LeadId)]) -> Vec<Value> {
    let pairs = leads
        .iter()
        .flat_map(|(stream, id)| [Value::from(*stream), Value::from(*id)]);
    std::iter::once(organization.into()).chain(pairs).collect()
}
