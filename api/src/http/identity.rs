//! Who asks: the endpoint knows only what it must, and who decides it is somebody else's work.

use std::fmt;

use super::guard::Introspection;
use super::meta::RequestMeta;

/// Turns a bearer credential into what the caller may do.
pub trait Authenticator: Send + Sync + 'static {
    /// Looks the credential up. `None` means that there was no `Authorization` header at all.
    ///
    /// # Errors
    /// [`AuthenticationError::Refused`] for every credential that is of no use; the caller is not told why.
    fn authenticate(
        &self,
        bearer: Option<&str>,
        meta: &RequestMeta,
    ) -> impl Future<Output = Result<Identity, AuthenticationError>> + Send;
}

/// Why there is no identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthenticationError {
    /// The credential is unknown, expired, revoked, malformed: one answer for all.
    #[error("the credential is of no use")]
    Refused,
    /// It could not be looked up. A client must not mistake this for a revoked credential.
    #[error("credentials cannot be looked up at the moment")]
    Unavailable,
}

/// Puts what the schema wants to know about the caller into the request's data.
pub type Attach = Box<dyn FnOnce(async_graphql::Request) -> async_graphql::Request + Send>;

/// What the edge must know about a caller.
pub struct Identity {
    /// What requests are counted under, besides the address. `None` for somebody without a credential.
    pub rate_key: Option<String>,
    /// Whether the caller may ask for the schema.
    pub introspection: Introspection,
    /// How many times the configured number of tokens the caller's documents may have.
    pub token_factor: usize,
    /// See [`Attach`].
    pub attach: Attach,
}

impl Identity {
    /// Somebody without a credential.
    #[must_use]
    pub fn anonymous() -> Self {
        Self {
            rate_key: None,
            introspection: Introspection::Refused,
            token_factor: 1,
            attach: Box::new(|request| request),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("introspection", &self.introspection)
            .finish_non_exhaustive()
    }
}
