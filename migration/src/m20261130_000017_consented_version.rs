//! Leads tell which version was consented to.

use sea_orm_migration::prelude::*;

/// Adds a column, filled for the leads that there are.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/consented_version.sql")).await?;
        crate::planner::write(manager).await
    }
}
