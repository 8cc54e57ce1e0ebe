//! Cursors: encrypted, bound to what they page through, and the same for the same place (the nonce is a keyed hash of
//! the content, as in SIV), so that a cursor tells nothing and asking twice answers the same bytes.

use aws_lc_rs::{aead, hmac};
use data_encoding::BASE64URL_NOPAD;

use super::Keys;

impl Keys {
    /// A cursor for `place` in the list that `list` names (with its filter and sort).
    #[must_use]
    pub fn cursor(&self, list: &[u8], place: &[u8]) -> String {
        let mut context = hmac::Context::with_key(&self.cursor_nonce);
        context.update(&(list.len() as u64).to_be_bytes());
        context.update(list);
        context.update(place);
        let mut nonce = [0; aead::NONCE_LEN];
        nonce.copy_from_slice(&context.sign().as_ref()[..aead::NONCE_LEN]);
        let mut sealed = place.to_vec();
        self.cursor
            .seal_in_place_append_tag(
                aead::Nonce::assume_unique_for_key(nonce),
                aead::Aad::from(list),
                &mut sealed,
            )
            .expect("a cursor is short");
        let mut bytes = nonce.to_vec();
        bytes.append(&mut sealed);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The place of a cursor, if it is one of ours and of this list.
    #[must_use]
    pub fn open_cursor(&self, list: &[u8], cursor: &str) -> Option<Vec<u8>> {
        let mut bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
        if bytes.len() < aead::NONCE_LEN {
            return None;
        }
        let mut sealed = bytes.split_off(aead::NONCE_LEN);
        let nonce = aead::Nonce::try_assume_unique_for_key(&bytes).ok()?;
        let place = self
            .cursor
            .open_in_place(nonce, aead::Aad::from(list), &mut sealed)
            .ok()?;
        Some(place.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_in_its_own_list_only_and_is_stable() {
        let keys = Keys::new(&[1; 32]);
        let cursor = keys.cursor(b"roster of event 1 by name", b"place");
        assert_eq!(keys.cursor(b"roster of event 1 by name", b"place"), cursor);
        assert_eq!(
            keys.open_cursor(b"roster of event 1 by name", &cursor).as_deref(),
            Some(&b"place"[..])
        );
        assert_eq!(keys.open_cursor(b"roster of event 2 by name", &cursor), None);
        assert_eq!(keys.open_cursor(b"roster of event 1 by name", &cursor[1..]), None);
        assert_eq!(keys.open_cursor(b"roster of event 1 by name", ""), None);
    }
}
