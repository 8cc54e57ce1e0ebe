//! Texts per language, as input.

use async_graphql::InputObject;

use crate::graphql::scalars::Locale;
use crate::services::Localized;

/// A text in one language.
#[derive(InputObject, Clone, Debug)]
pub struct LocalizedTextInput {
    /// Its language.
    pub locale: Locale,
    /// The text.
    pub text: String,
}

/// Collects the texts; of two in one language the last one counts.
#[must_use]
pub fn localized(texts: Vec<LocalizedTextInput>) -> Localized {
    Localized(texts.into_iter().map(|text| (text.locale.0, text.text)).collect())
}
