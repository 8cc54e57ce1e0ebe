//! Signing in: by a link sent by mail, or by a password; with the code of an authenticator where the account has one. Sessions
//! with access tokens and refresh tokens, and browsers' sessions.
//!
//! Links, refresh tokens, authenticators and recovery codes are derived from rows, not stored. A link works once and for ten
//! minutes; a refresh token works once, and a second use of one ends the session, because then somebody copied it.

mod factor;
mod link;
mod news;
mod password;
mod protect;
mod session;

pub use factor::has_authenticator;
pub use link::{address as link_address, create as create_link, redeem, request, send as send_link};
pub use password::{Typed, sign_in as with_password, stored as stored_password};
pub use protect::{
    Prepared, Protection, confirm, prepare, protection, remove, remove_by_operator, renew_codes, set_password,
};
pub use session::{BrowserSession, OpenSession, Opened, end, end_all, end_another, list, open, refresh};
