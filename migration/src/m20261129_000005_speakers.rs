//! An event's speakers, and who speaks in which part of its agenda.

use sea_orm_migration::prelude::*;

/// Adds two tables.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/speakers.sql")).await?;
        crate::planner::write(manager).await
    }
}
