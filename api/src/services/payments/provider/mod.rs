//! Payment providers: what the payments service may ask of one, in values that know no provider's format.
//!
//! A provider is five verbs ([`PaymentProvider`]) over the organization's **own** account. It touches the
//! provider's API and nothing else: no database, no clock (times are parameters), no decision about orders.
//! It never logs a secret, an address or a provider's message (messages can quote what somebody typed).
//!
//! The caller's part of the contract:
//! - The idempotency key is made and stored *before* [`PaymentProvider::create_checkout`], and used again with
//!   the very same request until there is an answer; a day later ([`IDEMPOTENCY_WINDOW`]) ask, never re-key.
//! - A [`ProviderEvent`] may come twice, late, or never, and in any order: it is a hint to look, and its `id`
//!   is what to deduplicate by.

mod error;
mod events;
mod factory;
mod signature;
mod stripe;
mod stripe_errors;
mod stripe_events;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};

pub use error::{ProviderError, WebhookError};
pub use events::{EventPage, ProviderEvent, ProviderEventKind};
pub use factory::{ProviderFactory, ProviderSettings, StripeCredentials};

/// How long a provider is sure to remember an idempotency key.
pub const IDEMPOTENCY_WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// A checkout lives at least this long, counted from when the provider receives the request: a caller leaves
/// room for its own retries (a request that arrives later with the same `expires_at` is refused).
pub const SHORTEST_CHECKOUT: SignedDuration = SignedDuration::from_mins(30);

/// A checkout lives at most this long.
pub const LONGEST_CHECKOUT: SignedDuration = SignedDuration::from_hours(24);

/// How old (or how far in the future) a webhook's signature may be.
pub const WEBHOOK_TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// What a payment provider can do.
pub trait PaymentProvider: Send + Sync {
    /// Opens a page on which somebody can pay once.
    ///
    /// # Errors
    /// [`ProviderError::Unavailable`] leaves open whether the page exists: ask again with the same request.
    fn create_checkout<'a>(&'a self, request: &'a CheckoutRequest) -> BoxFuture<'a, Result<Checkout, ProviderError>>;

    /// Says where a checkout stands now. This, not an event, is what decisions rest on.
    ///
    /// # Errors
    /// [`ProviderError::Refused`] with code `resource_missing` when the account knows no such checkout.
    fn retrieve<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Checkout, ProviderError>>;

    /// Makes sure that a checkout can no longer be paid, or tells that it was completed first.
    /// Safe to repeat.
    ///
    /// # Errors
    /// As [`PaymentProvider::retrieve`]; after any error the checkout may still be payable.
    fn expire<'a>(&'a self, reference: &'a str) -> BoxFuture<'a, Result<Expiry, ProviderError>>;

    /// Lists what happened to checkouts at or after `since`, newest first, a page at a time: for what a lost
    /// webhook left open. `page` is [`EventPage::next`] of the page before. Providers keep events for 30 days.
    ///
    /// # Errors
    /// Whatever the provider answers; nothing was changed.
    fn events_since<'a>(
        &'a self,
        since: Timestamp,
        page: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventPage, ProviderError>>;

    /// Reads a webhook: `body` exactly as received, `signature` the header (`None` if there was none).
    ///
    /// # Errors
    /// [`WebhookError`]; answer all of them with the same 400.
    fn verify_webhook(
        &self,
        body: &[u8],
        signature: Option<&str>,
        now: Timestamp,
        tolerance: SignedDuration,
    ) -> Result<ProviderEvent, WebhookError>;
}

/// What is to be paid, and where the payer goes next.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckoutRequest {
    /// Random, stored before the first call, at most 255 characters, nothing personal in it.
    pub idempotency_key: String,
    /// In the provider's units (for Stripe: its own table of decimals), more than zero.
    pub amount: i64,
    /// ISO 4217, upper case.
    pub currency: String,
    /// The line that the payer sees on the page.
    pub line_name: String,
    /// For the account's owner, beside the payment.
    pub description: String,
    /// Where the payer goes after paying, and after a payment that is settled later.
    pub success_url: String,
    /// Where the payer goes when they turn back.
    pub cancel_url: String,
    /// Our payment's id: comes back in every answer and event.
    pub client_reference: String,
    /// Fills in the payer's address; leave it out unless the payer is the one who gave it.
    pub customer_email: Option<String>,
    /// Between [`SHORTEST_CHECKOUT`] and [`LONGEST_CHECKOUT`] from now; whole seconds are kept.
    pub expires_at: Timestamp,
    /// Kept beside checkout and payment at the provider; nothing personal.
    pub metadata: std::collections::BTreeMap<String, String>,
}

/// Without the address, so that a request can be logged.
impl std::fmt::Debug for CheckoutRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckoutRequest")
            .field("client_reference", &self.client_reference)
            .field("amount", &self.amount)
            .field("currency", &self.currency)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A checkout as the provider has it.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The provider's id.
    pub reference: String,
    /// Our payment's id, if this checkout is ours: an account may serve other shops, too.
    pub client_reference: Option<String>,
    /// Where it stands.
    pub state: CheckoutState,
    /// In the provider's units.
    pub amount: i64,
    /// ISO 4217, upper case.
    pub currency: String,
    /// Where to send the payer (a secret: whoever has it can pay and sees what for); only while it is open.
    pub url: Option<String>,
    /// When it closes by itself.
    pub expires_at: Timestamp,
}

/// Without the address of the page.
impl std::fmt::Debug for Checkout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkout")
            .field("reference", &self.reference)
            .field("client_reference", &self.client_reference)
            .field("state", &self.state)
            .field("amount", &self.amount)
            .field("currency", &self.currency)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Where a checkout stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutState {
    /// Nobody has paid yet, and somebody still can (an attempt may have been declined).
    Open,
    /// The payer is done, the money is on its way and may still fail: hold the place, let nobody pay again.
    Processing {
        /// The provider's id of the payment, if it has told it.
        intent: Option<String>,
    },
    /// The money is there.
    Paid {
        /// The provider's id of the payment; refunds need it.
        intent: Option<String>,
    },
    /// The payer was done, but the money did not come. This checkout cannot be paid again.
    Failed {
        /// A code, never a message.
        reason: String,
    },
    /// Closed without a payment.
    Expired,
}

/// What became of an attempt to close a checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It can no longer be paid.
    Expired,
    /// Somebody was faster: it is processing, paid or failed.
    AlreadyComplete(Checkout),
}
