//! Closing a checkout, and the race with somebody who pays.

use std::time::Duration;

use consentry::services::payments::provider::{CheckoutState, Expiry};
use consentry_tests::stripe::Action;

use super::open_checkout;

#[tokio::test]
async fn an_expired_checkout_cannot_be_paid_and_expiring_again_says_the_same() {
    let (stripe, provider, opened) = open_checkout().await;
    assert_eq!(provider.expire(&opened.reference).await, Ok(Expiry::Expired));
    assert_eq!(provider.expire(&opened.reference).await, Ok(Expiry::Expired));
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Expired
    );
    assert!(stripe.pay(&opened.reference).is_err());
    assert!(stripe.charges().is_empty());
}

#[tokio::test]
async fn a_checkout_expires_by_itself_when_its_time_is_over() {
    let (stripe, provider, opened) = open_checkout().await;
    stripe.advance(Duration::from_secs(44 * 60));
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Open
    );
    stripe.advance(Duration::from_secs(2 * 60));
    assert_eq!(
        provider.retrieve(&opened.reference).await.unwrap().state,
        CheckoutState::Expired
    );
}

#[tokio::test]
async fn expiring_what_was_completed_first_tells_what_became_of_it() {
    for (act, later) in [
        (Action::Pay, None),
        (Action::PayLater, None),
        (Action::PayLater, Some(Action::FailLater)),
    ] {
        let (stripe, provider, opened) = open_checkout().await;
        stripe.act(&opened.reference, act).unwrap();
        if let Some(later) = later {
            stripe.act(&opened.reference, later).unwrap();
        }
        let Ok(Expiry::AlreadyComplete(checkout)) = provider.expire(&opened.reference).await else {
            panic!("expired {act:?}")
        };
        let right = match (act, later) {
            (Action::Pay, _) => matches!(checkout.state, CheckoutState::Paid { .. }),
            (_, None) => matches!(checkout.state, CheckoutState::Processing { .. }),
            (_, Some(_)) => matches!(checkout.state, CheckoutState::Failed { .. }),
        };
        assert!(right, "{:?}", checkout.state);
    }
}

#[tokio::test]
async fn paying_and_expiring_at_once_has_one_winner() {
    for _ in 0..20 {
        let (stripe, provider, opened) = open_checkout().await;
        let stripe = std::sync::Arc::new(stripe);
        let payer = {
            let (stripe, id) = (std::sync::Arc::clone(&stripe), opened.reference.clone());
            tokio::task::spawn_blocking(move || stripe.pay(&id).is_ok())
        };
        let expiry = provider.expire(&opened.reference).await.unwrap();
        let paid = payer.await.unwrap();
        assert_eq!(paid, matches!(expiry, Expiry::AlreadyComplete(_)));
        assert_eq!(stripe.charges().len(), usize::from(paid));
    }
}
