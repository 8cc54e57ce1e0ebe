//! Days, times and amounts, as people of a language write them.

use fluent_bundle::FluentValue;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::words::{Language, vars};

/// On the clock of a zone; of UTC where the zone is not known.
fn zoned(at: &str, zone: &str) -> Option<ZonedDateTime> {
    let at: Timestamp = at.parse().ok()?;
    Some(at.to_zoned_datetime(TimeZone::get(zone).unwrap_or(TimeZone::UTC)))
}

fn day_of(language: Language, at: &ZonedDateTime) -> String {
    let weekday = language.say(&format!("weekday-{}", at.weekday().to_monday_one_offset()));
    let month = language.say(&format!("month-{}", at.month()));
    let variables = vars([
        ("weekday", FluentValue::from(weekday)),
        ("day", FluentValue::from(at.day().to_string())),
        ("month", FluentValue::from(month)),
        ("year", FluentValue::from(at.year().to_string())),
    ]);
    language.say_with("date-full", &variables)
}

/// “Monday, 1 March 2027”.
pub(crate) fn day(language: Language, at: &str, zone: &str) -> String {
    zoned(at, zone).map(|at| day_of(language, &at)).unwrap_or_default()
}

/// “09:00”.
pub(crate) fn time(at: &str, zone: &str) -> String {
    let at = zoned(at, zone);
    at.map(|at| at.strftime("%H:%M").to_string()).unwrap_or_default()
}

/// “Monday, 1 March 2027, 09:00”.
pub(crate) fn moment(language: Language, at: &str, zone: &str) -> String {
    let at = zoned(at, zone);
    at.map(|at| format!("{}, {}", day_of(language, &at), at.strftime("%H:%M")))
        .unwrap_or_default()
}

/// “Monday, 1 March 2027, 09:00 – 17:00”, or both days where it ends on another.
pub(crate) fn span(language: Language, from: &str, to: &str, zone: &str) -> String {
    let (Some(from), Some(to)) = (zoned(from, zone), zoned(to, zone)) else {
        return String::new();
    };
    if from.date() == to.date() {
        return format!(
            "{}, {} – {}",
            day_of(language, &from),
            from.strftime("%H:%M"),
            to.strftime("%H:%M")
        );
    }
    format!("{} – {}", day_of(language, &from), day_of(language, &to))
}

/// “€1,234.50”, “1.234,50 €”; a currency without a sign that everybody knows keeps its code.
pub(crate) fn money(language: Language, amount: &str, currency: &str) -> String {
    let number = number(language, amount);
    let sign = match currency {
        "EUR" => "€",
        "GBP" => "£",
        "USD" => "$",
        "JPY" => "¥",
        _ => currency,
    };
    match language {
        Language::English if sign != currency => format!("{sign}{number}"),
        Language::English => format!("{currency}\u{a0}{number}"),
        Language::German => format!("{number}\u{a0}{sign}"),
    }
}

/// Whether an amount is nothing at all.
pub(crate) fn is_nothing(amount: &str) -> bool {
    !amount.contains(|character: char| matches!(character, '1'..='9'))
}

fn number(language: Language, amount: &str) -> String {
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::German => ('.', ','),
    };
    let (minus, digits) = amount.strip_prefix('-').map_or(("", amount), |digits| ("−", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = minus.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARCH: &str = "2027-03-01T08:00:00Z";

    #[test]
    fn moments_are_told_on_the_events_clock_and_in_the_readers_language() {
        let berlin = "Europe/Berlin";
        assert_eq!(moment(Language::English, MARCH, berlin), "Monday, 1 March 2027, 09:00");
        assert_eq!(moment(Language::German, MARCH, berlin), "Montag, 1. März 2027, 09:00");
        assert_eq!(time(MARCH, "Nowhere"), "08:00");
        assert_eq!(day(Language::English, "soon", berlin), "");
    }

    #[test]
    fn a_span_names_one_day_once() {
        let same = span(Language::English, MARCH, "2027-03-01T16:00:00Z", "UTC");
        assert_eq!(same, "Monday, 1 March 2027, 08:00 – 16:00");
        let other = span(Language::English, MARCH, "2027-03-03T16:00:00Z", "UTC");
        assert_eq!(other, "Monday, 1 March 2027 – Wednesday, 3 March 2027");
    }

    #[test]
    fn amounts_are_grouped_as_the_language_does() {
        assert_eq!(money(Language::English, "1234567.50", "EUR"), "€1,234,567.50");
        assert_eq!(money(Language::German, "1234.50", "EUR"), "1.234,50\u{a0}€");
        assert_eq!(money(Language::English, "100", "JPY"), "¥100");
        assert_eq!(money(Language::English, "0.00", "CHF"), "CHF\u{a0}0.00");
        assert_eq!(money(Language::German, "-12.000", "KWD"), "−12,000\u{a0}KWD");
    }

    #[test]
    fn nothing_is_an_amount_without_any_digit_that_counts() {
        for (amount, nothing) in [
            ("0", true),
            ("0.00", true),
            ("0.01", false),
            ("10.00", false),
            ("-5", false),
        ] {
            assert_eq!(is_nothing(amount), nothing, "{amount}");
        }
    }
}
