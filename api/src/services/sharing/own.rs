//! What attendees do about their own consents: each a transaction of its own.

use consentry_domain::OfferId;
use consentry_entity::{event, organization, registration};
use sea_orm::{EntityTrait, QuerySelect};

use super::questions::NamedField;
use super::view::{self, Consent};
use super::wish::{Said, Wish};
use super::{Outcome, decide, guardians, offers};
use crate::access::OwnRegistration;
use crate::platform::store::Tx;
use crate::platform::{Fault, Platform, Refused};
use crate::transaction;

/// Sets the named consents; every other stays. `revision` is that of the consents as they were seen.
///
/// # Errors
/// `STALE`, with nothing written, if the consents have changed since and the outcome does not hold already.
pub async fn set(
    platform: &Platform,
    own: &OwnRegistration,
    said: Said<'_>,
    revision: i64,
    wishes: &[Wish],
) -> Result<Outcome, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let registration = lock(tx, own).await?;
        let guardian = said
            .guardian
            .map(|guardian| guardians::judge(guardian, registration.email.as_deref()))
            .transpose()?;
        let said = Said {
            guardian: guardian.as_ref(),
            ..said
        };
        decide::decide(tx, &registration, said, revision, wishes).await
    })
}

/// Withdraws one consent, or these fields of it.
///
/// # Errors
/// Not found, where the event has no such offer or field.
pub async fn withdraw(
    platform: &Platform,
    own: &OwnRegistration,
    offer: OfferId,
    fields: Option<&[NamedField]>,
) -> Result<Outcome, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let registration = lock(tx, own).await?;
        decide::withdraw(tx, &registration, offer, fields).await
    })
}

/// Withdraws everything.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_all(platform: &Platform, own: &OwnRegistration) -> Result<Outcome, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        let registration = lock(tx, own).await?;
        decide::withdraw_all(tx, &registration).await
    })
}

/// The consents of a registration, with their revision.
#[derive(Clone, Debug)]
pub struct Own {
    /// Raised by each change; sent back with the next one.
    pub revision: i64,
    /// One for each offer.
    pub consents: Vec<Consent>,
    /// The event.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
}

/// How the registration stands with every offer.
///
/// # Errors
/// Not found, where it is gone.
pub async fn look(platform: &Platform, own: &OwnRegistration) -> Result<Own, Refused> {
    let (connection, key) = (platform.store.read(), (own.organization(), own.registration()));
    let registration = registration::Entity::find_by_id(key).one(connection).await?;
    let registration = registration.ok_or_else(|| Refused::not_found("registrationId"))?;
    let missing = || Fault::Corrupt("a registration without its event".into());
    let event = event::Entity::find_by_id((key.0, own.event()))
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let organization = organization::Entity::find_by_id(key.0)
        .one(connection)
        .await?
        .ok_or_else(missing)?;
    let consents = view::of_registration(connection, &registration, &event, platform.store.now().await?).await?;
    Ok(Own {
        revision: registration.consent_revision,
        consents,
        event,
        organization,
    })
}

async fn lock(tx: &Tx, own: &OwnRegistration) -> Result<registration::Model, Refused> {
    offers::share(tx, own.organization(), own.event()).await?;
    let key = (own.organization(), own.registration());
    let found = registration::Entity::find_by_id(key).lock_exclusive().one(tx).await?;
    // Erased, or moved to somebody else, since it was asked whose it is.
    found
        .filter(|row| row.person_id.is_some())
        .ok_or_else(|| Refused::not_found("registrationId"))
}
