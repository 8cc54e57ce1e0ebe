//! The first schema: every table of the main job.

use sea_orm_migration::prelude::*;

/// See `sql/initial.sql`.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/initial.sql")).await
    }
}
