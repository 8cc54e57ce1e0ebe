//! `consentry migrate`.

use consentry_migration::{Migrator, MigratorTrait};

use super::{Failure, program};
use crate::config::{Config, Database};
use crate::platform::store::{grant_partner_login, login_of};

/// Brings the schema up to date, and grants the partner's login its rights; where it is missing it is made, which needs
/// an address whose login may make roles.
pub(super) async fn run(config: &Config) -> Result<(), Failure> {
    // The partner's login may not be there yet.
    let database = Database {
        partner_url: None,
        ..config.database.clone()
    };
    let store = program::store(&database).await?;
    let pending = Migrator::get_pending_migrations(store.admin()).await?.len();
    Migrator::up(store.admin(), None).await?;
    println!("{pending} migration(s) applied; the schema is up to date.");
    if let Some(url) = &config.database.partner_url {
        let login = login_of(url.expose()).ok_or_else(|| {
            Failure::new("database.partner_url: no user is named: postgres://USER:PASSWORD@HOST/NAME")
        })?;
        grant_partner_login(store.admin(), &login)
            .await
            .map_err(|error| Failure::new(format!("the rights of the partner's login {}: {error}", login.role)))?;
        println!("The partner's login {} has its rights.", login.role);
    }
    store.close().await;
    Ok(())
}
