//! The rule a second time, and a world that changes at random to compare both.
//!
//! [`rows`] holds the tables as they are, [`rule`] says from the truth alone what each lead and each reader's view must
//! be, [`compare`] holds the lead table against it, and [`world`] makes the changes. Nothing here may use the program's
//! own rule or its queries: what both got wrong in the same way would not be found.

pub mod compare;
mod history;
mod read;
pub mod rows;
pub mod rule;
mod tables;
pub mod world;

pub use history::{History, KINDS, Kind, Outcome};
pub use world::World;
