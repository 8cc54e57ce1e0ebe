//! Partner tokens: issued by staff, claimed by the partner's contact, revoked by staff; and the seats of partners' staff.
//!
//! Staff never see a secret, and until the contact claims the token there is none: what is mailed is a link, and the
//! claim makes the secret, shows it once and keeps its keyed hash.

mod claim;
mod cover;
mod issue;
mod list;
mod members;
mod revoke;

pub use claim::{Claimed, claim};
pub use issue::{NewScope, NewToken, issue};
pub use list::{FieldFacts, TokenScope, TokenView, by_id, of_event, of_partner, of_reader};
pub use members::{NewMember, PartnerLead, PartnerMember, invite, members, remove};
pub(crate) use members::{cover_one_more, refuse_reader};
pub use revoke::revoke;

use consentry_domain::token::{TokenEnvironment, TokenKind, TokenText};

/// What this installation's tokens are for.
const ENVIRONMENT: TokenEnvironment = TokenEnvironment::Live;

/// What everybody may see of the token of this key id.
#[must_use]
pub fn shown(key_id: &str) -> String {
    TokenText::shown_of(ENVIRONMENT, TokenKind::Partner, key_id)
}
