//! The roster, as staff see it. No type here knows a consent.

mod badge;
mod entry;
mod export;
mod list;
mod managed;
mod page;
mod plan;
mod scope;
mod views;

pub use badge::{Badge, BadgeConnection, BadgeFilter};
pub use entry::{CheckIn, RosterEntry};
pub use export::{ExportRoster, ExportRosterUserError, Lines, RosterExport, open_export};
pub use list::{RosterFilter, RosterSort, words_fit};
pub use managed::ManagedRegistration;
pub use page::RosterPage;
pub use views::{RemoveRosterViewUserError, RosterView, RosterViewMutation, SaveRosterViewUserError};

pub(super) use badge::badges;
pub(super) use entry::{entry, event_of};
pub(super) use export::one as export;
pub(super) use list::page;
pub(super) use managed::one;
pub(super) use scope::{at, of_event, of_organization, of_owner, of_part};
pub(super) use views::shown as shown_views;
