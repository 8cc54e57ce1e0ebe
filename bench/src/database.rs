//! The databases that are measured.

use sea_orm::{ConnectOptions, ConnectionTrait, Database as Orm, DatabaseConnection};
use tempfile::TempDir;

use crate::{Arguments, Failure};

/// An empty database, and the folder of the program that will use it.
pub(crate) struct Database {
    /// Where the program's files go.
    pub(crate) folder: TempDir,
    /// The address for the program.
    pub(crate) url: String,
    /// The address of the partners' login.
    pub(crate) partner_url: Option<String>,
}

impl Database {
    /// A file.
    pub(crate) fn sqlite() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        Ok(Self {
            folder,
            url,
            partner_url: None,
        })
    }

    /// A database of its own on the throw-away PostgreSQL, with a login for partners.
    pub(crate) async fn postgres(arguments: &Arguments, size: u32) -> Result<Self, Failure> {
        let name = format!("bench_{size}_{}", std::process::id());
        let admin = Orm::connect(&arguments.postgres).await?;
        admin
            .execute_unprepared(&format!("drop database if exists {name}"))
            .await?;
        admin.execute_unprepared(&format!("create database {name}")).await?;
        let (server, _) = arguments
            .postgres
            .rsplit_once('/')
            .ok_or("an address without a database")?;
        let partner = server.replacen("postgres@", "bench_partner:bench@", 1);
        Ok(Self {
            folder: tempfile::tempdir()?,
            url: format!("{server}/{name}"),
            partner_url: Some(format!("{partner}/{name}")),
        })
    }

    /// Whether it is a file.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.partner_url.is_none()
    }

    /// A connection beside the program's: one, so that what is set for it holds.
    pub(crate) async fn connect(&self) -> Result<DatabaseConnection, Failure> {
        let mut options = ConnectOptions::new(&self.url);
        options.max_connections(1).sqlx_logging(false);
        Ok(Orm::connect(options).await?)
    }

    /// Its name in reports.
    pub(crate) fn engine(&self) -> &'static str {
        if self.is_sqlite() { "SQLite" } else { "PostgreSQL" }
    }
}
