//! How long to wait before the next attempt.

use crate::platform::store::Entropy;

/// The first pause, in seconds.
const FIRST: u64 = 15;
/// The longest pause, in seconds.
const LONGEST: u64 = 6 * 60 * 60;

/// Seconds to wait after so many attempts: doubling from 15 seconds to six hours, and of that a random half, so that
/// what failed together does not come back together.
#[must_use]
pub fn pause(attempts: i32, entropy: &Entropy) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(20);
    let whole = (FIRST << doublings).min(LONGEST);
    let seconds = whole / 2 + entropy.below(whole / 2 + 1);
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_six_hours_and_scatter() {
        let entropy = Entropy::seeded(1);
        for (attempts, whole) in [
            (0, 15),
            (1, 15),
            (2, 30),
            (3, 60),
            (7, 960),
            (12, 21_600),
            (i32::MAX, 21_600),
        ] {
            let pauses: Vec<i64> = (0..200).map(|_| pause(attempts, &entropy)).collect();
            assert!(
                pauses.iter().all(|seconds| (whole / 2..=whole).contains(seconds)),
                "{attempts}: {pauses:?}"
            );
            assert!(
                pauses.iter().any(|seconds| *seconds != pauses[0]),
                "{attempts}: all the same"
            );
        }
    }
}
