//! `settleRefund`.

use async_graphql::{Context, ID, InputObject};
use consentry_domain::PaymentId;

use super::roster::of_part;
use crate::graphql::platform;
use crate::graphql::public::Order;
use crate::mutation;
use crate::platform::Refused;
use crate::services::payments;

/// A payment whose money was to be given back or looked at.
#[derive(InputObject)]
pub struct SettleRefundInput {
    /// The payment.
    payment_id: ID,
    /// Whether it is done; `false` takes that back.
    #[graphql(default = true)]
    settled: bool,
}

mutation! {
    /// Says that the money of a payment with `refundDue` went back, or that a wrong amount was looked at, so that nobody is
    /// reminded of it any more. The money itself moves at the provider or the bank.
    SettleRefund::settle_refund(SettleRefundInput) => run;
    SettleRefundPayload {
        /// The order; absent when it was refused.
        order: Order
    }
    SettleRefundUserError, SettleRefundErrorCode {
        NotFound, WrongState
    }
}

async fn run(ctx: &Context<'_>, input: SettleRefundInput) -> Result<Order, Refused> {
    let platform = platform(ctx);
    let (authorized, payment) = of_part::<_, PaymentId>(ctx, "paymentId", &input.payment_id).await?;
    let order = payments::settle_refund(platform, &authorized, payment, input.settled).await?;
    Ok(Order::new(order)?)
}
