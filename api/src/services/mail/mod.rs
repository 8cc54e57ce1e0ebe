//! Mail: what is said to whom, in which language, and that it arrives.
//!
//! A service queues a [`Message`] inside its own transaction; the worker writes and delivers it afterwards. Nothing is ever marked as sent that a mail server has not accepted, and no mail holds anything that is
//! fetched from elsewhere, advertises, or watches its reader. All messages here are of the class `service`: they
//! concern what the reader did or what was done in their name, and no opt-out from anything else stops them.

pub mod about;
mod again;
pub mod calendar;
pub mod deliver;
pub mod envelope;
pub mod facts;
mod from_rows;
pub mod language;
pub mod line;
pub mod links;
pub mod list;
pub mod messages;
mod purpose;
pub mod qr;
pub mod queue;
pub mod render;
pub mod smtp;
pub mod staff;
mod templates;
pub mod transfer_code;

pub use again::again;
pub use deliver::{Batch, Courier};
pub use links::{Link, LinkPurpose, Links};
pub use messages::Message;
pub use queue::{NewMail, Queued, queue, queue_all};
pub use render::{Rendered, render};
pub use smtp::{SendError, Smtp};
