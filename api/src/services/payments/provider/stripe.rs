//! Stripe, by async-stripe: Checkout Sessions in mode `payment`, one line, paid on Stripe's own page.
//!
//! Requests are sent once per call: retrying is the outbox's business, which knows the stored idempotency key.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError, StripeRequest};
use stripe_checkout::{
    CheckoutSession, CheckoutSessionMode, CheckoutSessionPaymentStatus, CheckoutSessionStatus,
    checkout_session::{
        CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
        CreateCheckoutSessionPaymentIntentData, ExpireCheckoutSession, ProductData, RetrieveCheckoutSession,
    },
};
use stripe_core::{PaymentIntent, PaymentIntentStatus, event::ListEvent};
use stripe_types::{Currency, Expandable, RangeQueryTs};

use super::{
    Checkout, CheckoutRequest, CheckoutState, EventPage, Expiry, PaymentProvider, ProviderError, ProviderEvent,
    ProviderSettings, StripeCredentials, WebhookError, signature, stripe_errors::sorted, stripe_events,
};

/// Stripe's largest page.
const EVENTS_PER_PAGE: i64 = 100;

/// An organization's Stripe account.
pub(super) struct StripeProvider {
    client: Client,
    webhook_secret: SecretString,
}

impl StripeProvider {
    pub(super) fn new(settings: &ProviderSettings, credentials: StripeCredentials) -> Result<Self, ProviderError> {
        let mut builder = ClientBuilder::new(credentials.secret_key.expose_secret())
            .timeout(settings.timeout)
            .request_strategy(RequestStrategy::Once);
        if let Some(base) = &settings.stripe_api_base {
            builder = builder.url(base);
        }
        let client = builder.build().map_err(|_| ProviderError::Misconfigured {
            code: "unusable_secret_key".to_owned(),
        })?;
        Ok(Self {
            client,
            webhook_secret: credentials.webhook_secret,
        })
    }

    async fn create(&self, request: &CheckoutRequest) -> Result<Checkout, ProviderError> {
        let key = IdempotencyKey::new(&request.idempotency_key).map_err(|_| ProviderError::Unexpected {
            what: "the idempotency key is empty or too long",
        })?;
        let mut call = create_request(request)?.build();
        call.body = call.body.map(|body| in_order(&body));
        let session: CheckoutSession = call
            .customize()
            .request_strategy(RequestStrategy::Idempotent(key))
            .send(&self.client)
            .await
            .map_err(|error| sorted(&error))?;
        checkout(session)
    }

    async fn state(&self, reference: &str) -> Result<Checkout, ProviderError> {
        let session = RetrieveCheckoutSession::new(reference_id(reference)?)
            .expand(vec!["payment_intent".to_owned()])
            .send(&self.client)
            .await
            .map_err(|error| sorted(&error))?;
        checkout(session)
    }

    async fn close(&self, reference: &str) -> Result<Expiry, ProviderError> {
        // No idempotency key: a stored answer would hide what happened since, and repeating does no harm.
        match ExpireCheckoutSession::new(reference_id(reference)?)
            .send(&self.client)
            .await
        {
            Ok(_) => return Ok(Expiry::Expired),
            // "Only sessions with status open can be expired" has no code of its own: look.
            Err(StripeError::Stripe(_, 400)) => {}
            Err(error) => return Err(sorted(&error)),
        }
        let now = self.state(reference).await?;
        match now.state {
            CheckoutState::Expired => Ok(Expiry::Expired),
            CheckoutState::Open => Err(ProviderError::Unavailable { status: Some(400) }),
            _ => Ok(Expiry::AlreadyComplete(now)),
        }
    }

    async fn events(&self, since: Timestamp, page: Option<&str>) -> Result<EventPage, ProviderError> {
        let mut request = ListEvent::new()
            .limit(EVENTS_PER_PAGE)
            .created(RangeQueryTs::gte(since.as_second()))
            .types(stripe_events::WANTED.map(str::to_owned).to_vec());
        if let Some(page) = page {
            request = request.starting_after(page);
        }
        let list = request.send(&self.client).await.map_err(|error| sorted(&error))?;
        let next = if list.has_more {
            list.data.last().map(|event| event.id.to_string())
        } else {
            None
        };
        let mut events = Vec::with_capacity(list.data.len());
        for event in list.data {
            let object = stripe_types::with_serde_json::serialize(&event.data.object, serde_json::value::Serializer)
                .map_err(|_| ProviderError::Unexpected {
                    what: "an event's object",
                })?;
            events.push(
                stripe_events::event(event.id.to_string(), event.type_.as_str(), event.created, &object).ok_or(
                    ProviderError::Unexpected {
                        what: "an event's time",
                    },
                )?,
            );
        }
        Ok(EventPage { events, next })
    }
}

impl PaymentProvider for StripeProvider {
    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> BoxFuture<'a, Result<Checkout, ProviderError>> {
        Box::pin(self.create(request))
    }

    fn retrieve<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Checkout, ProviderError>> {
        Box::pin(self.state(reference))
    }

    fn expire<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Expiry, ProviderError>> {
        Box::pin(self.close(reference))
    }

    fn events_since<'a>(
        &'a self,
        since: Timestamp,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventPage, ProviderError>> {
        Box::pin(self.events(since, page))
    }

    fn verify_webhook(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: Timestamp,
        tolerance: SignedDuration,
    ) -> Result<ProviderEvent, WebhookError> {
        signature::verify(
            self.webhook_secret.expose_secret().as_bytes(),
            body,
            signature,
            now,
            tolerance,
        )?;
        stripe_events::parse(body)
    }
}

