//! A line of the door's list as it lies on a device without a network: whoever takes the device reads nothing, for only
//! the code that somebody shows opens its line.
//!
//! Of the code and a salt (random, one for each list that is taken) HKDF-SHA-256 makes two values: with the label
//! [`LINE`] 16 bytes by which the line is found, with the label [`SEAL`] the key under which it is sealed with AES-256-GCM
//! (nonce of 12 bytes, ciphertext, tag). What is sealed is JSON with spaces behind it, so that its length tells nothing of
//! the name's.

use aws_lc_rs::{aead, hkdf};
use data_encoding::BASE64URL_NOPAD;

/// Bytes of a salt.
pub const SALT: usize = 16;
/// The label of what a line is found by.
const LINE: &[u8] = b"consentry/door/1 line";
/// The label of what it is sealed under.
const SEAL: &[u8] = b"consentry/door/1 seal";
/// What is sealed is as long as a multiple of this.
const STEP: usize = 128;

/// A sealed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// What it is found by, base64url.
    pub key: String,
    /// Nonce, ciphertext and tag, base64url.
    pub sealed: String,
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// Seals what is said of the holder of a code.
///
/// # Panics
/// Never: the lengths are those of the algorithms.
#[must_use]
pub fn seal(salt: [u8; SALT], code: &str, said: &serde_json::Value, nonce: [u8; aead::NONCE_LEN]) -> Sealed {
    let root = hkdf::Salt::new(hkdf::HKDF_SHA256, &salt).extract(code.as_bytes());
    let (mut key, mut secret) = ([0; 16], [0; 32]);
    for (label, bytes) in [(LINE, &mut key[..]), (SEAL, &mut secret[..])] {
        root.expand(&[label], Length(bytes.len()))
            .and_then(|output| output.fill(bytes))
            .expect("as many bytes as HKDF-SHA-256 can give");
    }
    let cipher = aead::UnboundKey::new(&aead::AES_256_GCM, &secret).expect("the key has AES-256's length");
    let mut plain = said.to_string().into_bytes();
    plain.resize(plain.len().next_multiple_of(STEP), b' ');
    aead::LessSafeKey::new(cipher)
        .seal_in_place_append_tag(
            aead::Nonce::assume_unique_for_key(nonce),
            aead::Aad::empty(),
            &mut plain,
        )
        .expect("a line is short");
    let mut sealed = nonce.to_vec();
    sealed.append(&mut plain);
    Sealed {
        key: BASE64URL_NOPAD.encode(&key),
        sealed: BASE64URL_NOPAD.encode(&sealed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(salt: u8, code: &str, name: &str) -> Sealed {
        seal([salt; SALT], code, &serde_json::json!({ "name": name }), [3; 12])
    }

    #[test]
    fn a_line_is_found_by_its_code_and_salt_alone() {
        let one = line(1, "CAAAA", "Ada");
        assert_eq!(one.key, line(1, "CAAAA", "Grace").key);
        assert_ne!(one.key, line(2, "CAAAA", "Ada").key);
        assert_ne!(one.key, line(1, "CAAAB", "Ada").key);
    }

    #[test]
    fn its_length_does_not_tell_the_names() {
        assert_eq!(
            line(1, "C", "A").sealed.len(),
            line(1, "C", &"a".repeat(100)).sealed.len()
        );
        assert_ne!(line(1, "C", "A").sealed, line(1, "C", "B").sealed);
    }
}
