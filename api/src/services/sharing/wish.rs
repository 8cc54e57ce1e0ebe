//! What somebody wishes about sharing, as it was sent, and why a wish cannot be fulfilled.

use consentry_domain::OfferId;
use consentry_domain::age::AgeStatement;

use super::questions::NamedField;

/// A wish about one offer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Wish {
    /// The offer.
    pub offer: OfferId,
    /// The version that was shown.
    pub version: i32,
    /// Yes or no.
    pub decision: Answer,
    /// Which fields; for a yes.
    pub fields: Vec<NamedField>,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Answer {
    /// Give exactly the named fields.
    Grant,
    /// Say no.
    Refuse,
}

/// Who is to be asked for somebody under age.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Guardian {
    /// Their name.
    pub full_name: String,
    /// Their address.
    pub email: String,
}

/// What somebody says of themselves when they decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Whether they are of age; asked only when a first box is ticked.
    pub age: Option<AgeStatement>,
    /// Who is to be asked for them.
    pub guardian: Option<&'a Guardian>,
}

impl<'a> Said<'a> {
    /// From what was sent: `of_age` as a yes, a no, or nothing.
    #[must_use]
    pub fn new(of_age: Option<bool>, guardian: Option<&'a Guardian>) -> Self {
        let age = of_age.map(|of_age| {
            if of_age {
                AgeStatement::OfAge
            } else {
                AgeStatement::UnderAge
            }
        });
        Self { age, guardian }
    }
}

/// A wish that was not fulfilled. It never blocks anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The offer, as it was named.
    pub offer: OfferId,
    /// Why.
    pub reason: IssueReason,
}

/// Why a wish was not fulfilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueReason {
    /// Another version of the offer is in force: show that one.
    StaleVersion,
    /// It is not known whether the giver is of age: ask.
    AgeNotStated,
    /// The offer is not in force any more, or does not ask for this.
    NotOffered,
    /// A guardian has to give it, and none is named.
    GuardianNotNamed,
    /// The attendee has decided for oneself.
    AttendeeHasDecided,
}
