//! Events and their parts.

pub(crate) mod cancellation;
mod change;
mod copy;
mod create;
mod find;
mod lifecycle;
pub mod parts;
mod publish_check;
mod venue;

pub use cancellation::cancellations;
pub use change::{EventChange, change};
pub use copy::{EventCopy, copy};
pub use create::{NewEvent, create};
pub use find::{Audience, by_id, by_slug, event_of_part, managed, of_organization, session_by_id, shows_any};
pub use lifecycle::{archive, cancel, close, publish};
pub use parts::quotas;
pub use publish_check::{Missing, PublishProblem, check as publish_check};
pub use venue::Venue;
