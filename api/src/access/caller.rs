//! Who is asking, as far as the credential itself tells.

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

/// A partner token as it came, well-formed but not yet looked up.
#[derive(Clone)]
pub struct PartnerCredential(secrecy::SecretString);

impl PartnerCredential {
    /// Takes a token's text.
    #[must_use]
    pub fn new(token: &str) -> Self {
        Self(token.into())
    }

    /// The token's text.
    #[must_use]
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

impl std::fmt::Debug for PartnerCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PartnerCredential(…)")
    }
}

impl Caller {
    /// The signed-in account, if there is one.
    #[must_use]
    pub fn signed_in(&self) -> Option<SignedIn> {
        match self {
            Self::Account(signed_in) => Some(*signed_in),
            Self::Anonymous | Self::Partner(_) => None,
        }
    }
}
