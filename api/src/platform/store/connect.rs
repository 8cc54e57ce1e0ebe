//! Opening the database, with the settings that were measured.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr};

use super::{Clock, Entropy, Store, stats};

/// Which database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, inside the process.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// How to open the database.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// `sqlite:path` or `postgres://…`.
    pub url: String,
    /// On PostgreSQL the address with the partner's login; without it the main login is used for migrations and the
    /// command line only: partner requests refuse.
    pub partner_url: Option<String>,
    /// Connections of the main pool; on SQLite those that only read.
    pub pool: u32,
    /// On PostgreSQL the connections of the partner login's pool.
    pub partner_pool: u32,
    /// How long a request waits for a connection.
    pub acquire_timeout: Duration,
    /// The clock.
    pub clock: Clock,
    /// The source of randomness.
    pub entropy: Entropy,
}

/// Opens the database; on SQLite the file is created when it is missing.
///
/// # Errors
/// When the address is of neither engine or the database does not answer.
pub async fn connect(options: &ConnectOptions) -> Result<Store, DbErr> {
    let make = |engine, write, read, partner| {
        Store::new(
            engine,
            write,
            read,
            partner,
            options.clock.clone(),
            options.entropy.clone(),
        )
    };
    if let Some(path) = options.url.strip_prefix("sqlite:") {
        let path = path.trim_start_matches("//");
        let write = sqlite(path, Access::ReadWrite, options.acquire_timeout).await?;
        let read = sqlite(path, Access::ReadOnly(options.pool.max(1)), options.acquire_timeout).await?;
        Ok(make(Engine::Sqlite, write.clone(), read, write))
    } else if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
        let main = postgres(&options.url, options.pool, options.acquire_timeout).await?;
        let partner = match &options.partner_url {
            Some(url) => postgres(url, options.partner_pool, options.acquire_timeout).await?,
            None => main.clone(),
        };
        Ok(make(Engine::Postgres, main.clone(), main, partner))
    } else {
        Err(DbErr::Custom(
            "database.url: expected sqlite:PATH or postgres://…".into(),
        ))
    }
}

#[derive(Clone, Copy)]
enum Access {
    ReadWrite,
    ReadOnly(u32),
}

async fn sqlite(path: &str, access: Access, acquire_timeout: Duration) -> Result<DatabaseConnection, DbErr> {
    if let Some(folder) = Path::new(path).parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder)
            .map_err(|error| DbErr::Custom(format!("database.url: cannot make {}: {error}", folder.display())))?;
    }
    let url = format!("sqlite://{path}?mode=rwc");
    let mut options = sea_orm::ConnectOptions::new(url);
    options
        .max_connections(match access {
            Access::ReadWrite => 1,
            Access::ReadOnly(connections) => connections,
        })
        .sqlx_logging(false)
        .acquire_timeout(acquire_timeout)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .pragma("journal_mode", "wal")
                .pragma("synchronous", "full")
                .pragma("foreign_keys", "on")
                .pragma("secure_delete", "on")
                .pragma("cache_size", "-8192")
                // What is mapped is unmapped whenever another connection has written, and every page that is read faults.
                .pragma("mmap_size", "0")
                // One large import would leave a journal of its size behind for good.
                .pragma("journal_size_limit", "67108864")
                .busy_timeout(Duration::from_secs(5))
                .row_buffer_size(1000);
            match access {
                Access::ReadWrite => sqlite,
                Access::ReadOnly(_) => sqlite.pragma("query_only", "on"),
            }
        });
    open(options).await
}

async fn postgres(url: &str, pool: u32, acquire_timeout: Duration) -> Result<DatabaseConnection, DbErr> {
    let mut options = sea_orm::ConnectOptions::new(url);
    options
        .max_connections(pool)
        .sqlx_logging(false)
        .acquire_timeout(acquire_timeout)
        .test_before_acquire_if_idle_for(Duration::from_secs(30))
        .set_application_name("consentry");
    open(options).await
}

#[expect(clippy::disallowed_methods, reason = "constant text")]
async fn open(options: sea_orm::ConnectOptions) -> Result<DatabaseConnection, DbErr> {
    let mut connection = Database::connect(options).await?;
    connection.set_metric_callback(|info| stats::ran(&info.statement.sql, info.elapsed));
    connection.execute_unprepared("select 1").await?;
    Ok(connection)
}
