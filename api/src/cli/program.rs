//! Opening the parts of the program as the configuration says.

use std::time::Duration;

use consentry_migration::{Migrator, MigratorTrait};

use super::{Failure, instance_key, migrate};
use crate::config::{Backend, Config, Database};
use crate::platform::Platform;
use crate::platform::store::{Clock, ConnectOptions, Entropy, Store, connect};

/// What is done about a schema that is not up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schema {
    /// Bring it up to date.
    Migrate,
    /// Refuse.
    Demand,
}

/// Opens the database alone.
pub(super) async fn store(database: &Database) -> Result<Store, Failure> {
    let options = ConnectOptions {
        url: database.url.expose().to_owned(),
        partner_url: database.partner_url.as_ref().map(|url| url.expose().to_owned()),
        pool: match database.url.backend() {
            Some(Backend::Postgres) => database.pool,
            _ => database.readers,
        },
        partner_pool: database.partner_pool,
        acquire_timeout: Duration::from_secs(database.acquire_timeout_seconds),
        clock: Clock::default(),
        entropy: Entropy::System,
    };
    connect(&options)
        .await
        .map_err(|error| Failure::new(format!("database.url: {error}")))
}

/// Refuses where there is no database yet: to open its file would make it, empty.
pub(super) fn demand(database: &Database) -> Result<(), Failure> {
    match database.url.file() {
        Some(file) if !file.exists() => Err(Failure::new(format!(
            "database.url: there is no database at {}: name the one that you mean with --database-url, or make one with \
             `consentry init`",
            file.display()
        ))),
        _ => Ok(()),
    }
}

/// Opens everything.
pub(super) async fn open(config: &Config, schema: Schema) -> Result<Platform, Failure> {
    let key = match schema {
        Schema::Migrate => instance_key::read_or_make(config)?,
        Schema::Demand => instance_key::read(config)?.ok_or_else(|| {
            let directory = config.secrets.directory.display();
            Failure::new(format!(
                "there is no instance key in {directory}: run `consentry init` first"
            ))
        })?,
    };
    match schema {
        Schema::Migrate => {
            migrate::bring_up(&config.database).await?;
        }
        Schema::Demand => demand(&config.database)?,
    }
    let store = store(&config.database).await?;
    let pending = Migrator::get_pending_migrations(store.admin()).await?.len();
    if pending > 0 {
        let words = format!("the database's schema is {pending} migration(s) behind: run `consentry migrate`");
        return Err(Failure::new(words));
    }
    let platform = Platform::assemble(store, &key, &config.server.public_url).await?;
    Ok(platform.with_payments(config.payments.clone()))
}
