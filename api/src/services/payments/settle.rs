//! What a checkout's state does to its payment and order: the one way in for webhooks, questions and expiry. Every event
//! may come twice, late, or overtaken by another: what the payment's state does not allow changes nothing.

use consentry_domain::order::Order;
use consentry_domain::payment::{Payment, Settlement, settle};
use consentry_domain::{ActorKind, Currency, Money, OutboxKind, PaymentStatus};
use consentry_entity::{order, payment};

use super::provider::{Checkout, CheckoutState};
use super::rows;
use crate::platform::store::{Tx, sql};
use crate::platform::{Fault, Refused};
use crate::services::audit;
use crate::services::outbox::{NewWork, add};
use crate::services::registration::{self, Retaken};

/// What was seen of a payment at its provider.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen<'a> {
    /// The checkout, as it stands.
    Checkout(&'a Checkout),
    /// It can never be paid.
    Gone,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Nothing new.
    Nothing,
    /// The money is on its way.
    Processing,
    /// The order is paid.
    Paid,
    /// The order had expired; its places were taken again.
    PaidLate,
    /// The money is to be given back.
    RefundDue,
    /// It did not work.
    Failed,
    /// It was given up.
    Cancelled,
    /// The money is not what was asked for: it is to be given back.
    WrongAmount,
}

impl Applied {
    /// For the record of received events.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "NOTHING",
            Self::Processing => "PROCESSING",
            Self::Paid => "PAID",
            Self::PaidLate => "PAID_LATE",
            Self::RefundDue => "REFUND_DUE",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::WrongAmount => "WRONG_AMOUNT",
        }
    }
}

/// Applies what was seen. Locks the order, then the payment.
pub(super) async fn apply(tx: &Tx, of: &payment::Model, seen: Seen<'_>) -> Result<Applied, Refused> {
    let now = tx.now().await?;
    let order = rows::lock_order(tx, of.organization_id, of.order_id).await?;
    let mut payment = rows::lock_payment(tx, of.organization_id, of.id).await?;
    payment.checked_at = Some(now.0);
    let state = rows::payment_state(&payment)?;
    let next = match seen {
        Seen::Gone => state.cancel().map(|next| (next, Applied::Cancelled)),
        Seen::Checkout(checkout) => {
            if payment.provider_ref.is_none() {
                payment.provider_ref = Some(checkout.reference.clone());
            }
            if let CheckoutState::Processing { intent: Some(intent) } | CheckoutState::Paid { intent: Some(intent) } =
                &checkout.state
            {
                payment.intent_ref = Some(intent.clone());
            }
            match &checkout.state {
                CheckoutState::Open => Ok((state, Applied::Nothing)),
                CheckoutState::Expired => state.cancel().map(|next| (next, Applied::Cancelled)),
                CheckoutState::Processing { .. } => state.process().map(|next| (next, Applied::Processing)),
                CheckoutState::Failed { reason } => state.fail().map(|next| {
                    payment.failure = Some(reason.clone());
                    (next, Applied::Failed)
                }),
                CheckoutState::Paid { .. } if !is_what_was_asked(&payment, checkout) => {
                    return wrong_amount(tx, &order, payment, checkout).await;
                }
                CheckoutState::Paid { .. } => return confirm(tx, order, payment).await,
            }
        }
    };
    // An event that came late or twice: what it says is over.
    let (next, applied) = next.unwrap_or((state, Applied::Nothing));
    rows::put(&mut payment, next);
    rows::save(tx, &mut payment).await?;
    if let Order::Expiring { .. } = rows::order_state(&order)? {
        match next {
            // The provider was being told, but the payer was faster.
            Payment::Processing => wait_on(tx, &order).await?,
            Payment::Failed | Payment::Cancelled => finish_expiry(tx, &order).await?,
            Payment::Created | Payment::Confirmed { .. } => {}
        }
    }
    Ok(applied)
}

