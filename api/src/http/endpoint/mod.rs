//! GraphQL over HTTP: `POST /graphql`, and `GET` for queries where the configuration says so.
//!
//! The steps stand in [`GraphqlEndpoint::answer`] in the order in which they cost more: head, credential, body, document,
//! execution. Whatever goes wrong, the answer is a GraphQL error with a stable code, and nothing of the inside.

mod accept;
mod body;
mod envelope;
mod errors;
mod origin;
mod response_writer;

use std::any::TypeId;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use futures_util::FutureExt;
use poem::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode};
use poem::{Endpoint, Request, Response};

use self::envelope::{Malformed, Parameters};
use self::errors::Outcome;
use self::response_writer::Binary;
use super::code::{Code, Media};
use super::executor::Executor;
use super::failure::Failure;
use super::guard::{self, Rules};
use super::identity::{AuthenticationError, Authenticator, Identity};
use super::meta::RequestMeta;
use super::rates::Rates;
use super::shape::{Plan, Types, complete};
use crate::config::{HttpMode, Limits, Server, Switch};

pub(super) use errors::INTERNAL_MESSAGE;
pub use response_writer::RawJsonAllowed;
pub(super) use response_writer::{PublicError, write_errors};

/// What the log line says of an operation; it travels with the answer.
#[derive(Clone, Debug)]
pub(super) struct OperationLabel {
    /// The operation's name in the document: the caller's choice, so it is short, and GraphQL allows only letters,
    /// digits and underscores in it.
    pub(super) name: Option<String>,
    /// Fields that failed.
    pub(super) errors: usize,
}

/// `/graphql`.
pub(super) struct GraphqlEndpoint<E, A> {
    types: Types,
    executor: E,
    authenticator: A,
    limits: Limits,
    single_mutations: Vec<&'static str>,
    rates: Arc<Rates>,
    mode: HttpMode,
    get: Switch,
    origin: String,
    body_patience: Duration,
}

impl<E: Executor, A: Authenticator> GraphqlEndpoint<E, A> {
    /// Put together once, at start.
    pub(super) fn new(
        executor: E,
        authenticator: A,
        server: &Server,
        limits: &Limits,
        single_mutations: Vec<&'static str>,
        rates: Arc<Rates>,
    ) -> Self {
        Self {
            types: Types::from_sdl(&executor.sdl()),
            executor,
            authenticator,
            limits: limits.clone(),
            single_mutations,
            rates,
            mode: server.http_mode,
            get: server.graphql_get,
            origin: server.origin(),
            body_patience: server.header_timeout(),
        }
    }

    async fn answer(&self, mut request: Request, media: Option<Media>, meta: RequestMeta) -> Result<Response, Failure> {
        let method = request.method().clone();
        match (&method, self.get) {
            (&Method::POST, _) | (&Method::GET, Switch::On) => {}
            (_, Switch::On) => return Err(Failure::method("GET, POST")),
            (_, Switch::Off) => return Err(Failure::method("POST")),
        }
        let media = media.ok_or(Code::NotAcceptable)?;
        if origin::is_foreign(request.headers(), &self.origin) {
            return Err(Code::Forbidden.into());
        }
        if method == Method::POST && !origin::is_json(request.headers()) {
            return Err(Code::UnsupportedMediaType.into());
        }
        let identity = self.identify(request.headers(), &meta).await?;
        if let Some(key) = &identity.rate_key {
            self.rates.credential(key).map_err(Failure::throttled)?;
        }
        let operation = if method == Method::POST {
            let body = request.take_body();
            let bytes = body::read(request.headers(), body, self.limits.body_bytes, self.body_patience).await?;
            envelope::from_json(&bytes)
        } else {
            let parameters = request.params::<Parameters>();
            parameters
                .map_err(|_| Malformed::NotARequest("The query string cannot be read."))
                .and_then(envelope::from_parameters)
        };
        let operation = operation.map_err(|malformed| match malformed {
            Malformed::NotJson => Failure::new(Code::BadRequest),
            Malformed::NotARequest(text) => Failure::with_message(Code::MalformedRequest, text, None),
        })?;
        self.run(operation, identity, &method, media, meta).await
    }

