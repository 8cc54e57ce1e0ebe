//! Registrations and orders are ordinary tables on SQLite; see [`rowids`](crate::rowids).

use sea_orm_migration::prelude::*;

/// Changes no column.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::rowids::give(manager, &["order", "registration"]).await?;
        crate::planner::write(manager).await
    }
}
