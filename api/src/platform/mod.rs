//! What everything stands on: the database, the keys, how a refusal is said, which request this is.
//!
//! It knows no capability, no right, no client.

pub mod access_tokens;
#[cfg(feature = "planted-faults")]
pub mod faults;
pub mod keys;
#[cfg(feature = "planted-leaks")]
pub mod leaks;
pub mod outcome;
pub mod public_id;
pub mod request;
pub mod store;

pub use outcome::{Apart, Code, Fault, Problem, Problems, Refused};

use std::sync::Arc;

use crate::config::Payments;
use access_tokens::AccessTokens;
use keys::Keys;
use store::Store;

/// The program's parts, put together once at start. Cheap to clone.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub store: Store,
    /// The keys.
    pub keys: Arc<Keys>,
    /// The access tokens of people.
    pub access_tokens: AccessTokens,
    /// Where people reach this installation, without a slash at the end.
    pub public_url: Arc<str>,
    /// How payment providers are reached.
    pub payments: Arc<Payments>,
    /// What it must not show, and shows.
    #[cfg(feature = "planted-leaks")]
    pub leak: leaks::Leak,
}

impl Platform {
    /// Puts it together on an open, migrated database.
    ///
    /// # Errors
    /// When the signing keys cannot be read or made.
    pub async fn assemble(store: Store, instance_key: &[u8; 32], public_url: &str) -> Result<Self, Fault> {
        let public_url = public_url.trim_end_matches('/');
        let keys = Arc::new(Keys::new(instance_key));
        let access_tokens = AccessTokens::load(&store, &keys, public_url).await?;
        Ok(Self {
            store,
            keys,
            access_tokens,
            public_url: public_url.into(),
            payments: Arc::default(),
            #[cfg(feature = "planted-leaks")]
            leak: leaks::Leak::None,
        })
    }

    /// The same, with payment providers reached in this way.
    #[must_use]
    pub fn with_payments(self, payments: Payments) -> Self {
        Self {
            payments: Arc::new(payments),
            ..self
        }
    }

    /// An address of this installation; `path` starts with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }
}
