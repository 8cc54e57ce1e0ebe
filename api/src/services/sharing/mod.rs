//! What attendees decide about sharing, and the lead table that follows from it.
//!
//! - [`decide`]: consents requested, affirmed, given, refused, withdrawn, as parts of a transaction;
//! - [`leads`]: the one writer of the lead table;
//! - [`offers`]: partners at events with their offers in every version, and the offers' locks;
//! - [`questions`]: what the bits of an event's masks mean;
//! - [`stream_facts`]: what a partner may know of a stream besides its leads;
//! - [`guardians`]: who decides for attendees under age.
//!
//! Locks are taken in this order: offers (shared by who consents, exclusively by who switches a version), orders,
//! registrations by id, lead rows by (stream, id). Nothing here shows staff who decided what.

pub mod decide;
mod desk;
pub mod guardian_link;
pub mod guardians;
pub mod labels;
pub mod leads;
mod notify;
pub mod offers;
pub mod own;
pub mod preview;
pub mod questions;
mod record;
mod row;
pub mod stream_facts;
pub(crate) mod switch;
mod truth;
pub mod verify;
pub mod view;
mod wish;

pub use desk::{Outcome, age};
pub use questions::NamedField;
pub(crate) use row::postal_address;
pub use wish::{Answer, Guardian, Issue, IssueReason, Said, Wish};
