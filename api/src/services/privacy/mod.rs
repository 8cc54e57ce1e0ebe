//! Erasure (Art. 17 GDPR): a person asks for it and is forgotten within one organization, in one transaction.
//!
//! What is erased follows from the catalogue of personal data beside the entities, so that a new personal column cannot
//! be forgotten here. Nothing of another organization is touched; what the law demands is kept where the catalogue says
//! so. The records of consents stay with their commitments, which say nothing once their openings are gone.

mod empty;
mod erase;
mod mails;
mod words;

pub use erase::{AccountFate, Erased, erase};
