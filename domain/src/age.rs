//! Ages: on a day, from a date of birth; and who may consent for oneself (Art. 8 GDPR).
//!
//! An age is judged once, when something is decided, and what it was judged by is kept with the decision.

use crate::{AgeBasis, Day};

/// Nobody is older than this, in years; a date of birth further back is a slip.
pub const GREATEST_AGE: i32 = 125;

/// A date of birth that nobody has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImpossibleAge {
    /// It lies in the future.
    #[error("the date of birth lies in the future")]
    NotBorn,
    /// It is too long ago.
    #[error("the date of birth is more than {GREATEST_AGE} years ago")]
    TooOld,
}

/// The age in whole years on a day. Who was born on 29 February grows older on 1 March in common years.
///
/// # Errors
/// Where nobody has such a date of birth.
pub fn age_on(born: Day, day: Day) -> Result<i32, ImpossibleAge> {
    let ((born_year, born_month, born_day), (year, month, of_month)) = (born.ymd(), day.ymd());
    let age = year - born_year - i32::from((month, of_month) < (born_month, born_day));
    match age {
        _ if born > day => Err(ImpossibleAge::NotBorn),
        0..=GREATEST_AGE => Ok(age),
        _ => Err(ImpossibleAge::TooOld),
    }
}

/// From which age somebody decides alone: 13 to 16 years by national law, 16 where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsentAge(i32);

impl ConsentAge {
    /// This age, if the law knows it (13–16).
    #[must_use]
    pub fn new(years: i32) -> Option<Self> {
        (13..=16).contains(&years).then_some(Self(years))
    }

    /// In years.
    #[must_use]
    pub const fn years(self) -> i32 {
        self.0
    }
}

impl Default for ConsentAge {
    fn default() -> Self {
        Self(16)
    }
}

/// What somebody says about being of age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeStatement {
    /// To be of age.
    OfAge,
    /// To be under age.
    UnderAge,
}

/// Whether somebody may consent for oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeJudgement {
    /// By their own statement.
    OfAgeByStatement,
    /// By their date of birth.
    OfAgeByBirth,
    /// A guardian decides.
    UnderAge,
    /// Nothing is known: ask.
    Unknown,
}

impl AgeJudgement {
    /// What is kept with a consent of one's own; none for whoever cannot give one.
    #[must_use]
    pub const fn basis(self) -> Option<AgeBasis> {
        match self {
            Self::OfAgeByStatement => Some(AgeBasis::Stated),
            Self::OfAgeByBirth => Some(AgeBasis::DateOfBirth),
            Self::UnderAge | Self::Unknown => None,
        }
    }
}

/// Judges the age of somebody who decides today. A date of birth outweighs a statement.
///
/// # Errors
/// Where nobody has such a date of birth.
pub fn judge(
    limit: ConsentAge,
    born: Option<Day>,
    statement: Option<AgeStatement>,
    today: Day,
) -> Result<AgeJudgement, ImpossibleAge> {
    Ok(match (born, statement) {
        (Some(born), _) if age_on(born, today)? >= limit.years() => AgeJudgement::OfAgeByBirth,
        (Some(_), _) | (None, Some(AgeStatement::UnderAge)) => AgeJudgement::UnderAge,
        (None, Some(AgeStatement::OfAge)) => AgeJudgement::OfAgeByStatement,
        (None, None) => AgeJudgement::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    #[test]
    fn one_is_a_year_older_on_the_birthday_and_not_before() {
        for (born, on, age) in [
            ("2010-06-15", "2026-06-14", 15),
            ("2010-06-15", "2026-06-15", 16),
            ("2010-06-15", "2026-05-16", 15),
            ("2010-06-15", "2026-07-01", 16),
            ("2008-02-29", "2024-02-28", 15),
            ("2008-02-29", "2024-02-29", 16),
            ("2008-02-29", "2023-02-28", 14),
            ("2008-02-29", "2023-03-01", 15),
            ("2026-01-01", "2026-01-01", 0),
            ("1900-12-31", "2026-12-30", 125),
        ] {
            assert_eq!(age_on(day(born), day(on)), Ok(age), "{born} on {on}");
        }
    }

    #[test]
    fn impossible_ages_are_refused() {
        assert_eq!(
            age_on(day("2026-06-16"), day("2026-06-15")),
            Err(ImpossibleAge::NotBorn)
        );
        assert_eq!(
            age_on(day("2027-01-01"), day("2026-06-15")),
            Err(ImpossibleAge::NotBorn)
        );
        assert_eq!(age_on(day("1900-12-31"), day("2026-12-31")), Err(ImpossibleAge::TooOld));
        assert_eq!(
            judge(ConsentAge::default(), Some(day("1066-10-14")), None, day("2026-01-01")),
            Err(ImpossibleAge::TooOld)
        );
    }

    #[test]
    fn the_age_of_consent_is_13_to_16_and_16_by_default() {
        assert_eq!(
            (12..=17)
                .map(|years| ConsentAge::new(years).map(ConsentAge::years))
                .collect::<Vec<_>>(),
            [None, Some(13), Some(14), Some(15), Some(16), None]
        );
        assert_eq!(ConsentAge::default(), ConsentAge(16));
    }

    #[test]
    fn a_date_of_birth_outweighs_a_statement() {
        use AgeJudgement as J;
        use AgeStatement as S;
        let today = day("2026-06-15");
        let (adult, child) = (Some(day("2010-06-15")), Some(day("2010-06-16")));
        let cases = [
            (adult, None, J::OfAgeByBirth),
            (adult, Some(S::UnderAge), J::OfAgeByBirth),
            (child, None, J::UnderAge),
            (child, Some(S::OfAge), J::UnderAge),
            (None, Some(S::OfAge), J::OfAgeByStatement),
            (None, Some(S::UnderAge), J::UnderAge),
            (None, None, J::Unknown),
        ];
        for (born, statement, expected) in cases {
            assert_eq!(judge(ConsentAge::default(), born, statement, today), Ok(expected));
        }
        assert_eq!(judge(ConsentAge(15), child, None, today), Ok(J::OfAgeByBirth));
        assert_eq!(
            [J::OfAgeByStatement, J::OfAgeByBirth, J::UnderAge, J::Unknown].map(J::basis),
            [Some(AgeBasis::Stated), Some(AgeBasis::DateOfBirth), None, None]
        );
    }
}