fn create_request(request: &CheckoutRequest) -> Result<CreateCheckoutSession, ProviderError> {
    let currency: Currency = request
        .currency
        .to_ascii_lowercase()
        .parse()
        .map_err(|_| ProviderError::Unexpected { what: "a currency" })?;
    let metadata: HashMap<String, String> = request.metadata.clone().into_iter().collect();
    let mut price = CreateCheckoutSessionLineItemsPriceData::new(currency);
    price.product_data = Some(ProductData::new(&request.line_name));
    price.unit_amount = Some(request.amount);
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.description = Some(request.description.clone());
    payment.metadata = Some(metadata.clone());
    let mut session = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(vec![line])
        .payment_intent_data(payment)
        .metadata(metadata)
        .client_reference_id(&request.client_reference)
        .success_url(&request.success_url)
        .cancel_url(&request.cancel_url)
        .expires_at(request.expires_at.as_second());
    if let Some(email) = &request.customer_email {
        session = session.customer_email(email);
    }
    Ok(session)
}

/// Retries must carry the same parameters, and metadata comes out of a hash map.
fn in_order(form: &str) -> String {
    let mut pairs: Vec<&str> = form.split('&').collect();
    pairs.sort_unstable();
    pairs.join("&")
}

/// A reference becomes a part of a path: nothing but Stripe's own alphabet may be in it.
fn reference_id(reference: &str) -> Result<String, ProviderError> {
    let fits = reference.starts_with("cs_")
        && reference.len() <= 255
        && reference.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if fits {
        Ok(reference.to_owned())
    } else {
        Err(ProviderError::Unexpected {
            what: "a checkout's reference",
        })
    }
}

fn checkout(session: CheckoutSession) -> Result<Checkout, ProviderError> {
    let state = state(&session)?;
    Ok(Checkout {
        state,
        reference: session.id.to_string(),
        client_reference: session.client_reference_id,
        amount: session.amount_total.ok_or(ProviderError::Unexpected {
            what: "a checkout without an amount",
        })?,
        currency: session
            .currency
            .ok_or(ProviderError::Unexpected {
                what: "a checkout without a currency",
            })?
            .to_string()
            .to_ascii_uppercase(),
        url: session.url,
        expires_at: Timestamp::from_second(session.expires_at)
            .map_err(|_| ProviderError::Unexpected { what: "a time" })?,
    })
}

fn state(session: &CheckoutSession) -> Result<CheckoutState, ProviderError> {
    let intent = session.payment_intent.as_ref();
    let intent_id = || intent.map(|intent| intent.id().to_string());
    Ok(match (session.status.as_ref(), &session.payment_status) {
        (Some(CheckoutSessionStatus::Open), _) => CheckoutState::Open,
        (Some(CheckoutSessionStatus::Expired), _) => CheckoutState::Expired,
        (
            Some(CheckoutSessionStatus::Complete),
            CheckoutSessionPaymentStatus::Paid | CheckoutSessionPaymentStatus::NoPaymentRequired,
        ) => CheckoutState::Paid { intent: intent_id() },
        (Some(CheckoutSessionStatus::Complete), CheckoutSessionPaymentStatus::Unpaid) => {
            match intent.and_then(Expandable::as_object) {
                Some(intent)
                    if matches!(
                        intent.status,
                        PaymentIntentStatus::Canceled | PaymentIntentStatus::RequiresPaymentMethod
                    ) =>
                {
                    CheckoutState::Failed {
                        reason: failure(intent),
                    }
                }
                Some(PaymentIntent {
                    status: PaymentIntentStatus::Succeeded,
                    ..
                }) => CheckoutState::Paid { intent: intent_id() },
                _ => CheckoutState::Processing { intent: intent_id() },
            }
        }
        _ => {
            return Err(ProviderError::Unexpected {
                what: "a checkout's status",
            });
        }
    })
}

fn failure(intent: &PaymentIntent) -> String {
    let error = intent.last_payment_error.as_ref();
    error
        .and_then(|error| {
            error
                .decline_code
                .clone()
                .or_else(|| error.code.as_ref().map(|code| code.as_str().to_owned()))
        })
        .unwrap_or_else(|| "payment_failed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> CheckoutRequest {
        CheckoutRequest {
            idempotency_key: "k".into(),
            amount: 1200,
            currency: "EUR".into(),
            line_name: "Ticket & more".into(),
            description: "Order".into(),
            success_url: "https://shop.example/ok?a=1".into(),
            cancel_url: "https://shop.example/no".into(),
            client_reference: "p1".into(),
            customer_email: None,
            expires_at: Timestamp::from_second(5000).unwrap(),
            metadata: (0..9).map(|n| (format!("key{n}"), n.to_string())).collect(),
        }
    }

    #[test]
    fn the_same_request_is_the_same_bytes_every_time() {
        let body = || in_order(&create_request(&request()).unwrap().build().body.unwrap());
        let first = body();
        assert!(
            first.contains("amount") && first.contains("currency%5D=eur") || first.contains("currency]=eur"),
            "{first}"
        );
        for _ in 0..20 {
            assert_eq!(body(), first);
        }
    }

    #[test]
    fn a_reference_cannot_lead_to_another_path() {
        for bad in ["", "cs_", "pi_1", "cs_1/expire", "cs_../x", "cs_1?x=1", "cs_é"] {
            assert_eq!(reference_id(bad).is_ok(), bad == "cs_", "{bad}");
        }
    }
}
