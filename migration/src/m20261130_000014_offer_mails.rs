//! Mails about what partners ask for.

use sea_orm_migration::prelude::*;

/// Adds two kinds to those that a mail can have.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let kinds = ["OFFER_REQUESTED", "OFFER_DECIDED"];
        crate::members::add(manager, "mail", "COMPLAINT_FILED", &kinds).await?;
        crate::planner::write(manager).await
    }
}
