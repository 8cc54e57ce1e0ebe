//! Disclosure: what leaves for a partner, and the record of it.
//!
//! The only ways out are [`pull`], of a page, and [`node`], of one lead. They hand out what
//! `consentry_domain::disclosure` lets through and nothing else, and no lead leaves before its record is durable.
//! [`expand`] turns a record into one item per registration afterwards, for the attendees to read.

pub mod expand;
pub mod facts;
pub mod labels;
pub mod node;
mod passage;
#[cfg(feature = "planted-faults")]
mod planted;
pub mod pull;
mod row;
mod statements;
pub mod view;
mod wanted;

pub use row::Stream;
pub use wanted::{Order, Wanted};
