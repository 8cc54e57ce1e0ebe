//! What the sources may look like, read as text: which room knows which, where SQL may stand, how long a file may grow.
//!
//! Each rule is a function from sources to violations, so that a test can plant a violation and see it found. Nothing
//! here compiles or runs the program.

pub mod actions;
pub mod arrows;
mod code;
mod paths;
pub mod routes;
pub mod rules;
mod sources;

pub use sources::{Source, Sources};

/// A place where a rule is broken.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// The file, from the workspace's root.
    pub path: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong, and what is right.
    pub what: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Fails with every violation on a line of its own.
///
/// # Panics
/// When there is one.
pub fn assert_none(violations: &[Violation]) {
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{} violations:\n{}", lines.len(), lines.join("\n"));
}
