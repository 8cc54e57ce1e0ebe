//! Disclosure: what leaves for a partner, and the record of it.

pub mod facts;
