//! Calling off: a whole order, or one place. The places are free again; money is another matter.

use consentry_domain::order::OpenPayment;
use consentry_domain::{
    AccountId, ActorKind, EventStatus, OrderId, OrderStatus, OrganizationId, OutboxKind, RegistrationId,
    RegistrationStatus,
};
use consentry_entity::{event, order, registration};
use sea_orm::EntityTrait;

use super::in_hand::{InHand, News, state_of};
use super::places;
use super::settle::wrong_state;
use crate::access::rights::{ManageOrders, ManageRegistrations};
use crate::access::{Authorized, EventScope, OwnRegistration};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Refused};
use crate::services::audit;
use crate::services::mail::facts::{Cancelled, CancelledBy, Refund};
use crate::services::outbox::{NewWork, add};
use crate::services::sharing::leads;
use crate::transaction;

/// Who calls something off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceller {
    /// Whose place it is.
    Attendee(AccountId),
    /// A team member.
    Staff(AccountId),
    /// A parent who does not permit it.
    Guardian,
}

/// A team member calls an order off. Doing it twice is doing it once.
///
/// # Errors
/// Not found; `PAYMENT_PROCESSING` while money is on its way; `WRONG_STATE` where it has expired.
pub async fn cancel_order(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageOrders>,
    id: OrderId,
) -> Result<order::Model, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    transaction!(platform.store.writer(), async |tx| {
        let held = InHand::take(tx, organization, id)
            .await?
            .filter(|held| held.order.event_id == event);
        let mut held = held.ok_or_else(|| Refused::not_found("orderId"))?;
        if held.order.status != OrderStatus::Cancelled {
            end_order(&mut held, Canceller::Staff(authorized.actor()), Cancelled::Order).await?;
        }
        Ok(held.order)
    })
}

/// A team member calls one place off. Doing it twice is doing it once.
///
/// # Errors
/// Not found; `WRONG_STATE` where the order is not paid and has other places.
pub async fn cancel_registration(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageRegistrations>,
    id: RegistrationId,
) -> Result<registration::Model, Refused> {
    let (organization, event) = (authorized.organization(), authorized.event());
    transaction!(platform.store.writer(), async |tx| {
        let row = end_place(tx, organization, id, Canceller::Staff(authorized.actor())).await?;
        // Another event's place is rolled back with everything else.
        if row.event_id == event {
            Ok(row)
        } else {
            Err(Refused::not_found("registrationId"))
        }
    })
}

/// Somebody gives the own place up, until the event begins. Doing it twice is doing it once.
///
/// # Errors
/// As [`cancel_registration`]; also `TOO_LATE` once it has begun, and `WRONG_STATE` once it is closed.
pub async fn cancel_own(platform: &Platform, own: &OwnRegistration) -> Result<registration::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        end_place(
            tx,
            own.organization(),
            own.registration(),
            Canceller::Attendee(own.account()),
        )
        .await
    })
}

/// Ends one place, and the order with it where that was the last one and nobody has paid.
///
/// # Errors
/// As [`cancel_own`].
pub(crate) async fn end_place(
    tx: &Tx,
    organization: OrganizationId,
    id: RegistrationId,
    by: Canceller,
) -> Result<registration::Model, Refused> {
    let missing = || Refused::not_found("registrationId");
    let found = registration::Entity::find_by_id((organization, id))
        .one(tx)
        .await?
        .ok_or_else(missing)?;
    let mut held = InHand::take(tx, organization, found.order_id)
        .await?
        .ok_or_else(missing)?;
    let row = held
        .registrations
        .iter()
        .find(|row| row.id == id)
        .cloned()
        .ok_or_else(missing)?;
    match row.status {
        RegistrationStatus::Erased => return Err(missing()),
        RegistrationStatus::Cancelled => return Ok(row),
        RegistrationStatus::Pending | RegistrationStatus::Confirmed => {}
    }
    if let Canceller::Attendee(_) = by {
        not_begun(&held).await?;
    }
    let owes = matches!(held.order.status, OrderStatus::Pending | OrderStatus::Expiring);
    let last = held.holding().count() == 1;
    // What is owed is the price of all its places; a parent's word is not made to wait for that.
    if owes && !last && by != Canceller::Guardian {
        let message = "The order is not paid yet. Cancel it as a whole, or wait until it is paid or expires.";
        return Err(Refused::because("registrationId", Code::WrongState, message));
    }
    let stays = by == Canceller::Guardian && held.open_payment().await?.0 == OpenPayment::Processing;
    if last && !stays && (owes || held.order.total_minor == 0) {
        end_order(&mut held, by, Cancelled::Order).await?;
    } else {
        let refund = if held.order.total_minor > 0 && !owes {
            Refund::Undecided
        } else {
            Refund::NothingPaid
        };
        end_places(&mut held, vec![id], by, Cancelled::Place, refund).await?;
    }
    held.registrations
        .into_iter()
        .find(|row| row.id == id)
        .ok_or_else(missing)
}