/// The money of this payment is there. Order and payment must be locked.
pub(super) async fn confirm(tx: &Tx, order: order::Model, mut payment: payment::Model) -> Result<Applied, Refused> {
    let now = tx.now().await?;
    let (organization, id) = (order.organization_id, order.id);
    let (confirmed, applied) = match settle(rows::payment_state(&payment)?, rows::order_state(&order)?, now) {
        Settlement::AlreadySettled => (None, Applied::Nothing),
        Settlement::RefundDue { payment } => (Some(payment), Applied::RefundDue),
        Settlement::Pays { payment, .. } => (Some(payment), Applied::Paid),
        Settlement::Late { if_taken, if_gone } => match registration::retake_places(tx, organization, id).await? {
            Retaken::Paid(_) => (Some(if_taken.0), Applied::PaidLate),
            Retaken::Gone => (Some(if_gone), Applied::RefundDue),
        },
    };
    if let Some(confirmed) = confirmed {
        rows::put(&mut payment, confirmed);
        payment.failure = None;
    }
    rows::save(tx, &mut payment).await?;
    match applied {
        Applied::Paid => {
            close_others(tx, &order, &payment).await?;
            registration::confirm_paid(tx, organization, id).await?;
        }
        Applied::PaidLate => close_others(tx, &order, &payment).await?,
        Applied::RefundDue => {
            let detail = serde_json::json!({ "order": order.code });
            note(tx, &order, &payment, "refundDue", detail).await?;
        }
        _ => {}
    }
    Ok(applied)
}

/// An earlier payment was settled after it had been given up: the one that is open now must not be paid as well.
async fn close_others(tx: &Tx, order: &order::Model, paid: &payment::Model) -> Result<(), Refused> {
    let Some(open) = rows::open_payment(tx, order.organization_id, order.id).await? else {
        return Ok(());
    };
    if open.id != paid.id && open.status == PaymentStatus::Created {
        let key = format!("expire-payment:{}:paid", open.id);
        let work = NewWork {
            organization: open.organization_id,
            kind: OutboxKind::ExpirePayment,
            subject: open.id.0,
            dedupe_key: &key,
        };
        add(tx, work).await?;
    }
    Ok(())
}

fn is_what_was_asked(payment: &payment::Model, checkout: &Checkout) -> bool {
    let asked = Currency::parse(&payment.currency)
        .and_then(|currency| Money::new(payment.amount_minor, currency).to_stripe().ok());
    asked == Some(checkout.amount) && payment.currency == checkout.currency
}

/// Money came, but not the money that was asked for: it is to be given back, and the order stays as it is.
async fn wrong_amount(
    tx: &Tx,
    order: &order::Model,
    mut payment: payment::Model,
    checkout: &Checkout,
) -> Result<Applied, Refused> {
    let now = tx.now().await?;
    let Ok(refused) = rows::payment_state(&payment)?.refuse_amount(now) else {
        rows::save(tx, &mut payment).await?;
        return Ok(Applied::Nothing);
    };
    tracing::error!(payment = %payment.id, "a payment's amount or currency is not what was asked for");
    rows::put(&mut payment, refused);
    payment.failure = Some("wrong_amount".to_owned());
    rows::save(tx, &mut payment).await?;
    // In Stripe's units, and as people write it where that is known.
    let amount = Money::from_stripe(checkout.amount, &checkout.currency).ok();
    let detail = serde_json::json!({ "order": order.code, "received": checkout.amount, "currency": checkout.currency,
        "amount": amount.map(|amount| amount.to_string()) });
    note(tx, order, &payment, "paymentOfWrongAmount", detail).await?;
    if let Order::Expiring { .. } = rows::order_state(order)? {
        finish_expiry(tx, order).await?;
    }
    Ok(Applied::WrongAmount)
}

async fn note(
    tx: &Tx,
    order: &order::Model,
    payment: &payment::Model,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), Refused> {
    let entry = audit::Entry {
        organization: order.organization_id,
        actor: ActorKind::System,
        account: None,
        action,
        event: Some(order.event_id),
        subject_kind: "payment",
        subject: Some(payment.id.0),
        detail,
    };
    audit::note(tx, entry).await?;
    Ok(())
}

async fn wait_on(tx: &Tx, order: &order::Model) -> Result<(), Refused> {
    let waits = rows::order_state(order)?.wait_on();
    let waits = waits.map_err(|error| Fault::Corrupt(error.to_string()))?;
    sql::execute(
        tx,
        "update \"order\" set status = $3, revision = revision + 1 where organization_id = $1 and id = $2",
        [order.organization_id.into(), order.id.into(), waits.status().into()],
    )
    .await?;
    Ok(())
}

/// The order's places are free again, unless another payment of it is open.
pub(super) async fn finish_expiry(tx: &Tx, order: &order::Model) -> Result<(), Refused> {
    if rows::open_payment(tx, order.organization_id, order.id).await?.is_none() {
        registration::finish_expiry(tx, order.organization_id, order.id).await?;
    }
    Ok(())
}
