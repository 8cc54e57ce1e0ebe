//! The rule a second time, and a world that changes at random to compare both.
//!
//! [`rows`] holds the tables as they are, [`rule`] says from the truth alone what each lead and each reader's view must
//! be, [`compare`] holds the lead table against it, and [`world`] makes the changes.
//! [`orders`] does the same for what is sold, at the box office of [`Counter`]. Nothing here may use the program's
//! own rule or its queries: what both got wrong in the same way would not be found.

pub mod compare;
mod counter;
mod history;
pub mod orders;
mod read;
pub mod rows;
pub mod rule;
mod tables;
pub mod world;

pub use counter::Counter;
pub use history::{History, KINDS, Kind, Outcome, SITUATIONS, Situation};
pub use world::World;
