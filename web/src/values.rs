//! Values of answers, as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// A text; empty where there is none.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// An amount with its currency.
pub(super) fn money(value: &Value) -> String {
    format!("{} {}", plain(&value["amount"]), plain(&value["currency"]))
}

/// A moment on the clock of a zone; in UTC where the zone is not known.
pub(super) fn moment(value: &Value, zone: &str) -> String {
    let Some(at) = value.as_str().and_then(|text| text.parse::<Timestamp>().ok()) else {
        return String::new();
    };
    let (zone, name) = match TimeZone::get(zone) {
        Ok(known) => (known, zone),
        Err(_) => (TimeZone::UTC, "UTC"),
    };
    format!("{} ({name})", at.to_zoned_datetime(zone).strftime("%-d %B %Y, %H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_moment_is_told_on_the_events_clock() {
        let at = json!("2027-03-01T08:00:00Z");
        assert_eq!(moment(&at, "Europe/Berlin"), "1 March 2027, 09:00 (Europe/Berlin)");
        assert_eq!(moment(&at, "Nowhere"), "1 March 2027, 08:00 (UTC)");
        assert_eq!(moment(&json!(null), "UTC"), "");
    }
}