    /// No header at all is nobody; anything else must be a credential that is of use.
    async fn identify(&self, headers: &HeaderMap, meta: &RequestMeta) -> Result<Identity, Failure> {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let bearer = match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => Some(bearer(value).ok_or(Code::Unauthenticated)?),
            (Some(_), Some(_)) => return Err(Code::Unauthenticated.into()),
        };
        self.authenticator
            .authenticate(bearer, meta)
            .await
            .map_err(|error| match error {
                AuthenticationError::Refused => Code::Unauthenticated.into(),
                AuthenticationError::Unavailable => Code::Unavailable.into(),
            })
    }

    async fn run(
        &self,
        mut operation: async_graphql::Request,
        identity: Identity,
        method: &Method,
        media: Media,
        meta: RequestMeta,
    ) -> Result<Response, Failure> {
        let rules = Rules {
            limits: &self.limits,
            token_factor: identity.token_factor,
            introspection: identity.introspection,
            single_mutations: &self.single_mutations,
        };
        let make = |document: &_, operation: &_| Plan::new(document, operation, &self.types);
        let inspected = guard::inspect(&mut operation, &rules, make)?;
        if method == Method::GET && inspected.kind != OperationType::Query {
            return Err(Failure::method("POST"));
        }
        let operation = (identity.attach)(operation.data(meta));
        let raw = operation.data.contains_key(&TypeId::of::<RawJsonAllowed>());
        let response = self.execute(operation, &meta).await?;
        let http_headers = response.http_headers.clone();
        let (mut data, errors) = match errors::sort(response, meta.request_id) {
            Outcome::Executed(data, errors) => (data, errors),
            Outcome::Refused(code, errors) => return Err(Failure::with_errors(code, errors)),
        };
        let plan = &inspected.made;
        complete(&mut data, plan, errors.iter().map(|error| error.path.as_slice()));
        let id = meta.request_id.to_string();
        let binary = if raw { Binary::Verbatim } else { Binary::Numbers };
        let written = response_writer::write(
            Some((&data, plan)),
            &errors,
            Some(&id),
            binary,
            self.limits.response_bytes,
        );
        let body = written.map_err(|_| Code::ResponseTooLarge)?;
        fail::fail_point!("answer-written");
        let mut response = Response::builder()
            .status(self.status_of_data(media, !errors.is_empty()))
            .body(body);
        let headers = response.headers_mut();
        headers.extend(http_headers);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let name = inspected.name.map(|name| name.chars().take(64).collect());
        response.set_data(OperationLabel {
            name,
            errors: errors.len(),
        });
        Ok(response)
    }

    /// Runs the operation, for so long and no longer; a panic within it is an error like others.
    async fn execute(
        &self,
        operation: async_graphql::Request,
        meta: &RequestMeta,
    ) -> Result<async_graphql::Response, Failure> {
        let running = AssertUnwindSafe(self.executor.execute(operation)).catch_unwind();
        match tokio::time::timeout(self.limits.execution_timeout(), running).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) => {
                tracing::error!(target: "consentry::request", request_id = %meta.request_id, "a resolver panicked");
                Err(Code::Internal.into())
            }
            Err(_) => Err(Code::ExecutionTimeout.into()),
        }
    }

    /// 294 says "partly" to what stands between; only a caller that asked for GraphQL's own type expects it.
    fn status_of_data(&self, media: Media, partly: bool) -> StatusCode {
        match (self.mode, media) {
            (HttpMode::Draft2026, Media::GraphqlResponse) if partly => {
                StatusCode::from_u16(294).unwrap_or(StatusCode::OK)
            }
            _ => StatusCode::OK,
        }
    }
}

impl<E: Executor, A: Authenticator> Endpoint for GraphqlEndpoint<E, A> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let meta = RequestMeta::of(&request);
        let media = accept::negotiate(request.headers());
        let answer = self.answer(request, media, meta).await;
        Ok(answer.unwrap_or_else(|failure| failure.into_response(self.mode, media.unwrap_or(Media::Json), &meta)))
    }
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
