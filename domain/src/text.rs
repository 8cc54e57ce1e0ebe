//! Judging what people type: each function answers with the cleaned text or with what is wrong with it.
//!
//! Cleaning trims and never guesses: nothing is stripped from the middle, composed or decomposed. A text without a visible
//! character is empty. Errors never repeat the text.

use std::borrow::Cow;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It says nothing.
    #[error("this is needed")]
    Required,
    /// It has more characters than this.
    #[error("this is longer than {max} characters")]
    TooLong {
        /// The most that it can have.
        max: usize,
    },
    /// It has control characters, line breaks where there is one line, or characters that turn the reading direction.
    #[error("this contains control characters")]
    ControlCharacter,
    /// It is no such thing.
    #[error("this should be {expected}")]
    Malformed {
        /// What is expected, to follow "should be".
        expected: &'static str,
    },
}

const fn malformed(expected: &'static str) -> TextError {
    TextError::Malformed { expected }
}

/// One line that must say something.
///
/// # Errors
/// [`TextError::Required`], [`TextError::TooLong`] or [`TextError::ControlCharacter`].
pub fn clean_line(text: &str, max_chars: usize) -> Result<String, TextError> {
    let text = text.trim();
    if text
        .chars()
        .any(|char| char.is_control() || is_format(char) || turns_direction(char))
    {
        return Err(TextError::ControlCharacter);
    }
    bounded(text, max_chars)
}

/// Several lines that must say something. Line breaks become `\n`; tabs stay.
///
/// # Errors
/// [`TextError::Required`], [`TextError::TooLong`] or [`TextError::ControlCharacter`].
pub fn clean_text(text: &str, max_chars: usize) -> Result<String, TextError> {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    if text
        .chars()
        .any(|char| char.is_control() && !matches!(char, '\n' | '\t'))
    {
        return Err(TextError::ControlCharacter);
    }
    bounded(&text, max_chars)
}

/// A text as things are looked up by it. PostgreSQL takes no U+0000 in a text, and nothing that is kept has one: what
/// stands in its place is found as little.
#[must_use]
pub fn sought(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What a judge says of a text that may be missing: blank is none.
///
/// # Errors
/// What the judge says, but for [`TextError::Required`].
pub fn optional(
    text: Option<&str>,
    judge: impl FnOnce(&str) -> Result<String, TextError>,
) -> Result<Option<String>, TextError> {
    match text.map(judge) {
        None | Some(Err(TextError::Required)) => Ok(None),
        Some(judged) => judged.map(Some),
    }
}

/// A mail address: an addr-spec of RFC 5322 without quotes, comments and address literals, in ASCII, at most 254 characters.
///
/// # Errors
/// Where it is none.
pub fn email(text: &str) -> Result<String, TextError> {
    const EXPECTED: TextError = malformed("a mail address like name@example.org");
    let text = clean_line(text, 254)?;
    let (local, domain) = text.rsplit_once('@').ok_or(EXPECTED)?;
    let atom = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let top = domain.rsplit('.').next().unwrap_or_default();
    let domain_is_good = domain.contains('.') && is_host_name(domain) && !top.bytes().all(|byte| byte.is_ascii_digit());
    if local.len() > 64 || !local.split('.').all(atom) || !domain_is_good {
        return Err(EXPECTED);
    }
    Ok(text)
}

/// A mail address that its owner recognises and nobody else learns: `a…@e….org`.
#[must_use]
pub fn masked_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let first = |part: &str| part.chars().next().map_or_else(String::new, String::from);
    match domain.rsplit_once('.') {
        Some((host, top)) => format!("{}…@{}….{top}", first(local), first(host)),
        None => format!("{}…@{}…", first(local), first(domain)),
    }
}

/// By what a mail address is found: two addresses that differ only in case are one mailbox.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// A telephone number, leniently: 4 to 15 digits, a plus in front, and the usual separators; it stays as it was typed.
///
/// # Errors
/// Where it is none.
pub fn phone(text: &str) -> Result<String, TextError> {
    const EXPECTED: TextError = malformed("a telephone number like +49 30 123456");
    let text = clean_line(text, 32)?;
    let rest = text.strip_prefix('+').unwrap_or(&text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    if !(4..=15).contains(&digits)
        || !rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b" -./()".contains(&byte))
    {
        return Err(EXPECTED);
    }
    Ok(text)
}

