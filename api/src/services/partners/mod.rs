//! Partners: companies, their roles at events, and what they ask attendees for.
//!
//! Staff act on behalf of partners here, and their administrators for themselves. Nothing of a registration is read, and no consent is ever given or widened.

mod approve;
mod at_event;
mod company;
mod difference;
mod draft;
mod judge;
mod list;
mod own;
mod request;
mod settle;
mod terms;
mod told;

pub use approve::{Approved, approve};
pub use at_event::{EventPartnerChange, NewEventPartner, add, update as update_at_event};
pub use company::{NewPartner, PartnerChange, create, update};
pub(crate) use company::{follow, fresh, seize_own};
pub use difference::{Covered, Difference, NoticeChange, TextDifference, of as difference};
pub use draft::{
    Draft, DraftTerms, Drafted, Ready, discard as discard_draft, save as save_draft, submit as submit_draft,
};
pub use list::{at_event, at_events, by_id, page};
pub use own::{OwnPlace, place as own_place, places as own_places};
pub use request::{NewOffer, Revision, request, revise};
pub use settle::{reject, withdraw};
pub use terms::Terms;
