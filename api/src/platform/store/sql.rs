//! Statements by hand, where the query builder cannot say it: constant texts with `$1` placeholders, values always bound.

use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// A statement of constant text.
fn statement(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), text, values)
}

/// The only row.
///
/// # Errors
/// When the database fails or no row comes.
pub async fn one(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<QueryResult, DbErr> {
    optional(connection, text, values)
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("a statement that always has a row had none".into()))
}

/// The first row, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn optional(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Option<QueryResult>, DbErr> {
    connection.query_one_raw(statement(connection, text, values)).await
}

/// Every row.
///
/// # Errors
/// When the database fails.
pub async fn all(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<Vec<QueryResult>, DbErr> {
    connection.query_all_raw(statement(connection, text, values)).await
}

/// Runs it; the number of rows that it changed.
///
/// # Errors
/// When the database fails.
pub async fn execute(
    connection: &impl ConnectionTrait,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, DbErr> {
    Ok(connection.execute_raw(statement(connection, text, values)).await?.rows_affected())
}
