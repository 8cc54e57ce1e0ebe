//! The SQL statements of a request, read from PostgreSQL's log.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectionTrait, Database as Orm, DatabaseConnection};

use crate::Failure;

/// Stands before each entry of the log: process, login and database follow, each ended by the same sign.
const MARK: &str = "\u{a7}\u{a7}";

/// A statement with what was bound to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Executed {
    /// The login that sent it.
    pub(crate) login: String,
    /// Its text.
    pub(crate) text: String,
    /// The values of `$1`, `$2` and so on; none is null.
    pub(crate) values: Vec<Option<String>>,
}

/// Reads what a server does.
pub(crate) struct Log<'a> {
    path: &'a Path,
    admin: DatabaseConnection,
    database: String,
    read: usize,
}

impl<'a> Log<'a> {
    /// From now on every statement is logged.
    pub(crate) async fn follow(path: &'a Path, admin: &str, database: &str) -> Result<Self, Failure> {
        let mut log = Self {
            path,
            admin: Orm::connect(admin).await?,
            database: database.to_owned(),
            read: 0,
        };
        log.set(&format!(
            "alter system set log_line_prefix = '{MARK}%p{MARK}%u{MARK}%d{MARK}'"
        ))
        .await?;
        log.set("alter system set log_statement = 'all'").await?;
        log.read = fs::read(path)?.len();
        Ok(log)
    }

    /// What the database executed since the last time.
    pub(crate) async fn statements(&mut self) -> Result<Vec<Executed>, Failure> {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let bytes = fs::read(self.path)?;
        let text = String::from_utf8_lossy(&bytes[self.read..]).into_owned();
        self.read = bytes.len();
        let mut found: Vec<Executed> = Vec::new();
        let parts: Vec<&str> = text.split(MARK).skip(1).collect();
        for entry in parts.chunks_exact(4) {
            let [_, login, database, message] = entry else { continue };
            if *database != self.database {
                continue;
            }
            let message = message.trim_end();
            if let Some(parameters) = message.strip_prefix("DETAIL:  parameters: ") {
                let last = found.last_mut().ok_or("parameters without a statement")?;
                last.values = values(parameters)?;
            } else if let Some(text) = statement(message) {
                found.push(Executed {
                    login: (*login).to_owned(),
                    text: text.to_owned(),
                    values: Vec::new(),
                });
            }
        }
        Ok(found)
    }

    /// Ends it.
    pub(crate) async fn end(self) -> Result<(), Failure> {
        self.set("alter system reset log_statement").await
    }

    async fn set(&self, statement: &str) -> Result<(), Failure> {
        self.admin.execute_unprepared(statement).await?;
        self.admin.execute_unprepared("select pg_reload_conf()").await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok(())
    }
}

/// `LOG:  statement: …`, or `LOG:  execute NAME: …`.
fn statement(message: &str) -> Option<&str> {
    let rest = message.strip_prefix("LOG:  ")?;
    rest.strip_prefix("statement: ")
        .or_else(|| Some(rest.strip_prefix("execute ")?.split_once(": ")?.1))
        .map(|text| text.trim_end_matches(';'))
}

/// `$1 = 'it''s', $2 = NULL`.
fn values(text: &str) -> Result<Vec<Option<String>>, Failure> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let mut value = String::new();
            let mut left = quoted;
            loop {
                let (part, after) = left.split_once('\'').ok_or("a quoted value without an end")?;
                value.push_str(part);
                left = after;
                match left.strip_prefix('\'') {
                    Some(after) => {
                        value.push('\'');
                        left = after;
                    }
                    None => break,
                }
            }
            values.push(Some(value));
            rest = left;
        } else {
            values.push(None);
            rest = after.strip_prefix("NULL").ok_or("neither a value nor null")?;
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_with_their_quotes_and_nulls() {
        let read = values("$1 = 'it''s = ''', $2 = NULL, $3 = ''").unwrap();
        assert_eq!(read, [Some("it's = '".to_owned()), None, Some(String::new())]);
    }

    #[test]
    fn both_ways_of_executing_are_statements() {
        assert_eq!(statement("LOG:  statement: BEGIN;"), Some("BEGIN"));
        assert_eq!(statement("LOG:  execute sqlx_s_1: select ': '"), Some("select ': '"));
        assert_eq!(statement("ERROR:  no"), None);
    }
}
