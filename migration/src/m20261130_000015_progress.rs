//! How far long work has come: the orders of an event that was called off, and lists that are fetched.

use sea_orm_migration::prelude::*;

/// Adds two tables.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/progress.sql")).await?;
        crate::planner::write(manager).await
    }
}
