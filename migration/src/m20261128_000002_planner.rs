//! What SQLite's planner believes about the tables; see [`planner`](crate::planner).

use sea_orm_migration::prelude::*;

/// Changes no table.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::planner::write(manager).await
    }
}
