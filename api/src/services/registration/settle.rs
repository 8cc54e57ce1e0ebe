//! An order is paid: its registrations are confirmed, their leads follow, everybody concerned is told.
//!
//! Parts of the transaction that settles the payment. Whoever calls holds no lock but on the order.

use consentry_domain::order::Order;
use consentry_domain::registration::{PendingReason, Registration};
use consentry_domain::{ActorKind, EventStatus, OrderId, OrganizationId, RegistrationId};
use consentry_entity::order;

use super::in_hand::{InHand, News, state_of};
use super::places;
use crate::platform::store::{Tx, sql};
use crate::platform::{Code, Fault, Refused};
use crate::services::audit;
use crate::services::sharing::leads;

/// The money for a pending order is there.
///
/// # Errors
/// `WRONG_STATE` where the order waits for no money; not found where it is not there.
pub async fn confirm_paid(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<order::Model, Refused> {
    let mut held = InHand::take(tx, organization, id)
        .await?
        .ok_or_else(|| Refused::not_found(""))?;
    let paid = held.state()?.pay(held.now).map_err(wrong_state)?;
    let waiting = held.holding().map(|row| row.id).collect::<Vec<_>>();
    let states = resolve(&held, &waiting)?;
    settle(&mut held, paid, &states).await?;
    Ok(held.order)
}

/// What became of an order whose money came after it had expired.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "one lives at a time, for a moment")]
pub enum Retaken {
    /// Its places were free still: it is paid.
    Paid(order::Model),
    /// They, or the event, are gone: nothing was changed, the money is to be given back.
    Gone,
}

/// The money for an expired order is there: its places are taken again, if they are left.
///
/// # Errors
/// `WRONG_STATE` where the order has not expired; not found where it is not there.
pub async fn retake_places(tx: &Tx, organization: OrganizationId, id: OrderId) -> Result<Retaken, Refused> {
    let mut held = InHand::take(tx, organization, id)
        .await?
        .ok_or_else(|| Refused::not_found(""))?;
    let Order::Expired { at: ended } = held.state()? else {
        return Err(Refused::because("", Code::WrongState, "This order has not expired."));
    };
    let revived = held.state()?.revive(held.now).map_err(wrong_state)?;
    // Those that ended with the order; who had given a place up before has given it up.
    let lost: Vec<RegistrationId> = held
        .registrations
        .iter()
        .filter(|row| row.cancelled_at == Some(ended.0) && row.erased_at.is_none())
        .map(|row| row.id)
        .collect();
    let needs = held.needs(&lost).await?;
    if is_called_off(tx, &held.order).await? || !places::are_left(tx, organization, &needs).await? {
        return Ok(Retaken::Gone);
    }
    let mut states = Vec::new();
    for row in held.registrations.iter().filter(|row| lost.contains(&row.id)) {
        let reasons = consentry_domain::registration::PendingReasons {
            payment: false,
            approval: row.pending_approval,
            parental_permission: row.pending_guardian,
        };
        states.push((
            row.id,
            state_of(row)?.reinstate(reasons, held.now).map_err(wrong_state)?,
        ));
    }
    settle(&mut held, revived, &states).await?;
    // These rows are locked already; that they have enough was just seen.
    if places::take(tx, organization, &needs).await?.is_err() {
        return Err(Fault::Corrupt("a locked quota lost places".into()).into());
    }
    Ok(Retaken::Paid(held.order))
}

/// Whether the order's event was called off. It cannot be before the transaction is over: an order that holds places again
/// must be among those that are ended with it.
async fn is_called_off(tx: &Tx, order: &order::Model) -> Result<bool, Refused> {
    let suffix = sql::lock_suffix(tx.engine(), sql::Lock::Shared);
    let text = format!("select status from event where organization_id = $1 and id = $2{suffix}");
    let row = sql::one(tx, &text, [order.organization_id.into(), order.event_id.into()]).await?;
    let status = EventStatus::parse(&row.try_get::<String>("", "status")?);
    Ok(matches!(status, Some(EventStatus::Cancelled | EventStatus::Archived)))
}

fn resolve(held: &InHand<'_>, ids: &[RegistrationId]) -> Result<Vec<(RegistrationId, Registration)>, Refused> {
    let mut states = Vec::new();
    for row in held.registrations.iter().filter(|row| ids.contains(&row.id)) {
        let state = state_of(row)?;
        if let Registration::Pending { .. } = state {
            states.push((
                row.id,
                state.resolve(PendingReason::Payment, held.now).map_err(wrong_state)?,
            ));
        }
    }
    Ok(states)
}

async fn settle(held: &mut InHand<'_>, order: Order, states: &[(RegistrationId, Registration)]) -> Result<(), Refused> {
    held.write_order(order).await?;
    held.write_registrations(states).await?;
    let ids: Vec<RegistrationId> = states.iter().map(|(id, _)| *id).collect();
    leads::rewrite(held.tx, held.organization(), &ids).await?;
    held.tell(News::Settled).await?;
    let entry = audit::Entry {
        organization: held.organization(),
        actor: ActorKind::System,
        account: None,
        action: "orderPaid",
        event: Some(held.order.event_id),
        subject_kind: "order",
        subject: Some(held.order.id.0),
        detail: serde_json::json!({ "places": ids.len() }),
    };
    audit::note(held.tx, entry).await?;
    Ok(())
}

pub(super) fn wrong_state(error: consentry_domain::InvalidTransition) -> Refused {
    Refused::because("", Code::WrongState, format!("This cannot be done any more: {error}."))
}
