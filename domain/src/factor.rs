//! What somebody shows beside a link or with an address: passwords, codes of an authenticator (RFC 6238), codes for the
//! day when it is lost, and how long to wait after wrong ones.
//!
//! ```
//! use consentry_domain::{Instant, factor};
//!
//! let secret = *b"12345678901234567890";
//! let now = Instant(59_000_000);
//! assert_eq!(factor::step_of_code(&secret, "287082", now, None), Some(1));
//! assert_eq!(factor::step_of_code(&secret, "287082", now, Some(1)), None, "a code works once");
//! ```

use std::fmt::Write as _;

use totp_rs::{Algorithm, Builder, Secret, Totp};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

use crate::Instant;

/// How many bytes an authenticator's secret has (RFC 4226, section 4: 160 bits).
pub const SECRET_BYTES: usize = 20;

/// How many digits a code has.
pub const DIGITS: u8 = 6;

/// How long a code is the current one, in seconds; the one before and the one after are taken as well, because clocks differ.
pub const STEP_SECONDS: u64 = 30;

/// How many codes there are for the day when the authenticator is lost.
pub const RECOVERY_CODES: u8 = 10;

/// How short a password may be, in characters (NIST SP 800-63B-4, 3.1.1.2: at least 8 beside a second factor).
pub const SHORTEST_PASSWORD: usize = 10;

/// How long one may be, in characters.
pub const LONGEST_PASSWORD: usize = 128;

/// How many wrong ones in a row cost nothing.
const FREE_FAILURES: i32 = 5;

/// The longest wait, in minutes.
const LONGEST_WAIT: i64 = 60;

/// Why a text is no password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadPassword {
    /// Fewer than [`SHORTEST_PASSWORD`] characters.
    Short,
    /// More than [`LONGEST_PASSWORD`] characters.
    Long,
    /// Among the first that somebody tries: common words and names, patterns of keys, or what is known of the account.
    Guessable,
}

fn authenticator(secret: &[u8; SECRET_BYTES]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(DIGITS)
        .with_secret(Secret::new_stack(*secret))
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .build_noncompliant()
}

/// Which step's code this is: the current one's, or one of those beside it; none where it is none of them, or not later
/// than `last`, the step of the code that was taken before (RFC 6238, section 5.2: a code works once). Spaces are left out.
#[must_use]
pub fn step_of_code(secret: &[u8; SECRET_BYTES], code: &str, now: Instant, last: Option<i64>) -> Option<i64> {
    let digits: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    let seconds = u64::try_from(now.0.div_euclid(1_000_000)).ok()?;
    let step = i64::try_from(authenticator(secret).check(&digits, seconds)?).ok()?;
    last.is_none_or(|last| step > last).then_some(step)
}

/// What an authenticator shows at this moment.
#[must_use]
pub fn code_at(secret: &[u8; SECRET_BYTES], now: Instant) -> String {
    let seconds = u64::try_from(now.0.div_euclid(1_000_000)).unwrap_or_default();
    authenticator(secret).generate(seconds).to_string()
}

/// The secret as people type it where they have no camera: base32 (RFC 4648).
#[must_use]
pub fn typed_secret(secret: &[u8; SECRET_BYTES]) -> String {
    Secret::new_stack(*secret).to_base32()
}

/// What the picture of a code says to an authenticator: the key-URI format, of this issuer and account.
#[must_use]
pub fn key_uri(secret: &[u8; SECRET_BYTES], issuer: &str, account: &str) -> String {
    let (issuer, account) = (escaped(issuer), escaped(account));
    format!(
        "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&digits={DIGITS}&period={STEP_SECONDS}",
        typed_secret(secret)
    )
}

/// Everything but letters, digits and `-._~` as percent signs and two digits (RFC 3986, 2.3).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// A code for the day when the authenticator is lost, of 50 random bits: letters and digits without look-alikes.
#[must_use]
pub fn recovery_code(random: [u8; 7]) -> String {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut bits = random.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
    let mut code = String::with_capacity(11);
    for place in 0..10 {
        if place == 5 {
            code.push('-');
        }
        let sign = SIGNS[usize::try_from(bits & 31).unwrap_or_default()];
        code.push(char::from(sign));
        bits >>= 5;
    }
    code
}

/// A code as it was typed, as [`recovery_code`] writes it; none where it is certainly none, such as what an authenticator shows.
#[must_use]
pub fn typed_recovery_code(typed: &str) -> Option<String> {
    let signs = typed.chars().filter(|sign| !sign.is_whitespace() && *sign != '-');
    let signs: String = signs.take(11).map(|sign| sign.to_ascii_uppercase()).collect();
    let (first, second) = signs.split_at_checked(5)?;
    (signs.is_ascii() && second.len() == 5).then(|| format!("{first}-{second}"))
}

/// A password as it is hashed: in one of the forms that its letters have (Unicode's NFKC), as keyboards send different ones.
#[must_use]
pub fn same_password(typed: &str) -> String {
    typed.nfkc().collect()
}

/// Judges a password that somebody wants to have; `known` are texts that belong to the account. There are no rules of
/// which signs it must have (NIST SP 800-63B-4, 3.1.1.2).
///
/// # Errors
/// Why it is none.
pub fn password(typed: &str, known: &[&str]) -> Result<String, BadPassword> {
    let password = same_password(typed);
    match password.chars().count() {
        ..SHORTEST_PASSWORD => return Err(BadPassword::Short),
        SHORTEST_PASSWORD..=LONGEST_PASSWORD => {}
        _ => return Err(BadPassword::Long),
    }
    // The parts of an address are as well known as the whole.
    let parts = known.iter().flat_map(|text| text.split(['@', '.', '-', '_', ' ', '+']));
    let known: Vec<&str> = known
        .iter()
        .copied()
        .chain(parts)
        .filter(|part| part.len() > 2)
        .collect();
    if zxcvbn(&password, &known).score() < Score::Three {
        return Err(BadPassword::Guessable);
    }
    Ok(password)
}

