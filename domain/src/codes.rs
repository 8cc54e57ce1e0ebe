//! Codes that people read, type and scan. Random bytes are given; a code is never computed from anything about a person.

/// 32 characters of which no two look alike: capitals without I and O, digits without 0 and 1.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The length of an order code.
pub const ORDER_CODE_LENGTH: usize = 8;

/// What stands in front of a check-in code and of a badge code, so that one is never taken for the other.
const CHECK_IN: char = 'C';
const BADGE: char = 'B';

/// An order's code, for people to type: eight characters (40 bits). It opens nothing.
#[must_use]
pub fn order_code(random: [u8; ORDER_CODE_LENGTH]) -> String {
    random.iter().map(|byte| letter(u128::from(*byte))).collect()
}

/// An order's code as somebody typed it: in any case, with spaces and hyphens; none where it is no code.
#[must_use]
pub fn read_order_code(typed: &str) -> Option<String> {
    read(typed).filter(|code| code.len() == ORDER_CODE_LENGTH)
}

/// The code that opens the door: a secret of 128 bits.
#[must_use]
pub fn check_in_code(random: [u8; 16]) -> String {
    scanned(CHECK_IN, random)
}

/// The code on a badge, which others may scan: it opens no door.
#[must_use]
pub fn badge_code(random: [u8; 16]) -> String {
    scanned(BADGE, random)
}

/// What was scanned or typed at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// A check-in code, as it is stored.
    CheckIn(String),
    /// A badge code, as it is stored: it opens no door.
    Badge(String),
    /// Neither.
    Unknown,
}

/// Reads what was scanned or typed, in any case, with spaces and hyphens.
#[must_use]
pub fn read_scanned(typed: &str) -> Scanned {
    let code = read(typed).filter(|code| code.len() == 27).unwrap_or_default();
    match code.chars().next() {
        Some(CHECK_IN) => Scanned::CheckIn(code),
        Some(BADGE) => Scanned::Badge(code),
        _ => Scanned::Unknown,
    }
}

/// The character of the last five bits.
fn letter(number: u128) -> char {
    char::from(ALPHABET[(number % 32) as usize])
}

/// A letter and 26 characters: 128 bits, the first character holding three of them.
fn scanned(kind: char, random: [u8; 16]) -> String {
    let number = u128::from_be_bytes(random);
    let digits = (0..26).rev().map(|place| letter(number >> (5 * place)));
    std::iter::once(kind).chain(digits).collect()
}

/// Capitals, without spaces and hyphens; none where a character belongs to no code.
fn read(typed: &str) -> Option<String> {
    let code = typed
        .chars()
        .filter(|char| !char.is_whitespace() && *char != '-')
        .map(|char| char.to_ascii_uppercase());
    code.map(|char| {
        char.is_ascii()
            .then_some(char)
            .filter(|char| ALPHABET.contains(&(*char as u8)))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_alphabet_has_no_two_characters_that_look_alike() {
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 32);
        assert!(!ALPHABET.iter().any(|letter| b"IO01".contains(letter)));
    }

    #[test]
    fn an_order_code_has_eight_characters_each_of_five_bits() {
        assert_eq!(order_code([0, 1, 31, 32, 33, 255, 23, 24]), "AB9AB9Z2");
        assert_eq!(read_order_code(" ab9a-b9z2\n"), Some("AB9AB9Z2".to_owned()));
        for bad in [
            "",
            "AB9AB9Z",
            "AB9AB9Z22",
            "AB9AB9ZO",
            "AB9AB9Z0",
            "AB9AB9Zé",
            "AB9AB9Z!",
            "AB9AB9ZÉ",
        ] {
            assert_eq!(read_order_code(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_badge_opens_no_door() {
        let (door, badge) = (check_in_code([0; 16]), badge_code([255; 16]));
        assert_eq!(
            (door.as_str(), badge.as_str()),
            ("CAAAAAAAAAAAAAAAAAAAAAAAAAA", "BH9999999999999999999999999")
        );
        assert_eq!(
            read_scanned(&format!(" {} ", door.to_lowercase())),
            Scanned::CheckIn(door.clone())
        );
        assert_eq!(read_scanned(&badge), Scanned::Badge(badge.clone()));
        for bad in [
            "",
            "C",
            &door[1..],
            &format!("{door}A"),
            &format!("A{}", &door[1..]),
            &badge.replace('9', "0"),
        ] {
            assert_eq!(read_scanned(bad), Scanned::Unknown, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_bit_of_a_scanned_code_counts(random: [u8; 16], byte in 0..16_usize, bit in 0..8_u32) {
            let mut other = random;
            other[byte] ^= 1 << bit;
            prop_assert_ne!(check_in_code(random), check_in_code(other));
            prop_assert_eq!(read_scanned(&badge_code(random)), Scanned::Badge(badge_code(random)));
        }

        #[test]
        fn no_text_makes_reading_panic(typed: String) {
            let _ = (read_scanned(&typed), read_order_code(&typed));
        }
    }
}
