//! Links in mails. What is stored tells which link it is; the secret in it is derived when the mail is written.
//!
//! A leaked database must open nothing and a mail must be able to be sent again, so a mail's row never holds the
//! secret of a link, only what the instance key derives it from.

use consentry_domain::OrganizationId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::keys::{self, LinkKind};

/// What a link with a secret opens; each is a page that asks before it changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkPurpose {
    /// An order, for its buyer; the id is the order's.
    Order,
    /// A registration, for its attendee: proves the mailbox; the id is the registration's.
    Registration,
    /// Asks a guardian; the id is the guardian request's.
    Guardian,
    /// Signs an account in once; the id is the credential's and the organization is nil.
    SignIn,
    /// A partner's token, fetched once; the id is the token's.
    TokenClaim,
    /// Proves a registration's changed address; the id is the registration's.
    AddressChange,
    /// A webinar's room for one registration; the id is the registration's.
    Join,
}

impl LinkPurpose {
    /// The path of its page, to which the secret is added.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Order => "/order/",
            Self::Registration => "/confirm/",
            Self::Guardian => "/guardian/",
            Self::SignIn => "/sign-in/",
            Self::TokenClaim => "/claim/",
            Self::AddressChange => "/address/",
            Self::Join => "/join/",
        }
    }

    /// The kind of its secret.
    #[must_use]
    pub const fn kind(self) -> LinkKind {
        match self {
            Self::Order => LinkKind::Order,
            Self::Registration => LinkKind::Registration,
            Self::Guardian => LinkKind::Guardian,
            Self::SignIn => LinkKind::SignIn,
            Self::TokenClaim => LinkKind::TokenClaim,
            Self::AddressChange => LinkKind::AddressChange,
            Self::Join => LinkKind::Join,
        }
    }
}

/// A link as a message keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// An address without a secret.
    Plain(String),
    /// A page of this installation by its path, for whoever is signed in.
    Page(String),
    /// An address whose secret is derived from these.
    Secret {
        /// What it opens.
        purpose: LinkPurpose,
        /// Whose it is.
        organization: OrganizationId,
        /// The id of what it opens.
        id: Uuid,
        /// How often older links to it were made void.
        generation: i32,
    },
}

/// Makes the addresses of links. The holder of the instance key and of the public address implements it.
pub trait Links: Send + Sync {
    /// The absolute address of a page.
    fn page(&self, path: &str) -> String;

    /// The absolute address, secret included.
    fn address(&self, purpose: LinkPurpose, organization: OrganizationId, id: Uuid, generation: i32) -> String;
}

impl Links for Platform {
    fn page(&self, path: &str) -> String {
        self.url(path)
    }

    fn address(&self, purpose: LinkPurpose, organization: OrganizationId, id: Uuid, generation: i32) -> String {
        let secret = self.keys.link(
            purpose.kind(),
            keys::Link {
                organization,
                id,
                generation,
            },
        );
        self.url(&format!("{}{secret}", purpose.path()))
    }
}

impl Link {
    /// The address to write into the mail; none where it is not one that a mail may hold.
    #[must_use]
    pub fn resolve(&self, links: &dyn Links) -> Option<String> {
        let address = match self {
            Self::Plain(address) => address.clone(),
            Self::Page(path) => links.page(path),
            Self::Secret {
                purpose,
                organization,
                id,
                generation,
            } => links.address(*purpose, *organization, *id, *generation),
        };
        is_web_address(&address).then_some(address)
    }
}

/// Whether this is an http(s) address of printable ASCII without characters that end a link in text.
fn is_web_address(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && address
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\^`{|}".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_pass() {
        assert!(is_web_address("https://events.example/o/ABC?x=1&y=%20"));
        for bad in [
            "",
            "javascript:alert(1)",
            "https://",
            "https://a b",
            "https://a\r\nBcc: x",
            "HTTPS://a",
            "https://a\"b",
            "data:text/html,x",
            "//a",
            "https://ä.example",
        ] {
            assert!(!is_web_address(bad), "{bad:?}");
        }
    }
}
