//! `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: numbers, for whoever holds the token.

use poem::http::header::{AUTHORIZATION, CONTENT_TYPE};
use poem::http::{HeaderValue, Method, StatusCode};
use poem::{Endpoint, Request, Response};

use super::code::Code;
use super::failure::Failure;
use super::metrics::{self, Metrics};
use crate::config::{HttpMode, Secret};

/// Whether the program can do its work: the database answers, migrations are applied, and so on.
pub trait Readiness: Send + Sync + 'static {
    /// Looks.
    ///
    /// # Errors
    /// What is missing, in words that anybody may read.
    fn ready(&self) -> impl Future<Output = Result<(), NotReady>> + Send;
}

/// What is missing, in words that anybody may read (`database`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not ready: {0}")]
pub struct NotReady(pub &'static str);

/// `/healthz`.
pub(super) struct Health;

impl Endpoint for Health {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        Ok(only_get(&request).unwrap_or_else(|| text(StatusCode::OK, "ok")))
    }
}

/// `/readyz`.
pub(super) struct Ready<R>(pub(super) R);

impl<R: Readiness> Endpoint for Ready<R> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if let Some(refused) = only_get(&request) {
            return Ok(refused);
        }
        Ok(match self.0.ready().await {
            Ok(()) => text(StatusCode::OK, "ready"),
            Err(missing) => text(StatusCode::SERVICE_UNAVAILABLE, &missing.to_string()),
        })
    }
}

/// `/metrics`, on the main listener with a token, on its own without.
pub(super) struct Numbers {
    pub(super) metrics: Metrics,
    pub(super) token: Option<Secret>,
}

impl Endpoint for Numbers {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if let Some(refused) = only_get(&request) {
            return Ok(refused);
        }
        if let Some(token) = &self.token {
            let given = request
                .headers()
                .get(AUTHORIZATION)
                .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
            // `Secret` compares in constant time.
            if given.is_none_or(|given| Secret::new(given) != *token) {
                return Ok(Failure::new(Code::Unauthenticated).into_text(HttpMode::Draft2026));
            }
        }
        let mut response = text(StatusCode::OK, "");
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(metrics::CONTENT_TYPE));
        response.set_body(self.metrics.encode());
        Ok(response)
    }
}

fn only_get(request: &Request) -> Option<Response> {
    let allowed = matches!(*request.method(), Method::GET | Method::HEAD);
    (!allowed).then(|| Failure::method("GET, HEAD").into_text(HttpMode::Draft2026))
}

fn text(status: StatusCode, line: &str) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/plain; charset=utf-8")
        .body(format!("{line}\n"))
}
