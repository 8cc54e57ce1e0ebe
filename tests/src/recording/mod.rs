//! "Log before disclose" under `kill -9`: partners that keep every byte, a program that is killed while they pull, and the
//! comparison of what they have with what the database says.
//!
//! [`Partners`] pull by every way that the schema has to a lead, and [`World`] kills the program at the [`Moment`] that a
//! test names; [`Report`] is what was found.

mod partners;
mod report;
mod world;

pub use partners::{Answer, Answers, Partners, Way};
pub use report::Report;
pub use world::{Moment, World};
