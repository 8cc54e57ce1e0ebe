//! Clocks and currencies: which there are, and which an organization of a country most likely means.

use jiff::civil;
use jiff::tz::{self, TimeZone};

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

/// An instant on the clock of a zone, as an input element of the type `datetime-local` has it.
pub(super) fn local(at: &str, zone: &str) -> String {
    let at: Option<jiff::Timestamp> = at.parse().ok();
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    at.map(|at| at.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M").to_string())
        .unwrap_or_default()
}

/// The instant of a wall time; none where there is no such time, or where there are two.
pub(super) fn instant(local: &str, zone: &str) -> Option<String> {
    let time: civil::DateTime = local.parse().ok()?;
    let zone = TimeZone::get(zone).ok()?;
    let zoned = zone.to_ambiguous_zoned_datetime(time).unambiguous().ok()?;
    Some(zoned.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_times_become_instants_and_come_back() {
        let berlin = "Europe/Berlin";
        assert_eq!(
            instant("2027-07-01T09:00", berlin).as_deref(),
            Some("2027-07-01T07:00:00Z")
        );
        assert_eq!(local("2027-07-01T07:00:00Z", berlin), "2027-07-01T09:00");
        assert_eq!(instant("2027-03-28T02:30", berlin), None, "the clocks go forward");
        assert_eq!(instant("2027-10-31T02:30", berlin), None, "the clocks go back");
        assert_eq!(
            (instant("soon", berlin), instant("2027-07-01T09:00", "Nowhere")),
            (None, None)
        );
    }

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
