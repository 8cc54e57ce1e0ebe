//! Non-interference as a property: two worlds that differ in hidden things alone answer an observer with the same bytes.
//!
//! A [`script`](Script) is made from a seed. It holds changes that both worlds go through, changes that only one of them
//! goes through and that the observer must not notice, and what the observer asks in between. Both worlds stand behind
//! a listener of their own, ask the same clock and draw the same random bytes wherever they do the same. What comes back
//! (status, headers, body) is compared byte for byte, once ids and cursors are renamed by their first appearance. Only
//! what is shown to be such an id or cursor is renamed: a lead's id must be random, a cursor must open with the
//! instance's key and hold nothing but the place.

mod allowance;
mod ask;
mod channels;
mod hidden;
mod random;
mod run;
mod script;
mod side;
mod staff;
mod transcript;
mod visible;
mod world;

pub use allowance::Allowance;
pub use channels::CHANNELS;
pub use hidden::Hidden;
pub use run::{Count, Difference, Pair};
pub use script::{Script, Step};
pub use staff::{Differ, compare_staff, staff_kinds};
