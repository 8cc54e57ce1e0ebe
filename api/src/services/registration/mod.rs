//! Orders and registrations: bought, proved, paid, cancelled, expired.
//!
//! A change is one transaction: what is refused leaves nothing behind. Places are taken last, by a conditional update,
//! so that a rush on one ticket type waits for one round trip at most. Nobody consents here for somebody else.

mod codes;
mod draft;
mod input;
mod judge;
pub mod orders;
mod places;
mod register;
mod rows;

pub use codes::sort_name;
pub use input::{Attendee, Billing, Buyer, GivenAnswer, Guardian, NewOrder};
pub use register::{Registered, register};
