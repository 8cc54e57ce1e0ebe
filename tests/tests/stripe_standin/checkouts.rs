//! The life of a checkout, seen through the product's provider.

use consentry::services::payments::provider::{CheckoutState, ProviderError, ProviderEventKind};
use consentry_tests::stripe::{Action, Fault, Operation, Outcome, StandIn};
use jiff::{SignedDuration, Timestamp};

use super::{open_checkout, provider, provider_with, request};

#[tokio::test]
async fn a_checkout_is_opened_paid_and_retrieved_as_paid() {
    let (stripe, provider, opened) = open_checkout().await;
    assert_eq!(opened.state, CheckoutState::Open);
    assert_eq!((opened.amount, opened.currency.as_str()), (1200, "EUR"));
    assert_eq!(opened.client_reference.as_deref(), Some("payment-7"));
    assert!(opened.url.as_deref().unwrap().starts_with(&stripe.base_url()));

    let Ok(Outcome::Redirected(to)) = stripe.pay(&opened.reference) else {
        panic!("not paid")
    };
    assert_eq!(
        to,
        format!("https://tickets.example/orders/7?session={}", opened.reference)
    );

    let now = provider.retrieve(&opened.reference).await.unwrap();
    let charge = stripe.charges().pop().unwrap();
    assert_eq!(
        now.state,
        CheckoutState::Paid {
            intent: Some(charge.payment_intent)
        }
    );
    assert_eq!(
        (
            charge.amount,
            charge.currency.as_str(),
            charge.client_reference_id.as_deref()
        ),
        (1200, "eur", Some("payment-7"))
    );
    assert_eq!(now.url, None, "a paid checkout has no page any more");
}

#[tokio::test]
async fn what_the_request_says_reaches_the_session() {
    let (stripe, _, opened) = open_checkout().await;
    let session = stripe.session(&opened.reference).unwrap();
    assert_eq!(session.metadata.get("order").map(String::as_str), Some("7"));
    assert_eq!(session.intent_metadata, session.metadata);
    assert_eq!(
        (session.line_name.as_str(), session.description.as_deref()),
        ("Regular ticket × 1", Some("Order 7"))
    );
    assert_eq!(session.customer_email.as_deref(), Some("ada@example.org"));
    assert_eq!(session.expires_at, opened.expires_at.as_second());
}

#[tokio::test]
async fn a_declined_card_leaves_the_checkout_open_and_charges_nothing() {
    let (stripe, provider, opened) = open_checkout().await;
    stripe.decline(&opened.reference).unwrap();
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Open
    );
    assert!(stripe.charges().is_empty());
    stripe.pay(&opened.reference).unwrap();
    assert_eq!(stripe.charges().len(), 1);
}

#[tokio::test]
async fn three_d_secure_asks_first_and_then_pays_or_not() {
    let (stripe, provider, opened) = open_checkout().await;
    stripe.act(&opened.reference, Action::Require3ds).unwrap();
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Open
    );
    stripe.act(&opened.reference, Action::FailAuthentication).unwrap();
    assert!(
        stripe.act(&opened.reference, Action::Authenticate).is_err(),
        "a refused attempt cannot be authenticated any more"
    );
    stripe.act(&opened.reference, Action::Require3ds).unwrap();
    stripe.act(&opened.reference, Action::Authenticate).unwrap();
    assert!(matches!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Paid { .. }
    ));
}

#[tokio::test]
async fn a_delayed_method_is_processing_then_paid() {
    let (stripe, provider, opened) = open_checkout().await;
    stripe.pay_later(&opened.reference).unwrap();
    assert!(matches!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Processing { intent: Some(_) }
    ));
    assert!(stripe.charges().is_empty());
    stripe.settle(&opened.reference).unwrap();
    assert!(matches!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Paid { intent: Some(_) }
    ));
    assert_eq!(stripe.charges().len(), 1);
}

#[tokio::test]
async fn a_delayed_method_can_fail_and_says_why() {
    let (stripe, provider, opened) = open_checkout().await;
    stripe.pay_later(&opened.reference).unwrap();
    stripe.fail_later(&opened.reference).unwrap();
    let state = provider.retrieve(&opened.reference).await.unwrap().state;
    assert_eq!(
        state,
        CheckoutState::Failed {
            reason: "payment_intent_payment_attempt_failed".to_owned()
        }
    );
    assert!(
        stripe.pay(&opened.reference).is_err(),
        "a failed checkout cannot be paid again"
    );
}

#[tokio::test]
async fn nothing_is_paid_twice() {
    let (stripe, _, opened) = open_checkout().await;
    stripe.pay(&opened.reference).unwrap();
    assert!(stripe.pay(&opened.reference).is_err());
    assert!(stripe.pay_later(&opened.reference).is_err());
    assert!(stripe.settle(&opened.reference).is_err());
    assert_eq!(stripe.charges().len(), 1);
}

#[tokio::test]
async fn an_unknown_checkout_is_refused_as_missing() {
    let stripe = StandIn::start().await;
    let missing = Err(ProviderError::Refused {
        code: "resource_missing".to_owned(),
        param: Some("session".to_owned()),
    });
    assert_eq!(provider(&stripe).retrieve("cs_test_none").await, missing);
    assert!(matches!(
        provider(&stripe).expire("cs_test_none").await,
        Err(ProviderError::Refused { .. })
    ));
}

#[tokio::test]
async fn a_wrong_key_is_the_operator_s_matter() {
    let stripe = StandIn::start().await;
    let result = provider_with(&stripe, "sk_test_wrong")
        .create_checkout(&request("k"))
        .await;
    assert!(matches!(result, Err(ProviderError::Misconfigured { .. })), "{result:?}");
    assert!(stripe.sessions().is_empty());
}

