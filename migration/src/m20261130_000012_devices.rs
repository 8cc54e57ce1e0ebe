//! Devices that let people in at an event, and that the log tells of what they do.

use sea_orm_migration::prelude::*;

/// Adds a table, and a kind of actor to those that the log knows.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/devices.sql")).await?;
        crate::members::add(manager, "audit_entry", "ANONYMOUS", &["DEVICE"]).await?;
        crate::planner::write(manager).await
    }
}
