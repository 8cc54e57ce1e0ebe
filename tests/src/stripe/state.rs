//! What the stand-in remembers, and its clock.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::Value;

use super::{checkout, idempotency, render, switches::Switches, webhooks::Delivery};

/// Everything that requests, page and deliveries share.
pub(super) struct Shared {
    pub(super) base: String,
    pub(super) secret_key: String,
    pub(super) switches: Switches,
    pub(super) http: reqwest::Client,
    pub(super) wake: tokio::sync::Notify,
    pub(super) in_flight: AtomicUsize,
    clock_offset: AtomicI64,
    state: Mutex<State>,
}

impl Shared {
    pub(super) fn new(base: String) -> Self {
        Self {
            base,
            secret_key: format!("sk_test_{}", random_id(24)),
            switches: Switches::default(),
            http: reqwest::Client::builder()
                .timeout(Duration::from_secs(20))
                .build()
                .expect("a client"),
            wake: tokio::sync::Notify::new(),
            in_flight: AtomicUsize::new(0),
            clock_offset: AtomicI64::new(0),
            state: Mutex::new(State::default()),
        }
    }

    /// Seconds since 1970, by the stand-in's clock.
    pub(super) fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        i64::try_from(real).unwrap_or(i64::MAX) + self.clock_offset.load(Ordering::SeqCst)
    }

    pub(super) fn advance(&self, by: Duration) {
        self.clock_offset
            .fetch_add(i64::try_from(by.as_secs()).unwrap_or(0), Ordering::SeqCst);
        drop(self.state());
        self.wake.notify_waiters();
    }

    /// The state as of now: whatever time alone changes has happened.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        idempotency::prune(&mut state, now);
        checkout::expire_due(self, &mut state, now);
        state
    }

    /// Records an event and queues its delivery.
    pub(super) fn emit(&self, state: &mut State, kind: &'static str, object: Value, cause: &Cause) {
        let event = Event {
            id: format!("evt_{}", random_id(24)),
            kind,
            created: self.now(),
            object,
            cause: cause.clone(),
            pending: false,
        };
        state.events.push(event);
        self.queue(state);
        self.wake.notify_one();
    }
}

/// One account.
#[derive(Default)]
pub(super) struct State {
    pub(super) sessions: Vec<Session>,
    pub(super) intents: Vec<Intent>,
    pub(super) charges: Vec<Charge>,
    pub(super) events: Vec<Event>,
    pub(super) keys: HashMap<String, idempotency::Entry>,
    pub(super) endpoint: Option<Endpoint>,
    pub(super) queue: VecDeque<Delivery>,
}

impl State {
    pub(super) fn session(&self, id: &str) -> Option<&Session> {
        self.sessions.iter().find(|s| s.id == id)
    }

    pub(super) fn session_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|s| s.id == id)
    }

    pub(super) fn intent(&self, id: &str) -> Option<&Intent> {
        self.intents.iter().find(|i| i.id == id)
    }

    /// The intent behind a session, changed by `change`; its rendering afterwards.
    pub(super) fn change_intent(&mut self, id: &str, change: impl FnOnce(&mut Intent)) -> Value {
        match self.intents.iter_mut().find(|i| i.id == id) {
            Some(intent) => {
                change(intent);
                render::intent(intent)
            }
            None => Value::Null,
        }
    }
}

/// Where webhooks go.
#[derive(Clone)]
pub(super) struct Endpoint {
    pub(super) url: String,
    pub(super) secrets: Vec<String>,
}

/// What an event names as the request that caused it.
#[derive(Clone, Default, Debug)]
pub(super) struct Cause {
    pub(super) request: Option<String>,
    pub(super) idempotency_key: Option<String>,
}

/// A Checkout Session.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "Stripe's own names")]
pub struct Session {
    pub id: String,
    pub status: SessionStatus,
    pub payment_status: PaymentStatus,
    pub amount: i64,
    pub currency: String,
    pub client_reference_id: Option<String>,
    pub customer_email: Option<String>,
    pub success_url: String,
    pub cancel_url: Option<String>,
    pub created: i64,
    pub expires_at: i64,
    pub payment_intent: Option<String>,
    pub line_name: String,
    pub description: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub intent_metadata: BTreeMap<String, String>,
    pub(super) url: String,
}

impl Session {
    /// Where the payer goes, while it is open.
    pub fn url(&self) -> Option<&str> {
        (self.status == SessionStatus::Open).then_some(self.url.as_str())
    }
}

/// `status` of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "Stripe's own names")]
pub enum SessionStatus {
    Open,
    Complete,
    Expired,
}

/// `payment_status` of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "Stripe's own names")]
pub enum PaymentStatus {
    Unpaid,
    Paid,
}

/// A PaymentIntent.
#[derive(Clone, Debug)]
pub(super) struct Intent {
    pub(super) id: String,
    pub(super) status: IntentStatus,
    pub(super) amount: i64,
    pub(super) currency: String,
    pub(super) created: i64,
    pub(super) description: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) latest_charge: Option<String>,
    pub(super) error: Option<PaymentFailure>,
}

/// `status` of an intent, as far as a checkout's page leads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntentStatus {
    RequiresPaymentMethod,
    RequiresAction,
    Processing,
    Succeeded,
    Canceled,
}

/// `last_payment_error` of an intent.
#[derive(Clone, Copy, Debug)]
pub(super) struct PaymentFailure {
    pub(super) code: &'static str,
    pub(super) decline_code: Option<&'static str>,
    pub(super) message: &'static str,
}

/// Money that was taken.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "Stripe's own names")]
pub struct Charge {
    pub id: String,
    pub payment_intent: String,
    pub session: String,
    pub client_reference_id: Option<String>,
    pub amount: i64,
    pub currency: String,
    pub created: i64,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// `evt_…`
    pub id: String,
    /// Stripe's `type`.
    pub kind: &'static str,
    /// Seconds since 1970.
    pub created: i64,
    /// `data.object`, as it was then.
    pub object: Value,
    pub(super) cause: Cause,
    pub(super) pending: bool,
}

/// Random letters and digits, as in Stripe's ids.
pub(super) fn random_id(length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    (0..length)
        .map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())]))
        .collect()
}
