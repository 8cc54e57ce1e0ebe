//! `consentry doctor`: looks at everything that the program needs, and says what to do about what is wrong.

use std::process::ExitCode;

use clap::Args;
use consentry_migration::{Migrator, MigratorTrait};

use super::{Failure, instance_key, program};

mod outside;
use crate::config::{Backend, Config};
use crate::platform::store::{Store, sql};

/// What to look at.
#[derive(Args)]
pub(super) struct Doctor {
    /// Prints JSON for a script.
    #[arg(long)]
    json: bool,
    /// Sends a test message to this address by the configured relay.
    #[arg(long, value_name = "ADDRESS")]
    mail: Option<String>,
}

/// How something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Good,
    Note,
    Bad,
}

#[derive(Debug, serde::Serialize)]
struct Finding {
    what: &'static str,
    state: State,
    words: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, what: &'static str, state: State, words: impl Into<String>) {
        self.0.push(Finding {
            what,
            state,
            words: words.into(),
        });
    }
}

impl Doctor {
    /// Looks, prints, and fails when something is bad.
    pub(super) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let mut findings = Findings::default();
        key(config, &mut findings);
        address(config, &mut findings);
        outside::mail(config, self.mail.as_deref(), &mut findings).await;
        let opened = match program::demand(&config.database) {
            Ok(()) => program::store(&config.database).await,
            Err(missing) => Err(missing),
        };
        match opened {
            Ok(store) => {
                database(config, &store, &mut findings).await;
                store.close().await;
            }
            Err(failure) => findings.add("database", State::Bad, failure.to_string()),
        }
        if findings.0.iter().all(|finding| finding.state != State::Bad) {
            outside::stripe(config, &mut findings).await;
        }
        if self.json {
            println!(
                "{}",
                serde_json::to_string_pretty(&findings.0).map_err(|error| Failure::new(error.to_string()))?
            );
        } else {
            for finding in &findings.0 {
                let mark = match finding.state {
                    State::Good => "ok  ",
                    State::Note => "note",
                    State::Bad => "BAD ",
                };
                println!("{mark}  {:<10} {}", finding.what, finding.words);
            }
        }
        let bad = findings.0.iter().any(|finding| finding.state == State::Bad);
        Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn key(config: &Config, findings: &mut Findings) {
    match instance_key::read(config) {
        Ok(Some(_)) => findings.add("key", State::Good, "the instance key is there and private"),
        Ok(None) => findings.add("key", State::Bad, "there is no instance key: run `consentry init`"),
        Err(failure) => findings.add("key", State::Bad, failure.to_string()),
    }
}

fn address(config: &Config, findings: &mut Findings) {
    let url = &config.server.public_url;
    if config.server.is_https() {
        findings.add("address", State::Good, format!("people reach the program at {url}"));
    } else {
        let words = format!("server.public_url is {url}: fine on this machine; for people elsewhere it must be https");
        findings.add("address", State::Note, words);
    }
}

async fn database(config: &Config, store: &Store, findings: &mut Findings) {
    findings.add(
        "database",
        State::Good,
        format!("{} answers", config.database.url.printable()),
    );
    match Migrator::get_pending_migrations(store.admin()).await {
        Ok(pending) if pending.is_empty() => findings.add("schema", State::Good, "up to date"),
        Ok(pending) => {
            let words = format!("{} migration(s) behind: run `consentry migrate`", pending.len());
            findings.add("schema", State::Bad, words);
            return;
        }
        Err(error) => {
            findings.add("schema", State::Bad, error.to_string());
            return;
        }
    }
    if config.database.url.backend() == Some(Backend::Postgres) {
        clock(store, findings).await;
        if config.database.partner_url.is_none() {
            let words = "database.partner_url is not set: partners' requests are refused (see docs/operating.md)";
            findings.add("logins", State::Bad, words);
        } else {
            match store.partner_login_problem().await {
                Ok(None) => findings.add(
                    "logins",
                    State::Good,
                    "the partner's login has its rights and no others",
                ),
                Ok(Some(problem)) => findings.add("logins", State::Bad, problem),
                Err(error) => findings.add("logins", State::Bad, error.to_string()),
            }
        }
    }
    quotas(store, findings).await;
}

async fn clock(store: &Store, findings: &mut Findings) {
    match store.now().await {
        Ok(now) => {
            let apart = (now.0 - store.clock().local().0).abs() / 1_000_000;
            let state = if apart > 2 { State::Bad } else { State::Good };
            findings.add(
                "clock",
                state,
                format!("this machine and the database are {apart} s apart"),
            );
        }
        Err(error) => findings.add("clock", State::Bad, error.to_string()),
    }
}

/// Recounts what every quota has left, in one statement.
async fn quotas(store: &Store, findings: &mut Findings) {
    match sql::all(store.read(), crate::services::organizations::QUOTA_RECOUNT, []).await {
        Ok(wrong) if wrong.is_empty() => {
            findings.add("quotas", State::Good, "every quota agrees with its registrations")
        }
        Ok(wrong) => findings.add(
            "quotas",
            State::Bad,
            format!("{} quota(s) disagree with their registrations", wrong.len()),
        ),
        Err(error) => findings.add("quotas", State::Bad, error.to_string()),
    }
}
