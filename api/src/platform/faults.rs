//! Faults that are planted, so that tests can show that they would be found: a rule whose breach no test notices is a wish.
//!
//! It exists in test builds alone (feature `planted-faults`; a release build refuses it), and does nothing until the
//! environment names a fault. It also stops the process at a fail point, so that a test can kill it right there.

use std::any::Any;
use std::collections::HashMap;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::config::faults;

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// Leads are answered first, and the record of it is made durable afterwards.
    RecordAfterAnswer,
    /// A lead that is asked for by its id is answered, and no record of it is kept.
    NodeUnrecorded,
    /// What a token may do is remembered for a second.
    TokenCache,
}

impl Planted {
    /// Its name in the environment.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RecordAfterAnswer => "record-after-answer",
            Self::NodeUnrecorded => "node-unrecorded",
            Self::TokenCache => "token-cache",
        }
    }
}

/// Whether this fault is planted in this process.
#[must_use]
pub fn is_planted(fault: Planted) -> bool {
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    NAMED.get_or_init(faults::planted).as_deref() == Some(fault.name())
}

/// Where the environment names a fail point: the process says so when it gets there and goes no further, with whatever
/// else it is doing going on until it is killed.
pub fn arm() {
    let Some((name, times)) = faults::stop_at() else { return };
    let left = AtomicU32::new(times);
    let reached = format!("at {name}\n");
    let stop = move || {
        if left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let mut output = std::io::stdout().lock();
            let said = output.write_all(reached.as_bytes()).and_then(|()| output.flush());
            drop(output);
            while said.is_ok() {
                std::thread::park();
            }
        }
    };
    if let Err(error) = fail::cfg_callback(name, stop) {
        tracing::error!(error, "the fail point is not armed");
    }
}

/// The fault of [`Planted::TokenCache`]: the value that was handed in for this key up to a second ago.
#[must_use]
pub fn up_to_a_second_old<T: Clone + Send + 'static>(key: &str, value: T) -> T {
    type Kept = HashMap<String, (Instant, Box<dyn Any + Send>)>;
    static KEPT: OnceLock<Mutex<Kept>> = OnceLock::new();
    if !is_planted(Planted::TokenCache) {
        return value;
    }
    let mut kept = KEPT
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let fresh = kept
        .get(key)
        .filter(|(since, _)| since.elapsed() < Duration::from_secs(1))
        .and_then(|(_, old)| old.downcast_ref::<T>())
        .cloned();
    fresh.unwrap_or_else(|| {
        kept.insert(key.to_owned(), (Instant::now(), Box::new(value.clone())));
        value
    })
}
