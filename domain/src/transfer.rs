//! A SEPA credit transfer as banks' apps read it from a QR code (EPC069-12, version 2: "Quick Response Code: Guidelines to
//! enable data capture for the initiation of a SEPA credit transfer"), and accounts as people read them.

use crate::{Currency, Money};

/// The most that the code may hold, in bytes.
const LIMIT: usize = 331;
/// The longest name of an account's holder, in characters.
const LONGEST_HOLDER: usize = 70;
/// The longest free reference, in characters.
const LONGEST_REFERENCE: usize = 140;
/// The largest amount, in cents.
const LARGEST: i64 = 99_999_999_999;

/// What is transferred to whom, as it was written down for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer<'a> {
    /// Whose account it is.
    pub holder: &'a str,
    /// The account (ISO 13616), with or without spaces.
    pub iban: &'a str,
    /// The bank (ISO 9362), where it is known.
    pub bic: Option<&'a str>,
    /// What the payment is for, in free words.
    pub reference: &'a str,
    /// How much.
    pub amount: Money,
}

impl Transfer<'_> {
    /// The code's text; none where the scheme does not fit: another currency than euro, an amount outside its range, an
    /// account, a holder or a reference that it cannot hold.
    #[must_use]
    pub fn payload(&self) -> Option<String> {
        let (iban, bic) = (compact(self.iban), self.bic.map(compact).unwrap_or_default());
        let fits = |text: &str, longest: usize| text.chars().count() <= longest && !text.contains(['\n', '\r']);
        if Some(self.amount.currency) != Currency::parse("EUR")
            || !(1..=LARGEST).contains(&self.amount.minor)
            || !is_iban(&iban)
            || !matches!(bic.len(), 0 | 8 | 11)
            || self.holder.is_empty()
            || !fits(self.holder, LONGEST_HOLDER)
            || !fits(self.reference, LONGEST_REFERENCE)
        {
            return None;
        }
        // Service tag, version, UTF-8, credit transfer, bank, holder, account, amount, purpose and structured reference
        // (the two stay empty), free reference.
        let text = format!(
            "BCD\n002\n1\nSCT\n{bic}\n{holder}\n{iban}\nEUR{whole}.{cents:02}\n\n\n{reference}",
            holder = self.holder,
            whole = self.amount.minor / 100,
            cents = self.amount.minor % 100,
            reference = self.reference
        );
        (text.len() <= LIMIT).then_some(text)
    }
}

/// An IBAN or BIC without spaces, in capitals.
#[must_use]
pub fn compact(text: &str) -> String {
    let characters = text.chars().filter(|character| !character.is_whitespace());
    characters.collect::<String>().to_ascii_uppercase()
}

/// Whether this is an IBAN by its form and check digits (ISO 13616: modulo 97 leaves 1).
#[must_use]
pub fn is_iban(iban: &str) -> bool {
    if !(15..=34).contains(&iban.len()) || !iban.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return false;
    }
    let (head, tail) = iban.split_at(4);
    let rest = tail.chars().chain(head.chars()).try_fold(0_u32, |rest, character| {
        let value = character.to_digit(36)?;
        let shift = if value < 10 { 10 } else { 100 };
        Some((rest * shift + value) % 97)
    });
    rest == Some(1)
}

/// An IBAN as people read it, in groups of four.
#[must_use]
pub fn in_groups(iban: &str) -> String {
    let characters: Vec<char> = compact(iban).chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_judged_by_their_check_digits() {
        for good in ["DE89370400440532013000", "MT84MALT011000012345MTLCAST001S"] {
            assert!(is_iban(good), "{good}");
        }
        for bad in ["DE88370400440532013000", "DE89", "", "ä", "DE8937040044053201300ä"] {
            assert!(!is_iban(bad), "{bad}");
        }
        assert_eq!(compact("de89 3704"), "DE893704");
        assert_eq!(in_groups("de89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }

    fn good() -> Transfer<'static> {
        Transfer {
            holder: "Verein für Rost e.V.",
            iban: "DE89 3704 0044 0532 0130 00",
            bic: Some("COBADEFF"),
            reference: "RUST-4711",
            amount: euro(12_305),
        }
    }

    fn euro(minor: i64) -> Money {
        Money::new(minor, Currency::parse("EUR").expect("euro"))
    }

    #[test]
    fn the_payload_follows_the_guideline_line_by_line() {
        let expected =
            "BCD\n002\n1\nSCT\nCOBADEFF\nVerein für Rost e.V.\nDE89370400440532013000\nEUR123.05\n\n\nRUST-4711";
        assert_eq!(good().payload().as_deref(), Some(expected));
        let unnamed = Transfer { bic: None, ..good() };
        let expected = expected.replace("COBADEFF", "");
        assert_eq!(unnamed.payload(), Some(expected), "a bank need not be named");
    }

    #[test]
    fn amounts_have_a_range() {
        let payload = |minor| {
            let transfer = Transfer {
                amount: euro(minor),
                ..good()
            };
            transfer.payload()
        };
        assert_eq!((payload(0), payload(-1), payload(LARGEST + 1)), (None, None, None));
        assert!(payload(1).is_some_and(|text| text.contains("\nEUR0.01\n")));
        assert!(payload(LARGEST).is_some_and(|text| text.contains("\nEUR999999999.99\n")));
    }

    #[test]
    fn what_the_scheme_cannot_say_has_no_code() {
        let (holder, reference, wide) = ("x".repeat(71), "x".repeat(141), "ü".repeat(140));
        let swiss = Money::new(12_305, Currency::parse("CHF").expect("francs"));
        let with = |change: fn(&mut Transfer<'static>)| {
            let mut transfer = good();
            change(&mut transfer);
            transfer.payload()
        };
        assert_eq!(with(|bad| bad.iban = "DE88370400440532013000"), None);
        assert_eq!(with(|bad| bad.iban = ""), None);
        assert_eq!(with(|bad| bad.iban = "ä"), None);
        assert_eq!(with(|bad| bad.bic = Some("COBA")), None);
        assert_eq!(with(|bad| bad.holder = ""), None);
        assert_eq!(with(|bad| bad.holder = "Two\nlines"), None);
        assert_eq!(with(|bad| bad.reference = "Two\nlines"), None);
        let bad = [
            Transfer {
                amount: swiss,
                ..good()
            },
            Transfer {
                holder: &holder,
                ..good()
            },
            Transfer {
                reference: &reference,
                ..good()
            },
            // Few enough characters, too many bytes.
            Transfer {
                reference: &wide,
                ..good()
            },
        ];
        for transfer in bad {
            assert_eq!(transfer.payload(), None, "{transfer:?}");
        }
    }

    #[test]
    fn the_longest_fits() {
        let (holder, reference) = ("x".repeat(70), "y".repeat(140));
        let longest = Transfer {
            holder: &holder,
            iban: "MT84MALT011000012345MTLCAST001S",
            bic: Some("MALTMTMT001"),
            reference: &reference,
            amount: euro(LARGEST),
        };
        let text = longest.payload().unwrap_or_default();
        assert!((271..=LIMIT).contains(&text.len()), "{}", text.len());
    }
}
