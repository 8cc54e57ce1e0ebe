//! Events and their parts.

mod create;
mod find;
mod venue;

pub use create::{NewEvent, create};
pub use find::{Audience, by_id, by_slug};
pub use venue::Venue;
