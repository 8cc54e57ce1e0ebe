//! Consentry's rules: pure functions over plain values.
//!
//! No I/O, no clock, no randomness: the instant and the random bytes are parameters. Nothing here knows a database;
//! the feature `sea-orm` only lets the plain types stand as column types.
#![forbid(unsafe_code)]

pub mod accent;
pub mod age;
pub mod choice;
pub mod codes;
pub mod commitment;
pub mod complaint;
pub mod consent;
pub mod disclosure;
pub mod door;
pub mod event;
pub mod evidence;
pub mod factor;
pub mod facts;
pub mod fields;
pub mod ids;
pub mod lead;
pub mod listing;
pub mod money;
pub mod noise;
pub mod offer;
pub mod order;
pub mod payment;
pub mod picture;
pub mod price;
pub mod registration;
pub mod room;
pub mod sale;
pub mod session;
pub mod text;
pub mod time;
pub mod token;
pub mod transfer;
pub mod transition;
pub mod values;
pub mod vocabulary;
pub mod words;

pub use fields::{Field, FieldMask, PurposeSet};
pub use ids::*;
pub use money::{Currency, Money};
pub use time::{Day, Instant};
pub use transition::InvalidTransition;
pub use values::{AnswerValue, LeadValues, PostalAddress};
pub use vocabulary::*;
