//! What countries are called, in the order in which speakers of the language look them up: names and order are the
//! Unicode CLDR's (version 48), in `locales/<language>/countries.tsv`.

use std::sync::LazyLock;

use crate::words::Language;

/// Codes (ISO 3166-1 alpha-2) with their names.
pub(crate) type Countries = Vec<(&'static str, &'static str)>;

/// Every country, by its name.
pub(crate) fn all(language: Language) -> &'static Countries {
    static ENGLISH: LazyLock<Countries> = LazyLock::new(|| read(include_str!("../locales/en/countries.tsv")));
    static GERMAN: LazyLock<Countries> = LazyLock::new(|| read(include_str!("../locales/de/countries.tsv")));
    match language {
        Language::English => &ENGLISH,
        Language::German => &GERMAN,
    }
}

/// What the country of this code is called; the code itself where there is none.
pub(crate) fn name(language: Language, code: &str) -> &str {
    let found = all(language).iter().find(|(its, _)| *its == code);
    found.map_or(code, |(_, name)| name)
}

/// For a list to choose from, of which nothing is chosen yet.
pub(crate) fn choices(language: Language) -> Vec<(String, String)> {
    let nothing = (String::new(), language.say("choose"));
    let all = all(language).iter();
    let all = all.map(|(code, name)| ((*code).to_owned(), (*name).to_owned()));
    std::iter::once(nothing).chain(all).collect()
}

fn read(text: &'static str) -> Countries {
    text.lines().filter_map(|line| line.split_once('\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_called_by_its_name_in_the_language_and_what_is_no_code_stays_as_it_is() {
        assert_eq!(name(Language::German, "GB"), "Vereinigtes Königreich");
        assert_eq!(name(Language::English, "ZZ"), "ZZ");
        assert_eq!(
            choices(Language::English)[..2],
            [
                ("".into(), Language::English.say("choose")),
                ("AF".into(), "Afghanistan".into())
            ]
        );
    }
}
