//! Where an order stands. Payments have states of their own; see [`payment`](crate::payment).
//!
//! An unpaid order expires in two steps: first it is *expiring*, while the provider is told to take no money for it any
//! more; then it is *expired*, and its places are free. An order never expires while a payment is processing.

use crate::{Instant, OrderStatus, transition::InvalidTransition};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Waiting for payment or a decision; holds its places.
    Pending {
        /// Until when; none where it waits for no payment.
        expires_at: Option<Instant>,
    },
    /// Its time is over, and the provider is being told; still holds its places.
    Expiring {
        /// Until when it had time.
        expires_at: Option<Instant>,
    },
    /// Paid, or free.
    Paid {
        /// Since when.
        at: Instant,
    },
    /// Its places are free again.
    Expired {
        /// When.
        at: Instant,
    },
    /// Called off by somebody; its places are free again.
    Cancelled {
        /// When.
        at: Instant,
    },
}

/// What an order's open payment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenPayment {
    /// There is none.
    None,
    /// Begun; the provider must be told to take no money before the order expires.
    Created,
    /// The provider works on it: the order waits.
    Processing,
}

impl Order {
    /// Its status as stored.
    #[must_use]
    pub const fn status(self) -> OrderStatus {
        match self {
            Self::Pending { .. } => OrderStatus::Pending,
            Self::Expiring { .. } => OrderStatus::Expiring,
            Self::Paid { .. } => OrderStatus::Paid,
            Self::Expired { .. } => OrderStatus::Expired,
            Self::Cancelled { .. } => OrderStatus::Cancelled,
        }
    }

    /// From what is stored; none where a time is missing.
    #[must_use]
    pub fn from_stored(
        status: OrderStatus,
        expires_at: Option<Instant>,
        paid_at: Option<Instant>,
        ended_at: Option<Instant>,
    ) -> Option<Self> {
        Some(match status {
            OrderStatus::Pending => Self::Pending { expires_at },
            OrderStatus::Expiring => Self::Expiring { expires_at },
            OrderStatus::Paid => Self::Paid { at: paid_at? },
            OrderStatus::Expired => Self::Expired { at: ended_at? },
            OrderStatus::Cancelled => Self::Cancelled { at: ended_at? },
        })
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_due(self, now: Instant) -> bool {
        match self {
            Self::Pending { expires_at } => expires_at.is_some_and(|expires_at| expires_at <= now),
            Self::Expiring { .. } => true,
            Self::Paid { .. } | Self::Expired { .. } | Self::Cancelled { .. } => false,
        }
    }

    /// Whether it holds its places.
    #[must_use]
    pub const fn holds_places(self) -> bool {
        matches!(self, Self::Pending { .. } | Self::Expiring { .. } | Self::Paid { .. })
    }

    /// Whether a payment of it can be begun.
    #[must_use]
    pub fn takes_payment(self, now: Instant) -> bool {
        matches!(self, Self::Pending { .. }) && !self.is_due(now)
    }

    /// Is paid, or free. (Money for an order that has ended already is settled in [`payment::settle`](crate::payment::settle).)
    ///
    /// # Errors
    /// Where it is neither pending nor expiring.
    pub fn pay(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending { .. } | Self::Expiring { .. } => Ok(Self::Paid { at }),
            _ => Err(self.no_way_to(OrderStatus::Paid)),
        }
    }

    /// Begins to expire, because its time is over.
    ///
    /// # Errors
    /// Where it is not pending, has time left, or its payment is processing.
    pub fn begin_expiry(self, payment: OpenPayment, now: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending { expires_at } if self.is_due(now) && payment != OpenPayment::Processing => {
                Ok(Self::Expiring { expires_at })
            }
            _ => Err(self.no_way_to(OrderStatus::Expiring)),
        }
    }

    /// Waits again, because its payment turned out to be processing while the provider was told.
    ///
    /// # Errors
    /// Where it is not expiring.
    pub fn wait_on(self) -> Result<Self, InvalidTransition> {
        match self {
            Self::Expiring { expires_at } => Ok(Self::Pending { expires_at }),
            _ => Err(self.no_way_to(OrderStatus::Pending)),
        }
    }

    /// Expires: its places are free again.
    ///
    /// # Errors
    /// Where it is not expiring, or a payment is still open.
    pub fn expire(self, payment: OpenPayment, at: Instant) -> Result<Self, InvalidTransition> {
        match (self, payment) {
            (Self::Expiring { .. }, OpenPayment::None) => Ok(Self::Expired { at }),
            _ => Err(self.no_way_to(OrderStatus::Expired)),
        }
    }

    /// Is called off. Refunding is another matter.
    ///
    /// # Errors
    /// Where it has ended already, or its payment is processing.
    pub fn cancel(self, payment: OpenPayment, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending { .. } | Self::Expiring { .. } | Self::Paid { .. } if payment != OpenPayment::Processing => {
                Ok(Self::Cancelled { at })
            }
            _ => Err(self.no_way_to(OrderStatus::Cancelled)),
        }
    }

    /// Is paid after it expired, its places having been taken again.
    ///
    /// # Errors
    /// Where it has not expired.
    pub fn revive(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Expired { .. } => Ok(Self::Paid { at }),
            _ => Err(self.no_way_to(OrderStatus::Paid)),
        }
    }

    const fn no_way_to(self, to: OrderStatus) -> InvalidTransition {
        InvalidTransition {
            of: "order",
            from: self.status().as_str(),
            to: to.as_str(),
        }
    }
}
