//! Consentry: event registration and consent-controlled sharing.

#![recursion_limit = "256"]

pub mod access;
pub mod cli;
pub mod config;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod platform;
pub mod services;
pub mod web;
