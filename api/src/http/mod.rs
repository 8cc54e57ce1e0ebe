//! The edge.

pub mod code;
pub mod guard;
