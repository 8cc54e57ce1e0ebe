//! `[limits]`: what one request may cost, and how many there may be.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{Problem, check_range};

/// What one request may cost, and how many there may be in a minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a GraphQL document.
    pub document_bytes: usize,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Bytes of an answer.
    pub response_bytes: usize,
    /// Lexical tokens of a document.
    pub tokens: usize,
    /// Levels of fields, fragments flattened.
    pub depth: u32,
    /// Levels of fields within `__schema` and `__type`, which nest deeper by nature.
    pub introspection_depth: u32,
    /// Aliases, fragments expanded.
    pub aliases: u64,
    /// Directives in a document.
    pub directives: usize,
    /// Directives at one place.
    pub directives_per_location: usize,
    /// Fields at the root of an operation, fragments expanded.
    pub root_fields: u64,
    /// Selections, fragments expanded.
    pub selections: u64,
    /// Items of one list, in the document or in the variables.
    pub list_items: usize,
    /// Levels of lists and objects within one variable.
    pub variable_depth: usize,
    /// Seconds that an operation may run.
    pub execution_timeout_seconds: u64,
    /// Requests per minute with one credential.
    pub requests_per_minute_per_credential: u32,
    /// Requests per minute from one address prefix (/24, or /64 of IPv6). A conference shares one address.
    pub requests_per_minute_per_address: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 16 * 1024,
            body_bytes: 256 * 1024,
            response_bytes: 8 * 1024 * 1024,
            tokens: 1000,
            depth: 10,
            introspection_depth: 16,
            aliases: 15,
            directives: 50,
            directives_per_location: 5,
            root_fields: 10,
            selections: 2000,
            list_items: 1000,
            variable_depth: 16,
            execution_timeout_seconds: 10,
            requests_per_minute_per_credential: 600,
            requests_per_minute_per_address: 1200,
        }
    }
}

impl Limits {
    /// See [`Limits::execution_timeout_seconds`].
    #[must_use]
    pub fn execution_timeout(&self) -> Duration {
        Duration::from_secs(self.execution_timeout_seconds)
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let mut sizes = |key: &str, value: usize, high: usize| {
            check_range(problems, &format!("limits.{key}"), value, 1..=high);
        };
        sizes("document_bytes", self.document_bytes, 1024 * 1024);
        sizes("body_bytes", self.body_bytes, 64 * 1024 * 1024);
        sizes("response_bytes", self.response_bytes, 256 * 1024 * 1024);
        sizes("tokens", self.tokens, 100_000);
        sizes("directives", self.directives, 1000);
        sizes("directives_per_location", self.directives_per_location, 100);
        sizes("list_items", self.list_items, 100_000);
        // The JSON reader itself stops at 128 levels.
        sizes("variable_depth", self.variable_depth, 100);
        // The executor walks recursively, so depth stays far from what a stack holds.
        check_range(problems, "limits.depth", self.depth, 1..=24);
        check_range(problems, "limits.introspection_depth", self.introspection_depth, 1..=24);
        check_range(problems, "limits.aliases", self.aliases, 1..=10_000);
        check_range(problems, "limits.root_fields", self.root_fields, 1..=1000);
        check_range(problems, "limits.selections", self.selections, 1..=100_000);
        check_range(
            problems,
            "limits.execution_timeout_seconds",
            self.execution_timeout_seconds,
            1..=300,
        );
        let rates = 1..=10_000_000;
        let per_credential = self.requests_per_minute_per_credential;
        check_range(
            problems,
            "limits.requests_per_minute_per_credential",
            per_credential,
            rates.clone(),
        );
        let per_address = self.requests_per_minute_per_address;
        check_range(problems, "limits.requests_per_minute_per_address", per_address, rates);
        if self.document_bytes > self.body_bytes {
            problems.push(Problem::new(
                "limits.document_bytes",
                "expected no more than `limits.body_bytes`",
            ));
        }
    }
}
