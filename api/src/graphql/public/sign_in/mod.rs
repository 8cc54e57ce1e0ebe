//! Signing in and out.

mod redeem;
mod refresh;
mod request;
mod sign_out;
mod with_password;

pub use redeem::{RedeemSignInLink, RedeemSignInLinkUserError};
pub use refresh::{RefreshSession, RefreshSessionUserError};
pub use request::{RequestSignInLink, RequestSignInLinkUserError};
pub use sign_out::{SignOut, SignOutUserError};
pub use with_password::{SignInWithPassword, SignInWithPasswordUserError};

use async_graphql::{Enum, ID, SimpleObject};

use crate::graphql::ids;
use crate::graphql::scalars::DateTime;
use crate::services::sign_in;

/// For whom a session is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::SessionKind")]
pub enum SessionKind {
    /// A program: a short access token with a refresh token.
    Api,
    /// A browser: a secret for the cookie of this installation's pages, which is accepted nowhere else. It ends when it
    /// lies unused, for whoever holds a role after half an hour.
    Browser,
}

/// A browser's session with its secret, which is shown here and nowhere else.
#[derive(SimpleObject)]
pub struct BrowserSession {
    /// Opaque.
    id: ID,
    /// For the cookie.
    secret: String,
    /// When it ends at the latest.
    expires_at: DateTime,
}

impl From<sign_in::BrowserSession> for BrowserSession {
    fn from(open: sign_in::BrowserSession) -> Self {
        Self {
            id: ids::encode_global(open.id),
            secret: open.secret,
            expires_at: open.expires_at.into(),
        }
    }
}

/// A session with its tokens, which are shown here and nowhere else.
#[derive(SimpleObject)]
pub struct Session {
    /// Opaque.
    id: ID,
    /// Sent as `Authorization: Bearer …`.
    access_token: String,
    /// When the access token ends.
    access_token_expires_at: DateTime,
    /// Exchanged for new tokens by `refreshSession`, once: a second use ends the session.
    refresh_token: String,
}

impl From<sign_in::OpenSession> for Session {
    fn from(open: sign_in::OpenSession) -> Self {
        Self {
            id: ids::encode_global(open.id),
            access_token: open.access_token,
            access_token_expires_at: open.access_token_expires_at.into(),
            refresh_token: open.refresh_token,
        }
    }
}
