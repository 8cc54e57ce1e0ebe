//! The mark of a demo that is still being filled, in the database itself. One that was interrupted is made anew at the
//! next start: never continued, never served half-made.
//!
//! What may be made anew need not survive a loss of power: until it is complete SQLite does not wait for the disk at each
//! of a thousand changes. They are in order all the same: no part of the contents is there without the mark.

use consentry_entity::CATALOGUE;
use consentry_migration::SchemaManager;
use sea_orm::{ConnectionTrait, DbErr};

use super::SLUG;
use crate::cli::{Failure, program};
use crate::config::Database;
use crate::platform::Refused;
use crate::platform::store::{Engine, Store, sql};
use crate::transaction;

const MARK: &str = "demo_unfinished";

/// Says that the demo is being filled from now on.
pub(super) async fn begin(store: &Store) -> Result<(), DbErr> {
    run(store.admin(), &format!("create table {MARK} (since bigint)")).await?;
    wait_for_the_disk(store, "normal").await
}

/// Says that the demo is complete, and makes it durable.
pub(super) async fn end(store: &Store) -> Result<(), DbErr> {
    wait_for_the_disk(store, "full").await?;
    run(store.admin(), &format!("drop table {MARK}")).await
}

/// Takes away what an interrupted fill has left; whether there was any.
pub(super) async fn clear(database: &Database) -> Result<bool, Failure> {
    // The partner's login may not be there yet.
    let alone = Database {
        partner_url: None,
        ..database.clone()
    };
    let store = program::store(&alone).await?;
    let unfinished = SchemaManager::new(store.admin()).has_table(MARK).await?;
    if unfinished {
        only_the_demo(&store).await?;
        drop_tables(&store).await?;
    }
    store.close().await;
    Ok(unfinished)
}

/// Refuses where the database holds what is not the demo's.
async fn only_the_demo(store: &Store) -> Result<(), Failure> {
    let text = "select slug from organization where slug <> $1 limit 1";
    match sql::optional(store.read(), text, [SLUG.into()]).await? {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            "the demo in this database was interrupted before it was complete, and other organizations are there: give the \
             demo a database of its own",
        )),
    }
}

/// The index of the roster's search on SQLite, which is a table of its own.
const SEARCH: &str = "registration_pieces";

async fn drop_tables(store: &Store) -> Result<(), Failure> {
    let cascade = match store.engine() {
        Engine::Postgres => " cascade",
        Engine::Sqlite => {
            run(store.admin(), "pragma foreign_keys = off").await?;
            ""
        }
    };
    let names = CATALOGUE.iter().map(|table| table.name);
    transaction!(store.writer(), async |tx| {
        for name in [SEARCH]
            .into_iter()
            .chain(names.clone())
            .chain(["seaql_migrations", MARK])
        {
            run(tx, &format!("drop table if exists \"{name}\"{cascade}")).await?;
        }
        Ok::<_, Refused>(())
    })?;
    Ok(())
}

/// How a change is made durable on SQLite. On PostgreSQL that is the server's affair.
async fn wait_for_the_disk(store: &Store, when: &'static str) -> Result<(), DbErr> {
    match store.engine() {
        Engine::Sqlite => run(store.admin(), &format!("pragma synchronous = {when}")).await,
        Engine::Postgres => Ok(()),
    }
}

/// Runs a statement that takes no values: names in it are constants of the program.
async fn run(connection: &impl ConnectionTrait, text: &str) -> Result<(), DbErr> {
    sql::execute(connection, text, []).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::migrate;
    use crate::config::DatabaseUrl;

    async fn migrated(folder: &tempfile::TempDir) -> (Database, Store) {
        let database = Database {
            url: DatabaseUrl::new(format!("sqlite:{}", folder.path().join("demo.db").display())),
            ..Database::default()
        };
        assert!(migrate::bring_up(&database).await.is_ok());
        let store = program::store(&database).await.ok().unwrap();
        (database, store)
    }

    async fn synchronous(store: &Store) -> i64 {
        let row = sql::one(store.admin(), "pragma synchronous", []).await.unwrap();
        row.try_get_by_index(0).unwrap()
    }

    async fn has_tables(store: &Store) -> bool {
        SchemaManager::new(store.read())
            .has_table("registration")
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn what_is_complete_stays_and_is_durable_what_is_not_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let (database, store) = migrated(&folder).await;
        assert_eq!(synchronous(&store).await, 2, "full");
        begin(&store).await.unwrap();
        assert_eq!(synchronous(&store).await, 1, "normal");
        end(&store).await.unwrap();
        assert_eq!(synchronous(&store).await, 2, "full again");
        assert!(!clear(&database).await.ok().unwrap());
        assert!(has_tables(&store).await);

        begin(&store).await.unwrap();
        assert!(clear(&database).await.ok().unwrap());
        assert!(!has_tables(&store).await);
        assert!(migrate::bring_up(&database).await.is_ok(), "it can be made anew");
    }

    #[tokio::test]
    async fn what_is_not_the_demos_is_never_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let (database, store) = migrated(&folder).await;
        begin(&store).await.unwrap();
        let text = "insert into organization (id, slug, name, legal_name, country, contact_email, data_protection_contact, \
            default_locale, created_at, revision) values ($1, 'other', '', '', 'DE', '', '', 'en', 0, 1)";
        sql::execute(store.admin(), text, [uuid::Uuid::nil().into()])
            .await
            .unwrap();
        let refused = clear(&database).await.err().unwrap();
        assert!(refused.to_string().contains("a database of its own"), "{refused}");
        assert!(has_tables(&store).await);
        let there = sql::optional(store.read(), "select 1 from organization", []).await;
        assert!(there.unwrap().is_some());
    }
}
