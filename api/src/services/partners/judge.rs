//! Judging what staff type about partners.

use consentry_domain::text::{self, TextError};

use crate::platform::Code;
use crate::services::input::{self, Judged};

/// A code and a sentence for what is wrong with a text.
fn said<T>(judged: Result<T, TextError>) -> Judged<T> {
    judged.map_err(|error| match error {
        TextError::Required => (Code::Required, "This is needed.".to_owned()),
        TextError::TooLong { max } => (Code::TooLong, format!("At most {max} characters.")),
        TextError::ControlCharacter => (Code::Invalid, "Control characters are not accepted.".to_owned()),
        TextError::Malformed { expected } => (Code::Invalid, format!("Expected is {expected}.")),
    })
}

/// A name.
pub(super) fn name(typed: &str) -> Judged<String> {
    said(text::clean_line(typed, 200))
}

/// A country.
pub(super) fn country(typed: &str) -> Judged<String> {
    said(text::country(typed))
}

/// An e-mail address.
pub(super) fn email(typed: &str) -> Judged<String> {
    input::email(typed)
}

/// An address of the web.
pub(super) fn url(typed: &str) -> Judged<String> {
    said(text::url(typed))
}

/// A remark of several lines.
pub(super) fn remark(typed: &str) -> Judged<String> {
    said(text::clean_text(typed, 2000))
}

/// A text of several lines per language.
pub(super) fn paragraphs(texts: &crate::services::Localized) -> Judged<crate::services::Localized> {
    let judged = texts
        .0
        .iter()
        .map(|(locale, text)| Ok((said(text::locale(locale))?, said(text::clean_text(text, 4000))?)));
    let texts = judged.collect::<Judged<_>>().map(crate::services::Localized)?;
    if texts.is_empty() {
        Err((Code::Required, "Say it in at least one language.".to_owned()))
    } else {
        Ok(texts)
    }
}

/// A SHA-256 in 64 hexadecimal digits.
pub(super) fn sha256(typed: &str) -> Judged<Vec<u8>> {
    let hash: Result<consentry_domain::commitment::Hash, _> = typed.trim().to_ascii_lowercase().parse();
    let expected = "The SHA-256 of the notice's file is expected, as 64 hexadecimal digits.";
    hash.map(|hash| hash.0.to_vec())
        .map_err(|_| (Code::Invalid, expected.to_owned()))
}
