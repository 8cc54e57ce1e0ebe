//! Consentry: event registration and consent-controlled sharing.

pub mod config;
pub mod services;
