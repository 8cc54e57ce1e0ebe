//! Money that was to be given back went back.

use sea_orm_migration::prelude::*;

/// Adds the column that says when, and looks for those that wait by an index of their own.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/refund_settled.sql")).await?;
        crate::planner::write(manager).await
    }
}
