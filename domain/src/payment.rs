//! Payments, and what their money does to the order.
//!
//! A provider's events come twice, late, and in any order. So settling is conditional on the payment's state: the money of
//! one payment counts once, a payment that was given up is still settled if its money came, and no confirmed payment is
//! without either its order or its mark for a refund.

use crate::order::Order;
use crate::{Instant, PaymentStatus, RefundDueReason, transition::InvalidTransition};

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payment {
    /// Begun; nothing is known of it.
    Created,
    /// The provider works on it.
    Processing,
    /// The money is there.
    Confirmed {
        /// Since when.
        at: Instant,
        /// Why it is to be given back, if it is.
        refund_due: Option<RefundDueReason>,
    },
    /// It did not work.
    Failed,
    /// Given up.
    Cancelled,
}

impl Payment {
    /// Its status as stored.
    #[must_use]
    pub const fn status(self) -> PaymentStatus {
        match self {
            Self::Created => PaymentStatus::Created,
            Self::Processing => PaymentStatus::Processing,
            Self::Confirmed { .. } => PaymentStatus::Confirmed,
            Self::Failed => PaymentStatus::Failed,
            Self::Cancelled => PaymentStatus::Cancelled,
        }
    }

    /// From what is stored; none where the time of confirmation is missing.
    #[must_use]
    pub fn from_stored(
        status: PaymentStatus,
        confirmed_at: Option<Instant>,
        refund_due: Option<RefundDueReason>,
    ) -> Option<Self> {
        Some(match status {
            PaymentStatus::Created => Self::Created,
            PaymentStatus::Processing => Self::Processing,
            PaymentStatus::Confirmed => Self::Confirmed {
                at: confirmed_at?,
                refund_due,
            },
            PaymentStatus::Failed => Self::Failed,
            PaymentStatus::Cancelled => Self::Cancelled,
        })
    }

    /// Whether money may still come of it without anything going wrong. An order has one such payment at most.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::Processing)
    }

    /// The provider works on it.
    ///
    /// # Errors
    /// Where it is not newly created: the event came late or twice.
    pub fn process(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created => Ok(Self::Processing),
            _ => Err(self.no_way_to(PaymentStatus::Processing)),
        }
    }

    /// It did not work.
    ///
    /// # Errors
    /// Where it is not open: the event came late or twice.
    pub fn fail(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created | Self::Processing => Ok(Self::Failed),
            _ => Err(self.no_way_to(PaymentStatus::Failed)),
        }
    }

    /// It is given up, after the provider agreed to take no money for it.
    ///
    /// # Errors
    /// Where it is not newly created: nobody gives up what is processing.
    pub fn cancel(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Created => Ok(Self::Cancelled),
            _ => Err(self.no_way_to(PaymentStatus::Cancelled)),
        }
    }

    /// Money came of it, but not the money that was asked for: it pays nothing and is to be given back.
    ///
    /// # Errors
    /// Where it is confirmed already: the event came twice.
    pub fn refuse_amount(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Confirmed { .. } => Err(self.no_way_to(PaymentStatus::Confirmed)),
            _ => Ok(Self::Confirmed {
                at,
                refund_due: Some(RefundDueReason::WrongAmount),
            }),
        }
    }

    const fn no_way_to(self, to: PaymentStatus) -> InvalidTransition {
        InvalidTransition {
            of: "payment",
            from: self.status().as_str(),
            to: to.as_str(),
        }
    }
}

/// What becomes of payment and order when the money is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// This payment was settled before: nothing is to be written.
    AlreadySettled,
    /// It pays its order.
    Pays {
        /// The payment.
        payment: Payment,
        /// The order.
        order: Order,
    },
    /// The order had expired: take its places again; where they are gone, the money is to be given back.
    Late {
        /// Payment and order, if the places could be taken.
        if_taken: (Payment, Order),
        /// The payment, if they are gone; the order stays as it is.
        if_gone: Payment,
    },
    /// The money is to be given back; the order stays as it is.
    RefundDue {
        /// The payment, with the reason.
        payment: Payment,
    },
}

/// What becomes of a payment whose money is there, and of its order. The places of an order that was cancelled are not taken
/// again, for somebody wanted that.
#[must_use]
pub fn settle(payment: Payment, order: Order, at: Instant) -> Settlement {
    if matches!(payment, Payment::Confirmed { .. }) {
        return Settlement::AlreadySettled;
    }
    let confirmed = |refund_due| Payment::Confirmed { at, refund_due };
    match order {
        Order::Pending { .. } | Order::Expiring { .. } => Settlement::Pays {
            payment: confirmed(None),
            order: Order::Paid { at },
        },
        Order::Paid { .. } => Settlement::RefundDue {
            payment: confirmed(Some(RefundDueReason::SecondPayment)),
        },
        Order::Expired { .. } => Settlement::Late {
            if_taken: (confirmed(None), Order::Paid { at }),
            if_gone: confirmed(Some(RefundDueReason::PaidAfterExpiry)),
        },
        Order::Cancelled { .. } => Settlement::RefundDue {
            payment: confirmed(Some(RefundDueReason::PaidAfterExpiry)),
        },
    }
}
