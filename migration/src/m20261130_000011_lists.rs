//! Lists: leads in an order, by what their partner sees of them (see [`lead_keys`](crate::lead_keys)), and views of the
//! roster that staff keep for themselves.

use sea_orm_migration::prelude::*;

/// Adds the table and the keys, fills these for the leads that there are, and makes their indexes.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let transaction = manager.begin().await?;
        crate::execute_file(&transaction, include_str!("sql/lists.sql")).await?;
        crate::lead_keys::fill(transaction.get_connection()).await?;
        // Many rows are indexed faster at once.
        crate::execute_file(&transaction, include_str!("sql/lists_indexes.sql")).await?;
        transaction.commit().await?;
        crate::planner::write(manager).await
    }
}
