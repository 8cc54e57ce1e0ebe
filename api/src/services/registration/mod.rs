//! Orders and registrations: bought, proved, paid, cancelled, expired.
//!
//! A change is one transaction: what is refused leaves nothing behind. Places are taken last, by a conditional update,
//! so that a rush on one ticket type waits for one round trip at most. Nobody consents here for somebody else.

pub mod after_ordering;
mod call_off;
pub(crate) mod cancel;
pub mod change;
mod codes;
mod confirm_email;
mod consents;
mod draft;
mod erase;
mod expire;
pub(crate) mod in_hand;
mod input;
mod join;
mod judge;
mod mails;
pub mod orders;
mod places;
mod proof;
mod register;
mod rows;
mod settle;
mod words;

pub use call_off::{CalledOff, end_called_off};
pub use cancel::{cancel_order, cancel_own, cancel_registration};
pub use codes::sort_name;
pub use confirm_email::{Confirmed, Linked, confirm_email, is_of_age, linked, undecided, with_event};
pub(crate) use erase::{give_back, give_up};
pub use expire::{Expiry, expire_due, finish_expiry};
pub(crate) use in_hand::InHand;
pub use input::{Attendee, Billing, Buyer, GivenAnswer, NewOrder};
pub use join::{Room, enter, room};
pub use judge::judge_guardian;
pub use mails::{ToPay, remind_to_pay, tell_how_to_pay};
pub use register::{Registered, register};
pub use settle::{Retaken, confirm_paid, retake_places};
