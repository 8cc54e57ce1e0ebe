//! Who is asking, as far as the credential itself tells.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use consentry_domain::{AccountId, OrganizationId, PartnerTokenId, SessionId};

use super::door::{Actor, DoorDevice};
use super::rights::Permission;
use crate::platform::Refused;

/// Who is asking.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody signed in.
    Anonymous,
    /// An account with a live session; and whether this request has pulled leads already.
    Account(SignedIn, Pulls),
    /// The holder of an opaque token; what it may reach is looked up when it is used.
    Partner(PartnerCredential),
    /// A device that lets people in at one event.
    Door(Arc<DoorDevice>),
}

/// Whether a request has pulled leads. Make one for each request.
#[derive(Clone, Debug, Default)]
pub struct Pulls(Arc<AtomicBool>);

impl Pulls {
    /// Whether this is the request's first pull; it counts as one.
    fn is_first(&self) -> bool {
        !self.0.swap(true, Ordering::Relaxed)
    }
}

/// A live session, checked at this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    account: AccountId,
    session: SessionId,
    in_a_team: bool,
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
        Self {
            account,
            session,
            in_a_team: false,
        }
    }

    /// The same, known to hold a role in a team.
    pub(super) fn who_is_in_a_team(self, in_a_team: bool) -> Self {
        Self { in_a_team, ..self }
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// Whether this is a browser of somebody who holds a role in a team, of any kind and anywhere: enough to show a way, and no
    /// right to anything.
    #[must_use]
    pub fn is_in_a_team(&self) -> bool {
        self.in_a_team
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> SessionId {
        self.session
    }
}

/// What a partner reads with in one request, not yet looked up: a token and from where it came, or a seat.
#[derive(Clone)]
pub struct PartnerCredential {
    key: PartnerKey,
    address: Option<IpAddr>,
    pulls: Pulls,
}

/// By what a token is found.
#[derive(Clone)]
pub(super) enum PartnerKey {
    /// By its text.
    Text(secrecy::SecretString),
    /// By its id, because it is the seat of the account that asks. Only the check of that makes one.
    Seat(OrganizationId, PartnerTokenId),
}

impl PartnerCredential {
    /// Takes a token's text, and the client's address where it is known. Make one for each request.
    #[must_use]
    pub fn new(token: &str, address: Option<IpAddr>) -> Self {
        Self {
            key: PartnerKey::Text(token.into()),
            address,
            pulls: Pulls::default(),
        }
    }

    /// Made by the check of a seat only.
    pub(super) fn seat(organization: OrganizationId, seat: PartnerTokenId, pulls: Pulls) -> Self {
        Self {
            key: PartnerKey::Seat(organization, seat),
            address: None,
            pulls,
        }
    }

    /// The text that came with the request; none where it is a seat.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.key {
            PartnerKey::Text(text) => Some(secrecy::ExposeSecret::expose_secret(text)),
            PartnerKey::Seat(..) => None,
        }
    }

    /// By what the token is found.
    pub(super) fn key(&self) -> &PartnerKey {
        &self.key
    }

    /// From where the request comes, if that is known.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// Whether this is the request's first pull; it counts as one. A request pulls at most once.
    #[must_use]
    pub fn is_first_pull(&self) -> bool {
        self.pulls.is_first()
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
            Self::Partner(credential) => Self::Partner(PartnerCredential {
                pulls: Pulls::default(),
                ..credential.clone()
            }),
            Self::Account(signed_in, _) => Self::from(*signed_in),
            Self::Door(device) => Self::Door(Arc::clone(device)),
            Self::Anonymous => Self::Anonymous,
        }
    }

    /// The signed-in account, if there is one.
    #[must_use]
    pub fn signed_in(&self) -> Option<SignedIn> {
        match self {
            Self::Account(signed_in, _) => Some(*signed_in),
            Self::Anonymous | Self::Partner(_) | Self::Door(_) => None,
        }
    }

    /// Refuses whoever cannot hold the right whatever it is asked for, so that they learn nothing about what is there.
    ///
    /// # Errors
    /// [`Refused::Unauthenticated`].
    pub fn may_hold<P: Permission>(&self) -> Result<(), Refused> {
        let may = match self {
            Self::Account(..) => true,
            Self::Door(device) => P::Actor::of_device(device).is_some(),
            Self::Anonymous | Self::Partner(_) => false,
        };
        may.then_some(()).ok_or(Refused::Unauthenticated)
    }
}

impl From<SignedIn> for Caller {
    fn from(signed_in: SignedIn) -> Self {
        Self::Account(signed_in, Pulls::default())
    }
}
