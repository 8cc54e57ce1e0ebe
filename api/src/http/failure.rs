//! A request that is refused as a whole, and how it is answered.

use async_graphql::Pos;
use poem::Response;
use poem::http::HeaderValue;
use poem::http::header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};

use super::code::{Code, Media};
use super::endpoint::{INTERNAL_MESSAGE, PublicError, write_errors};
use super::guard::Refusal;
use super::meta::RequestMeta;
use crate::config::HttpMode;

/// A request that is refused as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    code: Code,
    errors: Vec<PublicError>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Failure {
    /// With the code's own text and headers.
    pub(super) fn new(code: Code) -> Self {
        let message = match code {
            Code::BadRequest => "The body cannot be read as JSON.",
            Code::Unauthenticated => "The credential is not valid.",
            Code::Forbidden => "This request came from another site.",
            Code::MethodNotAllowed => "This method is not offered here.",
            Code::NotAcceptable => "Offered are application/graphql-response+json and application/json.",
            Code::UnsupportedMediaType => "Only application/json in UTF-8 is read here.",
            Code::PayloadTooLarge => "The body is too large.",
            Code::RequestTimeout => "The body did not arrive in time.",
            Code::Throttled => "Too many requests. Retry-After says when to come back.",
            Code::ExecutionTimeout => "The operation took too long and was stopped.",
            Code::ResponseTooLarge => "The answer would be too large. Ask for fewer things at a time.",
            Code::MalformedRequest
            | Code::ParseFailed
            | Code::ValidationFailed
            | Code::BadUserInput
            | Code::OperationUnresolved => "The request is not valid.",
            Code::Unavailable | Code::Internal => INTERNAL_MESSAGE,
        };
        let mut failure = Self::with_message(code, message, None);
        match code {
            Code::Unauthenticated => failure.set(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            // What is left of the body is not read.
            Code::PayloadTooLarge | Code::RequestTimeout => failure.set(CONNECTION, HeaderValue::from_static("close")),
            _ => {}
        }
        failure
    }

    /// With a text of its own.
    pub(super) fn with_message(code: Code, message: impl Into<String>, location: Option<Pos>) -> Self {
        let locations = location.into_iter().collect();
        let error = PublicError {
            message: message.into(),
            locations,
            path: Vec::new(),
            code: code.as_str().to_owned(),
        };
        Self::with_errors(code, vec![error])
    }

    /// With errors that the executor found.
    pub(super) fn with_errors(code: Code, errors: Vec<PublicError>) -> Self {
        Self {
            code,
            errors,
            headers: Vec::new(),
        }
    }

    /// For a method that is not offered, with those that are.
    pub(super) fn method(allowed: &'static str) -> Self {
        let mut failure = Self::new(Code::MethodNotAllowed);
        failure.set(ALLOW, HeaderValue::from_static(allowed));
        failure
    }

    /// For too many requests.
    pub(super) fn throttled(retry_after_seconds: u64) -> Self {
        let mut failure = Self::new(Code::Throttled);
        failure.set(RETRY_AFTER, HeaderValue::from(retry_after_seconds));
        failure
    }

    fn set(&mut self, name: HeaderName, value: HeaderValue) {
        self.headers.push((name, value));
    }

    /// The answer where no GraphQL is spoken: a line of text.
    pub(super) fn into_text(self, mode: HttpMode) -> Response {
        let message = self
            .errors
            .first()
            .map(|error| error.message.as_str())
            .unwrap_or_default();
        let status = self.code.status(mode, Media::GraphqlResponse);
        let mut response = Response::builder().status(status).body(format!("{message}\n"));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.extend(self.headers);
        response.set_data(self.code);
        response
    }

    /// The answer. Every refused credential gets the same bytes, so that body names no request.
    pub(super) fn into_response(self, mode: HttpMode, media: Media, meta: &RequestMeta) -> Response {
        let status = self.code.status(mode, media);
        // The draft: what is no success calls itself a GraphQL answer, since any proxy could have written plain JSON.
        let media = if mode == HttpMode::Draft2026 && !status.is_success() {
            Media::GraphqlResponse
        } else {
            media
        };
        let id = meta.request_id.to_string();
        let id = (self.code != Code::Unauthenticated).then_some(id.as_str());
        let mut response = Response::builder().status(status).body(write_errors(&self.errors, id));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.headers);
        response.set_data(self.code);
        response
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::with_message(refusal.code, refusal.message, refusal.location)
    }
}
