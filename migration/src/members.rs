//! Adds members to a closed set that a constraint of a table names: `check (kind in ('A', 'B'))`.
//!
//! It goes by the constraint as it stands, whatever other migrations have added to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::rowids;

/// Lets the set of a table that has the member `known` have these, too; those that it has stay as they are.
///
/// # Errors
/// When the database fails, or no constraint of the table names `known`.
pub(crate) async fn add(manager: &SchemaManager<'_>, table: &str, known: &str, members: &[&str]) -> Result<(), DbErr> {
    match manager.get_database_backend() {
        DbBackend::Sqlite => on_sqlite(manager, table, known, members).await,
        _ => on_postgres(manager, table, known, members).await,
    }
}

/// SQLite knows no other way to change a constraint than to make the table anew. Nobody refers to such a table.
async fn on_sqlite(manager: &SchemaManager<'_>, table: &str, known: &str, members: &[&str]) -> Result<(), DbErr> {
    let transaction = manager.begin().await?;
    let connection = transaction.get_connection();
    let made = rowids::all(connection, "table", table).await?.join("");
    let columns = made.find('(').map(|start| &made[start..]).unwrap_or_default();
    let wider = widened(columns, known, members).ok_or_else(|| missing(table, known))?;
    rowids::replace(connection, table, &format!("create table \"{table}_new\" {wider}")).await?;
    transaction.commit().await
}

#[expect(clippy::disallowed_methods, reason = "names and texts from the schema itself")]
async fn on_postgres(manager: &SchemaManager<'_>, table: &str, known: &str, members: &[&str]) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let text = format!(
        "select conname::text as name, pg_get_constraintdef(oid) as definition from pg_constraint \
         where conrelid = '{table}'::regclass and contype = 'c'"
    );
    let rows = connection
        .query_all_raw(Statement::from_string(DbBackend::Postgres, text))
        .await?;
    for row in rows {
        let (name, definition): (String, String) = (row.try_get("", "name")?, row.try_get("", "definition")?);
        if let Some(wider) = widened(&definition, known, members) {
            let text = format!("alter table {table} drop constraint {name}, add constraint {name} {wider}");
            connection.execute_unprepared(&text).await?;
            return Ok(());
        }
    }
    Err(missing(table, known))
}

fn missing(table: &str, known: &str) -> DbErr {
    DbErr::Migration(format!("no constraint of {table} names {known}"))
}

/// The text with those of the members that it lacks behind the one that is known; none where that is not there.
fn widened(text: &str, known: &str, members: &[&str]) -> Option<String> {
    let quoted = |member: &str| format!("'{member}'");
    let known = quoted(known);
    let new = members.iter().map(|member| quoted(member));
    let new: String = new
        .filter(|member| !text.contains(member.as_str()))
        .fold(known.clone(), |all, member| format!("{all}, {member}"));
    text.contains(&known).then(|| text.replacen(&known, &new, 1))
}

#[cfg(test)]
mod tests {
    use super::widened;

    #[test]
    fn a_set_has_what_it_had_and_the_new_members_once() {
        let sqlite = "(kind text not null check (kind in ('A', 'B')), id blob) without rowid";
        let wider = widened(sqlite, "B", &["C", "D"]).expect("it names B");
        assert_eq!(
            wider,
            "(kind text not null check (kind in ('A', 'B', 'C', 'D')), id blob) without rowid"
        );
        assert_eq!(widened(&wider, "B", &["C", "D"]).as_deref(), Some(wider.as_str()));
        let postgres = "CHECK ((kind = ANY (ARRAY['A'::text, 'B'::text])))";
        let wider = widened(postgres, "A", &["C"]).expect("it names A");
        assert_eq!(wider, "CHECK ((kind = ANY (ARRAY['A', 'C'::text, 'B'::text])))");
        assert_eq!(widened(postgres, "X", &["C"]), None);
    }
}
