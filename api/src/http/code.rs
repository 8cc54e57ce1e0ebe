//! The codes that a caller finds in `errors[].extensions.code`. They are stable; messages are not.

use poem::http::StatusCode;

use crate::config::HttpMode;

/// Why a request as a whole was refused, or a field failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// The body is no JSON.
    BadRequest,
    /// The body is JSON, and no GraphQL request.
    MalformedRequest,
    /// The document cannot be parsed.
    ParseFailed,
    /// The document is not valid, or costs too much.
    ValidationFailed,
    /// A variable or an argument cannot be used as what it should be.
    BadUserInput,
    /// It is not clear which operation is meant.
    OperationUnresolved,
    /// The credential is of no use, whatever the reason.
    Unauthenticated,
    /// The request could have been sent by another site's page.
    Forbidden,
    /// The method is not offered here.
    MethodNotAllowed,
    /// None of the media types that the caller accepts can be produced.
    NotAcceptable,
    /// The body is of a type that is not read here.
    UnsupportedMediaType,
    /// The body is too large.
    PayloadTooLarge,
    /// The body did not arrive in time.
    RequestTimeout,
    /// Too many requests.
    Throttled,
    /// The operation took too long.
    ExecutionTimeout,
    /// The answer would be too large.
    ResponseTooLarge,
    /// Something that the answer needs cannot be reached at the moment.
    Unavailable,
    /// Something went wrong that is not the caller's business.
    Internal,
}

/// How the caller wants a GraphQL answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/graphql-response+json`.
    GraphqlResponse,
}

impl Media {
    /// The header's value.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

impl Code {
    /// The code as a caller reads it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest | Self::MalformedRequest => "BAD_REQUEST",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::OperationUnresolved => "OPERATION_RESOLUTION_FAILURE",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::Throttled => "THROTTLED",
            Self::ExecutionTimeout => "EXECUTION_TIMEOUT",
            Self::ResponseTooLarge => "RESPONSE_TOO_LARGE",
            Self::Unavailable | Self::Internal => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The status of an answer that holds nothing but this refusal.
    ///
    /// `draft-2026`: 400 for what cannot be parsed, 422 for what can be and is not right. `audit-1.23`: 400 for both,
    /// and 200 when the caller reads `application/json` and at least the body was a GraphQL request.
    #[must_use]
    pub fn status(self, mode: HttpMode, media: Media) -> StatusCode {
        let audit = mode == HttpMode::Audit123;
        match self {
            Self::ParseFailed | Self::ValidationFailed | Self::BadUserInput | Self::OperationUnresolved
                if audit && media == Media::Json =>
            {
                StatusCode::OK
            }
            Self::BadRequest | Self::ParseFailed => StatusCode::BAD_REQUEST,
            Self::MalformedRequest | Self::ValidationFailed | Self::BadUserInput | Self::OperationUnresolved
                if audit =>
            {
                StatusCode::BAD_REQUEST
            }
            Self::MalformedRequest
            | Self::ValidationFailed
            | Self::BadUserInput
            | Self::OperationUnresolved
            | Self::ResponseTooLarge => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Throttled => StatusCode::TOO_MANY_REQUESTS,
            Self::ExecutionTimeout | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}
