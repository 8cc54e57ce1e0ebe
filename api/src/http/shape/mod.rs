//! Gives an answer the shape that its document asked for.
//!
//! The executor puts fields in the order in which they were ready, and leaves out a field that failed. The specification
//! wants fields in the document's order, and a failed field as null, or its nearest nullable ancestor as null where the
//! type says "never null". Typed clients rely on the second; that two answers to one question are the same bytes relies
//! on the first.

mod complete;
mod plan;
mod types;

#[cfg(test)]
mod tests;

pub(super) use complete::complete;
pub(super) use plan::Plan;
pub(super) use types::Types;
