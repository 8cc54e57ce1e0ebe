//! By which words registrations are found in the roster; see [`words`](crate::words).

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Adds a table with an index of its own on each engine, and fills it with what there is.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let transaction = manager.begin().await?;
        crate::execute_file(&transaction, include_str!("sql/roster_words.sql")).await?;
        crate::words::fill(transaction.get_connection()).await?;
        // Many rows are indexed faster at once.
        let index = match manager.get_database_backend() {
            DbBackend::Sqlite => include_str!("sql/roster_words_sqlite.sql"),
            _ => include_str!("sql/roster_words_postgres.sql"),
        };
        crate::execute_file(&transaction, index).await?;
        transaction.commit().await?;
        crate::planner::write(manager).await
    }
}
