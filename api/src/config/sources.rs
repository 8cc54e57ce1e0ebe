//! Where values come from, and how they are merged.

use std::path::PathBuf;

use figment::error::Kind;
use figment::providers::{Format, Serialized, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};

use super::Config;
use super::error::{ConfigError, Problem};
use super::secrets::mode_of;

const PREFIX: &str = "CONSENTRY_";
/// Variables with the prefix that are not configuration: the path of the file, and addresses that tests use.
const FILE_VARIABLE: &str = "CONSENTRY_CONFIG";
const TEST_PREFIX: &str = "CONSENTRY_TEST_";
/// Keys whose values are taken as they stand: a password of digits stays a text.
const TEXT: [&str; 10] = [
    "database.partner_url",
    "database.url",
    "log.level",
    "mail.from",
    "mail.from_name",
    "mail.host",
    "mail.password",
    "mail.user",
    "server.metrics_token",
    "server.public_url",
];
/// Keys whose values are never repeated, and make the file that holds them private.
const SECRET: [&str; 4] = [
    "database.partner_url",
    "database.url",
    "mail.password",
    "server.metrics_token",
];

/// What is read besides the defaults, weakest first.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// A TOML file; it must exist.
    pub file: Option<PathBuf>,
    /// Environment variables; those that do not begin with `CONSENTRY_` are not looked at.
    pub environment: Vec<(String, String)>,
    /// Dotted keys and values from the command line.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// The sources of a running program: the file named by a flag or by `CONSENTRY_CONFIG`, its environment, and flags.
    #[must_use]
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        let file = file.or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from));
        // A variable that is not text cannot be meant for us unless its name is; then its lossy value is refused later.
        let environment = std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        Self {
            file,
            environment,
            flags,
        }
    }

    pub(super) fn extract(&self) -> Result<Config, ConfigError> {
        let mut told = Figment::new();
        if let Some(path) = &self.file {
            let shown = path.display().to_string();
            let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
                path: shown.clone(),
                source,
            })?;
            self.refuse_exposed_file(&Figment::from(Toml::string(&text)))?;
            told = told.merge(Named {
                name: format!("file {shown}"),
                inner: Toml::string(&text),
            });
        }
        let environment = self
            .environment
            .iter()
            .filter(|(name, _)| {
                name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX) && name.as_str() != FILE_VARIABLE
            })
            .map(|(name, value)| {
                (
                    name[PREFIX.len()..].to_ascii_lowercase().replace("__", "."),
                    value.clone(),
                )
            })
            .collect();
        told = told
            .merge(Pairs {
                name: "environment",
                pairs: environment,
            })
            .merge(Pairs {
                name: "command line",
                pairs: self.flags.clone(),
            });
        let has_address = told.contains("server.public_url");
        let mut config: Config = Figment::from(Serialized::defaults(Config::default()))
            .merge(told)
            .extract()
            .map_err(|errors| ConfigError::Invalid(errors.into_iter().map(problem).collect()))?;
        if !has_address {
            config.server.public_url = config.server.own_address();
        }
        Ok(config)
    }

    fn refuse_exposed_file(&self, file: &Figment) -> Result<(), ConfigError> {
        let Some(path) = &self.file else { return Ok(()) };
        let secret = SECRET.into_iter().find(|key| match file.find_value(key) {
            Ok(value) if key.ends_with("url") => value
                .as_str()
                .is_some_and(|text| super::DatabaseUrl::new(text).holds_password()),
            found => found.is_ok(),
        });
        let Some(key) = secret else { return Ok(()) };
        let shown = path.display().to_string();
        let metadata = std::fs::metadata(path).map_err(|source| ConfigError::Unreadable {
            path: shown.clone(),
            source,
        })?;
        let mode = mode_of(&metadata);
        if mode & 0o077 == 0 {
            Ok(())
        } else {
            Err(ConfigError::Exposed { path: shown, key, mode })
        }
    }
}

/// A provider under a name that an operator recognizes.
struct Named<P> {
    name: String,
    inner: P,
}

impl<P: Provider> Provider for Named<P> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name.clone())
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        self.inner.data()
    }
}

/// Dotted keys with their values as text.
struct Pairs {
    name: &'static str,
    pairs: Vec<(String, String)>,
}

impl Provider for Pairs {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> figment::Result<Map<Profile, Dict>> {
        let mut dict = Dict::new();
        for (key, text) in &self.pairs {
            let value = if TEXT.contains(&key.as_str()) {
                Value::from(text.clone())
            } else if key.as_str() == "server.trusted_proxies" && !text.trim_start().starts_with('[') {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Value::from(items.map(str::to_owned).collect::<Vec<_>>())
            } else {
                // Infallible: what is no number, truth value, list or table is a text.
                text.parse().unwrap_or_else(|_| Value::from(text.clone()))
            };
            insert(&mut dict, key, value);
        }
        Ok(Profile::Default.collect(dict))
    }
}

/// Puts a value at a dotted key; what stands in its way goes.
fn insert(dict: &mut Dict, key: &str, value: Value) {
    let Some((section, rest)) = key.split_once('.') else {
        dict.insert(key.to_owned(), value);
        return;
    };
    let inner = dict
        .entry(section.to_owned())
        .or_insert_with(|| Value::from(Dict::new()));
    if !matches!(inner, Value::Dict(..)) {
        *inner = Value::from(Dict::new());
    }
    if let Value::Dict(_, inner) = inner {
        insert(inner, rest, value);
    }
}

fn problem(error: figment::Error) -> Problem {
    let mut key = error.path.join(".");
    // Depending on the provider, the path ends with the key or with the section that lacks it.
    let mut add = |name: &str| {
        if error.path.last().is_some_and(|last| last == name) {
            return;
        }
        if !key.is_empty() {
            key.push('.');
        }
        key.push_str(name);
    };
    let expected = match &error.kind {
        Kind::UnknownField(name, known) => {
            add(name);
            format!("unknown key; known here: {}", known.join(", "))
        }
        Kind::MissingField(name) => {
            add(name);
            "missing".to_owned()
        }
        Kind::UnknownVariant(found, known) => format!("expected one of {}, found `{found}`", known.join(", ")),
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) if SECRET.contains(&key.as_str()) => {
            format!("expected {}", in_words(expected))
        }
        Kind::InvalidType(found, expected) | Kind::InvalidValue(found, expected) => {
            format!("expected {}, found {found}", in_words(expected))
        }
        Kind::Message(_) if SECRET.contains(&key.as_str()) => "not a usable value".to_owned(),
        other => other.to_string(),
    };
    Problem {
        key,
        origin: error.metadata.map(|metadata| metadata.name.into_owned()),
        expected,
    }
}

/// What is expected, for somebody who does not know the names of types.
fn in_words(expected: &str) -> &str {
    match expected {
        // The only numbers of this size are ports.
        "u16" => "a port, which is a number from 1 to 65535",
        "u32" | "u64" | "usize" => "a whole number",
        other => other,
    }
}
