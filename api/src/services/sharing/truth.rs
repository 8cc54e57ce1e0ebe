//! The truth that leads follow from: consents, offers in force, registrations with their values. Each function is a
//! constant number of statements, however many registrations are asked for.

use std::collections::HashMap;

use consentry_domain::disclosure::{Consent, Offer, Registration};
use consentry_domain::{
    EventPartnerId, FieldMask, Instant, LeadValues, OfferId, OrganizationId, Purpose, PurposeSet, RegistrationId,
};
use consentry_entity::registration;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryResult, Value};

use super::row;
use crate::platform::Fault;
use crate::platform::store::sql;

/// What one registration decided about one offer.
#[derive(Clone, Debug)]
pub struct Decided {
    /// Who.
    pub registration: RegistrationId,
    /// About which offer, which is also the stream.
    pub offer: OfferId,
    /// Whose offer.
    pub event_partner: EventPartnerId,
    /// What for.
    pub purpose: Purpose,
    /// What.
    pub consent: Consent,
}

/// What of a registration bears on its leads.
#[derive(Clone, Debug)]
pub struct Person {
    /// Its states.
    pub registration: Registration,
    /// Its values.
    pub values: LeadValues,
}

/// The organization's id, followed by these.
fn bind<T: Copy + Into<Value>>(organization: OrganizationId, ids: &[T]) -> Vec<Value> {
    std::iter::once(organization.into())
        .chain(ids.iter().map(|id| (*id).into()))
        .collect()
}

/// What these registrations decided. With `lock` the offers' rows are locked, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn decided(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    registrations: &[RegistrationId],
    lock: &str,
) -> Result<Vec<Decided>, DbErr> {
    let of_offer = if lock.is_empty() { "" } else { " of o" };
    let text = format!(
        "select c.registration_id, c.offer_id, c.state, c.version, c.granted_mask, c.decided_at, c.decider, c.age_basis, \
         c.consent_record_id, o.event_partner_id, o.purpose from consent c \
         join sharing_offer o on o.organization_id = c.organization_id and o.id = c.offer_id \
         where c.organization_id = $1 and c.registration_id in ({}) order by o.id{lock}{of_offer}",
        sql::list(2, registrations.len())
    );
    let rows = sql::all(connection, &text, bind(organization, registrations)).await?;
    rows.iter().map(decided_from).collect()
}

fn decided_from(row: &QueryResult) -> Result<Decided, DbErr> {
    Ok(Decided {
        registration: row.try_get("", "registration_id")?,
        offer: row.try_get("", "offer_id")?,
        event_partner: row.try_get("", "event_partner_id")?,
        purpose: row.try_get("", "purpose")?,
        consent: Consent {
            state: row.try_get("", "state")?,
            version: row.try_get("", "version")?,
            granted: FieldMask::from_db(row.try_get("", "granted_mask")?),
            decider: row.try_get("", "decider")?,
            age_basis: row.try_get("", "age_basis")?,
            given_at: Instant(row.try_get("", "decided_at")?),
            record_id: row.try_get("", "consent_record_id")?,
        },
    })
}

/// The versions in force of these offers: the last one that was ever approved, unless it was withdrawn.
///
/// # Errors
/// When the database fails.
pub async fn in_force(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    offers: &[OfferId],
) -> Result<HashMap<OfferId, Offer>, DbErr> {
    if offers.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "select v.offer_id, v.version, v.covers_from, v.field_mask from offer_version v \
         where v.organization_id = $1 and v.offer_id in ({}) and v.state = 'APPROVED' and not exists (\
         select 1 from offer_version later where later.organization_id = v.organization_id \
         and later.offer_id = v.offer_id and later.version > v.version and later.covers_from is not null)",
        sql::list(2, offers.len())
    );
    let rows = sql::all(connection, &text, bind(organization, offers)).await?;
    rows.iter()
        .map(|row| {
            let version = row.try_get("", "version")?;
            let covers_from: Option<i32> = row.try_get("", "covers_from")?;
            let fields = FieldMask::from_db(row.try_get("", "field_mask")?);
            Ok((
                row.try_get("", "offer_id")?,
                Offer {
                    version,
                    covers_from: covers_from.unwrap_or(version),
                    fields,
                },
            ))
        })
        .collect()
}

/// These registrations, with their values. Two statements.
///
/// # Errors
/// When the database fails or holds what this program does not write.
pub async fn people(
    connection: &impl ConnectionTrait,
    organization: OrganizationId,
    registrations: &[RegistrationId],
) -> Result<HashMap<RegistrationId, Person>, Fault> {
    let rows = registration::Entity::find()
        .filter(registration::Column::OrganizationId.eq(organization))
        .filter(registration::Column::Id.is_in(registrations.iter().copied()))
        .all(connection)
        .await?;
    let mut people = HashMap::with_capacity(rows.len());
    for row in rows {
        people.insert(row.id, person(row)?);
    }
    // Answers to shareable questions; without a bit, that there is a check-in which holds.
    let ids = sql::list(2, registrations.len());
    let text = format!(
        "select a.registration_id, q.bit, a.value from answer a \
         join question q on q.organization_id = a.organization_id and q.id = a.question_id \
         where a.organization_id = $1 and a.registration_id in ({ids}) and q.shareable and q.bit is not null \
         union all \
         select distinct k.registration_id, cast(null as integer), cast(null as text) from check_in k \
         where k.organization_id = $1 and k.registration_id in ({ids}) and k.undone_at is null"
    );
    for row in sql::all(connection, &text, bind(organization, registrations)).await? {
        let id: RegistrationId = row.try_get("", "registration_id")?;
        let Some(person) = people.get_mut(&id) else { continue };
        match row.try_get::<Option<i32>>("", "bit")? {
            None => person.values.attended = true,
            Some(bit) => {
                let bit = u8::try_from(bit).map_err(|_| Fault::Corrupt(format!("a question's bit: {bit}")))?;
                let value: String = row.try_get("", "value")?;
                person.values.answers.insert(bit, row::answer(&value)?);
            }
        }
    }
    Ok(people)
}

fn person(row: registration::Model) -> Result<Person, Fault> {
    Ok(Person {
        registration: Registration {
            status: row.status,
            mailbox_proved: row.email_proved_at.is_some(),
            consents_suspended: row.consents_suspended,
            restricted: row.restricted_at.is_some(),
            quarantined: row.quarantined_at.is_some(),
            opted_out: row.opted_out,
            objected: PurposeSet::from_db(row.objected_purposes),
        },
        values: LeadValues {
            full_name: row.full_name,
            given_name: row.given_name,
            family_name: row.family_name,
            email: row.email,
            phone: row.phone,
            company: row.company,
            job_title: row.job_title,
            city: row.city,
            country: row.country,
            postal_address: row::postal_address(row.postal_address.as_deref())?,
            social_profile: row.social_profile,
            ticket_type: Some(row.ticket_type_id),
            attended: false,
            answers: Default::default(),
        },
    })
}
