//! Complaints about what was done with somebody's data: filed by the person concerned (Art. 12(3) and 77 GDPR,
//! requirements S57 and S61), read and answered by the data-protection officer alone.
//!
//! Nobody else learns that there is one, neither partners nor other staff, the owner included: whoever is complained of
//! could act on it, and the officer is bound by secrecy (Art. 38(5)). Mails about complaints and entries of the audit log
//! are hidden from everybody else for the same reason.

mod about;
mod answer;
mod file;
mod list;
mod mails;
mod place;

pub use about::{About, Named};
pub use answer::{Answer, answer};
pub use file::{NewComplaint, file};
pub use list::{Counts, Managed, counts, of_person, one, own, page};
pub use place::Place;

use crate::access::rights::ProtectData;
use crate::access::{Authorized, OrganizationScope};

/// What the entries of the audit log about complaints are about. They are shown to the officer alone.
pub const SUBJECT: &str = "complaint";

/// The right of the data-protection officer of an organization.
pub type Officer = Authorized<OrganizationScope, ProtectData>;
