//! What a registration decided about one offer: its states and what they carry. How one becomes another is
//! [`consent`](crate::consent).

use crate::facts::{Consent, Offer};
use crate::{AgeBasis, ConsentRecordId, ConsentState, Decider, FieldMask, Instant};

/// When something was decided, and the record of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act {
    /// When.
    pub at: Instant,
    /// The consent record.
    pub record_id: ConsentRecordId,
}

/// What a registration decided about one offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing. Stored as the absence of a row.
    Undecided,
    /// Ticked by somebody of age whose mailbox is not proved.
    Requested(Asked),
    /// Ticked by somebody under age.
    AwaitingGuardian(Asked),
    /// Given.
    Granted(Granted),
    /// Said no.
    Refused(Declined),
    /// Taken back as a whole.
    Withdrawn(Declined),
}

/// What is wished but not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The version that was shown.
    pub version: i32,
    /// The fields ticked.
    pub fields: FieldMask,
    /// The act of ticking.
    pub act: Act,
}

/// What is given. Narrowing leaves version, giver and act as they are: it is no new consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Granted {
    /// The version that was shown.
    pub version: i32,
    /// The fields given.
    pub fields: FieldMask,
    /// Who gave them.
    pub giver: Giver,
    /// The act of giving.
    pub act: Act,
}

/// What is refused or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declined {
    /// The version that was decided about.
    pub version: i32,
    /// Who decided.
    pub decider: Decider,
    /// The act.
    pub act: Act,
}

/// Who gave a consent, and by what it was known that they may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Giver {
    /// The attendee, of age by this.
    Attendee(AgeBasis),
    /// The guardian.
    Guardian,
}

impl Choice {
    /// Where it stands.
    #[must_use]
    pub const fn state(self) -> ConsentState {
        match self {
            Self::Undecided => ConsentState::Undecided,
            Self::Requested(_) => ConsentState::Requested,
            Self::AwaitingGuardian(_) => ConsentState::AwaitingGuardian,
            Self::Granted(_) => ConsentState::Granted,
            Self::Refused(_) => ConsentState::Refused,
            Self::Withdrawn(_) => ConsentState::Withdrawn,
        }
    }

    /// What is given and covers the version in force.
    #[must_use]
    pub fn in_force(self, offer: &Offer) -> Option<Granted> {
        match self {
            Self::Granted(given) if (offer.covers_from..=offer.version).contains(&given.version) => Some(given),
            _ => None,
        }
    }

    /// As stored, and as the rule takes it; none where nothing is decided. Wished fields stand where granted ones would.
    #[must_use]
    pub fn stored(self) -> Option<Consent> {
        let (version, granted, decider, age_basis, act) = match self {
            Self::Undecided => return None,
            Self::Requested(asked) | Self::AwaitingGuardian(asked) => {
                (asked.version, asked.fields, Decider::Attendee, None, asked.act)
            }
            Self::Granted(Granted {
                version,
                fields,
                giver: Giver::Attendee(basis),
                act,
            }) => (version, fields, Decider::Attendee, Some(basis), act),
            Self::Granted(Granted {
                version,
                fields,
                giver: Giver::Guardian,
                act,
            }) => (version, fields, Decider::Guardian, Some(AgeBasis::Guardian), act),
            Self::Refused(no) | Self::Withdrawn(no) => (no.version, FieldMask::EMPTY, no.decider, None, no.act),
        };
        Some(Consent {
            state: self.state(),
            version,
            granted,
            decider,
            age_basis,
            given_at: act.at,
            record_id: act.record_id,
        })
    }

    /// From what is stored; none where a grant has no giver who may give it.
    #[must_use]
    pub fn from_stored(stored: &Consent) -> Option<Self> {
        let Consent {
            version,
            granted: fields,
            decider,
            ..
        } = *stored;
        let act = Act {
            at: stored.given_at,
            record_id: stored.record_id,
        };
        let giver = match (decider, stored.age_basis) {
            (Decider::Attendee, Some(basis @ (AgeBasis::Stated | AgeBasis::DateOfBirth))) => {
                Some(Giver::Attendee(basis))
            }
            (Decider::Guardian, Some(AgeBasis::Guardian)) => Some(Giver::Guardian),
            _ => None,
        };
        Some(match stored.state {
            ConsentState::Undecided => Self::Undecided,
            ConsentState::Requested => Self::Requested(Asked { version, fields, act }),
            ConsentState::AwaitingGuardian => Self::AwaitingGuardian(Asked { version, fields, act }),
            ConsentState::Granted => Self::Granted(Granted {
                version,
                fields,
                giver: giver?,
                act,
            }),
            ConsentState::Refused => Self::Refused(Declined { version, decider, act }),
            ConsentState::Withdrawn => Self::Withdrawn(Declined { version, decider, act }),
        })
    }

    /// Whether the attendee has decided in a way that no guardian overrides.
    pub(crate) const fn is_the_attendees(self) -> bool {
        match self {
            Self::Undecided | Self::AwaitingGuardian(_) => false,
            Self::Requested(_) => true,
            Self::Granted(given) => matches!(given.giver, Giver::Attendee(_)),
            Self::Refused(no) | Self::Withdrawn(no) => matches!(no.decider, Decider::Attendee),
        }
    }
}

impl Asked {
    /// Whether both ask for the same.
    pub(crate) fn same_wish(&self, other: &Self) -> bool {
        (self.version, self.fields) == (other.version, other.fields)
    }
}
