//! The same calls against Stripe itself: create, retrieve, expire, list events.

use std::time::{SystemTime, UNIX_EPOCH};

use consentry::services::payments::provider::{
    CheckoutState, Expiry, ProviderError, ProviderFactory, ProviderSettings, StripeCredentials,
};
use jiff::{SignedDuration, Timestamp};

use super::{CheckoutRequest, request};

#[tokio::test]
async fn stripe_itself_answers_as_the_stand_in_does() {
    let Ok(key) = std::env::var("STRIPE_TEST_KEY") else {
        println!("SKIPPED: STRIPE_TEST_KEY is not set, so nothing was checked against Stripe itself");
        return;
    };
    assert!(
        key.starts_with("sk_test_") || key.starts_with("rk_test_"),
        "STRIPE_TEST_KEY must be a key for test mode"
    );
    let credentials = StripeCredentials {
        secret_key: key.into(),
        webhook_secret: "whsec_unused".into(),
    };
    let provider = ProviderFactory::new(ProviderSettings::default())
        .stripe(credentials)
        .unwrap();
    let unique = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let request = request(&format!("consentry-test-{unique}"));
    let since = Timestamp::now() - SignedDuration::from_secs(60);

    let opened = provider.create_checkout(&request).await.unwrap();
    assert_eq!(
        (opened.state.clone(), opened.amount, opened.currency.as_str()),
        (CheckoutState::Open, 1200, "EUR")
    );
    assert_eq!(opened.client_reference.as_deref(), Some("payment-7"));
    assert_eq!(opened.expires_at.as_second(), request.expires_at.as_second());
    assert!(opened.url.is_some());
    assert_eq!(provider.create_checkout(&request).await.unwrap(), opened, "replayed");
    let other = provider
        .create_checkout(&CheckoutRequest {
            amount: 1300,
            ..request.clone()
        })
        .await;
    assert!(matches!(other, Err(ProviderError::Unexpected { .. })), "{other:?}");

    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Open
    );
    assert_eq!(provider.expire(&opened.reference).await, Ok(Expiry::Expired));
    assert_eq!(provider.expire(&opened.reference).await, Ok(Expiry::Expired));
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Expired
    );

    for (n, (amount, currency)) in [(49, "EUR"), (12_345, "KWD")].into_iter().enumerate() {
        let wrong = CheckoutRequest {
            amount,
            currency: currency.to_owned(),
            idempotency_key: format!("consentry-test-{unique}-{n}"),
            ..request.clone()
        };
        let result = provider.create_checkout(&wrong).await;
        assert!(
            matches!(result, Err(ProviderError::Refused { .. })),
            "{amount} {currency}: {result:?}"
        );
    }
    let missing = provider.retrieve("cs_test_none").await;
    assert!(
        matches!(&missing, Err(ProviderError::Refused { code, .. }) if code == "resource_missing"),
        "{missing:?}"
    );

    // Events are made a moment later.
    for _ in 0..30 {
        let page = provider.events_since(since, None).await.unwrap();
        if let Some(event) = page
            .events
            .iter()
            .find(|e| e.reference.as_deref() == Some(opened.reference.as_str()))
        {
            assert_eq!(
                event.checkout.as_ref().map(|c| c.state.clone()),
                Some(CheckoutState::Expired)
            );
            return;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    panic!("the expiry never appeared among the events");
}
