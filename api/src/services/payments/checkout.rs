//! Opening the page at the provider for a payment whose row is committed. Always the same request for the same payment, so
//! that a repetition finds the page that an unheard answer spoke of.

use std::collections::BTreeMap;

use consentry_domain::{Currency, Money, PaymentStatus};
use consentry_entity::{order, payment};
use jiff::Timestamp;

use super::provider::{Checkout, CheckoutRequest, ProviderError};
use super::{accounts, rows};
use crate::platform::{Fault, Platform, Refused};
use crate::services::Localized;
use crate::services::registration::orders;
use crate::transaction;

/// How often one request is sent before the payer is told to come back.
const ATTEMPTS: u32 = 2;

/// Opens the page and stores its address; none where the provider did not open it. A payment of which nobody ever learned
/// the address cannot be paid, so it is given up where the provider will not open it, and another one can be started.
pub(super) async fn open(
    platform: &Platform,
    order: &order::Model,
    payment: &payment::Model,
) -> Result<Option<payment::Model>, Refused> {
    match create(platform, order, payment).await? {
        Ok(checkout) => Ok(Some(store(platform, payment, &checkout).await?)),
        // Time-outs and busy answers: the same request may be sent again.
        Err(ProviderError::Unavailable { status }) if status != Some(500) => {
            tracing::warn!(payment = %payment.id, ?status, "the payment provider did not open a checkout");
            Ok(None)
        }
        Err(error) => {
            tracing::error!(payment = %payment.id, %error, "a checkout cannot be opened");
            give_up(platform, payment, &error).await?;
            Ok(None)
        }
    }
}

/// Asks the provider for the page of this payment.
pub(super) async fn create(
    platform: &Platform,
    order: &order::Model,
    payment: &payment::Model,
) -> Result<Result<Checkout, ProviderError>, Refused> {
    let Some(id) = payment.provider_account_id else {
        return Err(Fault::Corrupt("a checkout without an account".into()).into());
    };
    let account = accounts::by_id(&platform.store, payment.organization_id, id).await?;
    let provider = match account {
        Some(account) => accounts::provider(platform, &account)?,
        None => None,
    };
    let Some(provider) = provider else {
        return Ok(Err(ProviderError::Misconfigured {
            code: "no_account".to_owned(),
        }));
    };
    let request = request(platform, order, payment).await?;
    let mut attempt = 1;
    loop {
        match provider.create_checkout(&request).await {
            Err(error) if error.is_transient() && attempt < ATTEMPTS => attempt += 1,
            answer => return Ok(answer),
        }
    }
}

async fn request(
    platform: &Platform,
    order: &order::Model,
    payment: &payment::Model,
) -> Result<CheckoutRequest, Refused> {
    let corrupt = |what: &str| Fault::Corrupt(what.to_owned());
    let currency = Currency::parse(&payment.currency).ok_or_else(|| corrupt("a payment's currency"))?;
    let amount = Money::new(payment.amount_minor, currency).to_stripe();
    let (event, _) = orders::event_of(&platform.store, order).await?;
    let title = Localized::parse(&event.title)?;
    let title = title.pick(Some(&order.locale), &event.default_locale).to_owned();
    let back = payment.return_url.clone().unwrap_or_else(|| platform.url("/"));
    let ends = payment.expires_at.and_then(|at| Timestamp::from_microsecond(at).ok());
    Ok(CheckoutRequest {
        idempotency_key: format!("payment-{}", payment.id),
        amount: amount.map_err(|error| Fault::Corrupt(error.to_string()))?,
        currency: payment.currency.clone(),
        line_name: title,
        description: format!("Order {}", order.code),
        success_url: back.clone(),
        cancel_url: back,
        client_reference: payment.id.to_string(),
        // Who pays is not always who ordered.
        customer_email: None,
        expires_at: ends.ok_or_else(|| corrupt("a checkout without an end"))?,
        metadata: BTreeMap::from([("order".to_owned(), order.code.clone())]),
    })
}

async fn store(platform: &Platform, payment: &payment::Model, checkout: &Checkout) -> Result<payment::Model, Refused> {
    transaction!(platform.store.writer(), async |tx| {
        rows::lock_order(tx, payment.organization_id, payment.order_id).await?;
        let mut row = rows::lock_payment(tx, payment.organization_id, payment.id).await?;
        if row.provider_ref.is_none() {
            row.provider_ref = Some(checkout.reference.clone());
            if row.status == PaymentStatus::Created {
                row.redirect_url.clone_from(&checkout.url);
            }
            rows::save(tx, &mut row).await?;
        }
        Ok::<_, Refused>(row)
    })
}

async fn give_up(platform: &Platform, payment: &payment::Model, error: &ProviderError) -> Result<(), Refused> {
    let reason = match error {
        ProviderError::Refused { code, .. } | ProviderError::Misconfigured { code } => code.clone(),
        ProviderError::Unavailable { .. } => "provider_error".to_owned(),
        ProviderError::Unexpected { .. } => "unexpected_answer".to_owned(),
    };
    transaction!(platform.store.writer(), async |tx| {
        rows::lock_order(tx, payment.organization_id, payment.order_id).await?;
        let mut row = rows::lock_payment(tx, payment.organization_id, payment.id).await?;
        // Somebody else may have had an answer meanwhile.
        if row.provider_ref.is_none()
            && let Ok(failed) = rows::payment_state(&row)?.fail()
        {
            rows::put(&mut row, failed);
            row.failure = Some(reason.clone());
            rows::save(tx, &mut row).await?;
        }
        Ok::<_, Refused>(())
    })
}
