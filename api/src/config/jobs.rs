//! `[jobs]`: the background worker (outbox, retries, schedules).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{Problem, check_range};
use super::server::Switch;

/// The background worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Jobs {
    /// Whether this process works at all; another one can.
    pub enabled: Switch,
    /// Jobs worked at once.
    pub workers: usize,
    /// Seconds between two looks for work that nobody announced.
    pub poll_interval_seconds: u64,
    /// Seconds after which a claimed job counts as abandoned.
    pub lease_seconds: u64,
    /// Attempts before a job is given up and shown to the operator.
    pub max_attempts: u32,
}

impl Default for Jobs {
    fn default() -> Self {
        Self {
            enabled: Switch::On,
            workers: 2,
            poll_interval_seconds: 2,
            lease_seconds: 120,
            max_attempts: 12,
        }
    }
}

impl Jobs {
    /// See [`Jobs::poll_interval_seconds`].
    #[must_use]
    pub fn poll_interval(&self) -> Duration {
        Duration::from_secs(self.poll_interval_seconds)
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        check_range(problems, "jobs.workers", self.workers, 1..=64);
        check_range(
            problems,
            "jobs.poll_interval_seconds",
            self.poll_interval_seconds,
            1..=3600,
        );
        check_range(problems, "jobs.lease_seconds", self.lease_seconds, 10..=86_400);
        check_range(problems, "jobs.max_attempts", self.max_attempts, 1..=100);
    }
}
