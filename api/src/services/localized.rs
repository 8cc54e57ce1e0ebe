//! Texts that an organizer writes for people: one per language, kept as a JSON object from language to text.

use std::collections::BTreeMap;

use crate::platform::Fault;

/// A text in several languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Localized(pub BTreeMap<String, String>);

impl Localized {
    /// A text in one language.
    #[must_use]
    pub fn one(locale: &str, text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(locale.to_owned(), text.into())]))
    }

    /// Reads what a column holds.
    ///
    /// # Errors
    /// When it holds something else.
    pub fn parse(column: &str) -> Result<Self, Fault> {
        serde_json::from_str(column).map_err(|error| Fault::Corrupt(format!("a localized text: {error}")))
    }

    /// What a column holds.
    #[must_use]
    pub fn to_column(&self) -> String {
        serde_json::Value::from_iter(self.0.clone()).to_string()
    }

    /// The text in the wished language, in its base language (`de` for `de-AT`), in the default one, or in any.
    #[must_use]
    pub fn pick<'a>(&'a self, wished: Option<&str>, default: &'a str) -> &'a str {
        self.version(wished, default).1
    }

    /// As [`Localized::pick`], with the language of the text that was picked.
    #[must_use]
    pub fn version<'a>(&'a self, wished: Option<&str>, default: &'a str) -> (&'a str, &'a str) {
        let base = wished.and_then(|wished| wished.split('-').next());
        [wished, base, Some(default)]
            .into_iter()
            .flatten()
            .find_map(|locale| self.0.get_key_value(locale))
            .or_else(|| self.0.iter().next())
            .map_or((default, ""), |(locale, text)| (locale.as_str(), text.as_str()))
    }

    /// Takes over what is new; a blank text takes its language away, and languages that are not named stay.
    pub fn amend(&mut self, new: &Self) {
        for (locale, text) in &new.0 {
            if text.trim().is_empty() {
                self.0.remove(locale);
            } else {
                self.0.insert(locale.clone(), text.clone());
            }
        }
    }

    /// Whether somebody reads the same in both, whatever the language.
    #[must_use]
    pub fn says_the_same(&self, other: &Self, default: &str) -> bool {
        let mut locales = self.0.keys().chain(other.0.keys());
        locales.all(|locale| self.pick(Some(locale), default) == other.pick(Some(locale), default))
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.values().all(|text| text.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wished_language_comes_first_then_its_base_then_the_default() {
        let text = Localized(BTreeMap::from([
            ("de".into(), "Hallo".into()),
            ("en".into(), "Hello".into()),
        ]));
        assert_eq!(text.version(Some("de"), "en"), ("de", "Hallo"));
        assert_eq!(text.version(Some("de-AT"), "en"), ("de", "Hallo"));
        assert_eq!(text.version(Some("fr"), "en"), ("en", "Hello"));
        assert_eq!(text.version(None, "it"), ("de", "Hallo"));
        assert_eq!(Localized::default().version(None, "en"), ("en", ""));
    }

    #[test]
    fn a_blank_text_takes_its_language_away_and_what_is_not_named_stays() {
        let text = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(locale, text)| ((*locale).into(), (*text).into()));
            Localized(pairs.collect())
        };
        let mut all = text(&[("en", "Hello"), ("de", "Hallo"), ("fr", "Salut")]);
        all.amend(&text(&[("en", "Hi"), ("de", " "), ("it", "Ciao")]));
        assert_eq!(all, text(&[("en", "Hi"), ("fr", "Salut"), ("it", "Ciao")]));
    }

    #[test]
    fn a_text_that_another_language_repeats_says_the_same() {
        let text = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(locale, text)| ((*locale).into(), (*text).into()));
            Localized(pairs.collect())
        };
        let (one, both) = (text(&[("en", "Team")]), text(&[("en", "Team"), ("de", "Team")]));
        assert!(one.says_the_same(&both, "en") && both.says_the_same(&one, "en"));
        let other = text(&[("en", "Team"), ("de", "Gruppe")]);
        assert!(!one.says_the_same(&other, "en") && !other.says_the_same(&one, "en"));
        assert!(!one.says_the_same(&Localized::default(), "en"));
    }
}
