//! Every answer and every event deserializes strictly with the library's types, which are made from Stripe's own
//! specification.

use consentry_tests::stripe::{Action, StandIn};
use serde_json::Value;
use stripe_checkout::{CheckoutSession, CheckoutSessionPaymentStatus, CheckoutSessionStatus};
use stripe_core::{PaymentIntent, PaymentIntentStatus};

use super::{open_checkout, webhook_catcher::Catcher};

/// The body of an authorized GET.
async fn get(stripe: &StandIn, path: &str) -> String {
    let response = reqwest::Client::new()
        .get(format!("{}{path}", stripe.base_url()))
        .header("Authorization", format!("Bearer {}", stripe.secret_key()))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200, "{path}");
    response.text().await.unwrap()
}

fn strictly<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

/// Every way through a checkout that the page offers.
const WAYS: [&[Action]; 8] = [
    &[],
    &[Action::Decline],
    &[Action::Pay],
    &[Action::Require3ds],
    &[Action::Require3ds, Action::FailAuthentication],
    &[Action::PayLater],
    &[Action::PayLater, Action::Settle],
    &[Action::PayLater, Action::FailLater],
];

#[tokio::test]
async fn sessions_and_intents_in_every_state() {
    for way in WAYS {
        let (stripe, _, opened) = open_checkout().await;
        for action in way {
            stripe.act(&opened.reference, *action).unwrap();
        }
        let path = format!("/v1/checkout/sessions/{}", opened.reference);
        let session: CheckoutSession = strictly(&get(&stripe, &path).await);
        let expanded: CheckoutSession = strictly(&get(&stripe, &format!("{path}?expand[]=payment_intent")).await);
        assert_eq!(expanded.payment_intent.is_some(), session.payment_intent.is_some());
        assert_eq!(
            session.payment_intent.is_some(),
            !way.is_empty(),
            "the intent is made at the first attempt"
        );
        let complete = matches!(way.first(), Some(Action::Pay | Action::PayLater));
        assert_eq!(
            session.status,
            Some(if complete {
                CheckoutSessionStatus::Complete
            } else {
                CheckoutSessionStatus::Open
            })
        );
        let paid = matches!(way.last(), Some(Action::Pay | Action::Settle));
        assert_eq!(
            session.payment_status,
            if paid {
                CheckoutSessionPaymentStatus::Paid
            } else {
                CheckoutSessionPaymentStatus::Unpaid
            }
        );
        if let Some(intent) = session.payment_intent {
            let intent: PaymentIntent = strictly(&get(&stripe, &format!("/v1/payment_intents/{}", intent.id())).await);
            assert_eq!(intent.status == PaymentIntentStatus::Succeeded, paid);
            assert_eq!(
                (intent.amount, intent.amount_received),
                (1200, if paid { 1200 } else { 0 })
            );
            assert_eq!(
                expanded.payment_intent.unwrap().as_object().unwrap().status,
                intent.status
            );
        }
    }
}

#[tokio::test]
async fn the_list_of_events() {
    let (stripe, _, opened) = open_checkout().await;
    stripe.pay(&opened.reference).unwrap();
    // The list's own type reads with the library's other deserializer only; the provider's tests drive that one.
    let list: Value = strictly(&get(&stripe, "/v1/events?limit=100").await);
    assert_eq!(
        (list["object"].as_str(), list["has_more"].as_bool()),
        (Some("list"), Some(false))
    );
    for event in list["data"].as_array().unwrap() {
        let _: stripe_core::Event = strictly(&event.to_string());
        let _: stripe_webhook::Event = strictly(&event.to_string());
    }
}

#[tokio::test]
async fn events_of_every_kind_as_the_library_s_webhooks_read_them() {
    for way in WAYS {
        let (stripe, provider, opened) = open_checkout().await;
        for action in way {
            stripe.act(&opened.reference, *action).unwrap();
        }
        let _ = provider.expire(&opened.reference).await.unwrap();
        for event in stripe.events() {
            let list: Value = strictly(&get(&stripe, "/v1/events?limit=100").await);
            let rendered = list["data"]
                .as_array()
                .unwrap()
                .iter()
                .find(|e| e["id"] == event.id.as_str())
                .unwrap()
                .to_string();
            let read =
                stripe_webhook::Webhook::insecure(&rendered).unwrap_or_else(|error| panic!("{error}\n{rendered}"));
            assert!(
                !matches!(read.data.object, stripe_webhook::EventObject::Unknown(_)),
                "{}",
                event.kind
            );
        }
    }
}

#[tokio::test]
async fn events_are_listed_newest_first_filtered_and_paged_both_ways() {
    let (stripe, _, opened) = open_checkout().await;
    stripe.decline(&opened.reference).unwrap();
    stripe.pay(&opened.reference).unwrap();
    let ids = |body: String| -> Vec<String> {
        let list: Value = strictly(&body);
        list["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let all: Vec<String> = stripe.events().into_iter().rev().map(|e| e.id).collect();
    assert_eq!(ids(get(&stripe, "/v1/events").await), all);
    assert_eq!(ids(get(&stripe, "/v1/events?limit=2").await), all[..2]);
    assert_eq!(
        ids(get(&stripe, &format!("/v1/events?limit=1&starting_after={}", all[1])).await),
        all[2..3]
    );
    assert_eq!(
        ids(get(&stripe, &format!("/v1/events?limit=1&ending_before={}", all[2])).await),
        all[1..2]
    );
    let two = get(
        &stripe,
        "/v1/events?types[]=payment_intent.succeeded&types[]=checkout.session.completed",
    )
    .await;
    assert_eq!(ids(two).len(), 2);
    assert!(ids(get(&stripe, "/v1/events?created[gte]=9999999999").await).is_empty());
}

#[tokio::test]
async fn a_delivered_webhook_is_accepted_by_the_library_s_own_verification() {
    let (stripe, _, opened) = open_checkout().await;
    let catcher = Catcher::start().await;
    stripe.set_webhook(&catcher.url, super::WEBHOOK_SECRET);
    stripe.pay(&opened.reference).unwrap();
    stripe.deliver_all().await;
    let caught = catcher.caught().pop().unwrap();
    let body = String::from_utf8(caught.body).unwrap();
    let event =
        stripe_webhook::Webhook::construct_event(&body, &caught.signature.unwrap(), super::WEBHOOK_SECRET).unwrap();
    assert!(matches!(
        event.data.object,
        stripe_webhook::EventObject::CheckoutSessionCompleted(_)
    ));
}
