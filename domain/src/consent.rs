//! Consents: how what a registration decided about one offer changes, and who may change it.
//!
//! - Default is nothing; refusing differs from not having decided.
//! - Giving and widening need the right giver: the attendee of age, with a proved mailbox, or the guardian of one under
//!   age. What somebody of age ticks before the mailbox is proved is only *requested*, and lapses unless it is named
//!   again from that mailbox. What somebody under age ticks waits for the guardian.
//! - Taking away is open to everybody who may decide at all, needs neither age nor version, and always wins.
//!
//! Every change comes with the action that has to be recorded; where there is none, the outcome already held and nothing
//! is to be written.

use crate::age::{AgeJudgement, ConsentAge, age_on};
pub use crate::choice::{Act, Asked, Choice, Declined, Giver, Granted};
use crate::facts::Offer;
use crate::{ConsentAction, Day, Decider, FieldMask};

/// Whether the attendee's address is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailbox {
    /// The one who decides reads it.
    Proved,
    /// Somebody typed it.
    Unproved,
}

/// Who wants to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The attendee.
    Attendee(Mailbox, AgeJudgement),
    /// The guardian of somebody under age (whoever asks a guardian has judged that).
    Guardian,
}

/// Why something cannot be given; the rest of what was asked for is not affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConsentIssue {
    /// The version shown is not the one in force.
    #[error("another version of the offer is in force")]
    StaleVersion,
    /// Whether the giver is of age is not known.
    #[error("the giver has not said to be of age")]
    AgeNotStated,
    /// No field is named, or one that the offer does not ask for.
    #[error("the offer does not ask for this")]
    NotOffered,
    /// The attendee decided for oneself: there is nothing for a guardian to give.
    #[error("the attendee has decided")]
    NotTheGuardians,
}

/// A choice after somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What stands now.
    pub choice: Choice,
    /// What has to be recorded; none if the outcome already held.
    pub action: Option<ConsentAction>,
    /// The fields for which the guardian has to be asked.
    pub ask_guardian: FieldMask,
}

impl Decision {
    const fn of(choice: Choice, action: ConsentAction) -> Self {
        Self {
            choice,
            action: Some(action),
            ask_guardian: FieldMask::EMPTY,
        }
    }

    const fn unchanged(choice: Choice) -> Self {
        Self {
            choice,
            action: None,
            ask_guardian: FieldMask::EMPTY,
        }
    }

    const fn asking(self, ask_guardian: FieldMask) -> Self {
        Self { ask_guardian, ..self }
    }
}

impl Choice {
    /// Gives exactly these fields of this version: widens, narrows, or both.
    ///
    /// Somebody under age widens nothing: of what is given already, the part that is named again stays; the guardian is
    /// asked for the rest.
    ///
    /// # Errors
    /// Where it cannot be given; the choice then stays as it was.
    pub fn grant(
        self,
        version: i32,
        fields: FieldMask,
        offer: &Offer,
        who: Who,
        act: Act,
    ) -> Result<Decision, ConsentIssue> {
        if version != offer.version {
            return Err(ConsentIssue::StaleVersion);
        }
        if fields.is_empty() || !fields.is_subset_of(offer.fields) {
            return Err(ConsentIssue::NotOffered);
        }
        let held = self.in_force(offer);
        if let Some(held) = held.filter(|held| fields.is_subset_of(held.fields)) {
            return Ok(self.keep(held, fields, offer));
        }
        let (asked, given) = (Asked { version, fields, act }, |giver| Granted {
            version,
            fields,
            giver,
            act,
        });
        let (mailbox, age) = match who {
            Who::Guardian if self.is_the_attendees() => return Err(ConsentIssue::NotTheGuardians),
            Who::Guardian => {
                return Ok(Decision::of(
                    Self::Granted(given(Giver::Guardian)),
                    ConsentAction::Granted,
                ));
            }
            Who::Attendee(mailbox, age) => (mailbox, age),
        };
        let Some(basis) = age.basis() else {
            return if age == AgeJudgement::Unknown {
                Err(ConsentIssue::AgeNotStated)
            } else {
                Ok(self.ask_guardian(held, asked, offer))
            };
        };
        Ok(match (mailbox, self) {
            (Mailbox::Proved, _) => Decision::of(Self::Granted(given(Giver::Attendee(basis))), ConsentAction::Granted),
            (Mailbox::Unproved, Self::Requested(before)) if before.same_wish(&asked) => Decision::unchanged(self),
            (Mailbox::Unproved, _) => Decision::of(Self::Requested(asked), ConsentAction::Requested),
        })
    }

