//! Counts of what nobody may learn of one person: with noise, in tens, and not at all when they are small.
//!
//! Whoever knows how everybody else decided could read the last one's decision from an exact count, and from a rounded
//! one wherever it happens to stand at an edge; they may have registered most of the others themselves. So a count is
//! moved by a random number *before* it is rounded (a two-sided geometric distribution: Ghosh, Roughgarden, Sundararajan,
//! "Universally utility-maximizing privacy mechanisms", STOC 2009). Rounding and hiding small numbers afterwards tell no
//! more than the moved count does.
//!
//! **What holds.** One registration changes each count by at most one. With a [`Scale`] of `s`, no result is more than
//! `(s + 1) / s` times as likely with its consent as without. Of `n` counts about the same people, each drawn once, the
//! factors multiply: [`Scale::of`] keeps the product below e² ≈ 7.4 for all of them together, whatever the reader knows
//! besides. That is said of counts that are drawn *once*: whoever draws again gives more away.
//!
//! The arithmetic is in whole numbers. With floating-point noise the low bits of a result give the count away.

/// Less than this is not shown.
pub const SMALLEST: u64 = 10;

/// How far counts are moved: the larger, the less they tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale(u64);

impl Scale {
    /// The least: a single count is moved by about seven.
    const LEAST: u64 = 5;

    /// For so many counts about the same people.
    #[must_use]
    pub fn of(counts: usize) -> Self {
        // ((s + 1) / s)^n < e^(n / s) ≤ e² for s ≥ n / 2.
        Self(u64::try_from(counts.div_ceil(2)).unwrap_or(u64::MAX).max(Self::LEAST))
    }
}

/// What is shown of a count; none where it is less than [`SMALLEST`]. `below` draws a number below the one that it is
/// given, each as likely as the others.
pub fn shown(count: u64, scale: Scale, mut below: impl FnMut(u64) -> u64) -> Option<u64> {
    let (up, down) = (geometric(scale, &mut below), geometric(scale, &mut below));
    let moved = (count + up).saturating_sub(down);
    let rounded = (moved + 5) / 10 * 10;
    (rounded >= SMALLEST).then_some(rounded)
}

/// How often in a row something happens whose chance is `scale` in `scale + 1`.
fn geometric(scale: Scale, below: &mut impl FnMut(u64) -> u64) -> u64 {
    let mut times = 0;
    while below(scale.0 + 1) < scale.0 {
        times += 1;
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number below a bound, from a generator that needs no dependency (splitmix64).
    fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
        let mut state = seed;
        move |bound| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % bound
        }
    }

    #[test]
    fn all_counts_together_change_the_odds_about_one_person_by_less_than_e_squared() {
        for counts in 1..500 {
            let Scale(scale) = Scale::of(counts);
            let factor = ((scale + 1) as f64 / scale as f64).powi(i32::try_from(counts).expect("few"));
            assert!(factor < 7.39, "{counts} counts: {factor}");
        }
    }

    #[test]
    fn a_count_is_moved_as_the_distribution_says() {
        let (scale, draws) = (Scale(5), 400_000_u32);
        let (mut dice, mut seen) = (dice(1), std::collections::BTreeMap::new());
        for _ in 0..draws {
            let moved = geometric(scale, &mut dice) as i64 - geometric(scale, &mut dice) as i64;
            *seen.entry(moved).or_insert(0_u32) += 1;
        }
        for moved in -12_i64..=12 {
            // (1 − a) / (1 + a) · a^|k| with a = 5/6.
            let expected = (1.0 / 11.0) * (5.0_f64 / 6.0).powi(i32::try_from(moved.abs()).expect("small"));
            let found = f64::from(seen[&moved]) / f64::from(draws);
            assert!(
                (found / expected - 1.0).abs() < 0.08,
                "{moved}: {found}, not {expected}"
            );
        }
    }

    #[test]
    fn neighbours_look_alike_even_at_the_edge_of_what_is_shown() {
        let often = |count, seed| {
            let mut dice = dice(seed);
            (0..200_000)
                .filter(|_| shown(count, Scale(5), &mut dice).is_some())
                .count() as f64
                / 200_000.0
        };
        for count in [0, 4, 5, 9, 10] {
            let (with, without) = (often(count + 1, 2), often(count, 3));
            let hidden = (1.0 - without) / (1.0 - with);
            assert!(with / without < 1.22 && hidden < 1.22, "{count}: {with} {without}");
        }
    }

    #[test]
    fn what_is_shown_is_a_multiple_of_ten_and_never_less_than_ten() {
        let mut dice = dice(4);
        for count in 0..300 {
            if let Some(shown) = shown(count, Scale(5), &mut dice) {
                assert!(shown >= SMALLEST && shown.is_multiple_of(10));
            }
        }
        assert_eq!(shown(14, Scale(5), |bound| bound - 1), Some(10), "moved by nothing");
        assert_eq!(shown(4, Scale(5), |bound| bound - 1), None);
    }
}
