//! `order`: opened by its secret.

use async_graphql::{Context, Object, Result};

use super::Order;
use crate::graphql::{errors, platform};
use crate::services::registration::orders;

/// The query.
#[derive(Default)]
pub struct OrderQuery;

#[Object]
impl OrderQuery {
    /// An order, for whoever holds its secret.
    async fn order(
        &self,
        ctx: &Context<'_>,
        organization: String,
        code: String,
        secret: String,
    ) -> Result<Option<Order>> {
        let found = orders::open(platform(ctx), &organization, &code, &secret).await;
        let found = found.map_err(|error| errors::internal(&error.into()))?;
        found
            .map(Order::new)
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }

    /// The order whose page a link in a mail opens.
    async fn linked_order(&self, ctx: &Context<'_>, secret: String) -> Result<Option<Order>> {
        let found = orders::linked(platform(ctx), &secret).await;
        let found = found.map_err(|error| errors::internal(&error.into()))?;
        found
            .map(Order::new)
            .transpose()
            .map_err(|fault| errors::internal(&fault))
    }
}
