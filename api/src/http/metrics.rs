//! Numbers for Prometheus. Labels are few and fixed: route patterns, statuses, codes; never a path, never a person.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::platform::store::stats::Statistics;

/// The media type of what [`Metrics::encode`] writes.
pub(super) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper bounds of the histogram, in seconds.
const BUCKETS: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The counters of this process. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    requests: Family<RequestLabels, Counter>,
    duration: Family<RouteLabel, Histogram>,
    refusals: Family<CodeLabel, Counter>,
    statements: Counter,
    database_micros: Counter,
    pub(super) in_flight: Gauge,
    pub(super) connections: Gauge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabel {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CodeLabel {
    code: &'static str,
}

/// One answered request.
pub(super) struct Answered<'a> {
    pub method: &'static str,
    pub route: &'a str,
    pub status: u16,
    pub code: Option<&'static str>,
    pub duration: Duration,
    pub database: &'a Statistics,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Counters at zero.
    #[must_use]
    pub fn new() -> Self {
        let metrics = Self {
            registry: Arc::new(Mutex::new(Registry::with_prefix("consentry"))),
            requests: Family::default(),
            duration: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            refusals: Family::default(),
            statements: Counter::default(),
            database_micros: Counter::default(),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
        };
        metrics.register(|registry| {
            registry.register("http_requests", "Requests answered", metrics.requests.clone());
            let help = "Time from a request's head to its answer's head";
            registry.register_with_unit("http_request_duration", help, Unit::Seconds, metrics.duration.clone());
            registry.register(
                "graphql_refusals",
                "Requests refused as a whole, by code",
                metrics.refusals.clone(),
            );
            registry.register(
                "database_statements",
                "Statements run for requests",
                metrics.statements.clone(),
            );
            let help = "Time that statements took for requests";
            registry.register("database_microseconds", help, metrics.database_micros.clone());
            registry.register(
                "http_requests_in_flight",
                "Requests being answered",
                metrics.in_flight.clone(),
            );
            registry.register("http_connections", "Open connections", metrics.connections.clone());
        });
        metrics
    }

    /// Lets other parts of the program add numbers of theirs.
    pub fn register(&self, add: impl FnOnce(&mut Registry)) {
        add(&mut self.registry.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Everything, as OpenMetrics text.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = text::encode(&mut text, &self.registry.lock().unwrap_or_else(PoisonError::into_inner));
        text
    }

    pub(super) fn count(&self, answered: &Answered<'_>) {
        let Answered {
            method,
            route,
            status,
            code,
            duration,
            database,
        } = answered;
        let labels = RequestLabels {
            method,
            route: (*route).to_owned(),
            status: *status,
        };
        self.requests.get_or_create(&labels).inc();
        self.duration
            .get_or_create(&RouteLabel {
                route: (*route).to_owned(),
            })
            .observe(duration.as_secs_f64());
        if let Some(code) = code {
            self.refusals.get_or_create(&CodeLabel { code }).inc();
        }
        self.statements.inc_by(u64::from(database.statements));
        self.database_micros.inc_by(database.micros);
    }
}
