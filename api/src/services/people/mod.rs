//! Accounts, the people that they are within organizations, and those people's registrations, as they see them
//! themselves. Nobody sees somebody else's here: every statement names the account or the person.

pub mod disclosures;
mod read;

pub use read::{Answer, Listed, account, answers, own, people, registrations};
