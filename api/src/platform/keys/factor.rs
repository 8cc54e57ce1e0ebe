//! What second factors are made of: derived from their rows, not stored, so that a leaked database signs nobody in.

use aws_lc_rs::hmac;
use uuid::Uuid;

use super::Keys;

impl Keys {
    /// What the authenticator of this row shares with this installation (RFC 4226, section 4: 160 bits).
    #[must_use]
    pub fn authenticator(&self, row: Uuid) -> [u8; 20] {
        first(&self.authenticator, row)
    }

    /// What the recovery code of this row is written from.
    #[must_use]
    pub fn recovery_code(&self, row: Uuid) -> [u8; 7] {
        first(&self.recovery, row)
    }

    /// What passwords are hashed with beside their salt: without it, a hash from a leaked database cannot be guessed at.
    #[must_use]
    pub fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }
}

/// The first bytes of a row's HMAC.
fn first<const N: usize>(key: &hmac::Key, row: Uuid) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.copy_from_slice(&hmac::sign(key, row.as_bytes()).as_ref()[..N]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_each_use_and_each_installation_has_secrets_of_its_own() {
        let (keys, others) = (Keys::new(&[1; 32]), Keys::new(&[2; 32]));
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(keys.authenticator(one), keys.authenticator(one));
        assert_ne!(keys.authenticator(one), keys.authenticator(two));
        assert_ne!(keys.authenticator(one), others.authenticator(one));
        assert_ne!(keys.authenticator(one)[..7], keys.recovery_code(one));
        assert_ne!(keys.pepper(), others.pepper());
    }
}
