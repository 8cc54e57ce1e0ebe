//! Signing in and out.

mod redeem;
mod refresh;
mod request;
mod sign_out;

pub use redeem::{RedeemSignInLink, RedeemSignInLinkUserError};
pub use refresh::{RefreshSession, RefreshSessionUserError};
pub use request::{RequestSignInLink, RequestSignInLinkUserError};
pub use sign_out::{SignOut, SignOutUserError};

use async_graphql::{ID, SimpleObject};

use crate::graphql::ids;
use crate::graphql::scalars::DateTime;
use crate::services::sign_in::OpenSession;

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

impl From<OpenSession> for Session {
    fn from(open: OpenSession) -> Self {
        Self {
            id: ids::encode_global(open.id),
            access_token: open.access_token,
            access_token_expires_at: open.access_token_expires_at.into(),
            refresh_token: open.refresh_token,
        }
    }
}
