//! Who asks for it, and whose data it is.

use consentry_domain::{ActorKind, OrganizationId, RegistrationId, RegistrationStatus};
use consentry_entity::{account, organization, person, registration};
use sea_orm::{EntityTrait, QuerySelect};

use super::Subject;
use crate::access::OwnPerson;
use crate::platform::store::Tx;
use crate::platform::{Fault, Refused};
use crate::services::audit;
use crate::services::roster::protect::Officer;

/// Who asks.
#[derive(Clone, Copy)]
pub enum Request<'a> {
    /// The person, signed in.
    Own(&'a OwnPerson),
    /// The data-protection officer, for whoever holds this place and asked by other means.
    Officer(&'a Officer, RegistrationId),
}

/// Whose data it is.
pub(super) enum Whom {
    /// A person, known by a proved address.
    Person(Box<Subject>),
    /// Whoever holds this place. Nobody has proved its address, so nothing else is known to be theirs.
    Place(Box<registration::Model>),
    /// Nobody any more: it is erased.
    Nobody,
}

impl Request<'_> {
    pub(super) fn organization(&self) -> OrganizationId {
        match self {
            Self::Own(own) => own.organization(),
            Self::Officer(officer, _) => officer.organization(),
        }
    }

    /// Finds and locks them.
    ///
    /// # Errors
    /// Not found, where the person is not there any more, or the officer's event has no such place.
    pub(super) async fn whom(&self, tx: &Tx) -> Result<Whom, Refused> {
        match self {
            Self::Own(own) => Ok(Whom::Person(Box::new(Subject::lock(tx, own).await?))),
            Self::Officer(officer, id) => of_place(tx, officer, *id).await,
        }
    }

    /// The organization that holds it.
    pub(super) async fn holder(&self, tx: &Tx) -> Result<organization::Model, Fault> {
        let found = organization::Entity::find_by_id(self.organization()).one(tx).await?;
        found.ok_or_else(|| Fault::Corrupt("a tenant without its organization".into()))
    }

    /// Notes it in the audit log.
    pub(super) async fn note(&self, tx: &Tx, action: &str, detail: serde_json::Value) -> Result<(), Fault> {
        let (actor, account, event) = match self {
            Self::Own(own) => (ActorKind::Attendee, own.account(), None),
            Self::Officer(officer, _) => (ActorKind::Staff, officer.actor(), Some(officer.event())),
        };
        let (subject_kind, subject) = match self {
            Self::Own(own) => ("person", own.person().0),
            Self::Officer(_, id) => ("registration", id.0),
        };
        let entry = audit::Entry {
            organization: self.organization(),
            actor,
            account: Some(account),
            action,
            event,
            subject_kind,
            subject: Some(subject),
            detail,
        };
        Ok(audit::note(tx, entry).await?)
    }
}

async fn of_place(tx: &Tx, officer: &Officer, id: RegistrationId) -> Result<Whom, Refused> {
    let missing = || Refused::not_found("registrationId");
    let organization = officer.organization();
    let row = registration::Entity::find_by_id((organization, id)).one(tx).await?;
    let row = row.filter(|row| row.event_id == officer.event()).ok_or_else(missing)?;
    if row.status == RegistrationStatus::Erased {
        return Ok(Whom::Nobody);
    }
    let Some(person) = row.person_id else {
        return Ok(Whom::Place(Box::new(row)));
    };
    let person = person::Entity::find_by_id((organization, person))
        .lock_exclusive()
        .one(tx)
        .await?;
    let person = person.filter(|row| row.erased_at.is_none()).ok_or_else(missing)?;
    let account = person.account_id.ok_or_else(missing)?;
    let account = account::Entity::find_by_id(account).one(tx).await?;
    let organization = organization::Entity::find_by_id(organization).one(tx).await?;
    Ok(Whom::Person(Box::new(Subject {
        person,
        account: account.ok_or_else(missing)?,
        organization: organization.ok_or_else(missing)?,
    })))
}
