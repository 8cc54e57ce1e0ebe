//! What can go wrong with a provider, sorted by what the caller must do. Never carries a provider's message,
//! which can quote what was sent.

/// A call failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The provider looked at the request and says no; asking again changes nothing, nothing was created.
    #[error("the payment provider refused: {code}")]
    Refused {
        /// The provider's code, for example `amount_too_small` or `resource_missing`.
        code: String,
        /// The parameter concerned, if it named one.
        param: Option<String>,
    },
    /// No answer, or one that says nothing (time-out, busy, internal error): what was asked may or may not have
    /// happened. Ask again later with the same idempotency key.
    #[error("the payment provider did not answer (status {status:?})")]
    Unavailable {
        /// The HTTP status, if there was an answer. A 500 is kept under the idempotency key and comes again for
        /// a day, although what was asked may have happened: when it stays, look for the events.
        status: Option<u16>,
    },
    /// The account's credentials are wrong or lack a right: an operator must act.
    #[error("the payment account is not set up correctly: {code}")]
    Misconfigured {
        /// What is wrong with it.
        code: String,
    },
    /// An answer that this program does not understand, or a mistake of this program.
    #[error("unexpected answer of the payment provider: {what}")]
    Unexpected {
        /// What was not understood; no content of the answer.
        what: &'static str,
    },
}

impl ProviderError {
    /// Whether the same request may be sent again later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

/// Why a webhook was not accepted. For logs and metrics: whoever sent it learns nothing but "no".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// There was no signature header.
    #[error("the webhook has no signature")]
    MissingSignature,
    /// The header cannot be read.
    #[error("the webhook's signature header is malformed")]
    MalformedSignature,
    /// Body, time or secret do not fit any of the signatures.
    #[error("the webhook's signature does not match")]
    WrongSignature,
    /// The signature is right but too old, or from the future.
    #[error("the webhook's signature is outside of the tolerance")]
    OutsideTolerance,
    /// The signature is right, but the body is no event.
    #[error("the webhook's body is not an event")]
    MalformedEvent,
}
