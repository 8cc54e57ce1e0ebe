//! What events offer to buy, and what it costs: read by anyone, changed by nobody here.
//!
//! Parts are loaded for all events of a list at once ([`Batch`]), so that the number of statements does not grow with
//! the list. Nothing is reserved.

mod batch;
mod cart;
mod documents;
mod form;
mod list;
mod questions;
mod sessions;
mod speakers;
mod ticket_types;

pub use batch::{Batch, EventKey};
pub use cart::{Cart, CartLine, Wanted, quote};
pub use documents::Document;
pub use form::Form;
pub use list::{EventFilter, EventPlace, events};
pub use questions::{Choice, Question};
pub use sessions::{SessionPlace, sessions_after};
pub use speakers::Speaker;
pub use ticket_types::OnSale;
