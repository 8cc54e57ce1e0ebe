//! The names of countries on pages are those of the countries that the API takes.

#[test]
fn every_country_that_the_api_takes_has_a_name_in_every_language_and_no_other_has() {
    let taken: Vec<&str> = consentry_domain::text::countries().collect();
    let english = include_str!("../../web/locales/en/countries.tsv");
    let german = include_str!("../../web/locales/de/countries.tsv");
    for names in [english, german] {
        let named = names
            .lines()
            .map(|line| line.split_once('\t').expect("a code and a name"));
        let mut codes: Vec<&str> = named.clone().map(|(code, _)| code).collect();
        codes.sort_unstable();
        assert_eq!(codes, taken);
        assert!(named.clone().all(|(_, name)| name.chars().count() > 2), "{names}");
    }
}
