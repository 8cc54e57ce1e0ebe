//! Signing in by a link sent by mail; sessions with access tokens and refresh tokens.
//!
//! Links and refresh tokens are derived from rows (id and generation), not stored. A link works once and for ten
//! minutes; a refresh token works once, and a second use of one ends the session, because then somebody copied it.

mod link;
mod session;

pub use link::{
    address as link_address, create as create_link, redeem, redeem_for_browser, request, send as send_link,
};
pub use session::{BrowserSession, OpenSession, end, end_all, end_another, list, open, refresh};
