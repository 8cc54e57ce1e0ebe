//! Chance from a seed, and kinds that come round in turn, so that none is forgotten by chance.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// What a seed determines.
pub struct Random(StdRng);

impl Random {
    /// From a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound.max(1))
    }

    /// Whether it happens, in so many of a hundred cases.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Some of them, one at least, in their order.
    pub fn some<T: Copy>(&mut self, of: &[T]) -> Vec<T> {
        let keep = self.below(of.len());
        let mut some = Vec::new();
        for (number, item) in of.iter().enumerate() {
            if number == keep || self.percent(50) {
                some.push(*item);
            }
        }
        some
    }

    /// All of them in some order.
    pub fn shuffled<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let mut rest = of.to_vec();
        let mut shuffled = Vec::new();
        while !rest.is_empty() {
            shuffled.push(rest.swap_remove(self.below(rest.len())));
        }
        shuffled
    }
}

/// Kinds that come in some order, all of them before any comes again.
pub struct Deck<T> {
    all: Vec<T>,
    left: Vec<T>,
}

impl<T: Clone> Deck<T> {
    /// Of these.
    #[must_use]
    pub fn new(all: &[T]) -> Self {
        Self {
            all: all.to_vec(),
            left: Vec::new(),
        }
    }

    /// The next one.
    ///
    /// # Panics
    /// When there is none at all.
    pub fn draw(&mut self, random: &mut Random) -> T {
        if self.left.is_empty() {
            self.left = random.shuffled(&self.all);
        }
        self.left.pop().expect("a deck has cards")
    }
}
