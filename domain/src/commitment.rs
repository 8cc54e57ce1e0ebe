//! Commitments: what the append-only records hold instead of words.
//!
//! A record keeps `SHA-256(tag ‖ salt ‖ payload)`, the payload being canonical JSON (RFC 8785) and the salt 32 random bytes;
//! salt and payload, the *opening*, are kept apart and can be erased. Whoever holds an opening proves what the record
//! says; once it is erased the record says nothing, and not even a guess can be checked against it.
//!
//! The words that are committed to stand in [`evidence`](crate::evidence). Bytes once written are kept: a payload is never
//! serialized anew to be compared.

use crate::LeadId;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt, str::FromStr};

/// A SHA-256 hash; written in lower-case hexadecimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// A text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 hash is written as 64 lower-case hexadecimal digits")]
pub struct NoHash;

impl Hash {
    /// The hash of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        if text.len() != 64 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(NoHash);
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| NoHash)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The random 32 bytes that hide a payload. They do not print.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 32]);

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt(…)")
    }
}

/// What a commitment is about. No tag is the beginning of another, so no payload can be read as of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// A [`ConsentPayload`](crate::evidence::ConsentPayload).
    Consent,
    /// A [`DisclosureItemPayload`](crate::evidence::DisclosureItemPayload).
    DisclosureItem,
}

impl Tag {
    const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Consent => b"consentry consent v1\n",
            Self::DisclosureItem => b"consentry disclosure item v1\n",
        }
    }
}

/// The canonical bytes (RFC 8785) of a value: sorted keys, no white space, numbers as in ECMAScript. Numbers beyond 2⁵³
/// must be texts in it, for canonical JSON cannot tell them apart.
///
/// # Errors
/// Where the value is no JSON: map keys that are no texts, or a number that is not finite.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json_canonicalizer::to_vec(value)
}

/// The commitment to these canonical bytes.
#[must_use]
pub fn commit(tag: Tag, salt: &Salt, payload: &[u8]) -> Hash {
    Hash(
        Sha256::new()
            .chain_update(tag.bytes())
            .chain_update(salt.0)
            .chain_update(payload)
            .finalize()
            .into(),
    )
}

/// Whether this opening opens this commitment.
#[must_use]
pub fn opens(commitment: &Hash, tag: Tag, salt: &Salt, payload: &[u8]) -> bool {
    commit(tag, salt, payload) == *commitment
}

/// The salt of one lead's item in a disclosure, from the one salt that is drawn while the answer is given. The items'
/// salts are kept in their openings; the drawn one is erased as soon as they are, or it would open erased ones.
#[must_use]
pub fn item_salt(drawn: &Salt, lead: LeadId) -> Salt {
    Salt(
        Sha256::new()
            .chain_update(b"consentry disclosure salt v1\n")
            .chain_update(drawn.0)
            .chain_update(lead.0.as_bytes())
            .finalize()
            .into(),
    )
}

