//! What somebody wishes about sharing, as input of every mutation that takes it; and what could not be fulfilled.

use async_graphql::{Enum, ID, InputObject, OneofObject, SimpleObject};
use consentry_domain::{OfferId, OrganizationId, QuestionId};

use super::SharingOffer;
use crate::graphql::ids;
use crate::graphql::vocabulary::AttendeeField;
use crate::services::sharing::{Answer, Guardian, Issue, IssueReason, NamedField, Wish};

/// A decision about one offer.
#[derive(InputObject, Clone, Debug)]
pub struct ConsentInput {
    /// The offer.
    pub offer_id: ID,
    /// The version that was shown.
    pub offer_version: i32,
    /// Yes or no.
    pub decision: ConsentDecision,
    /// For a yes: exactly which fields. None is given that is not named.
    #[graphql(default)]
    pub fields: Vec<OfferedFieldInput>,
}

/// Yes or no.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentDecision {
    /// Give the named fields.
    Grant,
    /// Say no.
    Refuse,
}

/// A field of an offer: one of both.
#[derive(OneofObject, Clone, Debug)]
pub enum OfferedFieldInput {
    /// A standard field.
    Field(AttendeeField),
    /// A question.
    QuestionId(ID),
}

/// Who decides for somebody under age.
#[derive(InputObject, Clone, Debug)]
pub struct GuardianInput {
    /// Their name.
    pub full_name: String,
    /// Their own address: they are asked there.
    pub email: String,
}

impl From<GuardianInput> for Guardian {
    fn from(input: GuardianInput) -> Self {
        Self {
            full_name: input.full_name,
            email: input.email,
        }
    }
}

impl OfferedFieldInput {
    /// As services take it. Another organization's id, or what is none, names a question that nobody has.
    #[must_use]
    pub fn named(&self, organization: OrganizationId) -> NamedField {
        match self {
            Self::Field(field) => NamedField::Standard((*field).into()),
            Self::QuestionId(id) => {
                NamedField::Question(ids::own(organization, id).unwrap_or(QuestionId(uuid::Uuid::nil())))
            }
        }
    }
}

impl ConsentInput {
    /// As services take it. Another organization's id, or what is none, names an offer that nobody has.
    #[must_use]
    pub fn wish(&self, organization: OrganizationId) -> Wish {
        Wish {
            offer: ids::own(organization, &self.offer_id).unwrap_or(OfferId(uuid::Uuid::nil())),
            version: self.offer_version,
            decision: match self.decision {
                ConsentDecision::Grant => Answer::Grant,
                ConsentDecision::Refuse => Answer::Refuse,
            },
            fields: self.fields.iter().map(|field| field.named(organization)).collect(),
        }
    }
}

/// A decision that could not be taken as it was sent. It blocks nothing else.
#[derive(SimpleObject, Clone)]
pub struct ConsentIssue {
    /// The offer as it is now; absent where there is none in force here.
    offer: Option<SharingOffer>,
    /// Why.
    reason: ConsentIssueReason,
}

/// Why a decision could not be taken.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentIssueReason {
    /// Another version of the offer is in force: show that one and ask again.
    StaleVersion,
    /// It is not known whether the giver is of age: ask, and send `ofAge`.
    AgeNotStated,
    /// The offer is not in force any more, or does not ask for this.
    NotOffered,
    /// A guardian has to give it: send who that is.
    GuardianNotNamed,
    /// The attendee has decided for oneself.
    AttendeeHasDecided,
}

impl ConsentIssue {
    /// From the service's; `offers` are those that the reader may see.
    #[must_use]
    pub fn new(issue: Issue, offers: &[SharingOffer]) -> Self {
        let offer = offers.iter().find(|offer| offer.is(issue.offer)).cloned();
        let reason = match issue.reason {
            IssueReason::StaleVersion => ConsentIssueReason::StaleVersion,
            IssueReason::AgeNotStated => ConsentIssueReason::AgeNotStated,
            IssueReason::NotOffered => ConsentIssueReason::NotOffered,
            IssueReason::GuardianNotNamed => ConsentIssueReason::GuardianNotNamed,
            IssueReason::AttendeeHasDecided => ConsentIssueReason::AttendeeHasDecided,
        };
        Self { offer, reason }
    }
}
