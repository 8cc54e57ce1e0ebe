//! `[database]`: where the data is.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};

use super::error::{Problem, check_range};
use super::secret::Secret;

/// Where the data is, and how many connections may be open to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`.
    pub url: DatabaseUrl,
    /// PostgreSQL only: the same database as a role that can read leads and nothing else; partner reads use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_url: Option<DatabaseUrl>,
    /// PostgreSQL: connections in the pool.
    pub pool: u32,
    /// PostgreSQL: connections in the pool of `partner_url`.
    pub partner_pool: u32,
    /// SQLite: connections that only read (one more writes).
    pub readers: u32,
    /// Seconds to wait for a connection before a request is answered with an error.
    pub acquire_timeout_seconds: u64,
}

/// Which database an address means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file, or memory.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database's address. It may hold a password, so it prints without it.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(Secret);

impl DatabaseUrl {
    /// Wraps an address.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// The whole address: for the call that connects.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Which database it means; `None` when it is neither.
    #[must_use]
    pub fn backend(&self) -> Option<Backend> {
        match self.expose().split_once(':')?.0 {
            "sqlite" => Some(Backend::Sqlite),
            "postgres" | "postgresql" => Some(Backend::Postgres),
            _ => None,
        }
    }

    /// The file that it is in; none of a server's.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        let path = self.expose().strip_prefix("sqlite:")?;
        Some(Path::new(path.trim_start_matches("//")))
    }

    /// Whether it holds a password.
    #[must_use]
    pub fn holds_password(&self) -> bool {
        self.printable() != self.expose()
    }

    /// The address without its password and without parameters that could hold one.
    #[must_use]
    pub fn printable(&self) -> String {
        let text = self.expose();
        let (text, parameters) = match text.split_once('?') {
            Some((text, parameters)) if parameters.contains("password") => (text, ""),
            Some((text, parameters)) => (text, parameters),
            None => (text, ""),
        };
        let hidden = match text.split_once("://") {
            Some((scheme, rest)) => match rest.rsplit_once('@') {
                Some((user, host)) => {
                    let user = user.split_once(':').map_or(user, |(name, _)| name);
                    format!("{scheme}://{user}@{host}")
                }
                None => text.to_owned(),
            },
            None => text.to_owned(),
        };
        if parameters.is_empty() {
            hidden
        } else {
            format!("{hidden}?{parameters}")
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.printable())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.printable())
    }
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::new("sqlite:data/consentry.db"),
            partner_url: None,
            // Small pools were faster than large ones on two cores, and leave room for a second process.
            pool: 8,
            partner_pool: 8,
            readers: 4,
            acquire_timeout_seconds: 10,
        }
    }
}

impl Database {
    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        let expected = "expected sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME";
        match self.url.backend() {
            None => problems.push(Problem::new("database.url", expected)),
            Some(Backend::Sqlite) if self.url.expose() == "sqlite:" => {
                problems.push(Problem::new("database.url", expected));
            }
            Some(Backend::Sqlite) if self.partner_url.is_some() => {
                problems.push(Problem::new(
                    "database.partner_url",
                    "expected nothing: it is for PostgreSQL only",
                ));
            }
            Some(_) => {}
        }
        if self
            .partner_url
            .as_ref()
            .is_some_and(|url| url.backend() != Some(Backend::Postgres))
        {
            problems.push(Problem::new(
                "database.partner_url",
                "expected postgres://USER:PASSWORD@HOST/NAME",
            ));
        }
        check_range(problems, "database.pool", self.pool, 1..=1000);
        check_range(problems, "database.partner_pool", self.partner_pool, 1..=1000);
        check_range(problems, "database.readers", self.readers, 1..=64);
        check_range(
            problems,
            "database.acquire_timeout_seconds",
            self.acquire_timeout_seconds,
            1..=60,
        );
    }
}
