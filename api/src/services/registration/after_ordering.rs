//! What partners ask, offered once more to a buyer who has just ordered: the order's secret opens what nobody has decided
//! about the buyer's own place. The address was only typed, so that nothing is given by it, as in the form itself; once
//! the address is proved it says nothing any more.

use std::sync::Arc;

use consentry_domain::{OrderId, RegistrationStatus};
use consentry_entity::{order, registration};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::confirm_email::{Linked, is_of_age, with_event};
use crate::platform::keys::Link;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::sharing::offers::ShownOffer;
use crate::services::sharing::view::{self, Standing};
use crate::services::sharing::{Guardian, Issue, Said, Wish, decide, guardians, offers};
use crate::transaction;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The buyer's own place.
    pub linked: Linked,
    /// Whether the buyer is old enough to decide alone, by the date of birth; none where none is known.
    pub is_of_age: Option<bool>,
    /// What nobody has decided about.
    pub offers: Vec<Arc<ShownOffer>>,
}

/// What is asked of the buyer whose order this link opens; none where it opens none any more, or where the buyer has no
/// place.
///
/// # Errors
/// When the database fails.
pub async fn open(platform: &Platform, link: Link) -> Result<Option<Asked>, Fault> {
    let Some(own) = find(platform.store.read(), link, Lock::None).await? else {
        return Ok(None);
    };
    asked(platform, own).await.map(Some)
}

async fn asked(platform: &Platform, own: registration::Model) -> Result<Asked, Fault> {
    let store = &platform.store;
    let linked = with_event(platform, own).await?;
    let mut offers = Vec::new();
    if !is_over(&linked.registration) {
        let all = view::undecided(store.read(), &linked.registration, &linked.event, store.now().await?).await?;
        // What is wished waits for the mailbox.
        let open = all
            .into_iter()
            .filter(|consent| consent.standing != Standing::Requested);
        offers.extend(open.map(|consent| consent.offer));
    }
    Ok(Asked {
        is_of_age: is_of_age(platform, &linked).await?,
        linked,
        offers,
    })
}

/// What came of deciding.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What is still asked.
    pub left: Asked,
    /// What could not be taken: it blocks nothing.
    pub issues: Vec<Issue>,
}

/// Wishes and refuses, for the buyer's own place. What cannot be taken blocks nothing.
///
/// # Errors
/// Not found, for a link that opens nothing any more, a buyer without a place, or what was never offered; `WRONG_STATE` once the
/// address is proved; what is wrong with the guardian.
pub async fn decide(
    platform: &Platform,
    link: Link,
    of_age: Option<bool>,
    guardian: Option<&Guardian>,
    wishes: &[Wish],
) -> Result<Decided, Refused> {
    let not_found = || Refused::not_found("secret");
    let own = find(platform.store.read(), link, Lock::None).await?;
    let event = own.ok_or_else(not_found)?.event_id;
    let (own, issues) = transaction!(platform.store.writer(), async |tx| {
        offers::share(tx, link.organization, event).await?;
        let own = find(tx, link, Lock::Exclusive).await?.ok_or_else(not_found)?;
        let guardian = guardian
            .map(|guardian| guardians::judge(guardian, own.email.as_deref()))
            .transpose()?;
        if is_over(&own) {
            let message = "This address is proved already. Sign in to change what is shared.";
            return Err(Refused::because("consents", Code::WrongState, message));
        }
        let said = Said::new(of_age, guardian.as_ref());
        let outcome = decide::request(tx, &own, said, wishes).await?;
        Ok((own, outcome.issues))
    })?;
    let left = asked(platform, own).await?;
    Ok(Decided { left, issues })
}

/// Whether its attendee alone decides now. An address that somebody else entered rests what was given: nobody with the
/// order's secret may touch that.
fn is_over(own: &registration::Model) -> bool {
    own.email_proved_at.is_some() || own.consents_suspended
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Exclusive,
}

/// The buyer's own place, where the link still opens the order.
async fn find(connection: &impl ConnectionTrait, link: Link, lock: Lock) -> Result<Option<registration::Model>, DbErr> {
    use registration::Column as C;
    let id = OrderId(link.id);
    let order = order::Entity::find_by_id((link.organization, id))
        .one(connection)
        .await?;
    if order.is_none_or(|order| order.secret_generation != link.generation) {
        return Ok(None);
    }
    let mut select = registration::Entity::find()
        .filter(C::OrganizationId.eq(link.organization))
        .filter(C::OrderId.eq(id))
        .filter(C::IsBuyer.eq(true))
        .filter(C::Status.is_in([RegistrationStatus::Pending, RegistrationStatus::Confirmed]));
    if lock == Lock::Exclusive {
        select = select.lock_exclusive();
    }
    select.one(connection).await
}