/// ISO 3166-1 alpha-2.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG \
    CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR \
    GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY \
    MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS \
    PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA \
    UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Every country code (ISO 3166-1 alpha-2), in order.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split(' ')
}

/// A country, as its ISO 3166-1 alpha-2 code in either case; answers in capitals.
///
/// # Errors
/// Where there is no such code.
pub fn country(text: &str) -> Result<String, TextError> {
    let text = clean_line(text, 254)?.to_ascii_uppercase();
    countries()
        .any(|code| code == text)
        .then_some(text)
        .ok_or(malformed("a country code like DE (ISO 3166-1 alpha-2)"))
}

/// A locale: language, with script and region or without (BCP 47); answers in the usual case.
///
/// # Errors
/// Where it is none.
pub fn locale(text: &str) -> Result<String, TextError> {
    const EXPECTED: TextError = malformed("a locale like de or en-GB");
    let text = clean_line(text, 254)?;
    let letters = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let mut parts = text.split('-').peekable();
    let mut locale = parts
        .next()
        .filter(|language| letters(language, 2..=3))
        .ok_or(EXPECTED)?
        .to_ascii_lowercase();
    if let Some(script) = parts.next_if(|script| letters(script, 4..=4)) {
        let (first, rest) = script.split_at(1);
        locale.extend(["-", &first.to_ascii_uppercase(), &rest.to_ascii_lowercase()]);
    }
    let is_region = |region: &str| {
        letters(region, 2..=2) || (region.len() == 3 && region.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if let Some(region) = parts.next_if(|region| is_region(region)) {
        locale.extend(["-", &region.to_ascii_uppercase()]);
    }
    if parts.next().is_some() {
        Err(EXPECTED)
    } else {
        Ok(locale)
    }
}

/// An address of the web: absolute, http or https, without user or password, at most 2000 characters.
///
/// # Errors
/// Where it is none.
pub fn url(text: &str) -> Result<String, TextError> {
    const EXPECTED: TextError = malformed("a web address like https://example.org/page");
    let text = clean_line(text, 2000)?;
    let (scheme, rest) = text.split_once("://").ok_or(EXPECTED)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let after_host = if authority.starts_with('[') {
        authority.rfind(']').map_or(0, |end| end + 1)
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, port) = authority.split_at(after_host);
    let host_is_good = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(host) => host.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_host_name(host),
    };
    let port_is_good = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
        });
    let tail_is_good = !tail
        .chars()
        .any(|char| char.is_whitespace() || "\"<>\\^`{|}".contains(char));
    if !(scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        || !host_is_good
        || !port_is_good
        || !tail_is_good
    {
        return Err(EXPECTED);
    }
    Ok(text)
}

/// The host of a web address that [`url`] took, without its port; in it nothing of the path, which may be a secret.
#[must_use]
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.find(']') {
        Some(end) => &authority[..=end],
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// A part of an address: lower-case letters and digits, with single hyphens between them, at most 60 characters.
///
/// # Errors
/// Where it is none.
pub fn slug(text: &str) -> Result<String, TextError> {
    let text = clean_line(text, 60)?;
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split('-').all(word).then_some(text).ok_or(malformed(
        "lower-case letters and digits with hyphens between them, like rust-days-2027",
    ))
}

fn bounded(text: &str, max: usize) -> Result<String, TextError> {
    if text.chars().all(is_invisible) {
        return Err(TextError::Required);
    }
    if text.chars().count() > max {
        Err(TextError::TooLong { max })
    } else {
        Ok(text.to_owned())
    }
}

/// Labels of letters, digits and inner hyphens, 63 characters each and 253 together.
fn is_host_name(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    host.len() <= 253 && host.split('.').all(label)
}

/// Line and paragraph separators, the byte order mark, annotations and tags.
const fn is_format(char: char) -> bool {
    matches!(char, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Embeddings, overrides and isolates, which make a name read as another. (The marks U+200E and U+200F do not.)
const fn turns_direction(char: char) -> bool {
    matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// White space, and what leaves no mark: joiners, fillers, the soft hyphen, the empty braille cell.
fn is_invisible(char: char) -> bool {
    char.is_whitespace()
        || matches!(char, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}
