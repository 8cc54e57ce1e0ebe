//! What is wrong with a configuration, said so that it can be put right: the key, where it was set, what is expected.

use std::fmt;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file does not exist or cannot be read.
    #[error("configuration file {path}: {source}")]
    Unreadable {
        /// The path as it was given.
        path: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file holds secrets, and others than its owner may read it.
    #[error("configuration file {path}: holds `{key}`, so it must have mode 0600, it has {mode:04o}")]
    Exposed {
        /// The path as it was given.
        path: String,
        /// The secret's key.
        key: &'static str,
        /// The file's mode.
        mode: u32,
    },
    /// One or more keys are wrong.
    #[error("the configuration is not usable:{}", list(.0))]
    Invalid(Vec<Problem>),
}

/// One wrong key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The dotted key, as it stands in the file (`server.listen`).
    pub key: String,
    /// Where the value came from, when that is known.
    pub origin: Option<String>,
    /// What is expected there.
    pub expected: String,
}

impl Problem {
    /// A problem that the checks found, after all sources were merged.
    pub fn new(key: &str, expected: impl Into<String>) -> Self {
        Self {
            key: key.to_owned(),
            origin: None,
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.key)?;
        if let Some(origin) = &self.origin {
            write!(f, " ({origin})")?;
        }
        write!(f, ": {}", self.expected)
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("\n  {problem}")).collect()
}

/// Adds a problem unless a number lies in its range.
pub(super) fn check_range<N: PartialOrd + fmt::Display + Copy>(
    problems: &mut Vec<Problem>,
    key: &str,
    value: N,
    range: std::ops::RangeInclusive<N>,
) {
    if !range.contains(&value) {
        let (low, high) = range.into_inner();
        problems.push(Problem::new(
            key,
            format!("expected a number from {low} to {high}, found {value}"),
        ));
    }
}
