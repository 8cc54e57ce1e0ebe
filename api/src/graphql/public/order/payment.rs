//! Payments, as the buyer sees them.

use async_graphql::{Enum, ID, Object};
use consentry_domain::{Currency, Instant};
use consentry_entity::payment;

use crate::graphql::ids;
use crate::graphql::scalars::{DateTime, Money};
use crate::platform::Fault;

/// How a payment is made.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::PaymentMethod")]
pub enum PaymentMethod {
    /// On a page of Stripe's.
    StripeCheckout,
    /// By a transfer to the organization's bank account.
    BankTransfer,
}

/// Where a payment stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::PaymentStatus")]
pub enum PaymentStatus {
    /// Begun.
    Created,
    /// The provider works on it; nothing is to be paid meanwhile.
    Processing,
    /// The money is there.
    Confirmed,
    /// It did not work.
    Failed,
    /// Given up.
    Cancelled,
}

/// Why a payment is to be given back.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "consentry_domain::RefundDueReason")]
pub enum RefundDueReason {
    /// The order was paid already.
    SecondPayment,
    /// The places were gone when the money came.
    PaidAfterExpiry,
    /// The money is not what was asked for.
    WrongAmount,
}

/// A payment of an order.
pub struct Payment {
    row: payment::Model,
    currency: Currency,
}

impl Payment {
    /// From its row.
    ///
    /// # Errors
    /// When its currency is not one.
    pub fn new(row: payment::Model) -> Result<Self, Fault> {
        let unknown = || Fault::Corrupt("a payment's currency is not of the table".into());
        let currency = Currency::parse(&row.currency).ok_or_else(unknown)?;
        Ok(Self { row, currency })
    }
}

/// A payment of an order.
#[Object]
impl Payment {
    /// Opaque.
    async fn id(&self) -> ID {
        ids::encode(self.row.organization_id, self.row.id)
    }
    /// How it is made.
    async fn method(&self) -> PaymentMethod {
        self.row.method.into()
    }
    /// Where it stands.
    async fn status(&self) -> PaymentStatus {
        self.row.status.into()
    }
    /// How much.
    async fn amount(&self) -> Money {
        consentry_domain::Money::new(self.row.amount_minor, self.currency).into()
    }
    /// Why it is to be given back, or was until it was settled.
    async fn refund_due(&self) -> Option<RefundDueReason> {
        self.row.refund_due.map(Into::into)
    }
    /// When the organizer said that it went back, or that it was looked at; absent while that is still to be done.
    async fn refund_settled_at(&self) -> Option<DateTime> {
        self.row.refund_settled_at.map(|at| Instant(at).into())
    }
}
