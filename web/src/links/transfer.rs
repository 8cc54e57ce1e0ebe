//! How to transfer what is to be paid: the facts to type, and the same as a code that banks' apps read.
//!
//! The code is EPC069-12, version 2: "Quick Response Code: Guidelines to enable data capture for the initiation of a SEPA
//! credit transfer". It is drawn here, so that nobody else learns who pays what to whom.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// The most that the code may hold, in bytes.
const LIMIT: usize = 331;
/// The longest name of an account's holder, in characters.
const LONGEST_HOLDER: usize = 70;
/// The longest free reference, in characters.
const LONGEST_REFERENCE: usize = 140;
/// Modules of white around a code, as its standard demands.
const QUIET: usize = 4;

/// How to transfer.
pub(super) struct Transfer {
    pub(super) facts: Vec<(String, String)>,
    pub(super) code: Option<Code>,
}

/// A code as a picture: dark modules as one path on a white square.
pub(crate) struct Code {
    /// Modules along one side, white ones included.
    pub(crate) side: usize,
    /// The dark ones, as an SVG path.
    pub(crate) path: String,
}

/// What is transferred to whom, as it was written down for people.
pub(super) struct Details<'a> {
    pub(super) holder: &'a str,
    pub(super) iban: &'a str,
    pub(super) bic: Option<&'a str>,
    pub(super) reference: &'a str,
    /// In whole units, with a point: `49.00`.
    pub(super) amount: &'a str,
    pub(super) currency: &'a str,
}

impl Details<'_> {
    /// The code's text; none where the scheme does not fit: another currency than euro, an amount outside its range, an
    /// account, a holder or a reference that it cannot hold.
    pub(super) fn payload(&self) -> Option<String> {
        let iban = compact(self.iban);
        let bic = self.bic.map(compact).unwrap_or_default();
        let fits = |text: &str, longest: usize| text.chars().count() <= longest && !text.contains(['\n', '\r']);
        if self.currency != "EUR"
            || !is_iban(&iban)
            || !matches!(bic.len(), 0 | 8 | 11)
            || self.holder.is_empty()
            || !fits(self.holder, LONGEST_HOLDER)
            || !fits(self.reference, LONGEST_REFERENCE)
        {
            return None;
        }
        let amount = euros(self.amount)?;
        // Service tag, version, UTF-8, credit transfer, bank, holder, account, amount, purpose and structured reference
        // (the two stay empty), free reference.
        let text = format!(
            "BCD\n002\n1\nSCT\n{bic}\n{holder}\n{iban}\nEUR{amount}\n\n\n{reference}",
            holder = self.holder,
            reference = self.reference
        );
        (text.len() <= LIMIT).then_some(text)
    }
}

/// An amount from one cent to 999 999 999.99 euros, with two digits after the point.
fn euros(amount: &str) -> Option<String> {
    let (whole, cents) = amount.split_once('.').unwrap_or((amount, ""));
    let whole = whole.trim_start_matches('0');
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() > 9 || cents.len() > 2 || !are_digits(whole) || !are_digits(cents) {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let text = format!("{whole}.{cents:0<2}");
    (text != "0.00").then_some(text)
}

/// Without spaces, in capitals.
fn compact(text: &str) -> String {
    let characters = text.chars().filter(|character| !character.is_whitespace());
    characters.collect::<String>().to_ascii_uppercase()
}

/// Whether this is an IBAN by its form and check digits (ISO 13616: modulo 97 leaves 1).
fn is_iban(iban: &str) -> bool {
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
pub(super) fn in_groups(iban: &str) -> String {
    let characters: Vec<char> = compact(iban).chars().collect();
    let groups: Vec<String> = characters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The text as a code of medium error correction, as the guideline demands; none where it is too long for any.
pub(crate) fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let modules = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(modules).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run[0] == Color::Dark {
                let width = run.len();
                let _ = write!(path, "M{} {}h{width}v1h-{width}z", x + QUIET, y + QUIET);
            }
            x += run.len();
        }
    }
    Some(Code {
        side: modules + 2 * QUIET,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: Details<'static> = Details {
        holder: "Verein für Rost e.V.",
        iban: "DE89 3704 0044 0532 0130 00",
        bic: Some("COBADEFF"),
        reference: "RUST-4711",
        amount: "123.05",
        currency: "EUR",
    };

    fn lines(details: &Details<'_>) -> Vec<String> {
        let text = details.payload().unwrap_or_default();
        text.split('\n').map(str::to_owned).collect()
    }

    #[test]
    fn the_payload_follows_the_guideline_line_by_line() {
        let expected = [
            "BCD",
            "002",
            "1",
            "SCT",
            "COBADEFF",
            "Verein für Rost e.V.",
            "DE89370400440532013000",
            "EUR123.05",
            "",
            "",
            "RUST-4711",
        ];
        assert_eq!(lines(&GOOD), expected);
        assert_eq!(lines(&Details { bic: None, ..GOOD })[4], "", "a bank need not be named");
    }

    #[test]
    fn amounts_have_two_digits_after_the_point_and_no_needless_zero() {
        for (amount, said) in [
            ("49", "49.00"),
            ("0049.5", "49.50"),
            ("0.01", "0.01"),
            ("999999999.99", "999999999.99"),
        ] {
            assert_eq!(lines(&Details { amount, ..GOOD })[7], format!("EUR{said}"));
        }
        for amount in ["0", "0.00", "1000000000.00", "1.001", "-1.00", "1,00", "x", ""] {
            assert_eq!(Details { amount, ..GOOD }.payload(), None, "{amount}");
        }
    }

    #[test]
    fn what_the_scheme_cannot_say_has_no_code() {
        let long = |character: &str, times: usize| character.repeat(times);
        let (holder, reference, wide) = (long("x", 71), long("x", 141), long("ü", 140));
        for bad in [
            Details {
                currency: "CHF",
                ..GOOD
            },
            Details {
                iban: "DE88370400440532013000",
                ..GOOD
            },
            Details { iban: "", ..GOOD },
            Details { iban: "ä", ..GOOD },
            Details {
                bic: Some("COBA"),
                ..GOOD
            },
            Details { holder: "", ..GOOD },
            Details {
                holder: &holder,
                ..GOOD
            },
            Details {
                holder: "Two\nlines",
                ..GOOD
            },
            Details {
                reference: &reference,
                ..GOOD
            },
            Details {
                reference: "Two\nlines",
                ..GOOD
            },
            // Few enough characters, too many bytes.
            Details {
                reference: &wide,
                ..GOOD
            },
        ] {
            assert_eq!(bad.payload(), None);
        }
    }

    #[test]
    fn the_longest_fits_into_a_code_of_the_guidelines_largest_version() {
        let (holder, reference) = ("x".repeat(70), "y".repeat(140));
        let longest = Details {
            holder: &holder,
            iban: "MT84MALT011000012345MTLCAST001S",
            bic: Some("MALTMTMT001"),
            reference: &reference,
            amount: "999999999.99",
            currency: "EUR",
        };
        let text = longest.payload().unwrap_or_default();
        assert!(text.len() > 270, "{}", text.len());
        let code = code(&text).expect("a code");
        // Version 13 has 69 modules along a side.
        assert!(code.side <= 69 + 2 * QUIET, "{}", code.side);
    }

    #[test]
    fn an_account_is_read_in_groups() {
        assert_eq!(in_groups("de89370400440532013000"), "DE89 3704 0044 0532 0130 00");
    }
}
