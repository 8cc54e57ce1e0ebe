//! What the data-protection officer does: restrict and quarantine, lift it again, and prove one person's consents.
//! Each change rewrites the leads of the registrations that it concerns, under their locks.

use consentry_domain::{ConsentAction, ConsentRecordId, Instant, OrganizationId, PersonId, RegistrationId};
use consentry_entity::registration;
use sea_orm::EntityTrait;

use super::seen::note;
use crate::access::rights::ProtectData;
use crate::access::{Authorized, EventScope};
use crate::platform::store::Tx;
use crate::platform::store::sql::{self, Lock};
use crate::platform::{Fault, Platform, Refused};
use crate::services::sharing::leads;
use crate::transaction;

/// The right of the data-protection officer at an event.
pub type Officer = Authorized<EventScope, ProtectData>;

/// What is set or lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Restricts processing (Art. 18 GDPR): of the person, wherever in the organization they are registered.
    Restrict,
    /// Ends the restriction.
    LiftRestriction,
    /// Keeps one registration back, until a doubt about it is settled.
    Quarantine,
    /// Ends the quarantine.
    LiftQuarantine,
}

impl Protection {
    fn action(self) -> &'static str {
        match self {
            Self::Restrict => "restrictPerson",
            Self::LiftRestriction => "liftRestriction",
            Self::Quarantine => "quarantineRegistration",
            Self::LiftQuarantine => "liftQuarantine",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Restrict | Self::LiftRestriction => "restricted_at",
            Self::Quarantine | Self::LiftQuarantine => "quarantined_at",
        }
    }

    fn sets(self) -> bool {
        matches!(self, Self::Restrict | Self::Quarantine)
    }

    fn is_of_person(self) -> bool {
        matches!(self, Self::Restrict | Self::LiftRestriction)
    }
}

/// A registration's protections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protected {
    /// Which.
    pub id: RegistrationId,
    /// Since when it is restricted.
    pub restricted_at: Option<Instant>,
    /// Since when it is in quarantine.
    pub quarantined_at: Option<Instant>,
}

impl From<registration::Model> for Protected {
    fn from(row: registration::Model) -> Self {
        Self {
            id: row.id,
            restricted_at: row.restricted_at.map(Instant),
            quarantined_at: row.quarantined_at.map(Instant),
        }
    }
}

/// Sets or lifts it. What holds already stays as it is.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn protect(
    platform: &Platform,
    officer: &Officer,
    id: RegistrationId,
    what: Protection,
) -> Result<Protected, Refused> {
    let organization = officer.organization();
    let missing = || Refused::not_found("registrationId");
    transaction!(platform.store.writer(), async |tx| {
        let now = tx.now().await?;
        let row = registration::Entity::find_by_id((organization, id)).one(tx).await?;
        let row = row.filter(|row| row.event_id == officer.event()).ok_or_else(missing)?;
        let person = row.person_id.filter(|_| what.is_of_person());
        let value = what.sets().then_some(now.0);
        if let Some(person) = person {
            let text =
                "update person set restricted_at = $3, revision = revision + 1 where organization_id = $1 and id = $2";
            sql::execute(tx, text, [organization.into(), person.into(), value.into()]).await?;
        }
        // Only now: whoever proves an address of this person waits for the line above, or has been waited for.
        let ids = lock_all(tx, organization, id, person).await?;
        // Whoever was erased meanwhile has left the registration.
        if !ids.contains(&id) {
            return Err(missing());
        }
        let column = what.column();
        let was = if what.sets() { "is null" } else { "is not null" };
        let text = format!(
            "update registration set {column} = $2, revision = revision + 1 \
             where organization_id = $1 and {column} {was} and id in ({})",
            sql::list(3, ids.len())
        );
        let values = [organization.into(), value.into()]
            .into_iter()
            .chain(ids.iter().map(|id| (*id).into()));
        let changed = sql::execute(tx, &text, values).await?;
        leads::rewrite(tx, organization, &ids).await?;
        let detail = serde_json::json!({ "registrations": changed });
        note(tx, officer, what.action(), Some(("registration", id.0)), detail).await?;
        let row = registration::Entity::find_by_id((organization, id)).one(tx).await?;
        Ok(row.ok_or_else(missing)?.into())
    })
}

