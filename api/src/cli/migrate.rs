//! `consentry migrate`.

use consentry_migration::{Migrator, MigratorTrait, words};

use super::{Failure, program};
use crate::config::{Config, Database};
use crate::platform::store::{grant_partner_login, login_of};

/// Brings the schema up to date, and says so.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    let done = bring_up(&config.database).await?;
    println!("{} migration(s) applied; the schema is up to date.", done.applied);
    if let Some(role) = done.partner_role {
        println!("The partner's login {role} has its rights.");
    }
    Ok(())
}

/// What [`bring_up`] did.
pub(super) struct Done {
    /// How many migrations were missing.
    pub(super) applied: usize,
    /// The partner's login, where one is configured.
    pub(super) partner_role: Option<String>,
}

/// Brings the schema up to date, and grants the partner's login its rights; where it is missing it is made, which needs
/// an address whose login may make roles.
pub(super) async fn bring_up(database: &Database) -> Result<Done, Failure> {
    // The partner's login may not be there yet.
    let alone = Database {
        partner_url: None,
        ..database.clone()
    };
    let store = program::store(&alone).await?;
    let applied = Migrator::get_pending_migrations(store.admin()).await?.len();
    Migrator::up(store.admin(), None).await?;
    // What an earlier program registered on this schema.
    words::fill(store.admin()).await?;
    let mut partner_role = None;
    if let Some(url) = &database.partner_url {
        let login = login_of(url.expose()).ok_or_else(|| {
            Failure::new("database.partner_url: no user is named: postgres://USER:PASSWORD@HOST/NAME")
        })?;
        grant_partner_login(store.admin(), &login)
            .await
            .map_err(|error| Failure::new(format!("the rights of the partner's login {}: {error}", login.role)))?;
        partner_role = Some(login.role);
    }
    store.close().await;
    Ok(Done { applied, partner_role })
}
