//! The edge: what stands between the network and the schema.
//!
//! [`App::build`] puts the parts together and [`serve`] listens. A request passes, from the outside in:
//! the listener (time-outs for slow clients), the edge (id, address, limits, log line, headers), the GraphQL endpoint
//! (methods, media types, other sites' pages, credential, body), the guard (what the document may cost), and only then
//! the executor.
//!
//! It decides nothing about data. Who may do what, and what an operation means, are other rooms' work: the edge knows a
//! schema as an [`Executor`], and whoever knows credentials as an [`Authenticator`].

mod app;
mod client_address;
mod code;
mod edge;
mod endpoint;
mod executor;
mod failure;
pub mod guard;
mod health;
mod identity;
mod listen;
mod meta;
mod metrics;
mod panics;
mod patient;
mod rates;
mod security_headers;
mod shape;
pub mod webhooks;

pub use app::App;
pub use code::{Code, Media};
pub use edge::{Edge, GRAPHQL_PATH};
pub use endpoint::RawJsonAllowed;
pub use executor::Executor;
pub use guard::Introspection;
pub use health::{NotReady, Readiness};
pub use identity::{Attach, AuthenticationError, Authenticator, Identity};
pub use listen::{serve, serve_on};
pub use meta::{Channel, RequestMeta};
pub use metrics::Metrics;
pub use panics::log_panics_without_payload;
pub use security_headers::page_policy;
