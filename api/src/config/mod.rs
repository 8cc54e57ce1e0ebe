//! The configuration of one process: defaults < file < environment < flags.
//!
//! One typed section per file. [`Config::load`] either returns a configuration in which every value has been checked,
//! or one error that names each wrong key, where it was set and what is expected there, so that a broken
//! configuration stops the program before it listens.
//!
//! Nothing here may print a secret: [`Config::printable`] hides them, and errors never repeat a secret's value.

mod database;
mod error;
#[cfg(feature = "planted-faults")]
pub mod faults;
mod jobs;
mod limits;
mod log;
mod mail;
mod payments;
mod printable;
mod secret;
mod secrets;
mod server;
mod sources;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use database::{Backend, Database, DatabaseUrl};
pub use error::{ConfigError, Problem};
pub use jobs::Jobs;
pub use limits::Limits;
pub use log::{Log, LogFormat};
pub use mail::{Mail, MailTls};
pub use payments::Payments;
pub use secret::Secret;
pub use secrets::{SecretFileError, Secrets};
pub use server::{HttpMode, Server, Switch};
pub use sources::Sources;

/// Everything that an operator can set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The listener, the public address, proxies, time-outs.
    pub server: Server,
    /// Where the data is.
    pub database: Database,
    /// Where key files are.
    pub secrets: Secrets,
    /// How mail leaves.
    pub mail: Mail,
    /// How payment providers are reached.
    pub payments: Payments,
    /// What one request may cost, and how many there may be.
    pub limits: Limits,
    /// The background worker.
    pub jobs: Jobs,
    /// What the process writes about itself.
    pub log: Log,
}

impl Config {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// One error with every problem found: an unknown key, a value of the wrong kind, or one that does not make sense
    /// beside the others.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let config = sources.extract()?;
        let mut problems = Vec::new();
        config.server.check(&mut problems);
        config.database.check(&mut problems);
        config.secrets.check(&mut problems);
        config.mail.check(&mut problems);
        config.payments.check(&mut problems);
        config.limits.check(&mut problems);
        config.jobs.check(&mut problems);
        config.log.check(&mut problems);
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Invalid(problems))
        }
    }

    /// The whole configuration as TOML, without secrets. What it prints can be read back as a file, except for the
    /// hidden values, which are left out.
    #[must_use]
    pub fn printable(&self) -> String {
        printable::to_toml(self)
    }
}
