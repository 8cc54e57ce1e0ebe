//! What attendees decide about sharing, and the lead table that follows from it.
//!
//! Locks are taken in this order: offers (shared by who consents, exclusively by who switches a version), orders,
//! registrations by id, lead rows by (stream, id). Nothing here shows staff who decided what.

pub mod leads;
mod row;
mod truth;
