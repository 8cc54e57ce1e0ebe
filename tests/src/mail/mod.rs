//! What the tests of mail share: examples of every message, hostile texts, a real mail server, readers of calendars.

pub mod hostile;
mod peer;
mod samples;

pub use peer::{Arrived, CalendarReader, File, MailServer};
pub use samples::{TestLinks, Texts, link};
