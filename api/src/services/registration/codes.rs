//! Codes that people and scanners read, and the key by which names are sorted.

use data_encoding::{BASE32, Encoding, Specification};
use std::sync::LazyLock;

use crate::platform::store::Tx;

/// Letters and digits that are not mistaken for each other.
static READABLE: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHJKLMNPQRSTUVWXYZ23456789");
    specification.encoding().expect("32 symbols")
});

/// An order's code: eight characters that people read out.
pub(super) fn order_code(tx: &Tx) -> String {
    READABLE.encode(&tx.random::<5>())
}

/// A check-in or badge code: 16 characters, which nobody guesses.
pub(super) fn scan_code(tx: &Tx) -> String {
    BASE32.encode(&tx.random::<10>())
}

/// The longest key.
const LONGEST_KEY: usize = 200;

/// What names are sorted by, compared bytewise: the family name first where it is known, in small letters.
#[must_use]
pub fn sort_name(full_name: &str, given_name: Option<&str>, family_name: Option<&str>) -> Vec<u8> {
    let name = match family_name {
        Some(family) => format!("{family}\u{1}{}", given_name.unwrap_or(full_name)),
        None => full_name.to_owned(),
    };
    let mut key = name.to_lowercase().into_bytes();
    key.truncate(LONGEST_KEY);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_family_name_and_without_case() {
        let mut names = [
            sort_name("Zoe Adams", Some("Zoe"), Some("Adams")),
            sort_name("adam zander", None, None),
            sort_name("Ann ADAMS", Some("Ann"), Some("ADAMS")),
            sort_name("Bob Adamson", None, Some("Adamson")),
            Vec::new(),
        ];
        names.sort();
        let names = names.map(|name| String::from_utf8(name).expect("short names are whole"));
        assert_eq!(
            names,
            [
                "",
                "adam zander",
                "adams\u{1}ann",
                "adams\u{1}zoe",
                "adamson\u{1}bob adamson"
            ]
        );
        assert_eq!(sort_name(&"ä".repeat(500), None, None).len(), LONGEST_KEY);
    }

    #[test]
    fn the_readable_alphabet_has_no_twins() {
        assert_eq!(READABLE.encode(&[0; 5]), "AAAAAAAA");
        assert_eq!(READABLE.encode(&[0xff; 5]), "99999999");
    }
}
