//! Makes tables without rowid ordinary ones, on SQLite.
//!
//! A table without rowid is a tree by its key whose inner pages hold whole rows. Where rows are wide, a page of 4 KiB has
//! few of them, the tree is deep, and each row of a list in another order costs as many pages as the tree has levels. In
//! an ordinary table an index leads to the row's number, and inner pages hold numbers alone. SQLite's own advice is the
//! former below 200 bytes (<https://www.sqlite.org/withoutrowid.html>); a registration has about 500.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement};

/// Gives each of the tables a rowid, in one transaction; one that has it stays as it is.
///
/// # Errors
/// When the database fails, or a row would name a parent that is not there.
#[expect(clippy::disallowed_methods, reason = "constant texts, and names from the schema itself")]
pub(crate) async fn give(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    // As SQLite's documentation of ALTER TABLE says: a table that others refer to is replaced while nobody checks, and
    // checked before it is committed. Inside a transaction this pragma does nothing.
    let connection = manager.get_connection();
    connection.execute_unprepared("pragma foreign_keys = off").await?;
    let given = give_unchecked(manager, tables).await;
    connection.execute_unprepared("pragma foreign_keys = on").await?;
    given
}

/// Puts a table in the place of one with the same columns: its rows and its indexes come along. `made` is the text by which
/// the new one, called `<table>_new`, is made.
#[expect(clippy::disallowed_methods, reason = "constant texts, and names from the schema itself")]
pub(crate) async fn replace(connection: &impl ConnectionTrait, table: &str, made: &str) -> Result<(), DbErr> {
    let indexes = all(connection, "index", table).await?;
    connection.execute_unprepared(made).await?;
    for text in [
        format!("insert into \"{table}_new\" select * from \"{table}\""),
        format!("drop table \"{table}\""),
        format!("alter table \"{table}_new\" rename to \"{table}\""),
    ] {
        connection.execute_unprepared(&text).await?;
    }
    for index in &indexes {
        connection.execute_unprepared(index).await?;
    }
    Ok(())
}

async fn give_unchecked(manager: &SchemaManager<'_>, tables: &[&str]) -> Result<(), DbErr> {
    let transaction = manager.begin().await?;
    let connection = transaction.get_connection();
    for table in tables {
        let Some(made) = with_rowid(&all(connection, "table", table).await?.join(""), table) else {
            continue;
        };
        replace(connection, table, &made).await?;
    }
    let orphans = query(connection, "select \"table\" from pragma_foreign_key_check").await?;
    if let Some(row) = orphans.first() {
        let table: String = row.try_get("", "table")?;
        return Err(DbErr::Migration(format!(
            "a row of {table} names a parent that is not there"
        )));
    }
    transaction.commit().await
}

/// The texts by which a table, or its indexes, were made.
pub(crate) async fn all(connection: &impl ConnectionTrait, kind: &str, table: &str) -> Result<Vec<String>, DbErr> {
    let text = format!(
        "select sql from sqlite_schema where type = '{kind}' and tbl_name = '{table}' and sql is not null order by rowid"
    );
    let rows = query(connection, &text).await?;
    rows.iter().map(|row| row.try_get("", "sql")).collect()
}

#[expect(clippy::disallowed_methods, reason = "constant texts, and names from the schema itself")]
async fn query(connection: &impl ConnectionTrait, text: &str) -> Result<Vec<QueryResult>, DbErr> {
    connection
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, text))
        .await
}

/// The text of a new table of the same columns with a rowid; none where it has one.
fn with_rowid(sql: &str, table: &str) -> Option<String> {
    let columns = sql.strip_suffix("without rowid")?;
    let columns = &columns[columns.find('(')?..];
    Some(format!("create table \"{table}_new\" {columns}"))
}

#[cfg(test)]
mod tests {
    use super::with_rowid;

    #[test]
    fn only_what_has_no_rowid_is_made_anew() {
        let made = with_rowid(
            "CREATE TABLE \"order\" (id blob, primary key (id)) without rowid",
            "order",
        );
        assert_eq!(
            made.as_deref(),
            Some("create table \"order_new\" (id blob, primary key (id)) ")
        );
        assert_eq!(with_rowid("CREATE TABLE x (id blob)", "x"), None);
    }
}
