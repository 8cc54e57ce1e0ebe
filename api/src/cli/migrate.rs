//! `consentry migrate`.

use consentry_migration::{Migrator, MigratorTrait};

use super::{Failure, program};
use crate::config::Config;

/// Brings the schema up to date.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let store = program::store(&config.database).await?;
    let pending = Migrator::get_pending_migrations(store.admin()).await?.len();
    Migrator::up(store.admin(), None).await?;
    println!("{pending} migration(s) applied; the schema is up to date.");
    store.close().await;
    Ok(())
}
