//! `markOrderPaid`: a team member has seen the money.

use consentry_domain::{ActorKind, OrderId, OrderStatus, PaymentMethod, PaymentStatus, ProviderKind};
use consentry_entity::{order, payment};
use sea_orm::EntityTrait;

use super::close::{self, CloseError};
use super::{accounts, bank, rows, settle};
use crate::access::rights::ManageOrders;
use crate::access::{Authorized, EventScope};
use crate::platform::store::Tx;
use crate::platform::{Code, Platform, Refused};
use crate::services::audit;
use crate::services::idempotency::{self, Claim};
use crate::transaction;

enum Marked {
    /// The order, as it is now.
    Is(order::Model),
    /// A payment is open at a provider and must be closed first.
    InTheWay(payment::Model),
}

/// Books the order's money. An expired order takes its places again; where they are gone, the money is marked to be given
/// back, and the order says so.
///
/// # Errors
/// Not found; `ALREADY_PAID`; `WRONG_STATE` where it was cancelled; `PAYMENT_PROCESSING`; `PAYMENT_UNAVAILABLE` where an
/// open payment cannot be closed first.
pub async fn mark_paid(
    platform: &Platform,
    authorized: &Authorized<EventScope, ManageOrders>,
    id: OrderId,
    idempotency_key: &str,
) -> Result<order::Model, Refused> {
    let scope = format!("markOrderPaid:{}", authorized.actor());
    let body = id.to_string();
    let request = idempotency::Request {
        organization: authorized.organization(),
        scope: scope.into(),
        key: idempotency_key,
        body: body.as_bytes().into(),
    };
    let bank = accounts::active(&platform.store, authorized.organization(), ProviderKind::BankTransfer).await?;
    let message = "The payment provider does not answer, so that the order could be paid twice. Try again later.";
    let unavailable = || Refused::because("", Code::PaymentUnavailable, message);
    for _ in 0..2 {
        let bank = bank.as_ref().map(|account| account.id);
        let marked = transaction!(platform.store.writer(), async |tx| {
            mark(platform, tx, authorized, id, &request, bank).await
        })?;
        match marked {
            Marked::Is(order) => return Ok(order),
            Marked::InTheWay(open) => match close::close(platform, open.organization_id, open.id).await {
                Ok(_) => {}
                Err(CloseError::Provider(_)) => return Err(unavailable()),
                Err(CloseError::Refused(refused)) => return Err(refused),
            },
        }
    }
    Err(unavailable())
}

async fn mark(
    platform: &Platform,
    tx: &Tx,
    authorized: &Authorized<EventScope, ManageOrders>,
    id: OrderId,
    request: &idempotency::Request<'_>,
    bank: Option<consentry_domain::ProviderAccountId>,
) -> Result<Marked, Refused> {
    let organization = authorized.organization();
    let found = order::Entity::find_by_id((organization, id)).one(tx).await?;
    if found.is_none_or(|order| order.event_id != authorized.event()) {
        return Err(Refused::not_found("orderId"));
    }
    let order = rows::lock_order(tx, organization, id).await?;
    let open = rows::open_payment(tx, organization, id).await?;
    if let Some(open) = &open
        && open.method == PaymentMethod::StripeCheckout
    {
        if open.status == PaymentStatus::Processing {
            let message = "A payment of this order is being processed. Wait until it has succeeded or failed.";
            return Err(Refused::because("", Code::PaymentProcessing, message));
        }
        return Ok(Marked::InTheWay(open.clone()));
    }
    if let Claim::Replayed(_) = idempotency::claim(platform, tx, request, id.0).await? {
        return Ok(Marked::Is(order));
    }
    match order.status {
        OrderStatus::Paid => {
            return Err(Refused::because("", Code::AlreadyPaid, "This order is paid."));
        }
        OrderStatus::Cancelled => {
            return Err(Refused::because("", Code::WrongState, "This order was cancelled."));
        }
        OrderStatus::Pending | OrderStatus::Expiring | OrderStatus::Expired => {}
    }
    let payment = match open {
        Some(open) => open,
        None => by_hand(tx, &order, bank).await?,
    };
    let entry = audit::Entry {
        organization,
        actor: ActorKind::Staff,
        account: Some(authorized.actor()),
        action: "markOrderPaid",
        event: Some(order.event_id),
        subject_kind: "order",
        subject: Some(order.id.0),
        detail: serde_json::json!({ "payment": payment.id.to_string() }),
    };
    audit::note(tx, entry).await?;
    settle::confirm(tx, order, payment).await?;
    let after = order::Entity::find_by_id((organization, id)).one(tx).await?;
    Ok(Marked::Is(after.ok_or_else(|| Refused::not_found("orderId"))?))
}

/// A payment that nobody announced.
async fn by_hand(
    tx: &Tx,
    order: &order::Model,
    account: Option<consentry_domain::ProviderAccountId>,
) -> Result<payment::Model, Refused> {
    let now = tx.now().await?;
    let earlier = rows::count(tx, order.organization_id, order.id).await?;
    let row = payment::Model {
        organization_id: order.organization_id,
        id: tx.ordered_id(),
        order_id: order.id,
        method: PaymentMethod::BankTransfer,
        status: PaymentStatus::Created,
        amount_minor: order.total_minor,
        currency: order.currency.clone(),
        provider_account_id: account,
        provider_ref: None,
        intent_ref: None,
        reference: Some(bank::reference(order, earlier)),
        redirect_url: None,
        return_url: None,
        failure: None,
        refund_due: None,
        refund_settled_at: None,
        created_at: now.0,
        confirmed_at: None,
        expires_at: None,
        checked_at: None,
        revision: 1,
    };
    rows::insert(tx, &row).await?;
    Ok(row)
}
