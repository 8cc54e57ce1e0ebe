//! A stand-in for Stripe: one account, in memory, on a loopback port, with Stripe's semantics where this project
//! depends on them. `README.md` beside this file names every behaviour and the sentence of Stripe's documentation
//! that it follows.
//!
//! It writes its JSON by hand and shares no code with the product: what both would misunderstand alike would
//! otherwise never show. Faults are counted, not drawn by lot, so that a failing test fails again.
//!
//! ```no_run
//! # async fn example() {
//! let stripe = consentry_tests::stripe::StandIn::start().await;
//! stripe.set_webhook("http://127.0.0.1:8000/webhooks/stripe/abc", "whsec_test");
//! // … the product is given `stripe.base_url()` and `stripe.secret_key()`, and opens a checkout …
//! let session = stripe.sessions().pop().unwrap();
//! stripe.pay(&session.id).unwrap();
//! stripe.deliver_all().await;
//! assert_eq!(stripe.charges().len(), 1);
//! # }
//! ```

mod amounts;
mod api;
mod checkout;
mod form;
mod idempotency;
mod lists;
mod page;
mod render;
mod server;
mod state;
mod switches;
mod webhooks;

use std::{sync::Arc, time::Duration};

pub use page::{Action, NotPossible, Outcome};
pub use state::{Charge, Event, PaymentStatus, Session, SessionStatus};
pub use switches::{Fault, Operation, Switches, WebhookFault};
pub use webhooks::{Delivered, sign};

use state::Shared;

/// The API version in which everything is rendered: the one that the product's library speaks.
pub const API_VERSION: &str = "2026-09-30.endive";

/// A running stand-in; it ends when this is dropped.
pub struct StandIn {
    shared: Arc<Shared>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl StandIn {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When loopback has none.
    pub async fn start() -> Self {
        Self::start_at("127.0.0.1:0").await.expect("a loopback port")
    }

    /// Starts one at an address.
    ///
    /// # Errors
    /// When nothing can listen there.
    pub async fn start_at(address: &str) -> std::io::Result<Self> {
        let (shared, server) = server::start(address).await?;
        let deliverer = tokio::spawn(webhooks::run(Arc::clone(&shared)));
        Ok(Self {
            shared,
            tasks: vec![server, deliverer],
        })
    }

    /// What to give the product instead of Stripe's address.
    pub fn base_url(&self) -> String {
        self.shared.base.clone()
    }

    /// The account's secret key.
    pub fn secret_key(&self) -> String {
        self.shared.secret_key.clone()
    }

    /// What can be made to go wrong.
    pub fn switches(&self) -> &Switches {
        &self.shared.switches
    }

    /// Sends the four kinds of checkout events to this address from now on (and to no other).
    pub fn set_webhook(&self, url: &str, secret: &str) {
        self.shared.state().endpoint = Some(state::Endpoint {
            url: url.to_owned(),
            secrets: vec![secret.to_owned()],
        });
    }

    /// Gives the endpoint a new secret; until the next call of [`Self::set_webhook`] both sign.
    pub fn roll_webhook_secret(&self, secret: &str) {
        if let Some(endpoint) = &mut self.shared.state().endpoint {
            endpoint.secrets.insert(0, secret.to_owned());
        }
    }

    /// Delivers whatever waits, now, once each, and waits for what is under way. Held webhooks, too. What fails
    /// waits again.
    pub async fn deliver_all(&self) -> Vec<Delivered> {
        webhooks::deliver_all(&self.shared).await
    }

    /// Sends one event again, as the "resend" of Stripe's dashboard does.
    pub async fn resend(&self, event_id: &str) -> Option<Delivered> {
        webhooks::resend(&self.shared, event_id).await
    }

    /// Every session ever made, oldest first.
    pub fn sessions(&self) -> Vec<Session> {
        self.shared.state().sessions.clone()
    }

    /// One session.
    pub fn session(&self, id: &str) -> Option<Session> {
        self.shared.state().session(id).cloned()
    }

    /// Every charge that took somebody's money, oldest first: the truth about "never charged twice".
    pub fn charges(&self) -> Vec<Charge> {
        self.shared.state().charges.clone()
    }

    /// Every event, oldest first.
    pub fn events(&self) -> Vec<Event> {
        self.shared.state().events.clone()
    }

    /// Does on the checkout's page what a payer (or time) does.
    ///
    /// # Errors
    /// When the page does not offer it in the session's state.
    pub fn act(&self, session: &str, action: Action) -> Result<Outcome, NotPossible> {
        page::act(&self.shared, session, action)
    }

    /// Pays by card.
    ///
    /// # Errors
    /// As [`Self::act`].
    pub fn pay(&self, session: &str) -> Result<Outcome, NotPossible> {
        self.act(session, Action::Pay)
    }

    /// Tries a card that is declined.
    ///
    /// # Errors
    /// As [`Self::act`].
    pub fn decline(&self, session: &str) -> Result<Outcome, NotPossible> {
        self.act(session, Action::Decline)
    }

    /// Pays by a method that is settled later.
    ///
    /// # Errors
    /// As [`Self::act`].
    pub fn pay_later(&self, session: &str) -> Result<Outcome, NotPossible> {
        self.act(session, Action::PayLater)
    }

    /// The money of a delayed payment arrives.
    ///
    /// # Errors
    /// As [`Self::act`].
    pub fn settle(&self, session: &str) -> Result<Outcome, NotPossible> {
        self.act(session, Action::Settle)
    }

    /// The money of a delayed payment does not arrive.
    ///
    /// # Errors
    /// As [`Self::act`].
    pub fn fail_later(&self, session: &str) -> Result<Outcome, NotPossible> {
        self.act(session, Action::FailLater)
    }

    /// Moves the stand-in's clock: sessions whose time is over expire, old idempotency keys are forgotten.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(by);
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
