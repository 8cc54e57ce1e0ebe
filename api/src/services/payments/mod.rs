//! Payments: how money comes in.

pub mod provider;
