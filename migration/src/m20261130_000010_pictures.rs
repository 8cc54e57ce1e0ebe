//! Pictures: an organization's logo and colour, and those who speak.

use sea_orm_migration::prelude::*;

/// Adds a table, and the columns that name its rows.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/pictures.sql")).await?;
        crate::planner::write(manager).await
    }
}
