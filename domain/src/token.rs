//! Partner tokens: where one stands, when it is valid, and how it is written.
//!
//! `cst_<environment>_<kind>_<key id: 12><secret: 32><checksum: 6>`, the last three in base62 and without a gap. The checksum
//! is the CRC-32 of everything before it, so that a scanner knows a leaked token from noise without asking anybody. Only
//! a keyed hash of the whole text is ever stored; it is looked up by the key id. Here nothing is hashed and nothing is
//! compared: a well-written token may still be worth nothing.

use crate::{Instant, TokenStatus, transition::InvalidTransition};
use std::fmt;

/// How long a token is valid where nobody says otherwise, in days.
pub const DEFAULT_DAYS: i64 = 90;
/// The longest that a token can be valid, in days.
pub const MOST_DAYS: i64 = 400;
/// The pattern of every token, for those who search for leaked secrets.
pub const PATTERN: &str = "cst_(live|test)_prt_[0-9A-Za-z]{50}";

/// Where a partner's token stands. Whether it is valid now is a matter of its window, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnerToken {
    /// Issued; its holder has not fetched the secret, and there is none yet.
    Unclaimed,
    /// Fetched.
    Active {
        /// When.
        claimed_at: Instant,
    },
    /// Taken back.
    Revoked {
        /// When.
        at: Instant,
    },
}

impl PartnerToken {
    /// Where it stands.
    #[must_use]
    pub const fn status(self) -> TokenStatus {
        match self {
            Self::Unclaimed => TokenStatus::Unclaimed,
            Self::Active { .. } => TokenStatus::Active,
            Self::Revoked { .. } => TokenStatus::Revoked,
        }
    }

    /// From what is stored.
    #[must_use]
    pub fn from_stored(claimed_at: Option<Instant>, revoked_at: Option<Instant>) -> Self {
        match (claimed_at, revoked_at) {
            (_, Some(at)) => Self::Revoked { at },
            (Some(claimed_at), None) => Self::Active { claimed_at },
            (None, None) => Self::Unclaimed,
        }
    }

    /// Its holder fetches the secret, once.
    ///
    /// # Errors
    /// Where it was fetched or taken back.
    pub fn claim(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Unclaimed => Ok(Self::Active { claimed_at: at }),
            _ => Err(self.no_way_to(TokenStatus::Active)),
        }
    }

    /// It is taken back.
    ///
    /// # Errors
    /// Where it was taken back before.
    pub fn revoke(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Unclaimed | Self::Active { .. } => Ok(Self::Revoked { at }),
            Self::Revoked { .. } => Err(self.no_way_to(TokenStatus::Revoked)),
        }
    }

    const fn no_way_to(self, to: TokenStatus) -> InvalidTransition {
        InvalidTransition {
            of: "token",
            from: self.status().as_str(),
            to: to.as_str(),
        }
    }
}

/// When a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenWindow {
    /// From when (included).
    pub not_before: Instant,
    /// Until when (excluded).
    pub expires_at: Instant,
}

impl TokenWindow {
    /// This window, if it has a length and is not longer than [`MOST_DAYS`]; from now for [`DEFAULT_DAYS`] where nothing is said.
    #[must_use]
    pub fn new(not_before: Option<Instant>, expires_at: Option<Instant>, now: Instant) -> Option<Self> {
        let not_before = not_before.unwrap_or(now);
        let expires_at = expires_at.unwrap_or(not_before.plus_days(DEFAULT_DAYS));
        (not_before < expires_at && now < expires_at && expires_at <= not_before.plus_days(MOST_DAYS))
            .then_some(Self { not_before, expires_at })
    }
}

/// Where a token is good for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenEnvironment {
    /// In an installation that serves people.
    Live,
    /// In a demonstration or a test.
    Test,
}

/// Whose token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A partner's.
    Partner,
}

/// A token as its holder has it. It does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenText {
    environment: TokenEnvironment,
    kind: TokenKind,
    text: String,
}

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenTextError {
    /// It does not look like one.
    #[error("this is no token")]
    Malformed,
    /// A character is wrong.
    #[error("the token's checksum is wrong: a character is missing or mistyped")]
    Checksum,
}

