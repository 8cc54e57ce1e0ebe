//! What everything stands on: the database, the keys, how a refusal is said, which request this is.
//!
//! It knows no capability, no right, no client.

pub mod keys;
pub mod outcome;
pub mod request;
pub mod store;

pub use outcome::{Code, Fault, Problem, Problems, Refused};

use std::sync::Arc;

use keys::Keys;
use store::Store;

/// The program's parts, put together once at start. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub store: Store,
    /// The keys.
    pub keys: Arc<Keys>,
    /// Where people reach this installation, without a slash at the end.
    pub public_url: Arc<str>,
}

impl Platform {
    /// An address of this installation; `path` starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}
