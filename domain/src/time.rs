//! Instants and days, in UTC and without a clock: whoever decides something is told what time it is.
//!
//! Zones and wall times are no matter of this crate; they are resolved before a rule is asked.

use std::fmt;

/// Microseconds of one second.
const SECOND: i64 = 1_000_000;
/// Microseconds of one day; UTC days have no leap seconds here.
const DAY: i64 = 86_400 * SECOND;

/// A moment, in microseconds since 1970-01-01T00:00:00Z; also what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

impl Instant {
    /// Earlier than everything.
    pub const MIN: Self = Self(i64::MIN);
    /// Later than everything.
    pub const MAX: Self = Self(i64::MAX);

    /// The day in UTC that contains this moment.
    #[must_use]
    pub const fn day(self) -> Day {
        // Within i32: i64 microseconds span about ±107 million days.
        Day(self.0.div_euclid(DAY) as i32)
    }

    /// So many microseconds later (or earlier); stops at the ends of what can be said.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// So many seconds later (or earlier); saturates.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(SECOND))
    }

    /// So many minutes later (or earlier); saturates.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_micros(minutes.saturating_mul(60 * SECOND))
    }

    /// So many days of 24 hours later (or earlier); saturates.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(DAY))
    }

    /// The minute that this moment is in, counted from 1970-01-01T00:00Z (for "last used" marks).
    #[must_use]
    pub const fn minute(self) -> i64 {
        self.0.div_euclid(60 * SECOND)
    }
}

/// RFC 3339 in UTC, with as many digits of a second as are needed (none or six).
impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_day = self.0.rem_euclid(DAY);
        let (seconds, micros) = (in_day / SECOND, in_day % SECOND);
        write!(
            f,
            "{}T{:02}:{:02}:{:02}",
            self.day(),
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        )?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

/// A calendar day, counted from 1970-01-01 (proleptic Gregorian); also what is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

impl Day {
    /// The day of this year, month (1–12) and day of the month, if the calendar has it; years 1 to 9999.
    #[must_use]
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
            return None;
        }
        // Years begin in March here, so that the leap day is the last of its year.
        let year = i64::from(year) - i64::from(month <= 2);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468;
        i32::try_from(days).ok().map(Self)
    }

    /// Year, month (1–12) and day of the month.
    #[must_use]
    pub const fn ymd(self) -> (i32, u32, u32) {
        let days = self.0 as i64 + 719_468;
        let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year as i32, month as u32, day as u32)
    }

    /// Reads `YYYY-MM-DD`, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !digits(0..4) || !digits(5..7) || !digits(8..10)
        {
            return None;
        }
        Self::from_ymd(
            text[..4].parse().ok()?,
            text[5..7].parse().ok()?,
            text[8..].parse().ok()?,
        )
    }

    /// So many days later (or earlier); saturates.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The first moment of this day in UTC.
    #[must_use]
    pub const fn start(self) -> Instant {
        Instant((self.0 as i64).saturating_mul(DAY))
    }
}

/// `YYYY-MM-DD`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// How many days this month has.
const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_days_have_their_numbers() {
        for (text, number) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2024-12-31", 20_088),
            ("0001-01-01", -719_162),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(Day::parse(text), Some(Day(number)), "{text}");
            assert_eq!(Day(number).to_string(), text);
        }
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for text in [
            "2023-02-29",
            "1900-02-29",
            "2023-04-31",
            "2023-13-01",
            "2023-00-10",
            "2023-01-00",
            "0000-01-01",
            "2023-1-01",
            "2023-01-1",
            "+023-01-01",
            "2023-01-01 ",
            "20230101",
            "",
            "2023/01/01",
            "2023-01/01",
            "２023-1-1",
            "2023-01-32",
            "20x3-01-01",
            "2023-x1-01",
            "2023-01-x1",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_day_of_five_centuries_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1800, 1, 1);
        let mut number = Day::from_ymd(1800, 1, 1).expect("a day").0;
        while year < 2300 {
            assert_eq!(Day(number).ymd(), (year, month, day));
            assert_eq!(Day::from_ymd(year, month, day), Some(Day(number)));
            number += 1;
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }

    #[test]
    fn a_moment_before_1970_belongs_to_the_day_that_contains_it() {
        assert_eq!(Instant(0).day(), Day(0));
        assert_eq!(Instant(-1).day(), Day(-1));
        assert_eq!(Instant(DAY - 1).day(), Day(0));
        assert_eq!(Instant(DAY).day(), Day(1));
        assert_eq!(Day(1).start(), Instant(DAY));
    }

    #[test]
    fn moments_are_written_in_rfc_3339() {
        assert_eq!(Instant(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(
            Instant(1_804_237_445_000_001).to_string(),
            "2027-03-05T09:04:05.000001Z"
        );
        assert_eq!(Instant(-1).to_string(), "1969-12-31T23:59:59.999999Z");
    }

    #[test]
    fn adding_stops_at_the_ends() {
        assert_eq!(Instant::MAX.plus_days(1), Instant::MAX);
        assert_eq!(Instant::MIN.plus_minutes(-1), Instant::MIN);
        assert_eq!(Instant(0).plus_days(i64::MAX), Instant::MAX);
        assert_eq!(Instant(5).plus_minutes(2), Instant(120_000_005));
        assert_eq!(Instant(5).plus_seconds(2), Instant(2_000_005));
        assert_eq!(Instant(5).plus_days(-1), Instant(5 - DAY));
        assert_eq!(Instant(119_999_999).minute(), 1);
        assert_eq!(Instant(-1).minute(), -1);
        assert_eq!(Day(3).plus_days(-4), Day(-1));
        assert_eq!(Day(i32::MAX).plus_days(1), Day(i32::MAX));
    }

    proptest! {
        #[test]
        fn every_written_day_is_read_back(number in -719_162..2_932_897_i32) {
            prop_assert_eq!(Day::parse(&Day(number).to_string()), Some(Day(number)));
        }

        #[test]
        fn no_text_makes_parsing_panic(text in "\\PC{0,12}") {
            let _ = Day::parse(&text);
        }
    }
}
