//! What is changed of a registration afterwards: its attendee changes personal fields at any time and answers within the
//! organizer's deadline; staff correct what is wrong, at once (S30; Art. 16 GDPR).
//!
//! A later date of birth widens nothing: age is judged when something is decided, and what is judged stays. An earlier one
//! ends what was given by somebody who, by it, was too young to give it (see [`birth`]).
//!
//! The leads follow in the same transaction, under the registration's lock. A new address is never taken for proved: the
//! attendee's is kept as a wish until a link in its mailbox is opened, and one that staff enter suspends the consents
//! until then.

mod address;
mod birth;
mod correct;
mod edit;
mod update;

pub use address::confirm_address_change;
pub use correct::correct;
pub use update::update;

pub(super) use edit::write;

use consentry_domain::PostalAddress;

use super::GivenAnswer;

/// What is to be changed: what is none stays, what is blank is emptied.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of a person, as everywhere")]
pub struct Change {
    pub full_name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub job_title: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub postal_address: Option<PostalAddress>,
    pub social_profile: Option<String>,
    /// Only where the event asks for it.
    pub date_of_birth: Option<String>,
    /// The language of what is written to them from now on.
    pub locale: Option<String>,
    /// Every answer that is not named stays.
    pub answers: Vec<GivenAnswer>,
}
