//! A link from a mail proves the mailbox: the registration gets its person, and what the reader names again about sharing
//! is given. Whoever typed the address decided nothing: the rest becomes undecided.

use consentry_domain::age::AgeJudgement;
use consentry_domain::{RegistrationId, RegistrationStatus};
use consentry_entity::{event, organization, registration};
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect};

use super::proof;
use crate::platform::keys::{Link, LinkKind};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::events::{self, Audience};
use crate::services::organizations;
use crate::services::sharing::{self, Issue, Said, Wish, decide, offers, view};
use crate::transaction;

/// What a link is about, before anything is decided.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The registration.
    pub registration: registration::Model,
    /// Its event.
    pub event: event::Model,
    /// Who runs it.
    pub organization: organization::Model,
}

/// What the link is about, if it is one of ours, not made void, and its registration has not ended.
///
/// # Errors
/// When the database fails.
pub async fn linked(platform: &Platform, secret: &str) -> Result<Option<Linked>, Fault> {
    let store = &platform.store;
    let Some(link) = platform.keys.open_link(LinkKind::Registration, secret) else {
        return Ok(None);
    };
    let Some(registration) = find(store.read(), link, Lock::None).await? else {
        return Ok(None);
    };
    with_event(platform, registration).await.map(Some)
}

/// A registration that was found already, with its event and who runs it.
///
/// # Errors
/// When the database fails.
pub async fn with_event(platform: &Platform, registration: registration::Model) -> Result<Linked, Fault> {
    let (store, organization) = (&platform.store, registration.organization_id);
    let event = events::by_id(store, Audience::Staff, organization, registration.event_id).await?;
    let organization = organizations::by_id(store, organization).await?;
    let missing = || Fault::Corrupt("a registration without its event".into());
    Ok(Linked {
        registration,
        event: event.ok_or_else(missing)?,
        organization: organization.ok_or_else(missing)?,
    })
}

/// What the reader has still to decide; nothing once the address is proved, because the link gives nothing any more then.
///
/// # Errors
/// When the database fails.
pub async fn undecided(platform: &Platform, linked: &Linked) -> Result<Vec<view::Consent>, Fault> {
    if linked.registration.email_proved_at.is_some() {
        return Ok(Vec::new());
    }
    let store = &platform.store;
    view::undecided(store.read(), &linked.registration, &linked.event, store.now().await?).await
}

/// Whether the attendee is old enough to decide alone, by the date of birth; none where none is known.
///
/// # Errors
/// When the database fails.
pub async fn is_of_age(platform: &Platform, linked: &Linked) -> Result<Option<bool>, Fault> {
    if linked.registration.date_of_birth.is_none() {
        return Ok(None);
    }
    let today = platform.store.now().await?.day();
    let judged = sharing::age(&linked.registration, &linked.event, None, today)?;
    Ok(Some(judged == AgeJudgement::OfAgeByBirth))
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// The registration, proved.
    pub registration: registration::Model,
    /// What could not be given; it blocks nothing.
    pub issues: Vec<Issue>,
}

/// Proves the mailbox and affirms what its reader names; what rested because staff had entered the address holds again.
/// Doing it twice is doing it once; afterwards the link gives
/// nothing any more, so that an old mail cannot undo a withdrawal.
///
/// # Errors
/// Not found, for a secret that opens nothing; `WRONG_STATE` where it would change decisions afterwards.
pub async fn confirm_email(
    platform: &Platform,
    secret: &str,
    said: Said<'_>,
    wishes: &[Wish],
) -> Result<Confirmed, Refused> {
    let not_found = || Refused::not_found("secret");
    let link = platform
        .keys
        .open_link(LinkKind::Registration, secret)
        .ok_or_else(not_found)?;
    let event = find(platform.store.read(), link, Lock::None)
        .await?
        .ok_or_else(not_found)?
        .event_id;
    transaction!(platform.store.writer(), async |tx| {
        offers::share(tx, link.organization, event).await?;
        let mut registration = find(tx, link, Lock::Exclusive).await?.ok_or_else(not_found)?;
        if registration.email_proved_at.is_some() {
            let issues = holds_already(tx, &registration, said, wishes).await?;
            return Ok(Confirmed { registration, issues });
        }
        let given = proof::prove(tx, &mut registration).await?;
        let issues = decide::affirm(tx, &registration, given, said, wishes).await?.issues;
        Ok(Confirmed { registration, issues })
    })
}

/// Whether everything that is named holds already.
async fn holds_already(
    tx: &Tx,
    registration: &registration::Model,
    said: Said<'_>,
    wishes: &[Wish],
) -> Result<Vec<Issue>, Refused> {
    if wishes.is_empty() {
        return Ok(Vec::new());
    }
    // Of no revision at all: whatever would change is refused. Nor is anybody asked any more.
    let said = Said { guardian: None, ..said };
    match decide::decide(tx, registration, said, i64::MIN, wishes).await {
        Ok(outcome) => Ok(outcome.issues),
        Err(Refused::Problems(_)) => {
            let message = "This address is proved already. Sign in to change what is shared.";
            Err(Refused::because("consents", Code::WrongState, message))
        }
        Err(fault) => Err(fault),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Exclusive,
}

async fn find(
    connection: &impl ConnectionTrait,
    link: Link,
    lock: Lock,
) -> Result<Option<registration::Model>, sea_orm::DbErr> {
    let mut select = registration::Entity::find_by_id((link.organization, RegistrationId(link.id)));
    if lock == Lock::Exclusive {
        select = select.lock_exclusive();
    }
    let found = select.one(connection).await?;
    Ok(found.filter(|row| {
        let ended = matches!(row.status, RegistrationStatus::Cancelled | RegistrationStatus::Erased);
        row.link_generation == link.generation && !ended
    }))
}