#[tokio::test]
async fn stripe_s_limits_on_amounts_and_times_hold() {
    let stripe = StandIn::start().await;
    let provider = provider(&stripe);
    let now = Timestamp::now();
    let mut wrong = Vec::new();
    for (amount, currency) in [
        (49, "EUR"),
        (29, "GBP"),
        (49, "JPY"),
        (12_345, "KWD"),
        (100_000_000, "EUR"),
    ] {
        wrong.push(super::CheckoutRequest {
            amount,
            currency: currency.to_owned(),
            ..request("k")
        });
    }
    wrong.push(super::CheckoutRequest {
        expires_at: now + SignedDuration::from_mins(29),
        ..request("k")
    });
    wrong.push(super::CheckoutRequest {
        expires_at: now + SignedDuration::from_hours(25),
        ..request("k")
    });
    wrong.push(super::CheckoutRequest {
        success_url: "tickets.example".to_owned(),
        ..request("k")
    });
    wrong.push(super::CheckoutRequest {
        customer_email: Some("nobody".to_owned()),
        ..request("k")
    });
    wrong.push(super::CheckoutRequest {
        client_reference: "x".repeat(201),
        ..request("k")
    });
    for request in &wrong {
        let result = provider.create_checkout(request).await;
        assert!(
            matches!(result, Err(ProviderError::Refused { .. })),
            "{request:?}: {result:?}"
        );
    }
    // None of them took the key: refused requests are not kept.
    let right = super::CheckoutRequest {
        amount: 12_340,
        currency: "KWD".to_owned(),
        ..request("k")
    };
    assert!(provider.create_checkout(&right).await.is_ok());
    assert_eq!(stripe.sessions().len(), 1);
}

#[tokio::test]
async fn what_a_lost_webhook_left_open_is_in_the_events() {
    let (stripe, provider, first) = open_checkout().await;
    let since = Timestamp::now() - SignedDuration::from_secs(5);
    let second = provider.create_checkout(&request("key-2")).await.unwrap();
    stripe.pay(&first.reference).unwrap();
    stripe.pay_later(&second.reference).unwrap();
    stripe.fail_later(&second.reference).unwrap();
    let third = provider.create_checkout(&request("key-3")).await.unwrap();
    provider.expire(&third.reference).await.unwrap();

    let page = provider.events_since(since, None).await.unwrap();
    let seen: Vec<_> = page
        .events
        .iter()
        .rev()
        .map(|e| (e.kind.clone(), e.reference.clone().unwrap()))
        .collect();
    assert_eq!(
        seen,
        [
            (ProviderEventKind::CheckoutCompleted, first.reference),
            (ProviderEventKind::CheckoutCompleted, second.reference.clone()),
            (ProviderEventKind::PaymentFailed, second.reference),
            (ProviderEventKind::CheckoutExpired, third.reference),
        ]
    );
    assert!(page.events.iter().all(|e| {
        e.checkout
            .as_ref()
            .is_some_and(|c| c.client_reference.as_deref() == Some("payment-7") && c.amount == 1200)
    }));
    assert_eq!(page.next, None);
    let later = provider
        .events_since(Timestamp::now() + SignedDuration::from_secs(60), None)
        .await
        .unwrap();
    assert!(later.events.is_empty());
}

#[tokio::test]
async fn more_events_than_a_page_are_read_page_by_page_without_a_gap() {
    let (stripe, provider, _) = open_checkout().await;
    let since = Timestamp::now() - SignedDuration::from_secs(5);
    for n in 0..120 {
        let checkout = provider.create_checkout(&request(&format!("many-{n}"))).await.unwrap();
        stripe.pay(&checkout.reference).unwrap();
    }
    let first = provider.events_since(since, None).await.unwrap();
    let second = provider.events_since(since, first.next.as_deref()).await.unwrap();
    assert_eq!((first.events.len(), second.events.len(), second.next), (100, 20, None));
    let distinct: std::collections::BTreeSet<_> = first.events.iter().chain(&second.events).map(|e| &e.id).collect();
    assert_eq!(distinct.len(), 120);
}

#[tokio::test]
async fn a_busy_or_broken_stripe_is_unavailable_and_not_a_refusal() {
    let (stripe, provider, opened) = open_checkout().await;
    for (fault, status) in [
        (Fault::RateLimited, Some(429)),
        (Fault::ErrorBeforeCommit, Some(500)),
        (Fault::TimeOutBeforeCommit, None),
        (Fault::BadGateway, None),
    ] {
        stripe.switches().once(Operation::RetrieveCheckout, fault);
        let result = provider.retrieve(&opened.reference).await;
        assert_eq!(result, Err(ProviderError::Unavailable { status }), "{fault:?}");
    }
    assert!(provider.retrieve(&opened.reference).await.is_ok());
}

#[tokio::test]
async fn the_page_pays_in_a_browser_s_way() {
    let (stripe, _, opened) = open_checkout().await;
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = opened.url.unwrap();
    let page = browser.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(
        page.contains("Regular ticket × 1") && page.contains("12.00 EUR") && page.contains("value=\"pay\""),
        "{page}"
    );

    let post = |action: &'static str| browser.post(&url).form(&[("action", action)]).send();
    let declined = post("decline").await.unwrap();
    assert_eq!(declined.status(), 200);
    assert!(declined.text().await.unwrap().contains("Your card was declined."));
    let paid = post("pay").await.unwrap();
    assert_eq!(paid.status(), 303);
    assert_eq!(
        paid.headers()["location"],
        format!("https://tickets.example/orders/7?session={}", opened.reference)
    );
    assert_eq!(post("pay").await.unwrap().status(), 409);
    assert_eq!(stripe.charges().len(), 1);
}
