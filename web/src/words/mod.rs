//! What pages say, in the languages that there are: Fluent messages in `locales/`, one folder for each language.
//!
//! What the API says of a wrong field is looked up in a table of its own ([`translate`]).
//!
//! A key that a page names and a language lacks, or that no page names, fails a test below; so does one whose variables
//! differ between the languages.

mod api;

pub(crate) use api::translate;

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// Every one, in the order in which they are offered.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::German];

    /// As HTML, HTTP and the API write it (BCP 47).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// As its speakers call it.
    pub(crate) fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of this code, if there is one.
    pub(crate) fn of_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| language.code().eq_ignore_ascii_case(primary))
    }

    /// The best of those that a browser asks for (RFC 9110, 12.5.4); English where it asks for none of them.
    pub(crate) fn accepted(header: &str) -> Self {
        let mut best = (Self::English, 0.0_f32);
        for range in header.split(',').take(20) {
            let mut parts = range.split(';');
            let code = parts.next().unwrap_or_default().trim();
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse().unwrap_or(0.0));
            if let Some(language) = Self::of_code(code)
                && weight > best.1
            {
                best = (language, weight);
            }
        }
        best.0
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static ENGLISH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| load(Language::English));
        static GERMAN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| load(Language::German));
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }

    fn texts(self) -> [&'static str; 10] {
        match self {
            Self::English => [
                include_str!("../../locales/en/common.ftl"),
                include_str!("../../locales/en/events.ftl"),
                include_str!("../../locales/en/registration.ftl"),
                include_str!("../../locales/en/orders.ftl"),
                include_str!("../../locales/en/account.ftl"),
                include_str!("../../locales/en/editor.ftl"),
                include_str!("../../locales/en/devices.ftl"),
                include_str!("../../locales/en/organizer.ftl"),
                include_str!("../../locales/en/partners.ftl"),
                include_str!("../../locales/en/portal.ftl"),
            ],
            Self::German => [
                include_str!("../../locales/de/common.ftl"),
                include_str!("../../locales/de/events.ftl"),
                include_str!("../../locales/de/registration.ftl"),
                include_str!("../../locales/de/orders.ftl"),
                include_str!("../../locales/de/account.ftl"),
                include_str!("../../locales/de/editor.ftl"),
                include_str!("../../locales/de/devices.ftl"),
                include_str!("../../locales/de/organizer.ftl"),
                include_str!("../../locales/de/partners.ftl"),
                include_str!("../../locales/de/portal.ftl"),
            ],
        }
    }

    /// A message without variables.
    pub(crate) fn say(self, key: &str) -> String {
        self.format(key, None)
    }

    /// A message with variables.
    pub(crate) fn say_with(self, key: &str, variables: &FluentArgs<'_>) -> String {
        self.format(key, Some(variables))
    }

    fn format(self, key: &str, variables: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::error!(key, language = self.code(), "a page names a message that there is not");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, variables, &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, language = self.code(), "a message was given too little");
        }
        text.into_owned()
    }
}

fn load(language: Language) -> FluentBundle<FluentResource> {
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    // The marks that would fence off what is put in confuse whoever copies a text; names stand in elements of their own.
    bundle.set_use_isolating(false);
    for text in language.texts() {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, errors)| {
            tracing::error!(language = language.code(), ?errors, "a file of messages has a mistake");
            resource
        });
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Variables of a message: `vars([("count", 3.into())])`.
pub(crate) fn vars<'a, const N: usize>(pairs: [(&'a str, FluentValue<'a>); N]) -> FluentArgs<'a> {
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests;
