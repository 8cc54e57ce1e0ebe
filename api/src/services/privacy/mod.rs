//! Access and erasure (Art. 15, 17 and 20 GDPR): a person takes along everything that one organization holds of them, or is
//! forgotten there, in one transaction.
//!
//! What is erased follows from the catalogue of personal data beside the entities, so that a new personal column cannot
//! be forgotten here. Whoever does not sign in asks the data-protection officer, who does the same for them. Nothing of another organization is touched; what the law demands is kept where the catalogue says
//! so. The records of consents stay with their commitments, which say nothing once their openings are gone.

mod complaints;
mod empty;
mod erase;
mod export;
mod mails;
mod request;
mod subject;
mod views;
mod words;

pub(super) use empty::one_complaint as empty_complaint;
pub use erase::{AccountFate, Erased, erase};
pub use export::{Held, MyData, export};
pub use request::Request;
pub(super) use subject::Subject;
