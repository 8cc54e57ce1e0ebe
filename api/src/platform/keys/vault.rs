//! The vault: what must be readable again but never lie open in the database (an organization's credentials at its
//! providers, signing keys). AES-256-GCM, bound to the row that holds it.

use aws_lc_rs::aead;

use super::Keys;

impl Keys {
    /// Seals `plain` for the row that `row` names, with a random nonce.
    #[must_use]
    pub fn seal(&self, row: &[u8], plain: &[u8], nonce: [u8; aead::NONCE_LEN]) -> Vec<u8> {
        let mut sealed = plain.to_vec();
        self.vault
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(row),
                &mut sealed,
            )
            .expect("a credential is short");
        let mut bytes = nonce.to_vec();
        bytes.append(&mut sealed);
        bytes
    }

    /// Opens what was sealed for this row; nothing when it was not, or under another instance key.
    #[must_use]
    pub fn unseal(&self, row: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(aead::NONCE_LEN)?;
        let mut body = body.to_vec();
        let nonce = aead::Nonce::try_assume_unique_for_key(nonce).ok()?;
        Some(
            self.vault
                .open_in_place(nonce, aead::Aad::from(row), &mut body)
                .ok()?
                .to_vec(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_for_its_own_row_only() {
        let keys = Keys::new(&[1; 32]);
        let sealed = keys.seal(b"row 1", b"secret", [3; 12]);
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_eq!(keys.unseal(b"row 1", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(keys.unseal(b"row 2", &sealed), None);
        assert_eq!(keys.unseal(b"row 1", &sealed[..5]), None);
    }
}
