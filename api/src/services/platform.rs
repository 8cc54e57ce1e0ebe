//! What every service needs: the store, the keys, and where this installation is reached.

use std::sync::Arc;

use super::keys::Keys;
use super::store::Store;

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
