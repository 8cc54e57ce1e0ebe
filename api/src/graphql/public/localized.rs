//! Texts per language.

use async_graphql::{InputObject, SimpleObject};

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

/// A text in one language.
#[derive(SimpleObject, Clone)]
pub struct LocalizedText {
    /// The language.
    pub locale: Locale,
    /// The text.
    pub text: String,
}

impl LocalizedText {
    /// The text in every language.
    #[must_use]
    pub fn all(text: &Localized) -> Vec<Self> {
        let one = |(locale, text): (&String, &String)| Self {
            locale: Locale(locale.clone()),
            text: text.clone(),
        };
        text.0.iter().map(one).collect()
    }
}
