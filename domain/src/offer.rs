//! Sharing offers: where a version stands, and which older consents a newer version is still covered by.
//!
//! A version is never edited, only decided. Version N stays in force until N+1 is approved.

use crate::{EventPartnerId, FieldMask, Instant, OfferVersionState, Purpose, transition::InvalidTransition};

/// Where a version of an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferVersion {
    /// Asked for; nobody but partner and organizer sees it.
    Requested,
    /// In force until a later one is approved.
    Approved {
        /// Since when.
        at: Instant,
    },
    /// Refused by the organizer.
    Rejected {
        /// When.
        at: Instant,
    },
    /// Taken back: by the partner before it was decided, or by either while it was in force.
    Withdrawn {
        /// When.
        at: Instant,
    },
}

impl OfferVersion {
    /// Its state as stored.
    #[must_use]
    pub const fn state(self) -> OfferVersionState {
        match self {
            Self::Requested => OfferVersionState::Requested,
            Self::Approved { .. } => OfferVersionState::Approved,
            Self::Rejected { .. } => OfferVersionState::Rejected,
            Self::Withdrawn { .. } => OfferVersionState::Withdrawn,
        }
    }

    /// From what is stored; none where a decision has no time.
    #[must_use]
    pub fn from_stored(state: OfferVersionState, decided_at: Option<Instant>) -> Option<Self> {
        Some(match (state, decided_at) {
            (OfferVersionState::Requested, None) => Self::Requested,
            (OfferVersionState::Approved, Some(at)) => Self::Approved { at },
            (OfferVersionState::Rejected, Some(at)) => Self::Rejected { at },
            (OfferVersionState::Withdrawn, Some(at)) => Self::Withdrawn { at },
            _ => return None,
        })
    }

    /// Puts a requested version in force.
    ///
    /// # Errors
    /// Where it is not requested any more.
    pub fn approve(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Requested => Ok(Self::Approved { at }),
            _ => Err(self.no_way_to(OfferVersionState::Approved)),
        }
    }

    /// Refuses a requested version.
    ///
    /// # Errors
    /// Where it is not requested any more.
    pub fn reject(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Requested => Ok(Self::Rejected { at }),
            _ => Err(self.no_way_to(OfferVersionState::Rejected)),
        }
    }

    /// Takes a version back.
    ///
    /// # Errors
    /// Where it is neither requested nor approved.
    pub fn withdraw(self, at: Instant) -> Result<Self, InvalidTransition> {
        match self {
            Self::Requested | Self::Approved { .. } => Ok(Self::Withdrawn { at }),
            _ => Err(self.no_way_to(OfferVersionState::Withdrawn)),
        }
    }

    const fn no_way_to(self, to: OfferVersionState) -> InvalidTransition {
        InvalidTransition {
            of: "offer version",
            from: self.state().as_str(),
            to: to.as_str(),
        }
    }
}

/// What a version asks for, as far as consents depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTerms {
    /// Who asks.
    pub event_partner_id: EventPartnerId,
    /// What for.
    pub purpose: Purpose,
    /// Which fields.
    pub fields: FieldMask,
    /// How long the partner keeps them, in days.
    pub retention_days: i32,
    /// From when; none means from the beginning.
    pub starts: Option<Instant>,
    /// Until when; none means without end.
    pub ends: Option<Instant>,
    /// SHA-256 of the partner's privacy notice.
    pub notice_hash: [u8; 32],
    /// SHA-256 of the text shown, in all its languages.
    pub text_hash: [u8; 32],
}

/// What the approver said about a changed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextChange {
    /// It says something else: nobody has consented to it.
    Substantial,
    /// It says the same in other words; the difference is kept.
    Editorial,
}

/// Whether a consent to the older version covers the newer one, because that only takes away: no other partner, purpose
/// or notice, no more fields, kept no longer, beginning no earlier, ending no later, and in the same words unless their
/// change is editorial.
#[must_use]
pub fn covers(older: &VersionTerms, newer: &VersionTerms, text: TextChange) -> bool {
    let end = |terms: &VersionTerms| terms.ends.unwrap_or(Instant::MAX);
    newer.event_partner_id == older.event_partner_id
        && newer.purpose == older.purpose
        && newer.notice_hash == older.notice_hash
        && (newer.text_hash == older.text_hash || text == TextChange::Editorial)
        && newer.fields.is_subset_of(older.fields)
        && newer.retention_days <= older.retention_days
        && newer.starts >= older.starts
        && end(newer) <= end(older)
}

/// A version that was approved.
#[derive(Clone, Debug)]
pub struct ApprovedVersion {
    /// Its number.
    pub version: i32,
    /// What it asks for.
    pub terms: VersionTerms,
    /// How its text differs from that of the approved version before.
    pub text: TextChange,
}

