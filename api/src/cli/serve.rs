//! `consentry serve`: the program itself.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::program::{self, Schema};
use super::{Failure, Pages, gate, log, webhooks};
use crate::config::{Backend, Config, Database};
use crate::http::{self, Edge, Metrics};
use crate::platform::Platform;
use crate::{graphql, jobs};

/// Serves until the process is asked to stop; requests in flight finish.
///
/// On SQLite the key and the schema are made when they are missing. On PostgreSQL, which other nodes may share, both
/// must be there: `consentry init`, `consentry migrate`.
pub(super) async fn run(config: &Config, pages: Pages) -> Result<(), Failure> {
    log::start(&config.log)?;
    #[cfg(feature = "planted-faults")]
    crate::platform::faults::arm();
    let schema = match config.database.url.backend() {
        Some(Backend::Postgres) => Schema::Demand,
        _ => Schema::Migrate,
    };
    let platform = program::open(config, schema).await?;
    let outcome = match Listening::open(config).await {
        Ok(listening) => until_asked_to_stop(config, &platform, listening, pages).await,
        Err(failure) => Err(failure),
    };
    platform.store.close().await;
    outcome
}

/// The addresses are ours; whoever connects waits until we serve, and whoever asks us to stop is heard then.
pub(super) struct Listening {
    main: TcpListener,
    metrics: Option<TcpListener>,
    stop: [Signal; 2],
}

impl Listening {
    /// Takes the configured addresses.
    pub(super) async fn open(config: &Config) -> Result<Self, Failure> {
        let server = &config.server;
        let metrics = match server.metrics_listen {
            Some(address) => Some(bind("server.metrics_listen", address).await?),
            None => None,
        };
        Ok(Self {
            main: bind("server.listen", server.listen).await?,
            metrics,
            stop: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?],
        })
    }
}

async fn bind(key: &str, address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::new(format!("{key}: {address}: {error}")))
}

/// The command that lists the mails of this database. One in a file is named where it is not the one that every command
/// takes on its own; the address of a server can hold a password, and stands in the configuration of both.
fn mail_list(database: &Database) -> String {
    let list = "consentry mail list";
    match database.url.file() {
        Some(file) if database.url != Database::default().url => {
            format!("{list} --database-url sqlite:{}", file.display())
        }
        _ => list.to_owned(),
    }
}

/// Serves on what is open already; whoever opened the database closes it.
pub(super) async fn until_asked_to_stop(
    config: &Config,
    platform: &Platform,
    listening: Listening,
    pages: Pages,
) -> Result<(), Failure> {
    if config.mail.host.is_none() {
        let list = mail_list(&config.database);
        tracing::warn!("mail.host is not set: mails wait in the outbox and are not sent (see `{list}`)");
    }
    let edge = edge(config, platform, pages);
    let jobs = jobs::start(platform.clone(), config)?;
    let Listening { main, metrics, stop } = listening;
    http::serve_on(main, metrics, edge, &config.server, asked_to_stop(stop)).await;
    jobs.stop().await;
    Ok(())
}

/// The program as seen from the network: the API, the pages, the webhooks.
#[must_use]
pub fn edge(config: &Config, platform: &Platform, pages: Pages) -> Edge {
    let schema = graphql::schema(platform.clone());
    let pages = webhooks::routes(platform).nest_no_strip("/", pages(platform, &schema));
    http::App {
        executor: schema,
        authenticator: gate::Gate::new(platform.clone()),
        readiness: gate::Gate::new(platform.clone()),
        server: &config.server,
        limits: &config.limits,
        single_mutations: graphql::SINGLE_MUTATIONS.to_vec(),
        pages: Some(pages),
        entropy: platform.store.entropy().clone(),
        metrics: Metrics::new(),
    }
    .build()
}

/// Ctrl-C, or what a service manager sends.
async fn asked_to_stop([mut interrupt, mut terminate]: [Signal; 2]) {
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseUrl;

    #[test]
    fn the_command_for_the_mails_names_a_file_that_no_command_takes_on_its_own() {
        let of = |url: &str| {
            mail_list(&Database {
                url: DatabaseUrl::new(url),
                ..Database::default()
            })
        };
        assert_eq!(
            of("sqlite:data/demo.db"),
            "consentry mail list --database-url sqlite:data/demo.db"
        );
        assert_eq!(mail_list(&Database::default()), "consentry mail list");
        assert_eq!(of("postgres://consentry:secret@db/consentry"), "consentry mail list");
    }
}