/// Until when to wait after so many wrong ones in a row; none while they cost nothing. Each further one doubles the wait,
/// up to an hour.
#[must_use]
pub fn wait(failures: i32, now: Instant) -> Option<Instant> {
    let beyond = u32::try_from(failures - FREE_FAILURES).ok()?;
    let minutes = 1_i64.checked_shl(beyond.min(30)).unwrap_or(LONGEST_WAIT);
    Some(now.plus_minutes(minutes.min(LONGEST_WAIT)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: [u8; SECRET_BYTES] = *b"12345678901234567890";

    fn at(seconds: i64) -> Instant {
        Instant(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, its SHA-1 column; the last six of eight digits.
        let published = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in published {
            assert_eq!(code_at(&SECRET, at(seconds)), code);
            assert_eq!(step_of_code(&SECRET, code, at(seconds), None), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_late_and_once() {
        let now = at(3000);
        let code = code_at(&SECRET, now);
        for (later, taken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            let step = step_of_code(&SECRET, &code, at(3000 + later), None);
            assert_eq!(step, taken.then_some(100), "{later}");
        }
        assert_eq!(step_of_code(&SECRET, &code, now, Some(99)), Some(100));
        assert_eq!(step_of_code(&SECRET, &code, now, Some(100)), None);
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(step_of_code(&SECRET, &spaced, now, None), Some(100));
        assert_eq!(step_of_code(&SECRET, "", now, None), None);
        assert_eq!(step_of_code(&SECRET, &format!("+{}", &code[1..]), now, None), None);
    }

    #[test]
    fn a_key_uri_carries_secret_issuer_and_account() {
        let uri = key_uri(&SECRET, "Congress & Sons", "ada@acme.example");
        assert_eq!(
            uri,
            "otpauth://totp/Congress%20%26%20Sons:ada%40acme.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Congress%20%26%20Sons&digits=6&period=30"
        );
    }

    #[test]
    fn passwords_are_judged_by_how_soon_they_are_guessed() {
        let judged = |typed: &str| password(typed, &["grace.hopper@navy.example", "Harbour Congress"]);
        assert_eq!(judged("kilo9"), Err(BadPassword::Short));
        assert_eq!(judged("123456789"), Err(BadPassword::Short));
        for guessable in [
            "password1234",
            "qwertyuiopas",
            "1234567890",
            "gracehopper1",
            "HarbourCongress",
            "aaaaaaaaaaaa",
        ] {
            assert_eq!(judged(guessable), Err(BadPassword::Guessable), "{guessable}");
        }
        for good in [
            "correct horse battery staple",
            "vier blaue Elche im Kühlschrank",
            "w7!Kq0-zzPd2",
        ] {
            assert_eq!(judged(good).as_deref(), Ok(good));
        }
        let long = "kq3v ".repeat(26);
        assert_eq!(judged(&long), Err(BadPassword::Long));
        assert_ne!(
            judged(&long[2..]),
            Err(BadPassword::Long),
            "it has as many as there may be"
        );
    }

    #[test]
    fn a_password_is_the_same_from_every_keyboard() {
        assert_eq!(same_password("Ku\u{308}hl"), same_password("Kühl"));
        assert_eq!(same_password("ﬁsh"), "fish");
        assert_ne!(same_password("fish"), same_password("Fish"));
    }

    #[test]
    fn waiting_begins_with_the_fifth_and_doubles_to_an_hour() {
        let minutes = |failures| wait(failures, at(0)).map(|until| until.0 / 60_000_000);
        assert_eq!((0..5).map(minutes).collect::<Vec<_>>(), [None; 5]);
        assert_eq!(
            [5, 6, 7, 10, 11, 12, 1_000_000].map(minutes),
            [1, 2, 4, 32, 60, 60, 60].map(Some)
        );
        assert_eq!(minutes(-1), None);
    }

    proptest! {
        #[test]
        fn a_recovery_code_is_read_however_it_is_typed(random: [u8; 7], small: bool, spaces: bool) {
            let code = recovery_code(random);
            prop_assert_eq!(code.len(), 11);
            prop_assert!(code.bytes().all(|sign| sign == b'-' || (sign.is_ascii_alphanumeric() && !b"01IO".contains(&sign))));
            let mut typed = if small { code.to_lowercase() } else { code.clone() };
            if spaces {
                typed = typed.replace('-', " ");
            }
            prop_assert_eq!(typed_recovery_code(&typed), Some(code));
        }

        #[test]
        fn what_an_authenticator_shows_is_no_recovery_code(digits in "[0-9]{6}", spaced in "[0-9]{3} [0-9]{3}") {
            prop_assert_eq!(typed_recovery_code(&digits), None);
            prop_assert_eq!(typed_recovery_code(&spaced), None);
        }

        #[test]
        fn no_text_breaks_the_reading(typed in ".*", known in ".*") {
            let _ = typed_recovery_code(&typed);
            let _ = step_of_code(&SECRET, &typed, at(3000), None);
            let _ = password(&typed, &[&known]);
        }
    }
}
