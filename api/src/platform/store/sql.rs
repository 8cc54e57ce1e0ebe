//! Statements by hand, where the query builder cannot say it: constant texts with `$1` placeholders, values always bound.

use super::{Engine, Store};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

/// The time that decides, as an expression inside a statement: the database's clock plus an offset on PostgreSQL, the
/// bound time on SQLite. Bind [`now_value`] at the placeholder `position`.
#[must_use]
pub fn now(engine: Engine, position: u8) -> String {
    match engine {
        Engine::Sqlite => format!("${position}"),
        Engine::Postgres => {
            format!("((extract(epoch from clock_timestamp()) * 1000000)::bigint + ${position}::bigint)")
        }
    }
}

/// What to bind for [`now`].
#[must_use]
pub fn now_value(store: &Store) -> Value {
    match store.engine() {
        Engine::Sqlite => store.clock().local().0.into(),
        Engine::Postgres => store.clock().offset().into(),
    }
}

/// How rows are locked while they are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Others may read and lock shared, nobody may change.
    Shared,
    /// Nobody else may lock or change.
    Exclusive,
}

/// What to put behind a `select` so that its rows are locked. SQLite needs nothing: a change holds the whole database.
#[must_use]
pub const fn lock_suffix(engine: Engine, lock: Lock) -> &'static str {
    match (engine, lock) {
        (Engine::Sqlite, _) => "",
        (Engine::Postgres, Lock::Shared) => " for share",
        (Engine::Postgres, Lock::Exclusive) => " for update",
    }
}

/// A statement of constant text.
fn statement(connection: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
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
    Ok(connection
        .execute_raw(statement(connection, text, values))
        .await?
        .rows_affected())
}

/// The placeholders of a list: `$3, $4, $5` for three from the third on.
#[must_use]
pub fn list(first: usize, count: usize) -> String {
    let mut text = String::with_capacity(count * 5);
    for number in first..first + count {
        if number > first {
            text.push_str(", ");
        }
        text.push('$');
        text.push_str(&number.to_string());
    }
    text
}

/// That two columns hold one of so many pairs: `($3, $4)`, `($5, $6)` for two from the third on. Each column is asked for
/// itself, too: SQLite finds no row of an index by pairs.
#[must_use]
pub fn pairs(one: &str, other: &str, first: usize, count: usize) -> String {
    let (mut ones, mut others, mut pairs) = (String::new(), String::new(), String::new());
    for pair in 0..count {
        let comma = if pair == 0 { "" } else { ", " };
        let number = first + 2 * pair;
        ones.push_str(&format!("{comma}${number}"));
        others.push_str(&format!("{comma}${}", number + 1));
        pairs.push_str(&format!("{comma}(${number}, ${})", number + 1));
    }
    format!("{one} in ({ones}) and {other} in ({others}) and ({one}, {other}) in (values {pairs})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_its_placeholders_in_order() {
        assert_eq!(list(3, 3), "$3, $4, $5");
        assert_eq!(list(2, 0), "");
        assert_eq!(
            pairs("a", "b", 3, 2),
            "a in ($3, $5) and b in ($4, $6) and (a, b) in (values ($3, $4), ($5, $6))"
        );
    }
}