/// The hash of a text in all its languages, by which a version of an offer or a document is known.
#[must_use]
pub fn text_hash(texts: &BTreeMap<String, String>) -> Hash {
    // A map of texts is always JSON; the empty fallback is never hashed.
    Hash::of(&canonical(texts).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn jcs(value: &Value) -> String {
        String::from_utf8(canonical(value).expect("JSON")).expect("UTF-8")
    }

    #[test]
    fn the_example_of_rfc_8785_3_2_3_is_reproduced() {
        let input = r#"{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
            "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]}"#;
        let expected = r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#;
        assert_eq!(jcs(&serde_json::from_str(input).expect("JSON")), expected);
    }

    #[test]
    fn keys_are_sorted_by_utf_16_code_units_as_in_rfc_8785_3_2_3() {
        let input = json!({"\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis"});
        let expected = "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\
            \"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}";
        assert_eq!(jcs(&input), expected);
    }

    #[test]
    fn numbers_are_written_as_in_appendix_b_of_rfc_8785() {
        for (bits, text) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x41b3_de43_5555_5555, "333333333.3333333"),
            (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            assert_eq!(
                canonical(&f64::from_bits(bits)).expect("a number"),
                text.as_bytes(),
                "{bits:x}"
            );
        }
        assert!(canonical(&f64::NAN).is_err() && canonical(&f64::INFINITY).is_err());
    }

    #[test]
    fn a_commitment_is_the_hash_of_tag_salt_and_payload() {
        let salt = Salt([7; 32]);
        let mut bytes = b"consentry consent v1\n".to_vec();
        bytes.extend([7; 32]);
        bytes.extend(b"{}");
        assert_eq!(commit(Tag::Consent, &salt, b"{}"), Hash::of(&bytes));
        // The same with coreutils: printf 'consentry consent v1\n' | cat - salt payload | sha256sum
        assert_eq!(
            commit(Tag::Consent, &salt, b"{}").to_string(),
            "99f98a630c76c23a1f773e56c03abdee4a31941cc9a2e658f234ca3247b9c5ac"
        );
        assert_eq!(
            Hash::of(b"").to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(format!("{salt:?}"), "Salt(…)");
    }

    #[test]
    fn no_tag_begins_another() {
        for (one, other) in [(Tag::Consent, Tag::DisclosureItem), (Tag::DisclosureItem, Tag::Consent)] {
            assert!(!one.bytes().starts_with(other.bytes()));
            assert!(one.bytes().ends_with(b"\n"));
        }
    }

    #[test]
    fn each_lead_of_a_disclosure_has_a_salt_of_its_own() {
        let lead = |number| LeadId(uuid::Uuid::from_u128(number));
        let (one, other) = (Salt([1; 32]), Salt([2; 32]));
        assert!(
            item_salt(&one, lead(1)) != item_salt(&one, lead(2))
                && item_salt(&one, lead(1)) != item_salt(&other, lead(1))
        );
        assert!(item_salt(&one, lead(1)) == item_salt(&one, lead(1)) && item_salt(&one, lead(1)) != one);
    }

    #[test]
    fn a_text_is_known_by_all_its_languages() {
        let texts = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(locale, text)| ((*locale).to_owned(), (*text).to_owned()))
                .collect()
        };
        assert_eq!(
            text_hash(&texts(&[("en", "a"), ("de", "b")])),
            Hash::of(br#"{"de":"b","en":"a"}"#)
        );
        assert_ne!(
            text_hash(&texts(&[("en", "a")])),
            text_hash(&texts(&[("en", "a"), ("de", "b")]))
        );
    }

    #[test]
    fn only_64_lower_case_hexadecimal_digits_are_a_hash() {
        let good = "0123456789abcdef".repeat(4);
        assert_eq!(good.parse::<Hash>().map(|hash| hash.to_string()), Ok(good.clone()));
        assert_eq!(
            serde_json::from_value::<Hash>(json!(good)).expect("a hash"),
            good.parse().expect("a hash")
        );
        assert_eq!(json!(good.parse::<Hash>().expect("a hash")), json!(good));
        for bad in [
            &good[1..],
            &good.to_uppercase(),
            &good.replace('f', "g"),
            "",
            &format!("+{}", &good[1..]),
        ] {
            assert_eq!(bad.parse::<Hash>(), Err(NoHash));
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_opening_opens(salt: [u8; 32], payload: Vec<u8>, at: prop::sample::Index, bit in 0..8_u32) {
            let commitment = commit(Tag::Consent, &Salt(salt), &payload);
            prop_assert!(opens(&commitment, Tag::Consent, &Salt(salt), &payload));
            prop_assert!(!opens(&commitment, Tag::DisclosureItem, &Salt(salt), &payload));
            let mut changed = [salt.to_vec(), payload].concat();
            let at = at.index(changed.len());
            changed[at] ^= 1 << bit;
            let (salt, payload) = changed.split_at(32);
            prop_assert!(!opens(&commitment, Tag::Consent, &Salt(salt.try_into().expect("32 bytes")), payload));
        }
    }
}
