//! What the program does, one folder per capability. A service takes the authorized thing, opens the transaction, calls
//! `domain`, writes through `entity`, and puts outside work into the outbox. It knows neither GraphQL nor HTTP.

pub mod audit;
pub mod complaints;
pub mod disclosure;
pub mod doors;
pub mod events;
pub mod idempotency;
pub mod input;
pub mod localized;
pub mod mail;
pub mod organizations;
pub mod outbox;
pub mod partners;
pub mod payments;
pub mod people;
pub mod pictures;
pub mod privacy;
pub mod registration;
pub mod roster;
pub mod sales;
pub mod sharing;
pub mod sign_in;
pub mod statistics;
pub mod team;
pub mod tokens;

pub use localized::Localized;
