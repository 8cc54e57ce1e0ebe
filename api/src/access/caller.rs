//! Who is asking, as far as the credential itself tells.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use consentry_domain::{AccountId, SessionId};

/// Who is asking.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody signed in.
    Anonymous,
    /// An account with a live session.
    Account(SignedIn),
    /// The holder of an opaque token; what it may reach is looked up when it is used.
    Partner(PartnerCredential),
}

/// A live session, checked at this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    account: AccountId,
    session: SessionId,
}

impl SignedIn {
    /// As if the session had been checked, for tests of what comes after.
    #[cfg(feature = "failpoints")]
    #[must_use]
    pub fn in_test(account: AccountId, session: SessionId) -> Self {
        Self::new(account, session)
    }

    /// Made by the check of a session only.
    pub(super) fn new(account: AccountId, session: SessionId) -> Self {
        Self { account, session }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// A partner token as it came with one request, not yet looked up, and from where.
#[derive(Clone)]
pub struct PartnerCredential {
    token: secrecy::SecretString,
    address: Option<IpAddr>,
    pulled: Arc<AtomicBool>,
}

impl PartnerCredential {
    /// Takes a token's text, and the client's address where it is known. Make one for each request.
    #[must_use]
    pub fn new(token: &str, address: Option<IpAddr>) -> Self {
        Self {
            token: token.into(),
            address,
            pulled: Arc::default(),
        }
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.token)
    }

    /// From where the request comes, if that is known.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether this is the request's first pull; it counts as one. A request pulls at most once.
    #[must_use]
    pub fn is_first_pull(&self) -> bool {
        !self.pulled.swap(true, Ordering::Relaxed)
    }
}

impl std::fmt::Debug for PartnerCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PartnerCredential(…)")
    }
}

impl Caller {
    /// The same caller with another request.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Partner(credential) => Self::Partner(PartnerCredential::new(credential.expose(), credential.address)),
            Self::Anonymous | Self::Account(_) => self.clone(),
        }
    }

    /// The signed-in account, if there is one.
    #[must_use]
    pub fn signed_in(&self) -> Option<SignedIn> {
        match self {
            Self::Account(signed_in) => Some(*signed_in),
            Self::Anonymous | Self::Partner(_) => None,
        }
    }
}
