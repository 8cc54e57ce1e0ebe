//! How many statements a request ran and how long the database took, for its log line and for tests.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What one request cost the database.
#[derive(Clone, Debug, Default)]
pub struct Statistics {
    /// Statements run.
    pub statements: u32,
    /// Microseconds that they took.
    pub micros: u64,
    /// Changes that had to be run again.
    pub retries: u32,
    /// The statements' texts, when asked for.
    pub texts: Option<Vec<String>>,
}

/// The counters of the request at hand.
#[derive(Clone, Debug, Default)]
pub struct RequestStats(Arc<Mutex<Statistics>>);

tokio::task_local! {
    static CURRENT: RefCell<RequestStats>;
}

impl RequestStats {
    /// Counters that also keep the statements' texts, for tests.
    #[must_use]
    pub fn with_texts() -> Self {
        Self(Arc::new(Mutex::new(Statistics {
            texts: Some(Vec::new()),
            ..Default::default()
        })))
    }

    /// What has been counted so far.
    #[must_use]
    pub fn snapshot(&self) -> Statistics {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Runs `work` so that its statements are counted here.
    pub async fn scope<F: Future>(&self, work: F) -> F::Output {
        CURRENT.scope(RefCell::new(self.clone()), work).await
    }

    fn with(change: impl FnOnce(&mut Statistics)) {
        // Outside a request (jobs, start-up) nobody counts.
        let _ = CURRENT.try_with(|stats| {
            change(&mut stats.borrow().0.lock().unwrap_or_else(PoisonError::into_inner));
        });
    }
}

/// Counts a statement for the request at hand.
pub(super) fn ran(text: &str, elapsed: Duration) {
    RequestStats::with(|stats| {
        stats.statements += 1;
        stats.micros += u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        if let Some(texts) = &mut stats.texts {
            texts.push(text.to_owned());
        }
    });
}

/// Counts a change that is run again.
pub(super) fn retried() {
    RequestStats::with(|stats| stats.retries += 1);
}
