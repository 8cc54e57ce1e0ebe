//! What the program does, one folder per capability. A service takes the authorized thing, opens the transaction, calls
//! `domain`, writes through `entity`, and puts outside work into the outbox. It knows neither GraphQL nor HTTP.

pub mod keys;
pub mod outcome;
pub mod platform;
pub mod payments;
pub mod store;

pub use outcome::{Code, Fault, Problem, Problems, Refused};
pub use platform::Platform;
