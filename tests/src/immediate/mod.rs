//! "Immediate": two processes of the program on one database, clients that pull from both without a pause, and somebody
//! who takes away, one after the other, everything that can be taken away.
//!
//! [`History::run`] makes it happen; what was shown after it had been taken away is told by
//! [`violations`](History::violations).

mod deeds;
mod history;
mod world;

pub use deeds::{DEEDS, Deed};
pub use history::{History, Taken, Taking};