const KEY_ID: usize = 12;
const ORGANIZATION_KEY: usize = 5;
const SECRET: usize = 32;
const CHECKSUM: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl TokenText {
    /// A new token from 48 random bytes (a bias of less than 2⁻³² is left in a character's chances).
    #[must_use]
    pub fn new(environment: TokenEnvironment, kind: TokenKind, random: &[u8; 48]) -> Self {
        let mut text = prefix(environment, kind).to_owned();
        let (words, _) = random.as_chunks::<16>();
        for (word, length) in words.iter().zip([KEY_ID, SECRET / 2, SECRET / 2]) {
            push_base62(&mut text, u128::from_be_bytes(*word), length);
        }
        let checksum = crc32(text.as_bytes());
        push_base62(&mut text, checksum.into(), CHECKSUM);
        Self {
            environment,
            kind,
            text,
        }
    }

    /// A new key id: the organization's public key, by which one knows whose the token is, filled up from 16 random bytes.
    #[must_use]
    pub fn new_key_id(organization_key: &str, random: &[u8; 16]) -> String {
        let mut key_id: String = organization_key
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(ORGANIZATION_KEY)
            .collect();
        let missing = KEY_ID - key_id.len();
        push_base62(&mut key_id, u128::from_be_bytes(*random), missing);
        key_id
    }

    /// The token of this key id, with a new secret from 32 random bytes.
    ///
    /// # Errors
    /// Where the key id is none.
    pub fn with_key_id(
        environment: TokenEnvironment,
        kind: TokenKind,
        key_id: &str,
        random: &[u8; 32],
    ) -> Result<Self, TokenTextError> {
        if key_id.len() != KEY_ID || !key_id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(TokenTextError::Malformed);
        }
        let mut text = Self::shown_of(environment, kind, key_id);
        let (words, _) = random.as_chunks::<16>();
        for word in words {
            push_base62(&mut text, u128::from_be_bytes(*word), SECRET / 2);
        }
        let checksum = crc32(text.as_bytes());
        push_base62(&mut text, checksum.into(), CHECKSUM);
        Ok(Self {
            environment,
            kind,
            text,
        })
    }

    /// What everybody may see of the token of this key id, also before there is a secret.
    #[must_use]
    pub fn shown_of(environment: TokenEnvironment, kind: TokenKind, key_id: &str) -> String {
        format!("{}{key_id}", prefix(environment, kind))
    }

    /// The public key of the organization that issued it.
    #[must_use]
    pub fn organization_key(&self) -> &str {
        &self.key_id()[..ORGANIZATION_KEY]
    }

    /// Reads a token, character for character.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(text: &str) -> Result<Self, TokenTextError> {
        let kinds =
            [TokenEnvironment::Live, TokenEnvironment::Test].map(|environment| (environment, TokenKind::Partner));
        let (environment, kind) = kinds
            .into_iter()
            .find(|(environment, kind)| text.starts_with(prefix(*environment, *kind)))
            .ok_or(TokenTextError::Malformed)?;
        let random = &text[prefix(environment, kind).len()..];
        if random.len() != KEY_ID + SECRET + CHECKSUM || !random.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(TokenTextError::Malformed);
        }
        let (body, given) = text.split_at(text.len() - CHECKSUM);
        let mut checksum = String::new();
        push_base62(&mut checksum, crc32(body.as_bytes()).into(), CHECKSUM);
        if checksum != given {
            return Err(TokenTextError::Checksum);
        }
        Ok(Self {
            environment,
            kind,
            text: text.to_owned(),
        })
    }

    /// Where it is good for something.
    #[must_use]
    pub const fn environment(&self) -> TokenEnvironment {
        self.environment
    }

    /// By what it is looked up.
    #[must_use]
    pub fn key_id(&self) -> &str {
        let start = prefix(self.environment, self.kind).len();
        &self.text[start..start + KEY_ID]
    }

    /// What staff may see of it: everything before the secret.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.text[..prefix(self.environment, self.kind).len() + KEY_ID]
    }

    /// The whole text, secret included: for its holder, once, and for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for TokenText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}…", self.shown())
    }
}

const fn prefix(environment: TokenEnvironment, kind: TokenKind) -> &'static str {
    match (environment, kind) {
        (TokenEnvironment::Live, TokenKind::Partner) => "cst_live_prt_",
        (TokenEnvironment::Test, TokenKind::Partner) => "cst_test_prt_",
    }
}

/// Appends the last `length` digits of a number in base 62.
fn push_base62(text: &mut String, mut number: u128, length: usize) {
    let start = text.len();
    for _ in 0..length {
        text.insert(start, char::from(BASE62[(number % 62) as usize]));
        number /= 62;
    }
}

/// CRC-32 as in ISO 3309 and zlib.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_usual_crc_32() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
