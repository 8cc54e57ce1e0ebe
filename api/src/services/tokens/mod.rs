//! Partner tokens: issued by staff and claimed by the partner's contact, or issued by the partner's administrators for
//! themselves; revoked by both; and the seats of partners' staff.
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
pub use issue::{Issued, NewScope, NewToken, issue, issue_own};
pub use list::{FieldFacts, Named, TokenScope, TokenView, by_id, of_administered, of_event, of_partner, of_reader};
pub use members::{NewMember, PartnerLead, PartnerMember, invite, members, remove, update};
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
