//! An order as it was sent, not judged. An id is none where it says nothing to the event's organization.

use consentry_domain::{ChoiceId, DocumentId, EventId, OrganizationId, PostalAddress, QuestionId, TicketTypeId};
use serde::Serialize;

use crate::services::sharing::{Guardian, Wish};

/// A new order.
#[derive(Clone, Debug, Serialize)]
pub struct NewOrder {
    /// The client's key; not a part of what is compared.
    #[serde(skip)]
    pub idempotency_key: String,
    /// The tenant.
    pub organization: OrganizationId,
    /// The event.
    pub event: EventId,
    /// Who buys.
    pub buyer: Buyer,
    /// Who comes.
    pub attendees: Vec<Attendee>,
    /// The buyer's language.
    pub locale: Option<String>,
}

/// Who buys.
#[derive(Clone, Debug, Serialize)]
pub struct Buyer {
    /// Their name.
    pub full_name: String,
    /// Their address.
    pub email: String,
    /// Who is billed, where it is said.
    pub billing: Option<Billing>,
}

/// Who is billed.
#[derive(Clone, Debug, Serialize)]
pub struct Billing {
    /// A company.
    pub company: Option<String>,
    /// Where.
    pub address: PostalAddress,
    /// VAT identification.
    pub vat_id: Option<String>,
    /// The company's own number for it.
    pub purchase_order_number: Option<String>,
    /// Where invoices go, if not to the buyer.
    pub invoice_email: Option<String>,
}

/// Somebody who comes.
#[derive(Clone, Debug, Serialize)]
pub struct Attendee {
    /// With what.
    pub ticket_type: Option<TicketTypeId>,
    /// Their whole name.
    pub full_name: String,
    /// Their given name.
    pub given_name: Option<String>,
    /// Their family name.
    pub family_name: Option<String>,
    /// Their address.
    pub email: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their company.
    pub company: Option<String>,
    /// Their job title.
    pub job_title: Option<String>,
    /// Their town.
    pub city: Option<String>,
    /// Their country.
    pub country: Option<String>,
    /// Their postal address.
    pub postal_address: Option<PostalAddress>,
    /// A page about them.
    pub social_profile: Option<String>,
    /// When they were born.
    pub date_of_birth: Option<String>,
    /// Whether they may decide for themselves.
    pub of_age: Option<bool>,
    /// Who decides for them where they may not.
    pub guardian: Option<Guardian>,
    /// Whether this is the buyer.
    pub is_buyer: bool,
    /// Their answers.
    pub answers: Vec<GivenAnswer>,
    /// What they acknowledge.
    pub acknowledged: Vec<Option<DocumentId>>,
    /// What they wish about sharing; only the buyer's own.
    pub wishes: Vec<Wish>,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub struct GivenAnswer {
    /// To this question.
    pub question: Option<QuestionId>,
    /// As a text.
    pub value: Option<String>,
    /// As choices.
    pub choices: Vec<Option<ChoiceId>>,
}
