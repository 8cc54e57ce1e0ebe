//! What happens to every request, whatever it asks for: an id, the client's address, a limit, a time-out, one log line,
//! one count, the security headers. Nothing that a handler does, a panic included, gets past it.
//!
//! The log line holds no address, no path (paths can hold secrets of links; the route's pattern stands for it), no query
//! string, no header, no text of an error.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use ipnet::IpNet;
use poem::endpoint::BoxEndpoint;
use poem::http::header::{ALLOW, CONTENT_TYPE, HeaderName};
use poem::http::{HeaderValue, Method, StatusCode};
use poem::{Addr, Endpoint, PathPattern, Request, Response};

use super::client_address;
use super::code::{Code, Media};
use super::endpoint::OperationLabel;
use super::failure::Failure;
use super::meta::{Channel, RequestMeta};
use super::metrics::{Answered, Metrics};
use super::rates::Rates;
use super::security_headers::{self, Transport};
use crate::config::HttpMode;
use crate::platform::request;
use crate::platform::store::Entropy;
use crate::platform::store::stats::{RequestStats, Statistics};

/// Where GraphQL is spoken.
pub const GRAPHQL_PATH: &str = "/graphql";
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Who asks here is not a client who could be told to slow down: probes, and payment providers who send bursts.
const UNLIMITED: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/webhooks/"];

/// The program as seen from the network. Cheap to clone.
#[derive(Clone)]
pub struct Edge(Arc<Inner>);

pub(super) struct Inner {
    pub(super) routes: BoxEndpoint<'static, Response>,
    pub(super) rates: Arc<Rates>,
    pub(super) metrics: Metrics,
    pub(super) entropy: Entropy,
    pub(super) trusted_proxies: Vec<IpNet>,
    pub(super) request_timeout: Duration,
    pub(super) mode: HttpMode,
    pub(super) transport: Transport,
}

impl Edge {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
}

impl Endpoint for Edge {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(self.0.answer(request).await)
    }
}

impl Inner {
    async fn answer(&self, mut request: Request) -> Response {
        let started = Instant::now();
        let method = known_method(request.method());
        let meta = self.meta(&request);
        request.set_data(meta);
        let in_flight = InFlight::new(self, method, &meta);
        let stats = RequestStats::default();
        let mut response = match self.admit(&request, &meta) {
            Ok(()) => {
                stats
                    .scope(request::scope(meta.request_id, self.handle(request, &meta)))
                    .await
            }
            Err(failure) => self.refuse(failure, &meta),
        };
        security_headers::apply(&mut response, self.transport);
        if let Ok(id) = HeaderValue::from_str(&meta.request_id.to_string()) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        in_flight.answered();
        self.report(&response, method, &meta, started.elapsed(), &stats.snapshot());
        response
    }

    fn meta(&self, request: &Request) -> RequestMeta {
        let peer = match &request.remote_addr().0 {
            Addr::SocketAddr(address) => address.ip(),
            // Only tests and sockets of this machine come without an address.
            Addr::Unix(_) | Addr::Custom(..) => std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
        };
        RequestMeta {
            request_id: self.entropy.random_id(),
            client: client_address::resolve(peer, request.headers(), &self.trusted_proxies),
            channel: if request.uri().path() == GRAPHQL_PATH {
                Channel::Api
            } else {
                Channel::Page
            },
        }
    }

    fn admit(&self, request: &Request, meta: &RequestMeta) -> Result<(), Failure> {
        let path = request.uri().path();
        if meta.channel == Channel::Page && !matches!(*request.method(), Method::GET | Method::HEAD | Method::POST) {
            return Err(Failure::method("GET, HEAD, POST"));
        }
        if UNLIMITED
            .iter()
            .any(|free| path == *free || (free.ends_with('/') && path.starts_with(free)))
        {
            return Ok(());
        }
        self.rates.address(meta.client).map_err(Failure::throttled)
    }

