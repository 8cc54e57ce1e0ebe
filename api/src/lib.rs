//! Consentry: event registration and consent-controlled sharing.

pub mod access;
pub mod config;
pub mod graphql;
pub mod platform;
pub mod services;
