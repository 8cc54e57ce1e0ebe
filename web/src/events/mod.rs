//! The list of events, an event's own page, and its entry for calendars.

mod calendar;
mod event;
mod list;
mod structured;

pub(crate) use calendar::calendar;
pub(crate) use event::{preview, show as event};
pub(crate) use list::show as list;
