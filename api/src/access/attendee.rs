//! Attendees: the account that a registration, or a person within an organization, belongs to.

use consentry_domain::{AccountId, ComplaintId, EventId, OrganizationId, PersonId, RegistrationId};

use super::Caller;
use crate::platform::store::sql;
use crate::platform::{Platform, Refused};

/// That an account owns this registration. Only `access` makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnRegistration {
    organization: OrganizationId,
    event: EventId,
    registration: RegistrationId,
    account: AccountId,
}

impl OwnRegistration {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The event.
    #[must_use]
    pub fn event(&self) -> EventId {
        self.event
    }

    /// The registration, which was there and not erased.
    #[must_use]
    pub fn registration(&self) -> RegistrationId {
        self.registration
    }

    /// Whose it is.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// Asks whether the registration is the caller's own. Having bought it for somebody else does not make it that.
///
/// # Errors
/// [`Refused::Unauthenticated`] when nobody is signed in; not found when it is not there, is erased, or is somebody
/// else's: one answer.
pub async fn attendee_of(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    registration: RegistrationId,
) -> Result<OwnRegistration, Refused> {
    let account = caller.signed_in().ok_or(Refused::Unauthenticated)?.account();
    let found = sql::optional(
        platform.store.read(),
        "select r.event_id from registration r \
         join person p on p.organization_id = r.organization_id and p.id = r.person_id \
         where r.organization_id = $1 and r.id = $2 and p.account_id = $3 and r.status <> 'ERASED'",
        [organization.into(), registration.into(), account.into()],
    )
    .await?;
    let event = found.ok_or_else(|| Refused::not_found(""))?.try_get("", "event_id")?;
    Ok(OwnRegistration {
        organization,
        event,
        registration,
        account,
    })
}

/// That this person is the account itself within an organization. Only `access` makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPerson {
    organization: OrganizationId,
    person: PersonId,
    account: AccountId,
}

impl OwnPerson {
    /// The tenant.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The person, who was there and not erased.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// Who it is.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }
}

/// Asks whether this person is the caller.
///
/// # Errors
/// [`Refused::Unauthenticated`] when nobody is signed in; not found when the person is not there, is erased, or is
/// somebody else: one answer.
pub async fn person_of(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    person: PersonId,
) -> Result<OwnPerson, Refused> {
    let account = caller.signed_in().ok_or(Refused::Unauthenticated)?.account();
    let found = sql::optional(
        platform.store.read(),
        "select 1 as one from person where organization_id = $1 and id = $2 and account_id = $3 and erased_at is null",
        [organization.into(), person.into(), account.into()],
    )
    .await?;
    found.ok_or_else(|| Refused::not_found("personId"))?;
    Ok(OwnPerson {
        organization,
        person,
        account,
    })
}

/// Asks whether a complaint is the caller's, who is the person that made it.
///
/// # Errors
/// As [`person_of`].
pub async fn person_of_complaint(
    platform: &Platform,
    caller: &Caller,
    organization: OrganizationId,
    complaint: ComplaintId,
) -> Result<OwnPerson, Refused> {
    let account = caller.signed_in().ok_or(Refused::Unauthenticated)?.account();
    let found = sql::optional(
        platform.store.read(),
        "select p.id from complaint c join person p on p.organization_id = c.organization_id and p.id = c.person_id \
         where c.organization_id = $1 and c.id = $2 and p.account_id = $3 and p.erased_at is null",
        [organization.into(), complaint.into(), account.into()],
    )
    .await?;
    Ok(OwnPerson {
        organization,
        person: found.ok_or_else(|| Refused::not_found(""))?.try_get("", "id")?,
        account,
    })
}
