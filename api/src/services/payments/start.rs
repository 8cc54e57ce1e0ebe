//! `startPayment`: one open payment per order, however often it is asked for.

use consentry_domain::order::Order;
use consentry_domain::{
    Currency, Instant, Money, PaymentId, PaymentMethod, PaymentStatus, ProviderAccountId, ProviderKind,
};
use consentry_entity::{event, order, payment, provider_account};
use sea_orm::EntityTrait;

use super::bank::{self, Instructions};
use super::close::{self, CloseError};
use super::{accounts, checkout, rows};
use crate::platform::store::Tx;
use crate::platform::{Code, Fault, Platform, Problems, Refused};
use crate::services::idempotency::{self, Claim};
use crate::services::input;
use crate::services::registration::{ToPay, orders, tell_how_to_pay};
use crate::transaction;

/// How many payments of one order may be begun: each new one holds the places a little longer.
const MOST_PAYMENTS: u64 = 10;
/// A checkout's shortest life, with room for our own retries before the provider hears of it.
const SHORTEST_MINUTES: i64 = 36;
/// A checkout's longest life: a little less than the provider's day.
const LONGEST_MINUTES: i64 = 23 * 60;
/// By how much an order outlives its checkout.
const GRACE_MINUTES: i64 = 2;
/// A checkout that ends so soon is not handed out again.
const TOO_SHORT_MINUTES: i64 = 1;

/// A payment to be started.
#[derive(Clone)]
pub struct NewPayment {
    /// The client's key.
    pub idempotency_key: String,
    /// The organization's slug.
    pub organization: String,
    /// The order.
    pub order_code: String,
    /// What opens it.
    pub order_secret: String,
    /// How it is to be paid.
    pub method: PaymentMethod,
    /// Where the payer goes afterwards.
    pub return_url: Option<String>,
}

/// A payment that was started, now or before.
#[derive(Clone)]
pub struct Started {
    /// The payment.
    pub payment: payment::Model,
    /// How to pay it by transfer.
    pub instructions: Option<Instructions>,
}

#[expect(clippy::large_enum_variant, reason = "one lives at a time, for a moment")]
enum Begun {
    /// The payment is there.
    Is(payment::Model, order::Model),
    /// Another one is open at the provider and must be closed first.
    InTheWay(payment::Model),
}

/// Starts a payment of an order, or answers with the one that is open.
///
/// # Errors
/// Not found; `ALREADY_PAID`; `WRONG_STATE` where the order has ended; `PAYMENT_PROCESSING` while money is on its way;
/// `PAYMENT_UNAVAILABLE` where the organization does not offer the method or its provider does not answer.
pub async fn start(platform: &Platform, new: &NewPayment) -> Result<Started, Refused> {
    let mut problems = Problems::new();
    problems.keep("returnUrl", input::optional(new.return_url.as_deref(), input::url));
    problems.none()?;
    let found = orders::open(platform, &new.organization, &new.order_code, &new.order_secret).await?;
    let order = found.ok_or_else(|| Refused::not_found("orderCode"))?;
    let kind = match new.method {
        PaymentMethod::StripeCheckout => ProviderKind::Stripe,
        PaymentMethod::BankTransfer => ProviderKind::BankTransfer,
    };
    let account = accounts::active(&platform.store, order.organization_id, kind).await?;
    let account = match account {
        Some(account) if accounts::is_ready(platform, &account)? => account,
        _ => return Err(unavailable("This way of paying is not offered here. Choose another.")),
    };
    let request_body = format!("{}\n{}\n{:?}", order.id, new.method, new.return_url);
    let request = idempotency::Request {
        organization: order.organization_id,
        scope: "startPayment".into(),
        key: &new.idempotency_key,
        body: request_body.as_bytes().into(),
    };
    // Once to find what is in the way, once more without it.
    for _ in 0..2 {
        let is_replay = idempotency::find(platform, &request).await?.is_some();
        let begun = transaction!(platform.store.writer(), async |tx| {
            begin(platform, tx, &request, new, &order, &account, is_replay).await
        })?;
        match begun {
            Begun::Is(payment, order) => return answer(platform, payment, &order).await,
            Begun::InTheWay(open) => match close::close(platform, open.organization_id, open.id).await {
                Ok(_) => {}
                Err(CloseError::Provider(_)) => return Err(unavailable(TRY_AGAIN)),
                Err(CloseError::Refused(refused)) => return Err(refused),
            },
        }
    }
    Err(unavailable(TRY_AGAIN))
}

const TRY_AGAIN: &str = "The payment provider does not answer. Try again in a few minutes.";

fn unavailable(message: &str) -> Refused {
    Refused::because("", Code::PaymentUnavailable, message)
}

async fn answer(platform: &Platform, payment: payment::Model, order: &order::Model) -> Result<Started, Refused> {
    let is_open = payment.status == PaymentStatus::Created;
    match payment.method {
        PaymentMethod::BankTransfer => {
            let instructions = bank::instructions(platform, &payment, order.expires_at).await?;
            Ok(Started {
                payment,
                instructions: instructions.filter(|_| is_open),
            })
        }
        PaymentMethod::StripeCheckout => {
            let payment = if is_open && payment.provider_ref.is_none() {
                let opened = checkout::open(platform, order, &payment).await?;
                opened.ok_or_else(|| unavailable(TRY_AGAIN))?
            } else {
                payment
            };
            Ok(Started {
                payment,
                instructions: None,
            })
        }
    }
}

