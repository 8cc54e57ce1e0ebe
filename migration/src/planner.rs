//! What SQLite's planner believes about the tables.
//!
//! SQLite chooses between indexes by statistics, and without any it takes every index for equally good: then it reads the
//! whole of an organization, whose id leads every index, where one registration was asked for. `ANALYZE` would tell it the
//! truth of the day, and plans would change as the tables grow. So it is told once, by rule, what a large installation
//! looks like; plans are then the same on an empty database and on a full one. (SQLite, "Query Planner Stability".)
//!
//! PostgreSQL counts for itself.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

/// Tables that stay small: what an organization sets up, not what people do.
const SMALL: &[&str] = &[
    "organization",
    "organization_key",
    "signing_key",
    "provider_account",
    "team_member",
    "event",
    "event_session",
    "speaker",
    "session_speaker",
    "picture",
    "legal_document",
    "ticket_type",
    "quota",
    "quota_ticket_type",
    "question",
    "question_choice",
    "question_ticket_type",
    "partner",
    "event_partner",
    "sharing_offer",
    "offer_version",
    "offer_draft",
    "stream",
    "event_statistics",
    "partner_token",
    "partner_token_scope",
    "roster_export",
    "roster_export_fetch",
    "event_cancellation",
    "door_device",
];

/// Columns that divide a table into a few large parts, and into how many. Any other column names a few rows.
const COARSE: &[(&str, u64)] = &[
    // One organization may have nearly everything.
    ("organization_id", 1),
    ("event_id", 10),
    ("stream_id", 10),
    ("offer_id", 10),
    ("event_partner_id", 10),
    ("partner_id", 10),
    ("ticket_type_id", 10),
    ("list", 4),
    ("purpose", 4),
    ("status", 2),
    ("state", 2),
    ("kind", 2),
];

/// Rows of a small table and of any other.
const ROWS: (u64, u64) = (200, 1_000_000);
/// Rows that a value of a column names which divides finely.
const FINE: u64 = 3;

/// Tells SQLite what to believe of every index that there is now. To be run by each migration that makes one.
///
/// # Errors
/// When the database fails.
#[expect(clippy::disallowed_methods, reason = "constant texts, and names from the schema itself")]
pub(crate) async fn write(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    // One commit for all of it: each would wait for the disk.
    let transaction = manager.begin().await?;
    let connection = transaction.get_connection();
    // It makes the table, whose columns only SQLite may declare.
    connection.execute_unprepared("analyze").await?;
    connection.execute_unprepared("delete from sqlite_stat1").await?;
    let text = "select t.name as table_name, i.name as index_name, i.origin = 'pk' and l.wr as is_table, \
                i.\"unique\" as is_unique, c.name as column_name \
                from sqlite_schema t join pragma_table_list(t.name) l join pragma_index_list(t.name) i join pragma_index_info(i.name) c \
                where t.type = 'table' and l.schema = 'main' and t.name not like 'sqlite!_%' escape '!' order by t.name, i.seq, c.seqno";
    let rows = connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, text))
        .await?;
    let mut believed: Vec<Believed> = Vec::new();
    for row in &rows {
        let next = Believed::of(row)?;
        match believed.last_mut().filter(|last| last.index == next.index) {
            Some(last) => last.columns.extend(next.columns),
            None => believed.push(next),
        }
    }
    for index in &believed {
        let values = [index.table.as_str().into(), index.name().into(), index.numbers().into()];
        let insert = "insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)";
        connection
            .execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, insert, values))
            .await?;
    }
    // Connections read it when they read the schema: this one now, others because the schema changes once more.
    for text in [
        "analyze sqlite_schema",
        "create table believed (id integer)",
        "drop table believed",
    ] {
        connection.execute_unprepared(text).await?;
    }
    transaction.commit().await
}

/// An index.
struct Believed {
    table: String,
    index: String,
    /// Whether it is the table itself.
    is_table: bool,
    unique: bool,
    columns: Vec<String>,
}

impl Believed {
    fn of(row: &QueryResult) -> Result<Self, DbErr> {
        Ok(Self {
            table: row.try_get("", "table_name")?,
            index: row.try_get("", "index_name")?,
            is_table: row.try_get("", "is_table")?,
            unique: row.try_get("", "is_unique")?,
            columns: vec![row.try_get("", "column_name")?],
        })
    }

    /// The primary key of a table without rowid goes by the table's name.
    fn name(&self) -> &str {
        if self.is_table { &self.table } else { &self.index }
    }

    /// All rows, then how many have the same first column, the same first two, and so on.
    fn numbers(&self) -> String {
        let small = SMALL.contains(&self.table.as_str());
        let mut rows = if small { ROWS.0 } else { ROWS.1 };
        let mut numbers = rows.to_string();
        for (number, column) in self.columns.iter().enumerate() {
            rows = match COARSE.iter().find(|(name, _)| name == column) {
                Some((_, parts)) => Ord::max(rows / parts, 1),
                None => Ord::min(rows, FINE),
            };
            if self.unique && number + 1 == self.columns.len() {
                rows = 1;
            }
            numbers.push_str(&format!(" {rows}"));
        }
        numbers
    }
}
