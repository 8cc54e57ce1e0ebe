//! What a provider tells of its own accord.

use jiff::Timestamp;

use super::Checkout;

/// One thing that happened at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderEvent {
    /// The provider's id of the event: deduplicate by it.
    pub id: String,
    /// What happened.
    pub kind: ProviderEventKind,
    /// When, by the provider's clock (whole seconds): events of one second have no order.
    pub created: Timestamp,
    /// The checkout's reference; `None` for events about anything else.
    pub reference: Option<String>,
    /// The checkout as it was then, if the event's form is understood; otherwise retrieve it by its reference.
    pub checkout: Option<Checkout>,
}

/// The kinds of events that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderEventKind {
    /// The payer is done: paid, or processing.
    CheckoutCompleted,
    /// A payment that was processing arrived.
    PaymentSucceeded,
    /// A payment that was processing failed.
    PaymentFailed,
    /// The checkout closed without a payment.
    CheckoutExpired,
    /// Something that nothing here acts on: acknowledge it.
    Other(String),
}

impl ProviderEventKind {
    /// The provider-neutral name, for the record of received events; the provider's own for [`Self::Other`].
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::CheckoutCompleted => "checkout_completed",
            Self::PaymentSucceeded => "payment_succeeded",
            Self::PaymentFailed => "payment_failed",
            Self::CheckoutExpired => "checkout_expired",
            Self::Other(name) => name,
        }
    }
}

/// Some events, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventPage {
    /// The events.
    pub events: Vec<ProviderEvent>,
    /// Where to go on with older ones; `None` when there are no more.
    pub next: Option<String>,
}
