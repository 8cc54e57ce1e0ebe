//! Webhooks: signed, retried, at least once, in no promised order.

use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

use aws_lc_rs::hmac;

use super::{
    render,
    state::{Endpoint, Shared, State},
    switches::WebhookFault,
};

/// What the endpoint subscribed to.
const SUBSCRIBED: [&str; 4] = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
];
/// Stripe tries for three days, with growing pauses; here it is seconds.
const ATTEMPTS: u32 = 12;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// By how much later ones overtake.
const OVERTAKEN_BY: Duration = Duration::from_millis(400);

/// A webhook that waits to be sent.
pub(super) struct Delivery {
    event: String,
    attempts: u32,
    due: Instant,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The event's id.
    pub event: String,
    /// Its type.
    pub kind: &'static str,
    /// The endpoint's HTTP status; `None` when it could not be reached.
    pub status: Option<u16>,
}

impl Shared {
    /// Queues the newest event, if anybody wants it.
    pub(super) fn queue(&self, state: &mut State) {
        let Some(event) = state.events.last_mut() else { return };
        if state.endpoint.is_none() || !SUBSCRIBED.contains(&event.kind) {
            return;
        }
        event.pending = true;
        let id = event.id.clone();
        let faults = self.switches.webhook_faults();
        if faults.contains(&WebhookFault::Lost) {
            return;
        }
        let (_, delay) = self.switches.delays();
        let overtaken = faults.contains(&WebhookFault::Overtaken);
        let due = Instant::now() + delay + if overtaken { OVERTAKEN_BY } else { Duration::ZERO };
        let copies = if faults.contains(&WebhookFault::Duplicate) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            state.queue.push_back(Delivery {
                event: id.clone(),
                attempts: 0,
                due,
            });
        }
    }
}

/// Sends what is due, for ever.
pub(super) async fn run(shared: Arc<Shared>) {
    loop {
        let (due, next) = if shared.switches.held() {
            (Vec::new(), None)
        } else {
            take_due(&shared)
        };
        for delivery in due {
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                attempt(&shared, delivery).await;
            });
        }
        // Sessions also expire while nobody asks, so look now and then.
        let pause = next
            .map_or(Duration::from_millis(500), |at| {
                at.saturating_duration_since(Instant::now())
            })
            .min(Duration::from_millis(500));
        let _ = tokio::time::timeout(pause, shared.wake.notified()).await;
    }
}

fn take_due(shared: &Shared) -> (Vec<Delivery>, Option<Instant>) {
    let mut state = shared.state();
    let now = Instant::now();
    let mut due = Vec::new();
    let mut waiting = std::collections::VecDeque::new();
    for delivery in state.queue.drain(..) {
        if delivery.due <= now {
            due.push(delivery)
        } else {
            waiting.push_back(delivery)
        }
    }
    state.queue = waiting;
    shared.in_flight.fetch_add(due.len(), Ordering::SeqCst);
    (due, state.queue.iter().map(|d| d.due).min())
}

/// Sends everything once, latest-due last.
pub(super) async fn deliver_all(shared: &Shared) -> Vec<Delivered> {
    let mut all: Vec<Delivery> = {
        let mut state = shared.state();
        let all: Vec<Delivery> = state.queue.drain(..).collect();
        shared.in_flight.fetch_add(all.len(), Ordering::SeqCst);
        all
    };
    all.sort_by_key(|delivery| delivery.due);
    let mut delivered = Vec::new();
    for delivery in all {
        delivered.extend(attempt(shared, delivery).await);
    }
    while shared.in_flight.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    delivered
}

/// Sends an event again, whatever became of it before.
pub(super) async fn resend(shared: &Shared, event: &str) -> Option<Delivered> {
    shared.in_flight.fetch_add(1, Ordering::SeqCst);
    attempt(
        shared,
        Delivery {
            event: event.to_owned(),
            attempts: ATTEMPTS,
            due: Instant::now(),
        },
    )
    .await
}

async fn attempt(shared: &Shared, delivery: Delivery) -> Option<Delivered> {
    let delivered = send(shared, &delivery.event).await;
    let fine = delivered
        .as_ref()
        .is_none_or(|d| d.status.is_some_and(|status| (200..300).contains(&status)));
    {
        let mut state = shared.state();
        if fine {
            if let Some(event) = state.events.iter_mut().find(|e| e.id == delivery.event) {
                event.pending = false;
            }
        } else if delivery.attempts + 1 < ATTEMPTS {
            let pause = (FIRST_PAUSE * 2u32.pow(delivery.attempts.min(6))).min(LONGEST_PAUSE);
            state.queue.push_back(Delivery {
                attempts: delivery.attempts + 1,
                due: Instant::now() + pause,
                ..delivery
            });
        }
    }
    shared.in_flight.fetch_sub(1, Ordering::SeqCst);
    shared.wake.notify_one();
    delivered
}

async fn send(shared: &Shared, event: &str) -> Option<Delivered> {
    let (endpoint, kind, body) = {
        let state = shared.state();
        let event = state.events.iter().find(|e| e.id == event)?;
        (
            state.endpoint.clone()?,
            event.kind,
            serde_json::to_vec_pretty(&render::event(event)).unwrap_or_default(),
        )
    };
    // Every attempt has a time and a signature of its own.
    let header = header(&endpoint, shared.now(), &body);
    let sent = shared
        .http
        .post(&endpoint.url)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
        .header("Stripe-Signature", header)
        .body(body)
        .send()
        .await;
    Some(Delivered {
        event: event.to_owned(),
        kind,
        status: sent.ok().map(|response| response.status().as_u16()),
    })
}

fn header(endpoint: &Endpoint, now: i64, body: &[u8]) -> String {
    let mut header = format!("t={now}");
    for secret in &endpoint.secrets {
        header.push_str(&format!(",v1={}", sign(secret, now, body)));
    }
    // In test mode Stripe adds a signature of a scheme that means nothing.
    header.push_str(&format!(",v0={}", sign("not the secret", now, body)));
    header
}

/// A signature of scheme v1, in hexadecimal.
pub fn sign(secret: &str, timestamp: i64, body: &[u8]) -> String {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()));
    context.update(timestamp.to_string().as_bytes());
    context.update(b".");
    context.update(body);
    data_encoding::HEXLOWER.encode(context.sign().as_ref())
}
