//! The first schema: every table of the main job.

use sea_orm_migration::prelude::*;

/// See `sql/initial.sql`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    /// On SQLite too: the schema is there whole or not at all, and is made durable once.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/initial.sql")).await
    }
}
