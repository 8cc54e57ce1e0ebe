//! Team members: the roles of accounts.

mod owner;

pub use owner::owner_link;
