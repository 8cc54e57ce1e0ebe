//! Team members: the roles of accounts.

mod list;
mod manage;
mod owner;

pub use list::{AuditFilter, Noted, audit_log, members, memberships};
pub use manage::{End, Invitation, Member, MemberChange, TeamLead, invite, remove, update};
pub use owner::owner_link;
