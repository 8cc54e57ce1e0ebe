//! The edge from outside, around a toy schema.

mod answers;
mod client;
mod cop;
mod edge;
mod graphql_over_http;
mod log_line;
mod other_sites;
mod sockets;
mod toy;
