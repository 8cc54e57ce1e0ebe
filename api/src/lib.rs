//! Consentry: event registration and consent-controlled sharing.

#![recursion_limit = "256"]

#[cfg(all(feature = "failpoints", not(debug_assertions)))]
compile_error!("fail points belong into test builds: a release build must not have the feature `failpoints`");
#[cfg(all(feature = "planted-faults", not(debug_assertions)))]
compile_error!("planted faults belong into test builds: a release build must not have the feature `planted-faults`");

pub mod access;
pub mod cli;
pub mod config;
pub mod graphql;
pub mod http;
pub mod jobs;
pub mod platform;
pub mod services;