/// The lowest version whose consents cover the newest of these; none if there are none. `approved` are the versions that
/// were in force one after the other without a gap (a withdrawal ends such a row), oldest first.
///
/// The chain is walked back step by step, so that the answer is good for every version from that one on: where a field
/// was taken away and asked for again, consents to the version before do not come back.
#[must_use]
pub fn covers_from(approved: &[ApprovedVersion]) -> Option<i32> {
    let newest = approved.last()?.version;
    let chain = approved.windows(2).rev();
    let covering = chain.take_while(|pair| covers(&pair[0].terms, &pair[1].terms, pair[1].text));
    Some(covering.last().map_or(newest, |pair| pair[0].version))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant(7);

    fn terms() -> VersionTerms {
        VersionTerms {
            event_partner_id: EventPartnerId(uuid::Uuid::from_u128(1)),
            purpose: Purpose::EventFollowUp,
            fields: FieldMask(0b110),
            retention_days: 30,
            starts: Some(Instant(10)),
            ends: Some(Instant(20)),
            notice_hash: [1; 32],
            text_hash: [2; 32],
        }
    }

    #[test]
    fn a_version_is_decided_once() {
        let requested = OfferVersion::Requested;
        let approved = requested.approve(AT).expect("requested");
        let rejected = requested.reject(AT).expect("requested");
        let withdrawn = requested.withdraw(AT).expect("requested");
        assert_eq!(
            (approved, rejected),
            (OfferVersion::Approved { at: AT }, OfferVersion::Rejected { at: AT })
        );
        assert_eq!(
            (withdrawn, approved.withdraw(AT)),
            (OfferVersion::Withdrawn { at: AT }, Ok(withdrawn))
        );
        for decided in [approved, rejected, withdrawn] {
            assert!(decided.approve(AT).is_err() && decided.reject(AT).is_err());
        }
        assert!(rejected.withdraw(AT).is_err() && withdrawn.withdraw(AT).is_err());
        let refusal = rejected.approve(AT).expect_err("decided");
        assert_eq!(refusal.to_string(), "offer version cannot go from REJECTED to APPROVED");
        for version in [requested, approved, rejected, withdrawn] {
            let at = (version != requested).then_some(AT);
            assert_eq!(OfferVersion::from_stored(version.state(), at), Some(version));
            assert_eq!(
                OfferVersion::from_stored(version.state(), if at.is_some() { None } else { Some(AT) }),
                None
            );
        }
    }

    #[test]
    fn a_version_that_only_takes_away_is_covered() {
        let takes_away: [fn(&mut VersionTerms); 6] = [
            |_| (),
            |new| new.fields = FieldMask(0b010),
            |new| new.fields = FieldMask::EMPTY,
            |new| new.retention_days = 29,
            |new| new.starts = Some(Instant(11)),
            |new| new.ends = Some(Instant(19)),
        ];
        for (number, change) in takes_away.into_iter().enumerate() {
            let mut new = terms();
            change(&mut new);
            assert!(covers(&terms(), &new, TextChange::Substantial), "change {number}");
        }
        let unbounded = VersionTerms {
            starts: None,
            ends: None,
            ..terms()
        };
        assert!(covers(&unbounded, &terms(), TextChange::Substantial));
        assert!(covers(&unbounded, &unbounded, TextChange::Substantial));
    }

    #[test]
    fn a_version_that_adds_anything_is_not_covered_even_if_its_text_is_editorial() {
        let adds: [fn(&mut VersionTerms); 10] = [
            |new| new.event_partner_id = EventPartnerId(uuid::Uuid::from_u128(2)),
            |new| new.purpose = Purpose::RelatedEvents,
            |new| new.fields = FieldMask(0b111),
            |new| new.fields = FieldMask(0b001),
            |new| new.retention_days = 31,
            |new| new.starts = Some(Instant(9)),
            |new| new.starts = None,
            |new| new.ends = Some(Instant(21)),
            |new| new.ends = None,
            |new| new.notice_hash[31] = 0,
        ];
        for (number, change) in adds.into_iter().enumerate() {
            let mut new = terms();
            change(&mut new);
            assert!(!covers(&terms(), &new, TextChange::Editorial), "change {number}");
        }
    }

    #[test]
    fn other_words_are_covered_only_where_the_change_is_editorial() {
        let reworded = VersionTerms {
            text_hash: [3; 32],
            ..terms()
        };
        assert!(!covers(&terms(), &reworded, TextChange::Substantial));
        assert!(covers(&terms(), &reworded, TextChange::Editorial));
    }

    #[test]
    fn the_chain_reaches_back_to_the_first_version_from_which_every_step_only_took_away() {
        let version = |version: i32, fields: u64| ApprovedVersion {
            version,
            terms: VersionTerms {
                fields: FieldMask(fields),
                ..terms()
            },
            text: TextChange::Substantial,
        };
        let reworded = |number: i32, text| ApprovedVersion {
            text,
            terms: VersionTerms {
                text_hash: [3; 32],
                ..version(number, 0b1).terms
            },
            ..version(number, 0b1)
        };
        assert_eq!(covers_from(&[]), None);
        assert_eq!(covers_from(&[version(4, 0b1)]), Some(4));
        assert_eq!(
            covers_from(&[version(1, 0b11), version(2, 0b11), version(5, 0b1)]),
            Some(1)
        );
        assert_eq!(
            covers_from(&[version(1, 0b01), version(2, 0b11), version(5, 0b1)]),
            Some(2)
        );
        assert_eq!(
            covers_from(&[version(1, 0b11), version(2, 0b11), version(5, 0b111)]),
            Some(5)
        );
        assert_eq!(
            covers_from(&[version(1, 0b11), version(2, 0b01), version(3, 0b11)]),
            Some(3),
            "the first one's consents do not come back"
        );
        assert_eq!(
            covers_from(&[
                version(1, 0b1),
                reworded(2, TextChange::Editorial),
                reworded(3, TextChange::Substantial)
            ]),
            Some(1)
        );
        assert_eq!(
            covers_from(&[
                version(1, 0b1),
                reworded(2, TextChange::Substantial),
                reworded(3, TextChange::Editorial)
            ]),
            Some(2)
        );
    }
}
