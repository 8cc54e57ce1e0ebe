//! A database for each test: a file in a temporary folder, or a database of its own on the server that
//! `CONSENTRY_TEST_POSTGRES` names (an administrator's address; see `tests/run`).

use consentry::platform::store::{Clock, ConnectOptions, Engine, Entropy, Login, Store, connect, grant_partner_login};
use consentry_migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

/// A database that goes away with this value.
pub struct TestDatabase {
    /// Its address.
    pub url: String,
    /// On PostgreSQL its address with the partner's login.
    pub partner_url: Option<String>,
    /// The store on it.
    pub store: Store,
    _folder: Option<TempDir>,
    _dropped: Option<DropDatabase>,
}

impl TestDatabase {
    /// One that is there already, in a file, and stays when this value goes away.
    pub async fn existing(file: &std::path::Path, entropy: Entropy) -> Self {
        let url = format!("sqlite:{}", file.display());
        let options = ConnectOptions {
            url: url.clone(),
            partner_url: None,
            pool: 2,
            partner_pool: 2,
            acquire_timeout: std::time::Duration::from_secs(30),
            clock: Clock::default(),
            entropy,
        };
        let store = connect(&options).await.expect("the database opens");
        Self {
            url,
            partner_url: None,
            store,
            _folder: None,
            _dropped: None,
        }
    }
}

/// The administrator's address.
fn administrator() -> String {
    std::env::var("CONSENTRY_TEST_POSTGRES")
        .expect("set CONSENTRY_TEST_POSTGRES to an administrator's address; tests/postgres start prints one")
}

impl TestDatabase {
    /// Makes one, migrated and empty.
    pub async fn create(engine: Engine, entropy: Entropy) -> Self {
        let server = match engine {
            Engine::Sqlite => String::new(),
            Engine::Postgres => administrator(),
        };
        Self::create_on(&server, engine, entropy).await
    }

    /// Makes one on the server of this administrator's address.
    pub async fn create_on(server: &str, engine: Engine, entropy: Entropy) -> Self {
        let (url, partner_url, folder, dropped) = match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                let url = format!("sqlite:{}", folder.path().join("consentry.db").display());
                (url, None, Some(folder), None)
            }
            Engine::Postgres => {
                let name = format!("test_{}", uuid::Uuid::new_v4().simple());
                let admin = Database::connect(server).await.expect("the test server answers");
                template(server, &admin).await;
                let made = format!("create database {name} template {}", template_name());
                admin.execute_unprepared(&made).await.expect("a database");
                admin.close().await.expect("closed");
                let url = replace_database(server, &name);
                let partner_url = replace_login(&url, &partner_login());
                let dropped = DropDatabase {
                    server: server.to_owned(),
                    name,
                };
                (url, Some(partner_url), None, Some(dropped))
            }
        };
        let options = ConnectOptions {
            url: url.clone(),
            partner_url: partner_url.clone(),
            pool: 8,
            partner_pool: 8,
            acquire_timeout: std::time::Duration::from_secs(30),
            clock: Clock::default(),
            entropy,
        };
        let store = connect(&options).await.expect("the database opens");
        if engine == Engine::Sqlite {
            Migrator::up(store.admin(), None).await.expect("migrations run");
        }
        Self {
            url,
            partner_url,
            store,
            _folder: folder,
            _dropped: dropped,
        }
    }
}

/// The template's name changes with the migrations, so that an old one is never used.
fn template_name() -> String {
    let mut sum: u32 = 0;
    let sources: [&[u8]; 3] = [
        include_bytes!("../../migration/src/sql/initial.sql"),
        include_bytes!("../../migration/src/rights.rs"),
        include_bytes!("../../entity/src/rights.rs"),
    ];
    let migrations = Migrator::migrations();
    let names: String = migrations.iter().map(|migration| migration.name()).collect();
    for byte in sources.into_iter().flatten().chain(names.as_bytes()) {
        sum = sum.wrapping_mul(31).wrapping_add(u32::from(*byte));
    }
    format!("consentry_template_{}_{sum:08x}", migrations.len())
}

/// Makes the migrated template once; concurrent test processes wait for each other.
async fn template(server: &str, admin: &DatabaseConnection) {
    let name = template_name();
    let lock = "select pg_advisory_lock(4711)";
    let unlock = "select pg_advisory_unlock(4711)";
    // Session locks need one connection.
    let mut options = sea_orm::ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    let locker = Database::connect(options).await.expect("the test server answers");
    locker.execute_unprepared(lock).await.expect("the lock");
    let there = locker
        .query_one_raw(sea_orm::Statement::from_sql_and_values(
            sea_orm::DbBackend::Postgres,
            "select 1 as one from pg_database where datname = $1",
            [name.clone().into()],
        ))
        .await
        .expect("the catalogue answers")
        .is_some();
    if !there {
        let building = format!("{name}_building");
        admin
            .execute_unprepared(&format!("drop database if exists {building}"))
            .await
            .expect("dropped");
        admin
            .execute_unprepared(&format!("create database {building}"))
            .await
            .expect("created");
        let connection = Database::connect(replace_database(server, &building))
            .await
            .expect("it opens");
        Migrator::up(&connection, None).await.expect("migrations run");
        grant_partner_login(&connection, &partner_login())
            .await
            .expect("the partner's login is granted its rights");
        connection.close().await.expect("closed");
        admin
            .execute_unprepared(&format!("alter database {building} rename to {name}"))
            .await
            .expect("renamed");
    }
    locker.execute_unprepared(unlock).await.expect("unlocked");
    locker.close().await.expect("closed");
}

fn replace_database(url: &str, name: &str) -> String {
    let (server, _) = url.rsplit_once('/').expect("an address ends with a database");
    format!("{server}/{name}")
}

/// The login of partners' requests, one for the whole server; `migrate` grants it its rights in each database.
fn partner_login() -> Login {
    Login {
        role: "consentry_test_partner".into(),
        password: Some("consentry_test_partner".into()),
    }
}

/// The same address with another login.
fn replace_login(url: &str, login: &Login) -> String {
    let (scheme, rest) = url.split_once("://").expect("an address has a scheme");
    let server = rest.split_once('@').map_or(rest, |(_, server)| server);
    let password = login.password.as_deref().unwrap_or_default();
    format!("{scheme}://{}:{password}@{server}", login.role)
}

/// Drops the database when the test is over.
struct DropDatabase {
    server: String,
    name: String,
}

impl Drop for DropDatabase {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        let server = self.server.clone();
        let work = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let admin = Database::connect(server).await.expect("the test server answers");
                admin.execute_unprepared(&statement).await.expect("dropped");
            });
        });
        // A failure here must not hide the test's own.
        let _ = work.join();
    }
}
