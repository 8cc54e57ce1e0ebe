//! Organizations that ask everybody in their team for an authenticator.

use sea_orm_migration::prelude::*;

/// Adds the column that says so.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/required_factors.sql")).await
    }
}
