//! The schema's history. The same code runs on SQLite and PostgreSQL; what has shipped is never edited.
//!
//! A migration is a file of SQL in which `{uuid}`, `{bytes}`, `{bytewise}`, `{number}` and `{without_rowid}` stand for what differs between the
//! engines, because the schema builder knows no WITHOUT ROWID, partial index or CHECK.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod lead_keys;
mod m20261124_000001_initial;
mod m20261128_000002_planner;
mod m20261129_000003_rowids;
mod m20261129_000004_partner_members;
mod m20261129_000005_speakers;
mod m20261129_000006_partner_administrators;
mod m20261129_000007_roster_words;
mod m20261129_000008_complaints;
mod m20261130_000010_pictures;
mod m20261130_000011_lists;
mod m20261130_000012_devices;
mod m20261130_000013_factors;
mod m20261130_000014_offer_mails;
mod m20261130_000015_progress;
mod m20261130_000016_required_factors;
mod m20261130_000017_consented_version;
mod m20261130_000018_waiting;
mod m20261201_000019_organization_texts;
mod m20261201_000020_refund_settled;
mod members;
mod planner;
pub mod rights;
mod rowids;
pub mod words;

/// Runs the migrations in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_initial::Migration),
            Box::new(m20261128_000002_planner::Migration),
            Box::new(m20261129_000003_rowids::Migration),
            Box::new(m20261129_000004_partner_members::Migration),
            Box::new(m20261129_000005_speakers::Migration),
            Box::new(m20261129_000006_partner_administrators::Migration),
            Box::new(m20261129_000007_roster_words::Migration),
            Box::new(m20261129_000008_complaints::Migration),
            Box::new(m20261130_000010_pictures::Migration),
            Box::new(m20261130_000011_lists::Migration),
            Box::new(m20261130_000012_devices::Migration),
            Box::new(m20261130_000013_factors::Migration),
            Box::new(m20261130_000014_offer_mails::Migration),
            Box::new(m20261130_000015_progress::Migration),
            Box::new(m20261130_000016_required_factors::Migration),
            Box::new(m20261130_000017_consented_version::Migration),
            Box::new(m20261130_000018_waiting::Migration),
            Box::new(m20261201_000019_organization_texts::Migration),
            Box::new(m20261201_000020_refund_settled::Migration),
        ]
    }
}

/// Executes the statements of a migration file, filled in for the engine at hand.
#[expect(clippy::disallowed_methods, reason = "a migration's text is a constant of the program")]
pub(crate) async fn execute_file(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (uuid, bytes, bytewise, number, without_rowid) = match manager.get_database_backend() {
        DbBackend::Sqlite => ("blob", "blob", "", "integer primary key", " without rowid"),
        _ => (
            "uuid",
            "bytea",
            " collate \"C\"",
            "bigint generated always as identity primary key",
            "",
        ),
    };
    let sql = sql
        .replace("{uuid}", uuid)
        .replace("{bytes}", bytes)
        .replace("{bytewise}", bytewise)
        .replace("{number}", number)
        .replace("{without_rowid}", without_rowid);
    for statement in statements(&sql) {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// The statements of a file: each ends with a semicolon at the end of a line.
fn statements(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(";\n").map(str::trim).filter(|statement| {
        statement
            .lines()
            .any(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))
    })
}
