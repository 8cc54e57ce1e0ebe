//! `settleRefund`: a team member says that money that was to be given back went back, or that a wrong amount was looked at.
//! The money itself moves at the provider or the bank.

use consentry_domain::{ActorKind, PaymentId};
use consentry_entity::{order, payment};
use sea_orm::EntityTrait;

use super::rows;
use crate::access::rights::ManageOrders;
use crate::access::{Authorized, EventScope};
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::transaction;

/// Notes that nobody has to be reminded of it any more; or, where it is not `settled`, that somebody has, after all. Doing
/// it twice is doing it once.
///
/// # Errors
/// Not found; `WRONG_STATE` where nothing of the payment was to be given back or looked at.
pub async fn settle_refund(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageOrders>,
    id: PaymentId,
    settled: bool,
) -> Result<order::Model, Refused> {
    let organization = authorized.organization();
    let not_found = || Refused::not_found("paymentId");
    transaction!(platform.store.writer(), async |tx| {
        let found = payment::Entity::find_by_id((organization, id)).one(tx).await?;
        let found = found.ok_or_else(not_found)?;
        let order = rows::lock_order(tx, organization, found.order_id).await?;
        if order.event_id != authorized.event() {
            return Err(not_found());
        }
        let mut payment = rows::lock_payment(tx, organization, id).await?;
        if payment.refund_due.is_none() {
            let message = "Nothing of this payment is to be given back or looked at.";
            return Err(Refused::because("paymentId", Code::WrongState, message));
        }
        if payment.refund_settled_at.is_some() == settled {
            return Ok(order);
        }
        let (at, action) = match settled {
            true => (Some(tx.now().await?.0), "settleRefund"),
            false => (None, "reopenRefund"),
        };
        payment.refund_settled_at = at;
        rows::save(tx, &mut payment).await?;
        let entry = audit::Entry {
            organization,
            actor: ActorKind::Staff,
            account: Some(authorized.actor()),
            action,
            event: Some(order.event_id),
            subject_kind: "order",
            subject: Some(order.id.0),
            detail: serde_json::json!({ "payment": payment.id.to_string() }),
        };
        audit::note(tx, entry).await?;
        Ok(order)
    })
}
