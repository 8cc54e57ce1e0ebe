//! `[payments]`: how payment providers are reached. Accounts at them are the organizations' own and not set here.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{Problem, check_range};

/// How payment providers are reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Payments {
    /// Instead of Stripe's own address: a proxy, or a stand-in in tests.
    pub stripe_api_base: Option<String>,
    /// Seconds that one call may take.
    pub timeout_seconds: u64,
}

impl Default for Payments {
    fn default() -> Self {
        Self {
            stripe_api_base: None,
            timeout_seconds: 20,
        }
    }
}

impl Payments {
    /// See [`Payments::timeout_seconds`].
    #[must_use]
    pub fn timeout(&self) -> Duration {
        Duration::from_secs(self.timeout_seconds)
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        check_range(problems, "payments.timeout_seconds", self.timeout_seconds, 1..=60);
        let web = |base: &String| base.starts_with("https://") || base.starts_with("http://");
        if self.stripe_api_base.as_ref().is_some_and(|base| !web(base)) {
            let expected = "expected an http or https address";
            problems.push(Problem::new("payments.stripe_api_base", expected));
        }
    }
}
