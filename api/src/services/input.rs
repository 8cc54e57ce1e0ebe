//! Judging what came in: each function returns the clean value, or a code and a sentence that says the way out. For
//! [`Problems::keep`](crate::platform::Problems::keep).

use std::collections::BTreeMap;

use consentry_domain::text::{self, TextError};
use consentry_domain::{Currency, Instant, PostalAddress};
use jiff::civil;

use super::Localized;
use crate::platform::{Code, Problems};

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

/// Says a text's fault with its code.
fn judged(outcome: Result<String, TextError>) -> Judged<String> {
    outcome.map_err(|error| {
        let code = match error {
            TextError::Required => Code::Required,
            TextError::TooLong { .. } => Code::TooLong,
            TextError::ControlCharacter | TextError::Malformed { .. } => Code::Invalid,
        };
        let words = error.to_string();
        let mut letters = words.chars();
        let sentence = letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>());
        (code, format!("{}.", sentence.unwrap_or_default()))
    })
}

macro_rules! judges {
    ($($(#[$meta:meta])* $name:ident($($argument:ident: $kind:ty),*) = $judge:path;)*) => {$(
        $(#[$meta])*
        ///
        /// # Errors
        /// When it is not one; the sentence says what is expected.
        pub fn $name(text: &str, $($argument: $kind),*) -> Judged<String> {
            judged($judge(text, $($argument),*))
        }
    )*};
}

judges! {
    /// A text of one line that must say something.
    line(max_chars: usize) = text::clean_line;
    /// A text of several lines that must say something.
    paragraphs(max_chars: usize) = text::clean_text;
    /// An e-mail address.
    email() = text::email;
    /// A telephone number.
    phone() = text::phone;
    /// A country, ISO 3166-1 alpha-2.
    country() = text::country;
    /// A language tag.
    locale() = text::locale;
    /// An http or https address.
    url() = text::url;
    /// The last part of an address of ours.
    slug() = text::slug;
}

/// A value that may be left out: absent or blank is none.
///
/// # Errors
/// What `judge` says of a value that is there.
pub fn optional<T>(value: Option<&str>, judge: impl FnOnce(&str) -> Judged<T>) -> Judged<Option<T>> {
    value.filter(|value| !value.trim().is_empty()).map(judge).transpose()
}

/// A text per language, each of one line of at most `max_chars` characters.
///
/// # Errors
/// When a language or a text is not one.
pub fn localized(texts: &Localized, max_chars: usize) -> Judged<Localized> {
    each(texts, |text| line(text, max_chars))
}

/// A text per language, each of several lines.
///
/// # Errors
/// When a language or a text is not one.
pub fn localized_paragraphs(texts: &Localized, max_chars: usize) -> Judged<Localized> {
    each(texts, |text| paragraphs(text, max_chars))
}

/// What is new of a text per language, for [`Localized::amend`]: a blank one stays blank, the others are judged.
///
/// # Errors
/// When a language is not one, or what `judge` says.
pub fn amended(texts: &Localized, judge: impl Fn(&Localized) -> Judged<Localized>) -> Judged<Localized> {
    let (blank, said): (BTreeMap<_, _>, _) = texts
        .0
        .clone()
        .into_iter()
        .partition(|(_, text)| text.trim().is_empty());
    let blank = blank.keys().map(|its| Ok((locale(its)?, String::new())));
    let mut all: BTreeMap<String, String> = blank.collect::<Judged<_>>()?;
    all.extend(judge(&Localized(said))?.0);
    Ok(Localized(all))
}

/// What is wrong with one of several languages says with which.
fn each(texts: &Localized, judge: impl Fn(&str) -> Judged<String>) -> Judged<Localized> {
    let named = |language: &str, (code, words): (Code, String)| match texts.0.len() {
        ..2 => (code, words),
        _ => (code, format!("{language}: {words}")),
    };
    let judged = texts.0.iter().map(|(language, text)| {
        let judged = locale(language).and_then(|its| Ok((its, judge(text)?)));
        judged.map_err(|wrong| named(language, wrong))
    });
    judged.collect::<Judged<_>>().map(Localized)
}

/// A currency, ISO 4217.
///
/// # Errors
/// When it is not one that we know.
pub fn currency(text: &str) -> Judged<String> {
    match Currency::parse(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err((Code::Invalid, "An ISO 4217 code is expected: EUR.".to_owned())),
    }
}

/// A postal address whose parts are good; none where something is wrong with one, which the problems say.
pub fn address(path: &str, given: &PostalAddress, problems: &mut Problems) -> Option<PostalAddress> {
    let street = problems.keep(format!("{path}.street"), paragraphs(&given.street, 300));
    let city = problems.keep(format!("{path}.city"), line(&given.city, 100));
    let country = problems.keep(format!("{path}.country"), country(&given.country));
    let mut short = |name: &str, value: Option<&str>, max| {
        let judged = optional(value, |value| line(value, max));
        problems.keep(format!("{path}.{name}"), judged)
    };
    let postal_code = short("postalCode", given.postal_code.as_deref(), 20);
    let region = short("region", given.region.as_deref(), 100);
    Some(PostalAddress {
        street: street?,
        postal_code: postal_code?,
        city: city?,
        region: region?,
        country: country?,
    })
}
