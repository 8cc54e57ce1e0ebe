//! Members of partners' staff have roles, and administrators draft offers.

use sea_orm_migration::prelude::*;

/// Adds a column, filled for the seats that there are, and a table.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/partner_administrators.sql")).await?;
        crate::planner::write(manager).await
    }
}