async fn begin(
    platform: &Platform,
    tx: &Tx,
    request: &idempotency::Request<'_>,
    new: &NewPayment,
    order: &order::Model,
    account: &provider_account::Model,
    is_replay: bool,
) -> Result<Begun, Refused> {
    let organization = order.organization_id;
    let now = tx.now().await?;
    let mut order = rows::lock_order(tx, organization, order.id).await?;
    let mut open = rows::open_payment(tx, organization, order.id).await?;
    if let Some(other) = open.take_if(|open| is_in_the_way(open, new.method, now) && !is_replay) {
        match other.method {
            PaymentMethod::StripeCheckout => return Ok(Begun::InTheWay(other)),
            PaymentMethod::BankTransfer => give_up(tx, other).await?,
        }
    }
    let id: PaymentId = open.as_ref().map_or_else(|| tx.ordered_id(), |open| open.id);
    if let Claim::Replayed(made) = idempotency::claim(platform, tx, request, id.0).await? {
        let made = rows::lock_payment(tx, organization, PaymentId(made)).await?;
        return Ok(Begun::Is(made, order));
    }
    if let Some(open) = open {
        if open.status == PaymentStatus::Processing {
            let message = "A payment of this order is being processed. Wait until it has succeeded or failed.";
            return Err(Refused::because("", Code::PaymentProcessing, message));
        }
        return Ok(Begun::Is(open, order));
    }
    let state = rows::order_state(&order)?;
    if let Order::Paid { .. } = state {
        return Err(Refused::because(
            "",
            Code::AlreadyPaid,
            "This order is paid. Nothing more is to be paid.",
        ));
    }
    if !state.takes_payment(now) {
        let message = "This order has expired or was cancelled. Register again.";
        return Err(Refused::because("", Code::WrongState, message));
    }
    let earlier = rows::count(tx, organization, order.id).await?;
    if earlier >= MOST_PAYMENTS {
        return Err(unavailable(
            "Too many payments of this order were begun. Write to the organizer.",
        ));
    }
    let payment = row(tx, id, new, &mut order, account.id, earlier, now).await?;
    rows::insert(tx, &payment).await?;
    rows::save_deadline(tx, &order).await?;
    if payment.method == PaymentMethod::BankTransfer {
        tell(tx, &order, &payment, account).await?;
    }
    Ok(Begun::Is(payment, order))
}

/// Mails the buyer what to transfer where to.
async fn tell(
    tx: &Tx,
    order: &order::Model,
    payment: &payment::Model,
    account: &provider_account::Model,
) -> Result<(), Refused> {
    let (event, organization) = rows::event_of(tx, order).await?;
    let to_pay = ToPay {
        organization: &organization,
        event: &event,
        order,
        transfer: Some(bank::transfer(accounts::bank(account)?, payment)),
    };
    tell_how_to_pay(tx, &to_pay, &payment.id.to_string()).await
}

/// Whether an open payment cannot be the one that is asked for.
fn is_in_the_way(open: &payment::Model, method: PaymentMethod, now: Instant) -> bool {
    let ends_soon = |at: i64| at <= now.plus_minutes(TOO_SHORT_MINUTES).0;
    open.status == PaymentStatus::Created && (open.method != method || open.expires_at.is_some_and(ends_soon))
}

/// No provider knows of a transfer that nobody has booked.
async fn give_up(tx: &Tx, mut payment: payment::Model) -> Result<(), Refused> {
    let cancelled = rows::payment_state(&payment)?
        .cancel()
        .map_err(|error| Fault::Corrupt(error.to_string()))?;
    rows::put(&mut payment, cancelled);
    rows::save(tx, &mut payment).await?;
    Ok(())
}

/// The new row; moves the order's deadline so that the order outlives the payment.
async fn row(
    tx: &Tx,
    id: PaymentId,
    new: &NewPayment,
    order: &mut order::Model,
    account: ProviderAccountId,
    earlier: u64,
    now: Instant,
) -> Result<payment::Model, Refused> {
    let deadline = order.expires_at.unwrap_or(now.0);
    let (reference, expires_at, holds_until) = match new.method {
        PaymentMethod::StripeCheckout => {
            let unknown = || Fault::Corrupt("an order's currency is not of the table".into());
            let currency = Currency::parse(&order.currency).ok_or_else(unknown)?;
            if Money::new(order.total_minor, currency).to_stripe().is_err() {
                return Err(unavailable("This amount cannot be paid in this way. Choose another."));
            }
            let until = deadline.clamp(
                now.plus_minutes(SHORTEST_MINUTES).0,
                now.plus_minutes(LONGEST_MINUTES).0,
            );
            // The provider keeps whole seconds.
            let until = Instant(until - until.rem_euclid(1_000_000));
            (None, Some(until.0), until.plus_minutes(GRACE_MINUTES).0)
        }
        PaymentMethod::BankTransfer => {
            let event = event::Entity::find_by_id((order.organization_id, order.event_id))
                .one(tx)
                .await?;
            let missing = || Fault::Corrupt("an order without its event".into());
            let days = event.ok_or_else(missing)?.transfer_hold_days;
            let until = now.plus_days(i64::from(days)).0;
            (Some(bank::reference(order, earlier)), None, until)
        }
    };
    order.expires_at = Some(deadline.max(holds_until));
    Ok(payment::Model {
        organization_id: order.organization_id,
        id,
        order_id: order.id,
        method: new.method,
        status: PaymentStatus::Created,
        amount_minor: order.total_minor,
        currency: order.currency.clone(),
        provider_account_id: Some(account),
        provider_ref: None,
        intent_ref: None,
        reference,
        redirect_url: None,
        return_url: new.return_url.clone(),
        failure: None,
        refund_due: None,
        refund_settled_at: None,
        created_at: now.0,
        confirmed_at: None,
        expires_at,
        checked_at: None,
        revision: 1,
    })
}
