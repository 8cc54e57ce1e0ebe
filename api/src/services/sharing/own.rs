//! What attendees do about their own consents: each a transaction of its own.

use consentry_domain::OfferId;
use consentry_entity::registration;
use sea_orm::{EntityTrait, QuerySelect};

use super::questions::NamedField;
use super::wish::{Said, Wish};
use super::{Outcome, decide, offers};
use crate::access::OwnRegistration;
use crate::platform::store::Tx;
use crate::platform::{Platform, Refused};
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

async fn lock(tx: &Tx, own: &OwnRegistration) -> Result<registration::Model, Refused> {
    offers::share(tx, own.organization(), own.event()).await?;
    let key = (own.organization(), own.registration());
    let found = registration::Entity::find_by_id(key).lock_exclusive().one(tx).await?;
    // Erased, or moved to somebody else, since it was asked whose it is.
    found
        .filter(|row| row.person_id.is_some())
        .ok_or_else(|| Refused::not_found("registrationId"))
}
