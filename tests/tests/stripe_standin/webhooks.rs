//! Webhooks: what the provider believes, and what the stand-in does to them.

use std::time::Duration;

use consentry::services::payments::provider::{
    CheckoutState, ProviderEvent, ProviderEventKind, WEBHOOK_TOLERANCE, WebhookError,
};
use consentry_tests::stripe::{StandIn, WebhookFault, sign};
use jiff::{SignedDuration, Timestamp};

use super::{
    WEBHOOK_SECRET, open_checkout, provider,
    webhook_catcher::{Catcher, Caught},
};

/// Reads a caught webhook with the product's provider.
fn verify(stripe: &StandIn, caught: &Caught) -> Result<ProviderEvent, WebhookError> {
    provider(stripe).verify_webhook(
        &caught.body,
        caught.signature.as_deref(),
        Timestamp::now(),
        WEBHOOK_TOLERANCE,
    )
}

/// Waits until so many webhooks arrived.
async fn until(catcher: &Catcher, n: usize) -> Vec<Caught> {
    for _ in 0..200 {
        if catcher.caught().len() >= n {
            return catcher.caught();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{} of {n} webhooks arrived", catcher.caught().len());
}

/// A paid checkout's webhook.
async fn paid() -> (StandIn, Catcher, Caught, String) {
    let (stripe, _, opened) = open_checkout().await;
    let catcher = Catcher::start().await;
    stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);
    stripe.pay(&opened.reference).unwrap();
    let caught = until(&catcher, 1).await.remove(0);
    (stripe, catcher, caught, opened.reference)
}

#[tokio::test]
async fn a_webhook_of_a_payment_is_believed_and_says_what_was_paid() {
    let (stripe, _catcher, caught, reference) = paid().await;
    let event = verify(&stripe, &caught).unwrap();
    assert_eq!(
        (event.kind, event.reference.as_deref()),
        (ProviderEventKind::CheckoutCompleted, Some(reference.as_str()))
    );
    let checkout = event.checkout.unwrap();
    assert_eq!(
        (
            checkout.amount,
            checkout.currency.as_str(),
            checkout.client_reference.as_deref()
        ),
        (1200, "EUR", Some("payment-7"))
    );
    assert!(matches!(checkout.state, CheckoutState::Paid { intent: Some(_) }));
    assert!(stripe.events().iter().any(|e| e.id == event.id));
}

#[tokio::test]
async fn no_other_webhook_is_believed() {
    let (stripe, _catcher, caught, _) = paid().await;
    let now = Timestamp::now();
    let with = |body: &[u8], signature: Option<&str>, now| {
        provider(&stripe).verify_webhook(body, signature, now, WEBHOOK_TOLERANCE)
    };
    let signature = caught.signature.as_deref();

    assert_eq!(with(&caught.body, None, now), Err(WebhookError::MissingSignature));
    let foreign = format!(
        "t={},v1={}",
        now.as_second(),
        sign("whsec_of_somebody", now.as_second(), &caught.body)
    );
    assert_eq!(
        with(&caught.body, Some(&foreign), now),
        Err(WebhookError::WrongSignature)
    );
    let altered = String::from_utf8(caught.body.clone())
        .unwrap()
        .replace("1200", "1201")
        .into_bytes();
    assert_eq!(with(&altered, signature, now), Err(WebhookError::WrongSignature));
    let mut spaced = caught.body.clone();
    spaced.push(b' ');
    assert_eq!(with(&spaced, signature, now), Err(WebhookError::WrongSignature));
    let late = now + SignedDuration::from_secs(301);
    assert_eq!(with(&caught.body, signature, late), Err(WebhookError::OutsideTolerance));
    let garbage = b"not json";
    let signed = format!(
        "t={},v1={}",
        now.as_second(),
        sign(WEBHOOK_SECRET, now.as_second(), garbage)
    );
    assert_eq!(with(garbage, Some(&signed), now), Err(WebhookError::MalformedEvent));
    assert!(with(&caught.body, signature, now).is_ok(), "the control");
}

#[tokio::test]
async fn while_the_secret_is_rolled_old_and_new_are_believed() {
    let (stripe, catcher, caught, _) = paid().await;
    stripe.roll_webhook_secret("whsec_new");
    let event = verify(&stripe, &caught).unwrap().id;
    stripe.resend(&event).await.unwrap();
    let both = catcher.caught().pop().unwrap();
    assert_eq!(both.signature.as_deref().unwrap().matches("v1=").count(), 2);
    assert!(verify(&stripe, &both).is_ok());
}

#[tokio::test]
async fn delayed_methods_tell_first_processing_then_how_it_ended() {
    for settles in [true, false] {
        let (stripe, _, opened) = open_checkout().await;
        let catcher = Catcher::start().await;
        stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);
        stripe.pay_later(&opened.reference).unwrap();
        stripe.deliver_all().await;
        if settles {
            stripe.settle(&opened.reference)
        } else {
            stripe.fail_later(&opened.reference)
        }
        .unwrap();
        stripe.deliver_all().await;
        let states: Vec<_> = catcher
            .caught()
            .iter()
            .map(|c| verify(&stripe, c).unwrap())
            .map(|e| (e.kind, e.checkout.unwrap().state))
            .collect();
        assert!(
            matches!(
                &states[0],
                (ProviderEventKind::CheckoutCompleted, CheckoutState::Processing { .. })
            ),
            "{states:?}"
        );
        match &states[1] {
            (ProviderEventKind::PaymentSucceeded, CheckoutState::Paid { .. }) => assert!(settles),
            (ProviderEventKind::PaymentFailed, CheckoutState::Failed { .. }) => assert!(!settles),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_expiry_is_told() {
    let (stripe, provider, opened) = open_checkout().await;
    let catcher = Catcher::start().await;
    stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);
    provider.expire(&opened.reference).await.unwrap();
    stripe.deliver_all().await;
    let event = verify(&stripe, &catcher.caught()[0]).unwrap();
    assert_eq!(
        (event.kind, event.checkout.unwrap().state),
        (ProviderEventKind::CheckoutExpired, CheckoutState::Expired)
    );
}

#[tokio::test]
async fn a_refused_webhook_comes_again_with_a_new_signature_and_the_same_id() {
    let (stripe, _, opened) = open_checkout().await;
    let catcher = Catcher::start().await;
    catcher.refuse(2);
    stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);
    stripe.pay(&opened.reference).unwrap();
    let caught = until(&catcher, 3).await;
    let ids: Vec<_> = caught.iter().map(|c| verify(&stripe, c).unwrap().id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(catcher.caught().len(), 3, "an accepted webhook does not come again");
}

#[tokio::test]
async fn lost_doubled_and_overtaken_webhooks() {
    let (stripe, provider, first) = open_checkout().await;
    let catcher = Catcher::start().await;
    stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);

    stripe.switches().webhooks(1, WebhookFault::Lost);
    stripe.pay(&first.reference).unwrap();
    assert!(stripe.deliver_all().await.is_empty());
    assert!(catcher.caught().is_empty());
    assert_eq!(
        provider
            .events_since(Timestamp::now() - SignedDuration::from_secs(60), None)
            .await
            .unwrap()
            .events
            .len(),
        1
    );

    stripe.switches().clear();
    stripe.switches().webhooks(1, WebhookFault::Duplicate);
    let second = provider.create_checkout(&super::request("key-2")).await.unwrap();
    stripe.pay(&second.reference).unwrap();
    let caught = until(&catcher, 2).await;
    assert_eq!(caught[0].body, caught[1].body);

    stripe.switches().clear();
    stripe.switches().webhooks(2, WebhookFault::Overtaken);
    let third = provider.create_checkout(&super::request("key-3")).await.unwrap();
    stripe.pay_later(&third.reference).unwrap(); // the first since the rule: on time
    let fourth = provider.create_checkout(&super::request("key-4")).await.unwrap();
    stripe.pay(&fourth.reference).unwrap(); // the second: overtaken by …
    stripe.settle(&third.reference).unwrap(); // … the third
    let caught = until(&catcher, 5).await;
    let order: Vec<_> = caught[2..]
        .iter()
        .map(|c| verify(&stripe, c).unwrap().reference.unwrap())
        .collect();
    assert_eq!(order.last(), Some(&fourth.reference));
}

#[tokio::test]
async fn held_webhooks_wait_to_be_let_go() {
    let (stripe, _, opened) = open_checkout().await;
    let catcher = Catcher::start().await;
    stripe.set_webhook(&catcher.url, WEBHOOK_SECRET);
    stripe.switches().hold_webhooks();
    stripe.pay(&opened.reference).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(catcher.caught().is_empty());
    let delivered = stripe.deliver_all().await;
    assert_eq!((delivered.len(), delivered[0].status), (1, Some(200)));
    assert_eq!(catcher.caught().len(), 1);
}
