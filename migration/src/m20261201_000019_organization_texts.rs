//! Organizations say something of themselves, in several languages.

use sea_orm_migration::prelude::*;

/// Adds the columns that hold it.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/organization_texts.sql")).await
    }
}