    /// Says no. What was given is thereby withdrawn.
    #[must_use]
    pub fn refuse(self, version: i32, decider: Decider, act: Act) -> Decision {
        match self {
            Self::Granted(_) => self.withdraw(None, decider, act),
            Self::Refused(before) | Self::Withdrawn(before) if before.version == version => Decision::unchanged(self),
            _ => Decision::of(
                Self::Refused(Declined { version, decider, act }),
                ConsentAction::Refused,
            ),
        }
    }

    /// Takes back these fields, or all of it; of what was only wished, too. Always works.
    #[must_use]
    pub fn withdraw(self, fields: Option<FieldMask>, decider: Decider, act: Act) -> Decision {
        let left = |held: FieldMask| fields.map_or(FieldMask::EMPTY, |fields| held.minus(fields));
        let (version, held, narrowed) = match self {
            Self::Undecided | Self::Refused(_) | Self::Withdrawn(_) => return Decision::unchanged(self),
            Self::Requested(asked) => (
                asked.version,
                asked.fields,
                Self::Requested(Asked {
                    fields: left(asked.fields),
                    ..asked
                }),
            ),
            Self::AwaitingGuardian(asked) => (
                asked.version,
                asked.fields,
                Self::AwaitingGuardian(Asked {
                    fields: left(asked.fields),
                    ..asked
                }),
            ),
            Self::Granted(given) => (
                given.version,
                given.fields,
                Self::Granted(Granted {
                    fields: left(given.fields),
                    ..given
                }),
            ),
        };
        match left(held) {
            left if left == held => Decision::unchanged(self),
            FieldMask::EMPTY => Decision::of(
                Self::Withdrawn(Declined { version, decider, act }),
                ConsentAction::Withdrawn,
            ),
            _ => Decision::of(narrowed, ConsentAction::Withdrawn),
        }
    }

    /// What becomes of a choice that the reader of the newly proved mailbox does not name: what was requested by whoever
    /// typed the address becomes undecided, everything else stays.
    #[must_use]
    pub fn lapse(self) -> Decision {
        match self {
            Self::Requested(_) => Decision::of(Self::Undecided, ConsentAction::Lapsed),
            _ => Decision::unchanged(self),
        }
    }

    /// What becomes of a choice whose giver, by a corrected date of birth, was under age when giving it: nobody could give
    /// it, so nothing is decided. A guardian's grant stays, and so does what still waits for one.
    #[must_use]
    pub fn corrected_age(self, born: Day, limit: ConsentAge) -> Decision {
        match self {
            Self::Granted(given) if given.giver != Giver::Guardian => {
                match age_on(born, given.act.at.day()) {
                    Ok(age) if age >= limit.years() => Decision::unchanged(self),
                    // Who was not born, or is too old to be true, was not of age either.
                    Ok(_) | Err(_) => Decision::of(Self::Undecided, ConsentAction::Lapsed),
                }
            }
            _ => Decision::unchanged(self),
        }
    }

    /// Keeps a part of what is given, under the act by which it was given. What the offer no longer asks for does not
    /// count as taken away.
    fn keep(self, held: Granted, fields: FieldMask, offer: &Offer) -> Decision {
        if fields == held.fields.intersect(offer.fields) {
            return Decision::unchanged(self);
        }
        Decision::of(Self::Granted(Granted { fields, ..held }), ConsentAction::Withdrawn)
    }

    /// What somebody under age reaches by ticking: a guardian's grant stays as far as it is named again.
    fn ask_guardian(self, held: Option<Granted>, asked: Asked, offer: &Offer) -> Decision {
        match (held, self) {
            (Some(held), _) if !held.fields.intersect(asked.fields).is_empty() => self
                .keep(held, held.fields.intersect(asked.fields), offer)
                .asking(asked.fields.minus(held.fields)),
            (_, Self::AwaitingGuardian(before)) if before.same_wish(&asked) => Decision::unchanged(self),
            _ => Decision::of(Self::AwaitingGuardian(asked), ConsentAction::Requested).asking(asked.fields),
        }
    }
}
