//! How many requests a credential, and an address prefix, may send per minute.
//!
//! Counted in this process. Two nodes allow twice as much, which is still a limit.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Limits;

/// Checks between two removals of keys that have their full allowance again.
const SWEEP_EVERY: u32 = 4096;

/// The counters of this process.
pub(super) struct Rates {
    /// Keys are hashed, so that no credential's name stays in memory.
    credentials: DefaultKeyedRateLimiter<u64>,
    addresses: DefaultKeyedRateLimiter<Prefix>,
    hasher: RandomState,
    clock: DefaultClock,
    checks: AtomicU32,
}

/// What counts as one client: a /24, or a /64 of IPv6, which is what one household or server is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Prefix {
    V4([u8; 3]),
    V6([u8; 8]),
}

impl From<IpAddr> for Prefix {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                Self::V4([a, b, c])
            }
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

impl Rates {
    /// Counters at zero.
    pub(super) fn new(limits: &Limits) -> Self {
        let quota = |per_minute: u32| Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self {
            credentials: RateLimiter::keyed(quota(limits.requests_per_minute_per_credential)),
            addresses: RateLimiter::keyed(quota(limits.requests_per_minute_per_address)),
            hasher: RandomState::new(),
            clock: DefaultClock::default(),
            checks: AtomicU32::new(0),
        }
    }

    /// Counts a request with a credential; otherwise the seconds to wait.
    pub(super) fn credential(&self, key: &str) -> Result<(), u64> {
        self.sweep();
        self.credentials
            .check_key(&self.hasher.hash_one(key))
            .map_err(|no| self.seconds(&no))
    }

    /// Counts a request from an address; otherwise the seconds to wait.
    pub(super) fn address(&self, client: IpAddr) -> Result<(), u64> {
        self.sweep();
        self.addresses
            .check_key(&Prefix::from(client))
            .map_err(|no| self.seconds(&no))
    }

    fn seconds(&self, not_until: &governor::NotUntil<<DefaultClock as Clock>::Instant>) -> u64 {
        let wait = not_until.wait_time_from(self.clock.now());
        wait.as_secs() + u64::from(wait.subsec_nanos() > 0).max(u64::from(wait.is_zero()))
    }

    fn sweep(&self) {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.credentials.retain_recent();
            self.addresses.retain_recent();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Prefix, Rates};
    use crate::config::Limits;

    fn rates(per_minute: u32) -> Rates {
        Rates::new(&Limits {
            requests_per_minute_per_credential: per_minute,
            requests_per_minute_per_address: per_minute,
            ..Limits::default()
        })
    }

    #[test]
    fn one_request_too_many_has_to_wait() {
        let rates = rates(3);
        for _ in 0..3 {
            assert_eq!(rates.credential("a"), Ok(()));
        }
        let wait = rates.credential("a").unwrap_err();
        assert!((1..=20).contains(&wait), "{wait}");
        assert_eq!(rates.credential("b"), Ok(()));
    }

    #[test]
    fn neighbours_in_a_prefix_share_an_allowance() {
        let rates = rates(1);
        assert_eq!(rates.address("192.0.2.1".parse().unwrap()), Ok(()));
        assert!(rates.address("192.0.2.200".parse().unwrap()).is_err());
        assert!(rates.address("::ffff:192.0.2.7".parse().unwrap()).is_err());
        assert_eq!(rates.address("192.0.3.1".parse().unwrap()), Ok(()));
        assert_eq!(rates.address("2001:db8::1".parse().unwrap()), Ok(()));
        assert!(rates.address("2001:db8::ffff:1".parse().unwrap()).is_err());
        assert_eq!(rates.address("2001:db8:0:1::1".parse().unwrap()), Ok(()));
    }

    #[test]
    fn keys_that_have_their_allowance_back_are_forgotten() {
        let rates = rates(60_000_000);
        for n in 0..super::SWEEP_EVERY * 2 {
            let [_, a, b, c] = n.to_be_bytes();
            assert_eq!(rates.address([10 + a, b, c, 1].into()), Ok(()));
        }
        assert!(
            rates.addresses.len() < super::SWEEP_EVERY as usize,
            "{}",
            rates.addresses.len()
        );
        assert_eq!(
            Prefix::from(std::net::IpAddr::from([10, 1, 2, 3])),
            Prefix::V4([10, 1, 2])
        );
    }
}
