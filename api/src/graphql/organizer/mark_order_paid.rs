//! `markOrderPaid`.

use async_graphql::{Context, ID, InputObject};
use consentry_domain::OrderId;

use super::roster::of_part;
use crate::graphql::platform;
use crate::graphql::public::Order;
use crate::mutation;
use crate::platform::Refused;
use crate::services::payments;

/// An order whose money was seen.
#[derive(InputObject)]
pub struct MarkOrderPaidInput {
    /// New for each booking, the same when it is sent again.
    idempotency_key: String,
    /// The order.
    order_id: ID,
}

mutation! {
    /// Books an order's money. An expired order takes its places again; where they are gone, its payment says that the
    /// money is to be given back.
    MarkOrderPaid::mark_order_paid(MarkOrderPaidInput) => run;
    MarkOrderPaidPayload {
        /// The order; absent when it was refused.
        order: Order
    }
    MarkOrderPaidUserError, MarkOrderPaidErrorCode {
        Required, NotFound, AlreadyPaid, WrongState, PaymentProcessing, PaymentUnavailable, IdempotencyMismatch
    }
}

async fn run(ctx: &Context<'_>, input: MarkOrderPaidInput) -> Result<Order, Refused> {
    let platform = platform(ctx);
    let (authorized, order) = of_part::<_, OrderId>(ctx, "orderId", &input.order_id).await?;
    let order = payments::mark_paid(platform, &authorized, order, &input.idempotency_key).await?;
    Ok(Order::new(order)?)
}
