//! `[server]`: the listener and what stands in front of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use ipnet::IpNet;
use poem::http::Uri;
use serde::{Deserialize, Serialize};

use super::error::{Problem, check_range};
use super::secret::Secret;

/// The listener, the public address, proxies, time-outs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Where the program listens (HTTP/1.1; TLS is the proxy's work).
    pub listen: SocketAddr,
    /// The address that people use: links in mails are made from it, and a browser's `Origin` must equal it. Left out:
    /// `http://` and where it listens.
    pub public_url: String,
    /// Proxies whose `X-Forwarded-For` is believed. From anybody else the header is ignored.
    pub trusted_proxies: Vec<IpNet>,
    /// A listener of its own for `/metrics`. Absent: no such listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_listen: Option<SocketAddr>,
    /// A bearer token which opens `/metrics` on the main listener. Absent: it does not exist there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_token: Option<Secret>,
    /// Seconds that a client has to send the head of a request, and again to send its body to `/graphql`; also how long
    /// an idle connection is kept.
    pub header_timeout_seconds: u64,
    /// Seconds that a whole request may take, its body's arrival included.
    pub request_timeout_seconds: u64,
    /// Seconds that a client may leave an answer unread before the connection is dropped.
    pub write_timeout_seconds: u64,
    /// Seconds that requests in flight have to finish when the program is asked to stop.
    pub shutdown_grace_seconds: u64,
    /// Connections served at once; more wait in the listen queue.
    pub max_connections: usize,
    /// Whether `GET /graphql` answers queries. Mutations are never accepted by GET.
    pub graphql_get: Switch,
    /// Which edition of GraphQL over HTTP decides the status codes: `draft-2026`, or `audit-1.23` for what the audit of
    /// graphql-http 1.23 wants.
    pub http_mode: HttpMode,
    /// Development aids; refused unless the listener is on a loopback address.
    pub dev: Switch,
}

/// A setting that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "bool", into = "bool")]
pub enum Switch {
    /// `true`.
    On,
    /// `false`.
    Off,
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}

impl From<Switch> for bool {
    fn from(switch: Switch) -> Self {
        switch == Switch::On
    }
}

/// Which edition of the GraphQL-over-HTTP text decides the status codes; the editions contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpMode {
    /// The draft of 2026: 400 for what cannot be parsed, 422 for what is not valid, 294 for partial data.
    #[serde(rename = "draft-2026")]
    Draft2026,
    /// What the audit of graphql-http 1.23 wants: 400, and 200 for `application/json`.
    #[serde(rename = "audit-1.23")]
    Audit123,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: "http://127.0.0.1:8080".to_owned(),
            trusted_proxies: Vec::new(),
            metrics_listen: None,
            metrics_token: None,
            header_timeout_seconds: 10,
            request_timeout_seconds: 30,
            write_timeout_seconds: 30,
            shutdown_grace_seconds: 30,
            max_connections: 1024,
            graphql_get: Switch::Off,
            http_mode: HttpMode::Draft2026,
            dev: Switch::Off,
        }
    }
}

impl Server {
    /// The scheme and authority of the public address, as a browser writes it in `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.public_url.trim_end_matches('/').to_ascii_lowercase()
    }

    /// Where somebody on this machine reaches the program.
    #[must_use]
    pub fn own_address(&self) -> String {
        let mut address = self.listen;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// Whether people reach the program over TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// See [`Server::header_timeout_seconds`].
    #[must_use]
    pub fn header_timeout(&self) -> Duration {
        Duration::from_secs(self.header_timeout_seconds)
    }

    /// See [`Server::request_timeout_seconds`].
    #[must_use]
    pub fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_seconds)
    }

    /// See [`Server::write_timeout_seconds`].
    #[must_use]
    pub fn write_timeout(&self) -> Duration {
        Duration::from_secs(self.write_timeout_seconds)
    }

    /// See [`Server::shutdown_grace_seconds`].
    #[must_use]
    pub fn shutdown_grace(&self) -> Duration {
        Duration::from_secs(self.shutdown_grace_seconds)
    }

    pub(super) fn check(&self, problems: &mut Vec<Problem>) {
        if let Some(expected) = public_url_problem(&self.public_url) {
            problems.push(Problem::new("server.public_url", expected));
        }
        if self.metrics_listen == Some(self.listen) && self.listen.port() != 0 {
            problems.push(Problem::new(
                "server.metrics_listen",
                "expected another address than `server.listen`",
            ));
        }
        if self
            .metrics_token
            .as_ref()
            .is_some_and(|token| token.expose().len() < 16)
        {
            problems.push(Problem::new("server.metrics_token", "expected at least 16 characters"));
        }
        if self.dev == Switch::On && !self.listen.ip().is_loopback() {
            problems.push(Problem::new(
                "server.dev",
                "expected `false` unless `server.listen` is a loopback address: development aids are not for others",
            ));
        }
        check_range(
            problems,
            "server.header_timeout_seconds",
            self.header_timeout_seconds,
            1..=120,
        );
        check_range(
            problems,
            "server.request_timeout_seconds",
            self.request_timeout_seconds,
            1..=600,
        );
        check_range(
            problems,
            "server.write_timeout_seconds",
            self.write_timeout_seconds,
            1..=600,
        );
        check_range(
            problems,
            "server.shutdown_grace_seconds",
            self.shutdown_grace_seconds,
            0..=600,
        );
        check_range(problems, "server.max_connections", self.max_connections, 1..=100_000);
    }
}

fn public_url_problem(text: &str) -> Option<String> {
    let expected = "expected an address such as https://events.example.org, without a path";
    let Ok(uri) = text.parse::<Uri>() else {
        return Some(expected.to_owned());
    };
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Some(expected.to_owned());
    };
    if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Some(expected.to_owned());
    }
    match scheme {
        "https" => None,
        "http" if is_loopback_host(authority.host()) => None,
        "http" => Some("expected https: http is accepted for loopback addresses only".to_owned()),
        _ => Some(expected.to_owned()),
    }
}

/// Whether a host name or address can only mean this machine.
pub(super) fn is_loopback_host(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
