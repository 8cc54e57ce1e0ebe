//! Randomness as a value: the operating system's, or a seeded stream for the demo and for tests.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

use consentry_domain::Instant;

/// A source of random bytes.
#[derive(Clone, Debug)]
pub enum Entropy {
    /// The operating system's generator, by way of the thread's.
    System,
    /// A stream that a seed determines: never for anything real.
    Seeded(Arc<Mutex<StdRng>>),
}

impl Entropy {
    /// A stream that `seed` determines.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// So many random bytes.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => rand::rng().fill_bytes(&mut bytes),
            Self::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .fill_bytes(&mut bytes),
        }
        bytes
    }

    /// A number below `bound` (0 when that is 0).
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
    pub fn below(&self, bound: u64) -> u64 {
        if bound == 0 {
            return 0;
        }
        match self {
            Self::System => rand::rng().random_range(0..bound),
            Self::Seeded(rng) => rng
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .random_range(0..bound),
        }
    }

    /// A version 7 id: ordered by `now`, for what only the organization sees.
    #[must_use]
    pub fn ordered_id<T: From<Uuid>>(&self, now: Instant) -> T {
        let millis = u64::try_from(now.0 / 1000).unwrap_or(0);
        let sub_millis = u16::try_from((now.0 % 1000) * 4).unwrap_or(0);
        let mut random: [u8; 10] = self.bytes();
        // rand_a carries the quarter microseconds, so that ids made one after another are in order.
        random[0] = (random[0] & 0xf0) | u8::try_from(sub_millis >> 8).unwrap_or(0);
        random[1] = (sub_millis & 0xff) as u8;
        uuid::Builder::from_unix_timestamp_millis(millis, &random)
            .into_uuid()
            .into()
    }

    /// A version 4 id: random, for what a partner sees.
    #[must_use]
    pub fn random_id<T: From<Uuid>>(&self) -> T {
        uuid::Builder::from_random_bytes(self.bytes()).into_uuid().into()
    }
}
