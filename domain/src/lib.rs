//! Consentry's rules: pure functions over plain values.
//!
//! No I/O, no clock, no randomness: the instant and the random bytes are parameters. Nothing here knows a database;
//! the feature `sea-orm` only lets the plain types stand as column types.
#![forbid(unsafe_code)]

pub mod ids;
pub mod vocabulary;

pub use ids::*;
pub use vocabulary::*;