/// Whether the event is still to come, and the organizer has not closed it.
async fn not_begun(held: &InHand<'_>) -> Result<(), Refused> {
    let event = event::Entity::find_by_id((held.organization(), held.order.event_id))
        .one(held.tx)
        .await?
        .ok_or_else(|| Fault::Corrupt("an order without its event".into()))?;
    if event.status != EventStatus::Published {
        let message = "The organizer has closed this event. Write to the organizer.";
        return Err(Refused::because("registrationId", Code::WrongState, message));
    }
    if event.starts_at <= held.now.0 {
        let message = "The event has begun; a place is given up before that.";
        return Err(Refused::because("registrationId", Code::TooLate, message));
    }
    Ok(())
}

/// Ends an order that holds its places, by itself or with its event.
///
/// # Errors
/// `PAYMENT_PROCESSING` while money is on its way; `WRONG_STATE` where it has ended.
pub(crate) async fn end_order(held: &mut InHand<'_>, by: Canceller, what: Cancelled) -> Result<(), Refused> {
    let (payment, open) = held.open_payment().await?;
    if payment == OpenPayment::Processing {
        let message = "A payment of this order is being processed. Wait until it has succeeded or failed.";
        return Err(Refused::because("", Code::PaymentProcessing, message));
    }
    let paid = held.order.status == OrderStatus::Paid && held.order.total_minor > 0;
    let cancelled = held.state()?.cancel(payment, held.now).map_err(wrong_state)?;
    held.write_order(cancelled).await?;
    if let Some(open) = open {
        // The provider is to take no money for it any more; should it come all the same, it is marked to be given back.
        let key = format!("expire-payment:{}", open.id);
        let work = NewWork {
            organization: held.organization(),
            kind: OutboxKind::ExpirePayment,
            subject: open.id.0,
            dedupe_key: &key,
        };
        add(held.tx, work).await?;
    }
    let places: Vec<RegistrationId> = held.holding().map(|row| row.id).collect();
    let refund = if paid { Refund::Undecided } else { Refund::NothingPaid };
    end_places(held, places, by, what, refund).await
}

/// Ends these places: their registrations, leads, mails, the record of it, and last the quotas.
pub(crate) async fn end_places(
    held: &mut InHand<'_>,
    places: Vec<RegistrationId>,
    by: Canceller,
    what: Cancelled,
    refund: Refund,
) -> Result<(), Refused> {
    let tx = held.tx;
    let mut states = Vec::new();
    for row in held.registrations.iter().filter(|row| places.contains(&row.id)) {
        states.push((row.id, state_of(row)?.cancel(held.now).map_err(wrong_state)?));
    }
    held.write_registrations(&states).await?;
    leads::rewrite(tx, held.organization(), &places).await?;
    let (actor, account, reader) = match by {
        Canceller::Attendee(account) => (ActorKind::Attendee, Some(account), CancelledBy::Attendee),
        Canceller::Staff(account) => (ActorKind::Staff, Some(account), CancelledBy::Organizer),
        Canceller::Guardian => (ActorKind::Guardian, None, CancelledBy::Guardian),
    };
    let (action, kind, subject) = match (what, places.as_slice()) {
        (Cancelled::Place, [place]) => ("cancelRegistration", "registration", place.0),
        _ => ("cancelOrder", "order", held.order.id.0),
    };
    let mut detail = serde_json::json!({ "order": held.order.code, "places": places.len() });
    if what == Cancelled::Event {
        detail["with"] = "cancelEvent".into();
    }
    let freed = held.needs(&places).await?;
    held.tell(News::Ended {
        what,
        by: reader,
        refund,
        registrations: places,
    })
    .await?;
    audit::note(
        tx,
        audit::Entry {
            organization: held.organization(),
            actor,
            account,
            action,
            event: Some(held.order.event_id),
            subject_kind: kind,
            subject: Some(subject),
            detail,
        },
    )
    .await?;
    places::free(tx, held.organization(), &freed).await?;
    Ok(())
}
