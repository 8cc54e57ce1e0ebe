//! The edge from outside, around a toy schema.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod answers;
mod client;
mod cop;
mod edge;
mod graphql_over_http;
mod log_line;
mod other_sites;
mod sockets;
mod toy;
