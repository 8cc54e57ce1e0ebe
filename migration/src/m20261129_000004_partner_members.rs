//! Members of partners' staff hold seats among their partner's tokens.

use sea_orm_migration::prelude::*;

/// Adds a column that is empty for every token that there is.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/partner_members.sql")).await?;
        crate::planner::write(manager).await
    }
}
