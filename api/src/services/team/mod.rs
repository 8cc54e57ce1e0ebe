//! Team members: the roles of accounts.

mod list;
mod manage;
mod owner;

pub use list::{AuditFilter, Noted, audit_log, members, memberships};
pub(crate) use manage::send_link;
pub use manage::{End, Invitation, Member, MemberChange, TeamLead, invite, remove, update};
pub(crate) use owner::account;
pub use owner::owner_link;
