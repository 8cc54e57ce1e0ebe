//! Who may do what: turns a session or a token into a value that the services demand.
//!
//! A service function takes `&Authorized<Scope, Right>`, and only this module makes one: without having asked, one does
//! not own the value that the call needs. Absent and forbidden answer alike.

mod administrator;
mod attendee;
mod authorized;
mod caller;
mod door;
pub mod partner;
pub mod rights;
mod seat;
mod session;
mod staff;
mod staff_of_part;

pub use administrator::{
    AdministeredPartner, AdministeredPlace, MayAsk, MayIssue, OfPartner, OfPlace, administrator_at, administrator_of,
};
pub use attendee::{OwnPerson, OwnRegistration, attendee_of, person_of, person_of_complaint};
pub use authorized::{Authorized, EventScope, OrganizationScope};
pub use caller::{Caller, PartnerCredential, SignedIn};
pub use door::{Actor, AtDoor, DoorDevice, door_device};
pub use partner::{PartnerReader, Reach, partner_reader};
pub use seat::{Seat, seat, seats_of};
pub use session::{BadCredential, authenticate, browse};
pub use staff::{AtEvents, Member, member_of, staff_at_events, staff_of_event, staff_of_organization};
pub use staff_of_part::{Part, staff_of_part};
