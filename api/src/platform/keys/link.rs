//! Secrets of links: derived, not stored, so that a mail can be sent again and a leaked database opens nothing.
//!
//! A secret is base64url of kind, organization, id, generation and the first 16 bytes of an HMAC over them. Raising the
//! row's generation makes every earlier secret of it worthless.

use aws_lc_rs::hmac;
use consentry_domain::OrganizationId;
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::Keys;

/// What a link opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LinkKind {
    /// An order, for its buyer.
    Order = 1,
    /// A registration, for its attendee: proves the mailbox.
    Registration = 2,
    /// A guardian request.
    Guardian = 3,
    /// A sign-in (the organization is nil).
    SignIn = 4,
    /// A partner token that waits for its holder.
    TokenClaim = 5,
    /// A changed address that is to be proved.
    AddressChange = 6,
    /// A webinar's personal page.
    Join = 7,
    /// A session's refresh token (the organization is nil).
    Refresh = 8,
    /// A browser's session, kept in its cookie (the organization is nil).
    Browser = 9,
    /// A device at a door that is to sign in.
    DoorLink = 10,
    /// Such a device's session, kept in its browser's cookie.
    Door = 11,
}

/// A link's secret, verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The tenant.
    pub organization: OrganizationId,
    /// The row.
    pub id: Uuid,
    /// Which generation of the row's secret it is; the caller compares it with the row.
    pub generation: i32,
}

impl Link {
    /// What belongs to no tenant: a sign-in, a session.
    #[must_use]
    pub fn global(id: impl Into<Uuid>, generation: i32) -> Self {
        Self {
            organization: OrganizationId(Uuid::nil()),
            id: id.into(),
            generation,
        }
    }
}

const BODY: usize = 1 + 16 + 16 + 4;
const TAG: usize = 16;

impl Keys {
    /// The secret that opens this.
    #[must_use]
    pub fn link(&self, kind: LinkKind, link: Link) -> String {
        let mut bytes = Vec::with_capacity(BODY + TAG);
        bytes.push(kind as u8);
        bytes.extend_from_slice(link.organization.0.as_bytes());
        bytes.extend_from_slice(link.id.as_bytes());
        bytes.extend_from_slice(&link.generation.to_be_bytes());
        let tag = hmac::sign(&self.link, &bytes);
        bytes.extend_from_slice(&tag.as_ref()[..TAG]);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// What this secret opens, if it is one of ours and of this kind.
    #[must_use]
    pub fn open_link(&self, kind: LinkKind, secret: &str) -> Option<Link> {
        let bytes = BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?;
        if bytes.len() != BODY + TAG || bytes[0] != kind as u8 {
            return None;
        }
        let (body, tag) = bytes.split_at(BODY);
        let expected = hmac::sign(&self.link, body);
        if !bool::from(tag.ct_eq(&expected.as_ref()[..TAG])) {
            return None;
        }
        Some(Link {
            organization: OrganizationId(Uuid::from_slice(&body[1..17]).ok()?),
            id: Uuid::from_slice(&body[17..33]).ok()?,
            generation: i32::from_be_bytes(body[33..37].try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link {
            organization: OrganizationId(Uuid::from_u128(1)),
            id: Uuid::from_u128(2),
            generation: 3,
        }
    }

    #[test]
    fn a_secret_opens_what_it_was_made_for_and_nothing_else() {
        let keys = Keys::new(&[7; 32]);
        let secret = keys.link(LinkKind::Order, link());
        assert_eq!(keys.open_link(LinkKind::Order, &secret), Some(link()));
        assert_eq!(keys.open_link(LinkKind::Registration, &secret), None);
        assert_eq!(Keys::new(&[8; 32]).open_link(LinkKind::Order, &secret), None);
    }

    #[test]
    fn any_changed_character_is_refused() {
        let keys = Keys::new(&[7; 32]);
        let secret = keys.link(LinkKind::Order, link());
        for position in 0..secret.len() {
            let mut changed = secret.clone().into_bytes();
            changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(keys.open_link(LinkKind::Order, &changed), None, "position {position}");
        }
    }
}
