//! Stripe's events, read loosely.
//!
//! Stripe renders an event in the API version that the *account or endpoint* is set to, not in the one that this
//! program speaks, and accounts are years old. So only the fields that have kept their meaning since Checkout
//! Sessions have a `status` are read, and everything else may be missing or new.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Checkout, CheckoutState, ProviderEvent, ProviderEventKind, WebhookError};

/// The types that this program asks for and acts on.
pub(super) const WANTED: [&str; 4] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
];

#[derive(Deserialize)]
struct Envelope {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: Value,
}

#[derive(Deserialize)]
struct Session {
    client_reference_id: Option<String>,
    amount_total: i64,
    currency: String,
    expires_at: i64,
    payment_status: String,
    status: String,
    payment_intent: Option<Value>,
    url: Option<String>,
}

/// Reads a webhook's body, which must have been verified.
pub(super) fn parse(body: &[u8]) -> Result<ProviderEvent, WebhookError> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| WebhookError::MalformedEvent)?;
    event(envelope.id, &envelope.kind, envelope.created, &envelope.data.object).ok_or(WebhookError::MalformedEvent)
}

/// Reads an event's parts; `None` if there is no such time.
pub(super) fn event(id: String, kind: &str, created: i64, object: &Value) -> Option<ProviderEvent> {
    let kind = match kind {
        "checkout.session.completed" => ProviderEventKind::CheckoutCompleted,
        "checkout.session.async_payment_succeeded" => ProviderEventKind::PaymentSucceeded,
        "checkout.session.async_payment_failed" => ProviderEventKind::PaymentFailed,
        "checkout.session.expired" => ProviderEventKind::CheckoutExpired,
        other => ProviderEventKind::Other(other.to_owned()),
    };
    let reference = match &kind {
        ProviderEventKind::Other(_) => None,
        _ => object.get("id").and_then(Value::as_str).map(str::to_owned),
    };
    let checkout = reference
        .clone()
        .and_then(|reference| checkout(reference, &kind, object));
    Some(ProviderEvent {
        id,
        kind,
        created: Timestamp::from_second(created).ok()?,
        reference,
        checkout,
    })
}

fn checkout(reference: String, kind: &ProviderEventKind, object: &Value) -> Option<Checkout> {
    let session = Session::deserialize(object).ok()?;
    let intent = match session.payment_intent {
        Some(Value::String(id)) => Some(id),
        Some(Value::Object(intent)) => intent.get("id").and_then(Value::as_str).map(str::to_owned),
        _ => None,
    };
    let state = match (kind, session.status.as_str(), session.payment_status.as_str()) {
        (_, "complete", "paid" | "no_payment_required") => CheckoutState::Paid { intent },
        (ProviderEventKind::PaymentFailed, "complete", "unpaid") => CheckoutState::Failed {
            reason: "payment_failed".to_owned(),
        },
        (_, "complete", "unpaid") => CheckoutState::Processing { intent },
        (_, "expired", _) => CheckoutState::Expired,
        (_, "open", _) => CheckoutState::Open,
        _ => return None,
    };
    Some(Checkout {
        reference,
        client_reference: session.client_reference_id,
        state,
        amount: session.amount_total,
        currency: session.currency.to_ascii_uppercase(),
        url: session.url,
        expires_at: Timestamp::from_second(session.expires_at).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn body(kind: &str, object: &Value) -> Vec<u8> {
        json!({ "id": "evt_1", "object": "event", "type": kind, "created": 1000, "data": { "object": object } })
            .to_string()
            .into_bytes()
    }

    fn session(status: &str, payment_status: &str) -> Value {
        json!({
            "id": "cs_1", "object": "checkout.session", "client_reference_id": "p1", "amount_total": 1200, "currency": "eur",
            "expires_at": 5000, "status": status, "payment_status": payment_status, "payment_intent": "pi_1", "url": null,
        })
    }

    #[test]
    fn the_same_unpaid_session_is_processing_when_completed_and_failed_when_failed() {
        let completed = parse(&body("checkout.session.completed", &session("complete", "unpaid"))).unwrap();
        assert_eq!(
            completed.checkout.unwrap().state,
            CheckoutState::Processing {
                intent: Some("pi_1".into())
            }
        );
        let failed = parse(&body(
            "checkout.session.async_payment_failed",
            &session("complete", "unpaid"),
        ))
        .unwrap();
        assert!(matches!(failed.checkout.unwrap().state, CheckoutState::Failed { .. }));
    }

    #[test]
    fn a_session_in_a_form_unknown_here_still_names_itself() {
        let event = parse(&body(
            "checkout.session.completed",
            &json!({ "id": "cs_9", "novelty": true }),
        ))
        .unwrap();
        assert_eq!((event.reference.as_deref(), event.checkout), (Some("cs_9"), None));
    }

    #[test]
    fn other_events_are_accepted_and_name_no_checkout() {
        let event = parse(&body("charge.refunded", &json!({ "id": "ch_1" }))).unwrap();
        assert_eq!(
            (event.kind, event.reference),
            (ProviderEventKind::Other("charge.refunded".into()), None)
        );
    }

    #[test]
    fn what_is_not_an_event_is_refused() {
        for body in [
            &b""[..],
            b"{}",
            b"[]",
            b"\xff",
            br#"{"id":"evt_1","type":"x","created":9223372036854775807,"data":{"object":{}}}"#,
        ] {
            assert_eq!(parse(body), Err(WebhookError::MalformedEvent));
        }
    }
}
