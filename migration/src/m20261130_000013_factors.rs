//! Second factors: codes of an authenticator, passwords, codes for the day when it is lost; and the mail that tells of a change.

use sea_orm_migration::prelude::*;

/// Adds columns that count what was tried, a kind of credential and a kind of mail.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::execute_file(manager, include_str!("sql/factors.sql")).await?;
        crate::members::add(manager, "credential", "PASSKEY", &["RECOVERY_CODE"]).await?;
        crate::members::add(manager, "mail", "ERASURE", &["SIGN_IN_CHANGED"]).await?;
        crate::planner::write(manager).await
    }
}
