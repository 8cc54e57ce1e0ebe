//! Clocks and currencies: which there are, and which an organization of a country most likely means.

use jiff::tz;

/// Names of the zones that can be chosen: places, and UTC.
pub(super) fn all() -> Vec<(String, String)> {
    let names = tz::db().available().map(|name| name.as_str().to_owned());
    let mut names: Vec<String> = names.filter(|name| is_place(name)).collect();
    names.push("UTC".to_owned());
    names.sort();
    names.dedup();
    names
        .into_iter()
        .map(|name| (name.clone(), name.replace('_', " ")))
        .collect()
}

fn is_place(name: &str) -> bool {
    let continents = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    continents.iter().any(|continent| name.starts_with(continent))
}

/// The zone and the currency of most events of this country.
pub(super) fn of_country(country: &str) -> (&'static str, &'static str) {
    match country {
        "DE" => ("Europe/Berlin", "EUR"),
        "AT" => ("Europe/Vienna", "EUR"),
        "CH" | "LI" => ("Europe/Zurich", "CHF"),
        "FR" => ("Europe/Paris", "EUR"),
        "NL" => ("Europe/Amsterdam", "EUR"),
        "BE" => ("Europe/Brussels", "EUR"),
        "IT" => ("Europe/Rome", "EUR"),
        "ES" => ("Europe/Madrid", "EUR"),
        "IE" => ("Europe/Dublin", "EUR"),
        "GB" => ("Europe/London", "GBP"),
        "PL" => ("Europe/Warsaw", "PLN"),
        "CZ" => ("Europe/Prague", "CZK"),
        "DK" => ("Europe/Copenhagen", "DKK"),
        "SE" => ("Europe/Stockholm", "SEK"),
        "NO" => ("Europe/Oslo", "NOK"),
        "US" => ("America/New_York", "USD"),
        "JP" => ("Asia/Tokyo", "JPY"),
        _ => ("UTC", "EUR"),
    }
}

/// The currencies that are offered.
pub(super) fn currencies() -> Vec<(String, String)> {
    let codes = ["EUR", "CHF", "CZK", "DKK", "GBP", "JPY", "NOK", "PLN", "SEK", "USD"];
    codes
        .iter()
        .map(|code| ((*code).to_owned(), (*code).to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_proposed_can_be_chosen() {
        let (zones, currencies) = (all(), currencies());
        for country in ["DE", "CH", "GB", "US", "JP", "XX", ""] {
            let (zone, currency) = of_country(country);
            assert!(zones.iter().any(|(name, _)| name == zone), "{zone}");
            assert!(currencies.iter().any(|(name, _)| name == currency), "{currency}");
        }
    }
}
