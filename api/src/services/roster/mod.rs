//! Who comes: the roster that staff page through, check-in at the door, lists taken away.
//!
//! Nothing here reads a consent: staff never see who refused what, nor how many did. Every read of personal data is in
//! the audit log before it is shown.

pub mod badges;
pub mod check_in;
pub mod door;
pub mod export;
pub mod fetch;
mod list;
pub mod orders;
mod parts;
pub mod protect;
mod scan;
mod sealed;
mod seen;
pub mod views;
mod whole;
mod words;

pub use list::{Filter, List, Page, Row, Sort, Wanted, page, statement};
pub use parts::{Orders, Parts, Passage, Passages};
pub use seen::{note_seen, one};
pub use whole::whole;
pub use words::Way;
