//! Idempotency keys: Stripe's semantics, as the product meets them and over bare HTTP.

use std::time::Duration;

use consentry::services::payments::provider::ProviderError;
use consentry_tests::stripe::{Fault, Operation, StandIn};

use super::{CheckoutRequest, impatient_provider, provider, request};

#[tokio::test]
async fn the_same_key_and_request_give_the_same_checkout() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    let first = provider.create_checkout(&request).await.unwrap();
    for _ in 0..5 {
        assert_eq!(provider.create_checkout(&request).await.unwrap(), first);
    }
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_a_mistake_of_ours_and_does_nothing() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let first = request("k");
    provider.create_checkout(&first).await.unwrap();
    let result = provider
        .create_checkout(&CheckoutRequest { amount: 1300, ..first })
        .await;
    assert!(matches!(result, Err(ProviderError::Unexpected { .. })), "{result:?}");
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn after_a_time_out_the_same_key_finds_the_checkout_that_was_made() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    stripe
        .switches()
        .once(Operation::CreateCheckout, Fault::TimeOutAfterCommit);
    assert_eq!(
        provider.create_checkout(&request).await,
        Err(ProviderError::Unavailable { status: None })
    );
    let checkout = provider.create_checkout(&request).await.unwrap();
    let sessions = stripe.sessions();
    assert_eq!((sessions.len(), &sessions[0].id), (1, &checkout.reference));
}

#[tokio::test]
async fn a_lost_request_is_done_at_the_second_try() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    stripe
        .switches()
        .once(Operation::CreateCheckout, Fault::TimeOutBeforeCommit);
    assert!(provider.create_checkout(&request).await.is_err());
    assert!(stripe.sessions().is_empty());
    provider.create_checkout(&request).await.unwrap();
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn a_500_is_kept_for_a_day_whether_or_not_it_was_done() {
    for (fault, made) in [(Fault::ErrorBeforeCommit, 0), (Fault::ErrorAfterCommit, 1)] {
        let stripe = StandIn::start().await;
        let provider = provider(&stripe);
        let request = request("k");
        stripe.switches().once(Operation::CreateCheckout, fault);
        for _ in 0..3 {
            assert_eq!(
                provider.create_checkout(&request).await,
                Err(ProviderError::Unavailable { status: Some(500) })
            );
        }
        assert_eq!(stripe.sessions().len(), made);
        stripe.advance(Duration::from_secs(24 * 60 * 60));
        // The key is forgotten, and the request is as old as the key: its `expires_at` is long over.
        assert!(matches!(
            provider.create_checkout(&request).await,
            Err(ProviderError::Refused { .. })
        ));
    }
}

#[tokio::test]
async fn being_rate_limited_is_not_kept() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    stripe.switches().once(Operation::CreateCheckout, Fault::RateLimited);
    assert_eq!(
        provider.create_checkout(&request).await,
        Err(ProviderError::Unavailable { status: Some(429) })
    );
    assert!(provider.create_checkout(&request).await.is_ok());
}

#[tokio::test]
async fn the_same_request_twice_at_once_is_done_once() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    stripe.switches().delay(Duration::from_millis(150));
    let (first, second) = tokio::join!(provider.create_checkout(&request), async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        provider.create_checkout(&request).await
    });
    assert!(first.is_ok());
    assert_eq!(second, Err(ProviderError::Unavailable { status: Some(409) }));
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_stop_what_it_asked_for() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let request = request("k");
    stripe.switches().delay(Duration::from_millis(600));
    assert_eq!(
        impatient_provider(&stripe).create_checkout(&request).await,
        Err(ProviderError::Unavailable { status: None })
    );
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(stripe.sessions().len(), 1);
    stripe.switches().clear();
    assert_eq!(
        provider.create_checkout(&request).await.unwrap().reference,
        stripe.sessions()[0].id
    );
}

#[tokio::test]
async fn a_replayed_answer_says_so_and_errors_have_stripe_s_shape() {
    let stripe = StandIn::start().await;
    let http = reqwest::Client::new();
    let post = |path: &str, form: Vec<(&'static str, &'static str)>| {
        http.post(format!("{}{path}", stripe.base_url()))
            .header("Authorization", format!("Bearer {}", stripe.secret_key()))
            .header("Idempotency-Key", "k")
            .form(&form)
            .send()
    };
    let form = vec![
        ("mode", "payment"),
        ("success_url", "https://x.example/"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount]", "500"),
        ("line_items[0][price_data][product_data][name]", "Ticket"),
        ("line_items[0][quantity]", "1"),
    ];
    let first = post("/v1/checkout/sessions", form.clone()).await.unwrap();
    assert_eq!(
        (first.status().as_u16(), first.headers().get("idempotent-replayed")),
        (200, None)
    );
    assert!(first.headers().contains_key("request-id"));
    let first: serde_json::Value = first.json().await.unwrap();
    let again = post("/v1/checkout/sessions", form.iter().rev().copied().collect())
        .await
        .unwrap();
    assert_eq!(again.headers()["idempotent-replayed"], "true");
    assert_eq!(again.json::<serde_json::Value>().await.unwrap(), first);

    let other = post("/v1/checkout/sessions", form[..5].to_vec()).await.unwrap();
    assert_eq!(other.status(), 400);
    assert_eq!(
        other.json::<serde_json::Value>().await.unwrap()["error"]["type"],
        "idempotency_error"
    );
    let elsewhere = post(
        &format!("/v1/checkout/sessions/{}/expire", first["id"].as_str().unwrap()),
        Vec::new(),
    )
    .await
    .unwrap();
    assert_eq!(
        elsewhere.json::<serde_json::Value>().await.unwrap()["error"]["type"],
        "idempotency_error"
    );
    assert!(
        stripe.session(first["id"].as_str().unwrap()).unwrap().url().is_some(),
        "nothing was expired"
    );
}
