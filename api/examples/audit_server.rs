//! Serves the toy schema of the edge's tests, so that other people's checkers can be run against the edge.
//!
//!     cargo run --example audit_server -- 127.0.0.1:4000 audit-1.23 get
//!
//! The second argument is the edition (`draft-2026` or `audit-1.23`), the third (`get` or `post`) whether GET is on.

#[path = "../tests/edge/toy.rs"]
mod toy;

use consentry::config::{Config, Sources};
use consentry::http::{Introspection, serve};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = |default: &str| arguments.next().unwrap_or_else(|| default.to_owned());
    let (listen, edition, get) = (next("127.0.0.1:4000"), next("draft-2026"), next("post"));
    let get = (get == "get").to_string();
    let flags = [
        ("server.public_url", format!("http://{listen}")),
        ("server.listen", listen),
        ("server.http_mode", edition),
        ("server.graphql_get", get),
        ("limits.requests_per_minute_per_address", "1000000".to_owned()),
    ];
    let flags = flags.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    let config = Config::load(&Sources {
        flags,
        ..Sources::default()
    })?;
    // A checker has no credential, and asks `__type`.
    let edge = toy::edge(&config.server, &config.limits, Introspection::Allowed, None);
    serve(edge, &config.server, async {
        let _ = tokio::signal::ctrl_c().await;
    })
    .await?;
    Ok(())
}
