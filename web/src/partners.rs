//! What pages say of partners.

/// The countries of the European Economic Area, where the GDPR holds by itself.
const EEA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// Whether a company of this country is inside the EEA. Whoever consents is told where it is not (Art. 49(1)(a) GDPR, and
/// the EDPB's Guidelines 05/2020, 3.3.1).
pub(crate) fn is_inside(country: &str) -> bool {
    EEA.contains(&country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_countries_are_inside_and_nobody_else() {
        assert_eq!(EEA.len(), 30);
        assert!(EEA.is_sorted(), "so that a country cannot stand twice unseen");
        assert!(is_inside("NO") && is_inside("DE"));
        assert!(!is_inside("CH") && !is_inside("GB") && !is_inside("US") && !is_inside(""));
    }
}
