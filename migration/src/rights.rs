//! The login of partners' requests on PostgreSQL: made if it is missing, and granted its rights anew, exactly those that it
//! is told, in one transaction.
//!
//! The rights themselves stand beside the entities; this file knows only how they are said in SQL.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

/// The login, as the configuration names it.
#[derive(Clone)]
pub struct Login {
    /// The role's name.
    pub role: String,
    /// Its password, where it has one.
    pub password: Option<String>,
}

/// An operation on columns of a table: `("lead", "select", ["id", …])`.
pub type Grant<'a> = (&'a str, &'a str, &'a [&'a str]);

/// What is granted.
#[derive(Clone, Copy, Debug)]
pub struct Rights<'a> {
    /// The operations.
    pub grants: &'a [Grant<'a>],
    /// A view to make first: its name, its table, its columns.
    pub view: (&'a str, &'a str, &'a [&'a str]),
    /// Tables whose rows are visible by stream, and the column that names it.
    pub by_stream: &'a [(&'a str, &'a str)],
    /// The setting that names the open streams.
    pub setting: &'a str,
}

/// Grants the rights to the login. Needs an address that owns the tables; to make a missing role, one that may make roles.
/// On SQLite there are no logins and nothing is done.
///
/// # Errors
/// When the database refuses; nothing is changed then.
#[expect(
    clippy::disallowed_methods,
    reason = "grants take no parameters; names are constants of the program or quoted"
)]
pub async fn grant(connection: &DatabaseConnection, login: &Login, rights: Rights<'_>) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let role = identifier(&login.role);
    let there = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "select 1 as one from pg_roles where rolname = $1",
        [login.role.clone().into()],
    );
    let tx = connection.begin().await?;
    let mut statements = Vec::new();
    if tx.query_one_raw(there).await?.is_none() {
        statements.push(format!(
            "create role {role} login nosuperuser nocreatedb nocreaterole noinherit nobypassrls"
        ));
        if let Some(password) = &login.password {
            statements.push(format!("alter role {role} password {}", literal(password)));
        }
    }
    let (view, table, columns) = rights.view;
    statements.push(format!(
        "create or replace view {view} as select {} from {table}",
        columns.join(", ")
    ));
    statements.push(NO_TEMPORARY_TABLES.to_owned());
    statements.push(format!("revoke all on all tables in schema public from {role}"));
    statements.push(format!("revoke all on all sequences in schema public from {role}"));
    statements.push(format!("revoke all on schema public from {role}"));
    statements.push(format!("grant usage on schema public to {role}"));
    for (table, operation, columns) in rights.grants {
        statements.push(format!(
            "grant {operation} ({}) on {table} to {role}",
            columns.join(", ")
        ));
    }
    for (table, column) in rights.by_stream {
        let open = format!(
            "{column} = any ((select string_to_array(nullif(current_setting('{}', true), ''), ',')::uuid[])::uuid[])",
            rights.setting
        );
        statements.push(format!("alter table {table} enable row level security"));
        statements.push(format!("drop policy if exists partner_stream on {table}"));
        statements.push(format!(
            "create policy partner_stream on {table} to {role} using ({open}) with check ({open})"
        ));
    }
    for statement in &statements {
        tx.execute_unprepared(statement).await?;
    }
    tx.commit().await
}

/// Everybody may make temporary tables in a database until somebody says otherwise, which only its owner can.
const NO_TEMPORARY_TABLES: &str =
    "do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$";

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    // Without backslashes an ordinary literal needs only its quotes doubled, whatever standard_conforming_strings says.
    let escaped = text.replace('\\', "\\\\").replace('\'', "''");
    format!("E'{escaped}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_cannot_end_early() {
        assert_eq!(identifier("a\"b"), "\"a\"\"b\"");
        assert_eq!(literal("a'b\\c"), "E'a''b\\\\c'");
    }
}
