//! The instance key and what is derived from it: secrets of links, hashes of tokens, cursors, the vault.
//!
//! One key per use (HKDF-SHA-256 with a label), so that a value made for one purpose is worthless for another.

mod cursor;
mod factor;
mod link;
mod vault;

pub use link::{Link, LinkKind};

use aws_lc_rs::{aead, hkdf, hmac};

/// The keys of this installation.
pub struct Keys {
    link: hmac::Key,
    token: hmac::Key,
    request: hmac::Key,
    picture: hmac::Key,
    cursor: aead::LessSafeKey,
    cursor_nonce: hmac::Key,
    vault: aead::LessSafeKey,
    authenticator: hmac::Key,
    recovery: hmac::Key,
    pepper: [u8; 32],
}

struct Length;

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

impl Keys {
    /// Derives every key from the instance key.
    #[must_use]
    pub fn new(instance_key: &[u8; 32]) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"consentry/1").extract(instance_key);
        let derive = |label: &str| -> [u8; 32] {
            let mut key = [0; 32];
            root.expand(&[label.as_bytes()], Length)
                .and_then(|output| output.fill(&mut key))
                .expect("32 bytes are within what HKDF-SHA-256 can give");
            key
        };
        let mac = |label| hmac::Key::new(hmac::HMAC_SHA256, &derive(label));
        let cipher = |label| {
            aead::LessSafeKey::new(
                aead::UnboundKey::new(&aead::AES_256_GCM, &derive(label)).expect("the key has AES-256's length"),
            )
        };
        Self {
            link: mac("link"),
            token: mac("token"),
            request: mac("request"),
            picture: mac("picture"),
            cursor: cipher("cursor"),
            cursor_nonce: mac("cursor nonce"),
            vault: cipher("vault"),
            authenticator: mac("authenticator"),
            recovery: mac("recovery code"),
            pepper: derive("password"),
        }
    }

    /// What is stored of an opaque token, refresh token or the like: nobody can find the token from it.
    #[must_use]
    pub fn token_hash(&self, token: &str) -> Vec<u8> {
        hmac::sign(&self.token, token.as_bytes()).as_ref().to_vec()
    }

    /// What is stored of a request or an idempotency key.
    #[must_use]
    pub fn request_hash(&self, bytes: &[u8]) -> Vec<u8> {
        hmac::sign(&self.request, bytes).as_ref().to_vec()
    }

    /// What a picture of this owner is called: the same bytes are called the same, and who has them cannot tell how.
    #[must_use]
    pub fn picture_id(&self, owner: &[u8; 16], bytes: &[u8]) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.picture);
        context.update(owner);
        context.update(bytes);
        let mut id = [0; 16];
        id.copy_from_slice(&context.sign().as_ref()[..16]);
        id
    }
}
