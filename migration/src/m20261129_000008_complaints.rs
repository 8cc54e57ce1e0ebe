//! Complaints about what was done with somebody's data, and the mails about them.

use sea_orm_migration::prelude::*;

/// Adds a table, and three kinds to those that a mail can have.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/complaints.sql")).await?;
        let kinds = ["COMPLAINT_RECEIVED", "COMPLAINT_ANSWERED", "COMPLAINT_FILED"];
        crate::members::add(manager, "mail", "ERASURE", &kinds).await?;
        crate::planner::write(manager).await
    }
}
