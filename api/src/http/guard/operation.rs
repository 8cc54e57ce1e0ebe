//! Which operation of a document is meant.

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};

use super::super::code::Code;
use super::Refusal;

/// Finds the operation by its name, or the only one.
pub(super) fn select<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<(Option<&'a str>, &'a OperationDefinition), Refusal> {
    let unresolved = |message: &str| Refusal::new(Code::OperationUnresolved, message);
    let (name, operation) = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => (None, operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .get_key_value(name)
            .map(|(name, operation)| (Some(name.as_str()), operation))
            .ok_or_else(|| unresolved("The document has no operation of that name."))?,
        (DocumentOperations::Single(_), Some(_)) => {
            return Err(unresolved("The document has no operation of that name."));
        }
        (DocumentOperations::Multiple(operations), None) => {
            let mut all = operations.iter();
            match (all.next(), all.next()) {
                (Some((name, operation)), None) => (Some(name.as_str()), operation),
                _ => {
                    return Err(unresolved(
                        "The document has several operations: operationName must say which.",
                    ));
                }
            }
        }
    };
    if operation.node.ty == OperationType::Subscription {
        return Err(Refusal::new(Code::ValidationFailed, "Subscriptions are not offered.").at(operation.pos));
    }
    Ok((name, &operation.node))
}
