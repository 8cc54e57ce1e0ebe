//! The list of events, that of an organization's, an event's own page, whether anybody can register for it, and its entry for calendars.

mod calendar;
mod closed;
mod event;
mod list;
mod structured;

pub(crate) use calendar::calendar;
pub(crate) use closed::{Sale, closed, sale};
pub(crate) use event::{preview, show as event};
pub(crate) use list::{of_organization, show as list};
