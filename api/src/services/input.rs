//! Judging what came in: each function returns the clean value, or a code and a sentence that says the way out. For
//! [`Problems::keep`](crate::platform::Problems::keep).

use consentry_domain::Instant;
use jiff::civil;

use super::Localized;
use crate::platform::Code;

/// A judged value, or why not.
pub type Judged<T> = Result<T, (Code, String)>;

/// A local time with the moment that it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WallTime {
    /// As stored: `2027-03-01T09:00:00`.
    pub wall: String,
    /// The moment.
    pub instant: Instant,
}

/// A local time in a zone. A time that a clock change skips or repeats is refused: nobody could say which is meant.
///
/// # Errors
/// When the zone or the time is not one.
pub fn wall_time(text: &str, zone: &str) -> Judged<WallTime> {
    let zone = jiff::tz::TimeZone::get(zone).map_err(|_| {
        (
            Code::Invalid,
            "The time zone is not known; use an IANA name such as Europe/Berlin.".to_owned(),
        )
    })?;
    let time: civil::DateTime = text
        .trim()
        .parse()
        .ok()
        .filter(|_| text.contains('T') && !text.contains(['Z', '+']))
        .ok_or_else(|| {
            (
                Code::Invalid,
                "A local date and time is expected: 2027-03-01T09:00.".to_owned(),
            )
        })?;
    let zoned = zone.to_ambiguous_zoned_datetime(time).unambiguous().map_err(|_| {
        (
            Code::Invalid,
            "The clocks change at that time; choose one that exists exactly once.".to_owned(),
        )
    })?;
    Ok(WallTime {
        wall: time.to_string(),
        instant: Instant(zoned.timestamp().as_microsecond()),
    })
}

/// A moment: RFC 3339 with its offset, between the years 1900 and 2200.
///
/// # Errors
/// When it is not one.
pub fn instant(text: &str) -> Judged<Instant> {
    let expected = || {
        (
            Code::Invalid,
            "A time with its offset is expected: 2027-03-01T09:00:00Z.".to_owned(),
        )
    };
    let time: jiff::Timestamp = text.trim().parse().map_err(|_| expected())?;
    let micros = time.as_microsecond();
    if (-2_208_988_800_000_000..7_258_118_400_000_000).contains(&micros) {
        Ok(Instant(micros))
    } else {
        Err(expected())
    }
}

/// A text of one line.
///
/// # Errors
/// When it is empty, too long or holds control characters.
pub fn line(text: &str, max: usize) -> Judged<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err((Code::Required, "This is needed.".to_owned()));
    }
    if text.chars().count() > max {
        return Err((Code::TooLong, format!("At most {max} characters.")));
    }
    if text.chars().any(char::is_control) {
        return Err((Code::Invalid, "Control characters are not accepted.".to_owned()));
    }
    Ok(text.to_owned())
}

/// A text per language, each of at most `max` characters.
///
/// # Errors
/// When a language or a text is not one.
pub fn localized(texts: &Localized, max: usize) -> Judged<Localized> {
    texts
        .0
        .iter()
        .map(|(language, text)| Ok((locale(language)?, line(text, max)?)))
        .collect::<Judged<_>>()
        .map(Localized)
}

/// A language tag.
///
/// # Errors
/// When it is not one.
pub fn locale(text: &str) -> Judged<String> {
    let well_formed = (2..=12).contains(&text.len())
        && text
            .split('-')
            .all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err((Code::Invalid, "A language is expected: de, en-GB.".to_owned()))
    }
}

/// The last part of an address.
///
/// # Errors
/// When it is not one.
pub fn slug(text: &str) -> Judged<String> {
    let well_formed = (2..=64).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-');
    if well_formed {
        Ok(text.to_owned())
    } else {
        Err((
            Code::Invalid,
            "2 to 64 small letters, digits and hyphens are expected.".to_owned(),
        ))
    }
}

/// A currency.
///
/// # Errors
/// When it is not one that we know.
pub fn currency(text: &str) -> Judged<String> {
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        Ok(text.to_owned())
    } else {
        Err((Code::Invalid, "An ISO 4217 code is expected: EUR.".to_owned()))
    }
}

/// An e-mail address.
///
/// # Errors
/// When it is not one.
pub fn email(text: &str) -> Judged<String> {
    let text = line(text, 254)?;
    match text.parse::<lettre::Address>() {
        Ok(address) if address.domain().contains('.') => Ok(text),
        _ => Err((
            Code::Invalid,
            "An e-mail address is expected: name@example.org.".to_owned(),
        )),
    }
}
