//! What waits for somebody at an event: mails that were refused, and payments that are to be given back.

use sea_orm_migration::prelude::*;

/// Makes the indexes by which they are found.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/waiting.sql")).await?;
        crate::planner::write(manager).await
    }
}
