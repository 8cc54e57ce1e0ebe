//! What of an executor's errors a caller may read.
//!
//! A resolver's error without a code is nobody's business: the caller gets a request id, the log a line. Its text stays
//! here, because nobody promised that it holds no data. Messages are cut, so that no answer echoes a document.

use async_graphql::{Response, ServerError, Value};
use uuid::Uuid;

use super::super::code::Code;
use super::response_writer::PublicError;
use crate::graphql;

/// Bytes of a message.
const MAX_MESSAGE: usize = 512;
/// Errors of a document that was not run.
const MAX_REQUEST_ERRORS: usize = 8;
/// Errors of fields.
const MAX_FIELD_ERRORS: usize = 100;
/// The text that stands for anything internal.
pub(in crate::http) const INTERNAL_MESSAGE: &str =
    "Something went wrong. The request id helps the operator to find out what.";

/// What came of an execution.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The operation ran; fields may have failed.
    Executed(Value, Vec<PublicError>),
    /// Nothing ran. The code decides the status.
    Refused(Code, Vec<PublicError>),
}

/// Sorts an executor's answer, and logs what the caller is not told.
pub(super) fn sort(response: Response, request_id: Uuid) -> Outcome {
    let nothing_ran = response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    if nothing_ran {
        let errors = response.errors.into_iter().take(MAX_REQUEST_ERRORS);
        let errors: Vec<_> = errors.map(|error| of_request(error, request_id)).collect();
        let code = [Code::Internal, Code::ValidationFailed, Code::BadUserInput]
            .into_iter()
            .find(|code| errors.iter().any(|error| error.code == code.as_str()))
            .unwrap_or(Code::ValidationFailed);
        Outcome::Refused(code, errors)
    } else {
        let errors = response.errors.into_iter().take(MAX_FIELD_ERRORS);
        let errors = errors.map(|error| of_field(error, request_id)).collect();
        Outcome::Executed(response.data, errors)
    }
}

fn of_request(error: ServerError, request_id: Uuid) -> PublicError {
    if error.source.is_some() && code_of(&error).is_none() {
        return unknown(error, request_id);
    }
    let code = match code_of(&error) {
        Some(code) => code,
        None if graphql::is_no_value(&error) => Code::BadUserInput.as_str().to_owned(),
        None => Code::ValidationFailed.as_str().to_owned(),
    };
    public(error, code)
}

fn of_field(error: ServerError, request_id: Uuid) -> PublicError {
    match code_of(&error) {
        Some(code) if code == Code::Internal.as_str() => internal(error),
        Some(code) => public(error, code),
        // What reading an argument refuses has neither a code nor a source, and begins in one of two ways.
        None if error.source.is_none()
            && (error.message.starts_with("Failed to parse \"")
                || error.message.starts_with("Expected input type \"")) =>
        {
            public(error, Code::BadUserInput.as_str().to_owned())
        }
        None => unknown(error, request_id),
    }
}

fn code_of(error: &ServerError) -> Option<String> {
    match error.extensions.as_ref()?.get("code")? {
        Value::String(code) => Some(code.clone()),
        Value::Enum(code) => Some(code.to_string()),
        _ => None,
    }
}

fn public(error: ServerError, code: String) -> PublicError {
    // Suggestions tell names that the caller did not know.
    let message = error.message.split(" Did you mean ").next().unwrap_or_default();
    PublicError {
        message: cut(message),
        locations: error.locations,
        path: error.path,
        code,
    }
}

fn unknown(error: ServerError, request_id: Uuid) -> PublicError {
    // A fault that the schema knows of was logged there, with its chain, and has a code.
    tracing::error!(target: "consentry::request", %request_id, "a resolver failed with an error that has no code");
    internal(error)
}

fn internal(error: ServerError) -> PublicError {
    PublicError {
        message: INTERNAL_MESSAGE.to_owned(),
        locations: error.locations,
        path: error.path,
        code: Code::Internal.as_str().to_owned(),
    }
}

fn cut(message: &str) -> String {
    if message.len() <= MAX_MESSAGE {
        return message.to_owned();
    }
    let mut end = MAX_MESSAGE - '…'.len_utf8();
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &message[..end])
}

#[cfg(test)]
mod tests {
    use super::{MAX_MESSAGE, cut};

    #[test]
    fn a_long_message_is_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        for text in ["x".repeat(5000), "ä".repeat(3000), "a🎟".repeat(2000)] {
            let cut = cut(&text);
            assert!(cut.len() <= MAX_MESSAGE && cut.len() > MAX_MESSAGE - 8 && cut.ends_with('…'));
        }
        assert_eq!(cut(&"x".repeat(MAX_MESSAGE)).len(), MAX_MESSAGE);
    }
}
