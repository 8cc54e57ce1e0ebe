//! Consentry: event registration and consent-controlled sharing.

pub mod services;
