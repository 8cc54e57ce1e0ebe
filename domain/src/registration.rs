//! Where a registration stands.
//!
//! Restriction, quarantine, objection and check-ins are facts of their own that can sit on any state. Money does not enter
//! once it is confirmed: refunding is not cancelling.

use crate::{Instant, RegistrationStatus, transition::InvalidTransition};

/// What a pending registration waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingReason {
    /// The order's payment.
    Payment,
    /// An organizer's approval.
    Approval,
    /// A parent's permission, where the event demands it.
    ParentalPermission,
}

/// Everything that a pending registration waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PendingReasons {
    /// The order's payment.
    pub payment: bool,
    /// An organizer's approval.
    pub approval: bool,
    /// A parent's permission.
    pub parental_permission: bool,
}

impl PendingReasons {
    /// Nothing.
    pub const NONE: Self = Self {
        payment: false,
        approval: false,
        parental_permission: false,
    };

    /// Without this one.
    #[must_use]
    pub const fn without(mut self, reason: PendingReason) -> Self {
        match reason {
            PendingReason::Payment => self.payment = false,
            PendingReason::Approval => self.approval = false,
            PendingReason::ParentalPermission => self.parental_permission = false,
        }
        self
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = PendingReason> {
        let all = [
            (self.payment, PendingReason::Payment),
            (self.approval, PendingReason::Approval),
            (self.parental_permission, PendingReason::ParentalPermission),
        ];
        all.into_iter().filter_map(|(waits, reason)| waits.then_some(reason))
    }
}

/// Where a registration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Holds a place and waits.
    Pending {
        /// For this; never for nothing.
        reasons: PendingReasons,
    },
    /// The place is theirs.
    Confirmed {
        /// Since when.
        at: Instant,
    },
    /// The place is free again.
    Cancelled {
        /// When.
        at: Instant,
    },
    /// Emptied of personal data.
    Erased {
        /// When.
        at: Instant,
    },
}

impl Registration {
    /// A new one: pending, or confirmed at once if it waits for nothing.
    #[must_use]
    pub fn new(reasons: PendingReasons, at: Instant) -> Self {
        if reasons == PendingReasons::NONE {
            Self::Confirmed { at }
        } else {
            Self::Pending { reasons }
        }
    }

    /// Its status as stored.
    #[must_use]
    pub const fn status(self) -> RegistrationStatus {
        match self {
            Self::Pending { .. } => RegistrationStatus::Pending,
            Self::Confirmed { .. } => RegistrationStatus::Confirmed,
            Self::Cancelled { .. } => RegistrationStatus::Cancelled,
            Self::Erased { .. } => RegistrationStatus::Erased,
        }
    }

    /// Whether it holds a place.
    #[must_use]
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::Pending { .. } | Self::Confirmed { .. })
    }

    /// What it waited for has come; with the last of it, it is confirmed. What it did not wait for changes nothing.
    ///
    /// # Errors
    /// Where it is not pending.
    pub fn resolve(self, reason: PendingReason, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending { reasons } => Ok(Self::new(reasons.without(reason), at)),
            _ => Err(self.no_way_to(RegistrationStatus::Confirmed)),
        }
    }

    /// Gives its place up.
    ///
    /// # Errors
    /// Where it holds none.
    pub fn cancel(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Pending { .. } | Self::Confirmed { .. } => Ok(Self::Cancelled { at }),
            _ => Err(self.no_way_to(RegistrationStatus::Cancelled)),
        }
    }

    /// Takes a place again, because the order's money came after it had expired.
    ///
    /// # Errors
    /// Where it is not cancelled.
    pub fn reinstate(self, reasons: PendingReasons, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Cancelled { .. } => Ok(Self::new(reasons, at)),
            _ => Err(self.no_way_to(RegistrationStatus::Confirmed)),
        }
    }

    /// Is emptied of personal data. A place that it held is thereby given up.
    ///
    /// # Errors
    /// Where it is erased already.
    pub fn erase(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Erased { .. } => Err(self.no_way_to(RegistrationStatus::Erased)),
            _ => Ok(Self::Erased { at }),
        }
    }

    const fn no_way_to(self, to: RegistrationStatus) -> InvalidTransition {
        InvalidTransition {
            of: "registration",
            from: self.status().as_str(),
            to: to.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant(7);
    const ALL: PendingReasons = PendingReasons {
        payment: true,
        approval: true,
        parental_permission: true,
    };

    #[test]
    fn a_registration_is_confirmed_when_the_last_reason_is_gone() {
        let reasons = [
            PendingReason::Payment,
            PendingReason::Approval,
            PendingReason::ParentalPermission,
        ];
        assert_eq!(
            (ALL.iter().collect::<Vec<_>>(), PendingReasons::NONE.iter().count()),
            (reasons.to_vec(), 0)
        );
        for first in 0..3 {
            let mut registration = Registration::new(ALL, Instant(1));
            for step in 0..3 {
                assert_eq!(registration.status(), RegistrationStatus::Pending);
                registration = registration.resolve(reasons[(first + step) % 3], AT).expect("pending");
            }
            assert_eq!(registration, Registration::Confirmed { at: AT });
        }
        let waiting = Registration::new(
            PendingReasons {
                approval: true,
                ..PendingReasons::NONE
            },
            AT,
        );
        assert_eq!(waiting.resolve(PendingReason::Payment, AT), Ok(waiting));
        assert_eq!(
            Registration::new(PendingReasons::NONE, AT),
            Registration::Confirmed { at: AT }
        );
    }

    #[test]
    fn each_transition_starts_where_it_may_and_nowhere_else() {
        let all = [
            Registration::new(ALL, AT),
            Registration::Confirmed { at: AT },
            Registration::Cancelled { at: AT },
            Registration::Erased { at: AT },
        ];
        assert_eq!(all.map(Registration::holds_place), [true, true, false, false]);
        assert_eq!(
            all.map(|r| r.resolve(PendingReason::Payment, AT).is_ok()),
            [true, false, false, false]
        );
        assert_eq!(all.map(|r| r.cancel(AT).ok()), [Some(all[2]), Some(all[2]), None, None]);
        assert_eq!(
            all.map(|r| r.reinstate(PendingReasons::NONE, AT).ok()),
            [None, None, Some(all[1]), None]
        );
        assert_eq!(all[2].reinstate(ALL, AT), Ok(all[0]));
        assert_eq!(
            all.map(|r| r.erase(AT).ok()),
            [Some(all[3]), Some(all[3]), Some(all[3]), None]
        );
        let refused = [
            all[3].erase(AT),
            all[3].cancel(AT),
            all[0].reinstate(ALL, AT),
            all[1].resolve(PendingReason::Approval, AT),
        ]
        .map(|result| result.expect_err("refused"));
        assert_eq!(
            refused.map(|error| (error.from, error.to)),
            [
                ("ERASED", "ERASED"),
                ("ERASED", "CANCELLED"),
                ("PENDING", "CONFIRMED"),
                ("CONFIRMED", "CONFIRMED")
            ]
        );
    }
}
