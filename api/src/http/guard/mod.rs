//! What a document may cost, decided before the executor sees it.
//!
//! The executor's own limits walk fragments again at each place where they are spread, so that a document of a kilobyte
//! can keep it busy for seconds with every limit on. The guard therefore goes first, in an order in which each step is
//! bounded by the one before: bytes, tokens, parsing, a walk that visits each selection of the document exactly once,
//! and the variables. It knows no schema: it counts shapes, never rows, so a refusal tells nothing about the data.

mod cost;
mod operation;
mod tokens;
mod values;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

use async_graphql::Pos;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::parser::{Error as ParseError, parse_query};

use super::code::Code;
use crate::config::Limits;

pub use cost::Cost;

/// What applies to one request.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The configured limits.
    pub limits: &'a Limits,
    /// How many times the configured number of tokens this caller may send.
    pub token_factor: usize,
    /// Whether the document may ask for the schema.
    pub introspection: Introspection,
    /// Mutations of which a document may hold only one, counted with fragments expanded: guessing codes costs a request
    /// per guess.
    pub single_mutations: &'a [&'static str],
}

/// Whether a document may ask for the schema (`__schema`, `__type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Introspection {
    /// It may.
    Allowed,
    /// It is refused.
    Refused,
}

/// A document that may run.
#[derive(Clone, Debug)]
pub struct Inspected<T> {
    /// What the operation does.
    pub kind: OperationType,
    /// The operation's name in the document, when it has one.
    pub name: Option<String>,
    /// What was counted.
    pub cost: Cost,
    /// What the caller of [`inspect`] made of it.
    pub made: T,
}

/// A document that may not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of refusal.
    pub code: Code,
    /// What is wrong, for the caller. Never more of the document than a name.
    pub message: String,
    /// Where in the document.
    pub location: Option<Pos>,
}

impl Refusal {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            location: None,
        }
    }

    fn over(what: &str, limit: impl std::fmt::Display) -> Self {
        Self::new(
            Code::ValidationFailed,
            format!("The document has too many {what}; the limit is {limit}."),
        )
    }

    fn at(mut self, location: Pos) -> Self {
        self.location = Some(location);
        self
    }
}

/// Decides whether a request may run. Afterwards the request carries its parsed document, so nothing is parsed twice;
/// `make` sees the document before it goes there.
///
/// # Errors
/// The first limit that the request exceeds, or what is wrong with its document, operation name or variables.
pub fn inspect<T>(
    request: &mut async_graphql::Request,
    rules: &Rules<'_>,
    make: impl FnOnce(&ExecutableDocument, &OperationDefinition) -> T,
) -> Result<Inspected<T>, Refusal> {
    let limits = rules.limits;
    if request.query.len() > limits.document_bytes {
        return Err(Refusal::over("bytes", limits.document_bytes));
    }
    tokens::check(&request.query, limits.tokens.saturating_mul(rules.token_factor))?;
    let document = parse_query(&request.query).map_err(|error| unparsable(&error))?;
    let cost = cost::measure(&document, limits, rules.single_mutations)?;
    cost.check(limits, rules.introspection)?;
    let (name, operation) = operation::select(&document, request.operation_name.as_deref())?;
    values::check_variables(operation, &request.variables, limits)?;
    let made = make(&document, operation);
    let inspected = Inspected {
        kind: operation.ty,
        name: name.map(str::to_owned),
        cost,
        made,
    };
    request.set_parsed_query(document);
    Ok(inspected)
}

/// The parser's own text repeats the line that it stumbled over; what is said here does not.
fn unparsable(error: &ParseError) -> Refusal {
    let message = match error {
        ParseError::MissingOperation => "The document has no operation.",
        ParseError::MultipleOperations { .. } => "An operation without a name must be the only one.",
        ParseError::OperationDuplicated { .. } => "Two operations have the same name.",
        ParseError::FragmentDuplicated { .. } => "Two fragments have the same name.",
        ParseError::RecursionLimitExceeded => "The document nests too deeply.",
        _ => "The document cannot be parsed.",
    };
    let location = error.positions().next();
    Refusal {
        code: Code::ParseFailed,
        message: message.to_owned(),
        location,
    }
}
