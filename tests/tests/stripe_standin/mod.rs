//! The Stripe stand-in against the product's provider and against the library's own types: what one of them
//! misunderstands shows here. With `STRIPE_TEST_KEY` set, the calls that the server makes run against Stripe, too.

#![expect(clippy::unwrap_used, reason = "helpers of tests are tests")]

mod checkouts;
mod expiry;
mod idempotency;
mod live;
mod types;
mod webhook_catcher;
mod webhooks;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use consentry::services::payments::provider::{
    Checkout, CheckoutRequest, PaymentProvider, ProviderFactory, ProviderSettings, StripeCredentials,
};
use consentry_tests::stripe::StandIn;
use jiff::{SignedDuration, Timestamp};

const WEBHOOK_SECRET: &str = "whsec_of_this_test";

/// The product's provider, pointed at the stand-in. Its patience lasts on a busy machine, too.
fn provider(stripe: &StandIn) -> Arc<dyn PaymentProvider> {
    provider_with(stripe, &stripe.secret_key())
}

/// One that waits half a second.
fn impatient_provider(stripe: &StandIn) -> Arc<dyn PaymentProvider> {
    provider_of(stripe, &stripe.secret_key(), Duration::from_millis(500))
}

fn provider_with(stripe: &StandIn, secret_key: &str) -> Arc<dyn PaymentProvider> {
    provider_of(stripe, secret_key, Duration::from_secs(5))
}

fn provider_of(stripe: &StandIn, secret_key: &str, timeout: Duration) -> Arc<dyn PaymentProvider> {
    let settings = ProviderSettings {
        stripe_api_base: Some(stripe.base_url()),
        timeout,
    };
    let credentials = StripeCredentials {
        secret_key: secret_key.into(),
        webhook_secret: WEBHOOK_SECRET.into(),
    };
    ProviderFactory::new(settings).stripe(credentials).unwrap()
}

/// A request for a payment of twelve euros.
fn request(key: &str) -> CheckoutRequest {
    CheckoutRequest {
        idempotency_key: key.to_owned(),
        amount: 1200,
        currency: "EUR".to_owned(),
        line_name: "Regular ticket × 1".to_owned(),
        description: "Order 7".to_owned(),
        success_url: "https://tickets.example/orders/7?session={CHECKOUT_SESSION_ID}".to_owned(),
        cancel_url: "https://tickets.example/orders/7".to_owned(),
        client_reference: "payment-7".to_owned(),
        customer_email: Some("ada@example.org".to_owned()),
        expires_at: Timestamp::now() + SignedDuration::from_mins(45),
        metadata: BTreeMap::from([
            ("payment".to_owned(), "payment-7".to_owned()),
            ("order".to_owned(), "7".to_owned()),
        ]),
    }
}

/// A stand-in, a provider, and a checkout that is open.
async fn open_checkout() -> (StandIn, Arc<dyn PaymentProvider>, Checkout) {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let checkout = provider.create_checkout(&request("key-1")).await.unwrap();
    (stripe, provider, checkout)
}