    async fn handle(&self, request: Request, meta: &RequestMeta) -> Response {
        let is_get = request.method() != Method::POST;
        let running = AssertUnwindSafe(self.routes.call(request)).catch_unwind();
        let failure = match tokio::time::timeout(self.request_timeout, running).await {
            Ok(Ok(Ok(response))) => return response,
            Ok(Ok(Err(error))) if error.status().is_server_error() => {
                tracing::error!(target: "consentry::request", request_id = %meta.request_id, "a handler failed");
                Code::Internal
            }
            Ok(Ok(Err(error))) => return self.explained(error, is_get),
            Ok(Err(_)) => {
                tracing::error!(target: "consentry::request", request_id = %meta.request_id, "a handler panicked");
                Code::Internal
            }
            Err(_) => Code::ExecutionTimeout,
        };
        self.refuse(failure.into(), meta)
    }

    /// A handler's own refusal. Routes take GET, POST or both, so a refused method says which is offered.
    fn explained(&self, error: poem::Error, is_get: bool) -> Response {
        let pattern = error.data::<PathPattern>().cloned();
        let mut response = error.into_response();
        if response.status() == StatusCode::METHOD_NOT_ALLOWED {
            let allowed = HeaderValue::from_static(if is_get { "POST" } else { "GET, HEAD" });
            response.headers_mut().entry(ALLOW).or_insert(allowed);
        }
        response
            .headers_mut()
            .entry(CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("text/plain; charset=utf-8"));
        if let Some(pattern) = pattern {
            response.set_data(pattern);
        }
        response
    }

    fn refuse(&self, failure: Failure, meta: &RequestMeta) -> Response {
        match meta.channel {
            Channel::Api => failure.into_response(self.mode, Media::Json, meta),
            Channel::Page => failure.into_text(self.mode),
        }
    }

    fn report(&self, response: &Response, method: &'static str, meta: &RequestMeta, took: Duration, db: &Statistics) {
        let route = response.data::<PathPattern>().map(|pattern| pattern.0.clone());
        let route = match (&route, meta.channel) {
            (_, Channel::Api) => GRAPHQL_PATH,
            // Nested routes that matched nothing leave the pattern of their root.
            (Some(route), Channel::Page) if !route.is_empty() => route.as_ref(),
            (_, Channel::Page) => "unmatched",
        };
        let status = response.status().as_u16();
        let code = response.data::<Code>().map(|code| code.as_str());
        self.metrics.count(&Answered {
            method,
            route,
            status,
            code,
            duration: took,
            database: db,
        });
        let label = response.data::<OperationLabel>();
        tracing::info!(
            target: "consentry::request",
            request_id = %meta.request_id,
            method,
            route,
            operation = label.and_then(|label| label.name.as_deref()),
            status,
            code,
            failed_fields = label.map(|label| label.errors),
            duration_micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            statements = db.statements,
            database_micros = db.micros,
            retries = db.retries,
            "request"
        );
    }
}

/// One of the requests in flight. A client that goes away takes the future with it; that is a line as well.
struct InFlight<'a> {
    edge: &'a Inner,
    method: &'static str,
    meta: RequestMeta,
    answered: bool,
}

impl<'a> InFlight<'a> {
    fn new(edge: &'a Inner, method: &'static str, meta: &RequestMeta) -> Self {
        edge.metrics.in_flight.inc();
        Self {
            edge,
            method,
            meta: *meta,
            answered: false,
        }
    }

    fn answered(mut self) {
        self.answered = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.edge.metrics.in_flight.dec();
        if !self.answered {
            let Self { method, meta, .. } = self;
            tracing::info!(target: "consentry::request", request_id = %meta.request_id, method, "abandoned");
        }
    }
}

/// A caller can invent methods; a log line and a label cannot.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "TRACE" => "TRACE",
        "CONNECT" => "CONNECT",
        _ => "OTHER",
    }
}
