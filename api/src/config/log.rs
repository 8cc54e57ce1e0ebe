//! `[log]`: what the process writes about itself.

use serde::{Deserialize, Serialize};

use super::error::Problem;

/// What is written, and in which form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// The form of a line: `json`, or `text` for a person at a terminal.
    pub format: LogFormat,
    /// Which lines: a level, or directives such as `info,consentry::http=debug`.
    pub level: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object per line.
    Json,
    /// For a person at a terminal.
    Text,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            format: LogFormat::Json,
            level: "info".to_owned(),
        }
    }
}

impl Log {
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        if tracing_subscriber::EnvFilter::try_new(&self.level).is_err() {
            let expected = "expected a level (error, warn, info, debug, trace) or directives such as `info,sqlx=warn`";
            problems.push(Problem::new("log.level", expected));
        }
    }
}
