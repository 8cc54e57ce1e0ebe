//! Puts the edge together from its parts.

use std::sync::Arc;

use poem::{EndpointExt, Route};

use super::edge::{Edge, GRAPHQL_PATH, Inner};
use super::endpoint::GraphqlEndpoint;
use super::executor::Executor;
use super::health::{Health, Numbers, Readiness, Ready};
use super::identity::Authenticator;
use super::metrics::Metrics;
use super::rates::Rates;
use super::security_headers::Transport;
use crate::config::{Limits, Server};
use crate::platform::store::Entropy;

/// The parts of the edge.
pub struct App<'a, E, A, R> {
    /// Runs operations: the schema.
    pub executor: E,
    /// Knows who asks.
    pub authenticator: A,
    /// Knows whether the program can do its work.
    pub readiness: R,
    /// The listener's settings.
    pub server: &'a Server,
    /// What requests may cost.
    pub limits: &'a Limits,
    /// Mutations of which a request may hold only one: those that try a secret.
    pub single_mutations: Vec<&'static str>,
    /// Everything else that is served: pages, webhooks. Nested at the root.
    pub pages: Option<Route>,
    /// Where request ids come from.
    pub entropy: Entropy,
    /// The process's numbers.
    pub metrics: Metrics,
}

impl<E: Executor, A: Authenticator, R: Readiness> App<'_, E, A, R> {
    /// The program as seen from the network: give it to [`super::serve`].
    #[must_use]
    pub fn build(self) -> Edge {
        let Self {
            executor,
            authenticator,
            readiness,
            server,
            limits,
            single_mutations,
            pages,
            entropy,
            metrics,
        } = self;
        let rates = Arc::new(Rates::new(limits));
        let graphql = GraphqlEndpoint::new(
            executor,
            authenticator,
            server,
            limits,
            single_mutations,
            Arc::clone(&rates),
        );
        let mut routes = Route::new()
            .at(GRAPHQL_PATH, graphql)
            .at("/healthz", Health)
            .at("/readyz", Ready(readiness));
        if let Some(token) = &server.metrics_token {
            let numbers = Numbers {
                metrics: metrics.clone(),
                token: Some(token.clone()),
            };
            routes = routes.at("/metrics", numbers);
        }
        if let Some(pages) = pages {
            routes = routes.nest_no_strip("/", pages);
        }
        Edge::new(Inner {
            routes: routes.boxed(),
            rates,
            metrics,
            entropy,
            trusted_proxies: server.trusted_proxies.clone(),
            request_timeout: server.request_timeout(),
            mode: server.http_mode,
            transport: if server.is_https() {
                Transport::Tls
            } else {
                Transport::Plain
            },
        })
    }
}