/// What protects a registration now.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn of(platform: &Platform, officer: &Officer, id: RegistrationId) -> Result<Protected, Refused> {
    let row = registration::Entity::find_by_id((officer.organization(), id))
        .one(platform.store.read())
        .await?;
    let row = row.filter(|row| row.event_id == officer.event());
    Ok(row.ok_or_else(|| Refused::not_found("registrationId"))?.into())
}

/// Locks the registration and, where a person is named, all of theirs, by id.
async fn lock_all(
    tx: &Tx,
    organization: OrganizationId,
    id: RegistrationId,
    person: Option<PersonId>,
) -> Result<Vec<RegistrationId>, Fault> {
    let lock = sql::lock_suffix(tx.engine(), Lock::Exclusive);
    let rows = match person {
        Some(person) => {
            let text =
                format!("select id from registration where organization_id = $1 and person_id = $2 order by id{lock}");
            sql::all(tx, &text, [organization.into(), person.into()]).await?
        }
        None => {
            let text = format!("select id from registration where organization_id = $1 and id = $2{lock}");
            sql::all(tx, &text, [organization.into(), id.into()]).await?
        }
    };
    rows.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

/// One record of a consent with what opens its commitment.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The record.
    pub id: ConsentRecordId,
    /// What was done.
    pub action: ConsentAction,
    /// When.
    pub at: Instant,
    /// The commitment, as the log holds it.
    pub commitment: Vec<u8>,
    /// The salt; none once it is erased.
    pub salt: Option<Vec<u8>>,
    /// The canonical bytes that were committed to; none once they are erased.
    pub payload: Option<Vec<u8>>,
}

/// The records of one registration's consents, oldest first; whether more follow. That they were looked at is in the
/// audit log.
///
/// # Errors
/// Not found, where the event has no such registration.
pub async fn proofs(
    platform: &Platform,
    officer: &Officer,
    id: RegistrationId,
    first: u32,
    after: Option<ConsentRecordId>,
) -> Result<(Vec<Proof>, bool), Refused> {
    let organization = officer.organization();
    let row = registration::Entity::find_by_id((organization, id))
        .one(platform.store.read())
        .await?;
    row.filter(|row| row.event_id == officer.event())
        .ok_or_else(|| Refused::not_found("registrationId"))?;
    let after = after.unwrap_or(ConsentRecordId(uuid::Uuid::nil()));
    let text = format!(
        "select r.id, r.action, r.at, r.commitment, o.salt, o.payload from consent_record r \
         left join opening o on o.organization_id = r.organization_id and o.kind = 'CONSENT' and o.id = r.id \
         where r.organization_id = $1 and r.registration_id = $2 and r.id > $3 order by r.id limit {}",
        first + 1
    );
    let mut proofs = Vec::new();
    for row in sql::all(
        platform.store.read(),
        &text,
        [organization.into(), id.into(), after.into()],
    )
    .await?
    {
        proofs.push(Proof {
            id: row.try_get("", "id")?,
            action: row.try_get("", "action")?,
            at: Instant(row.try_get("", "at")?),
            commitment: row.try_get("", "commitment")?,
            salt: row.try_get("", "salt")?,
            payload: row.try_get("", "payload")?,
        });
    }
    let more = proofs.len() > first as usize;
    proofs.truncate(first as usize);
    let count = proofs.len();
    transaction!(platform.store.writer(), async |tx| {
        let detail = serde_json::json!({ "records": count });
        note(tx, officer, "viewConsentProof", Some(("registration", id.0)), detail).await
    })?;
    Ok((proofs, more))
}
