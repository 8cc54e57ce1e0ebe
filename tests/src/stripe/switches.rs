//! What can be made to go wrong. A rule counts: "every third" is the third, sixth, ninth … since it was set.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they name themselves")]
pub enum Operation {
    CreateCheckout,
    RetrieveCheckout,
    ExpireCheckout,
    ListEvents,
    RetrieveIntent,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is done, kept under its idempotency key, and nobody is told.
    TimeOutAfterCommit,
    /// The request gets lost on its way: nothing is done, no key is kept, nobody is told.
    TimeOutBeforeCommit,
    /// 500, and nothing was done; the 500 is kept under the idempotency key.
    ErrorBeforeCommit,
    /// 500, although it was done; the 500 is kept under the idempotency key.
    ErrorAfterCommit,
    /// 429, before anything else is looked at.
    RateLimited,
    /// 502 with a page of somebody between: nothing was done, no key is kept.
    BadGateway,
}

/// What goes wrong with a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookFault {
    /// It is never sent (it can still be resent, and stands in the list of events).
    Lost,
    /// It is sent twice.
    Duplicate,
    /// Later ones overtake it.
    Overtaken,
}

#[derive(Default)]
struct Inner {
    once: VecDeque<(Operation, Fault)>,
    every: Vec<(Operation, Fault, u64, u64)>,
    webhooks: Vec<(WebhookFault, u64, u64)>,
    delay: Duration,
    webhook_delay: Duration,
    held: bool,
}

/// The switches of one stand-in.
#[derive(Default)]
pub struct Switches(Mutex<Inner>);

impl Switches {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next call of this operation fails so.
    pub fn once(&self, operation: Operation, fault: Fault) {
        self.inner().once.push_back((operation, fault));
    }

    /// Every `n`th call of this operation fails so; replayed answers count, too.
    pub fn every(&self, n: u64, operation: Operation, fault: Fault) {
        self.inner().every.push((operation, fault, n.max(1), 0));
    }

    /// Every `n`th webhook goes wrong so.
    pub fn webhooks(&self, n: u64, fault: WebhookFault) {
        self.inner().webhooks.push((fault, n.max(1), 0));
    }

    /// Every call takes this long before anything happens; its idempotency key is in use meanwhile.
    pub fn delay(&self, by: Duration) {
        self.inner().delay = by;
    }

    /// Webhooks leave only this long after the event.
    pub fn webhook_delay(&self, by: Duration) {
        self.inner().webhook_delay = by;
    }

    /// No webhook leaves by itself any more; [`super::StandIn::deliver_all`] sends them.
    pub fn hold_webhooks(&self) {
        self.inner().held = true;
    }

    /// Everything works again.
    pub fn clear(&self) {
        *self.inner() = Inner::default();
    }

    pub(super) fn fault(&self, operation: Operation) -> Option<Fault> {
        let mut inner = self.inner();
        if let Some(at) = inner.once.iter().position(|(o, _)| *o == operation) {
            return inner.once.remove(at).map(|(_, fault)| fault);
        }
        let mut due = None;
        for (_, fault, n, count) in inner.every.iter_mut().filter(|(o, ..)| *o == operation) {
            *count += 1;
            if *count % *n == 0 && due.is_none() {
                due = Some(*fault);
            }
        }
        due
    }

    pub(super) fn webhook_faults(&self) -> Vec<WebhookFault> {
        let mut due = Vec::new();
        for (fault, n, count) in &mut self.inner().webhooks {
            *count += 1;
            if *count % *n == 0 {
                due.push(*fault);
            }
        }
        due
    }

    pub(super) fn delays(&self) -> (Duration, Duration) {
        let inner = self.inner();
        (inner.delay, inner.webhook_delay)
    }

    pub(super) fn held(&self) -> bool {
        self.inner().held
    }
}
