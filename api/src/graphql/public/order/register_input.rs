//! The input of `register`. Weak types: what is wrong is a user error with its field.

use async_graphql::{ID, InputObject};
use consentry_domain::OrganizationId;

use crate::graphql::ids;
use crate::graphql::public::{AddressInput, ConsentInput, GuardianInput};
use crate::graphql::scalars::{Date, Locale};
use crate::services::registration as service;

/// A new order.
#[derive(InputObject)]
pub struct RegisterInput {
    /// New for each order, the same when it is sent again.
    pub(super) idempotency_key: String,
    /// The event.
    pub(super) event_id: ID,
    /// Who buys.
    buyer: BuyerInput,
    /// Who comes.
    attendees: Vec<AttendeeInput>,
    /// The buyer's language.
    locale: Option<Locale>,
}

/// Who buys.
#[derive(InputObject)]
pub struct BuyerInput {
    /// Their name.
    full_name: String,
    /// Their address: the order's mails go there.
    email: String,
    /// Who is billed.
    billing: Option<BillingInput>,
}

/// Who is billed.
#[derive(InputObject)]
pub struct BillingInput {
    /// A company.
    company: Option<String>,
    /// Where.
    address: AddressInput,
    /// VAT identification.
    vat_id: Option<String>,
    /// The company's own number for it.
    purchase_order_number: Option<String>,
    /// Where invoices go, if not to the buyer.
    invoice_email: Option<String>,
}

/// Somebody who comes.
#[derive(InputObject)]
pub struct AttendeeInput {
    /// With what.
    ticket_type_id: ID,
    /// Their whole name.
    full_name: String,
    /// Their given name.
    given_name: Option<String>,
    /// Their family name.
    family_name: Option<String>,
    /// Their address.
    email: String,
    /// Their telephone number.
    phone: Option<String>,
    /// Their company.
    company: Option<String>,
    /// Their job title.
    job_title: Option<String>,
    /// Their town.
    city: Option<String>,
    /// ISO 3166-1 alpha-2.
    country: Option<String>,
    /// Their postal address.
    postal_address: Option<AddressInput>,
    /// A page about them.
    social_profile: Option<String>,
    /// When they were born, where the event asks it.
    date_of_birth: Option<Date>,
    /// Whether they are old enough to decide for themselves; asked where something is shared, or where the event
    /// demands a parent's permission.
    of_age: Option<bool>,
    /// Who decides for them where they are not.
    guardian: Option<GuardianInput>,
    /// Whether this is the buyer's own place; then it carries the buyer's address.
    #[graphql(default)]
    is_buyer: bool,
    /// Their answers.
    #[graphql(default)]
    answers: Vec<AnswerInput>,
    /// The documents that they acknowledge, by the ids of the versions in force.
    #[graphql(default)]
    acknowledged_document_ids: Vec<ID>,
    /// What is wished about sharing; only where this is the buyer's own place (others are asked by mail). Nothing is
    /// shared before it is affirmed from the mailbox.
    #[graphql(default)]
    consents: Vec<ConsentInput>,
}

/// An answer to a question.
#[derive(InputObject)]
pub struct AnswerInput {
    /// The question.
    question_id: ID,
    /// The answer, in the form that the question's kind says.
    value: Option<String>,
    /// What was chosen, where the question has choices.
    #[graphql(default)]
    choice_ids: Vec<ID>,
}

impl AnswerInput {
    /// As the service takes it.
    pub(crate) fn given(self, organization: OrganizationId) -> service::GivenAnswer {
        service::GivenAnswer {
            question: ids::own(organization, &self.question_id),
            value: self.value,
            choices: self.choice_ids.iter().map(|id| ids::own(organization, id)).collect(),
        }
    }
}

impl RegisterInput {
    /// As the service takes it.
    pub(super) fn order(self, organization: OrganizationId, event: consentry_domain::EventId) -> service::NewOrder {
        service::NewOrder {
            idempotency_key: self.idempotency_key,
            organization,
            event,
            buyer: service::Buyer {
                full_name: self.buyer.full_name,
                email: self.buyer.email,
                billing: self.buyer.billing.map(|billing| service::Billing {
                    company: billing.company,
                    address: billing.address.into(),
                    vat_id: billing.vat_id,
                    purchase_order_number: billing.purchase_order_number,
                    invoice_email: billing.invoice_email,
                }),
            },
            attendees: self
                .attendees
                .into_iter()
                .map(|attendee| attendee.attendee(organization))
                .collect(),
            locale: self.locale.map(|locale| locale.0),
        }
    }
}

impl AttendeeInput {
    fn attendee(self, organization: OrganizationId) -> service::Attendee {
        service::Attendee {
            ticket_type: ids::own(organization, &self.ticket_type_id),
            full_name: self.full_name,
            given_name: self.given_name,
            family_name: self.family_name,
            email: self.email,
            phone: self.phone,
            company: self.company,
            job_title: self.job_title,
            city: self.city,
            country: self.country,
            postal_address: self.postal_address.map(Into::into),
            social_profile: self.social_profile,
            date_of_birth: self.date_of_birth.map(|date| date.0),
            of_age: self.of_age,
            guardian: self.guardian.map(Into::into),
            is_buyer: self.is_buyer,
            answers: self
                .answers
                .into_iter()
                .map(|answer| answer.given(organization))
                .collect(),
            acknowledged: self
                .acknowledged_document_ids
                .iter()
                .map(|id| ids::own(organization, id))
                .collect(),
            wishes: self.consents.iter().map(|consent| consent.wish(organization)).collect(),
        }
    }
}
