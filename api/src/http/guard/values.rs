//! The width and depth of values, in the document and in the variables, and which variables must be there.

use async_graphql::parser::types::OperationDefinition;
use async_graphql::{Value as Constant, Variables};
use async_graphql_value::Value as Literal;

use super::super::code::Code;
use super::Refusal;
use crate::config::Limits;

/// The widest list or object in a value, and how deep it nests. A scalar has neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Items {
    /// Items of the widest list, or fields of the widest object.
    pub widest: usize,
    /// Lists and objects within each other.
    pub depth: usize,
}

impl Items {
    fn around(length: usize, inner: impl Iterator<Item = Items>) -> Self {
        let mut found = Items {
            widest: length,
            depth: 0,
        };
        for item in inner {
            found.widest = found.widest.max(item.widest);
            found.depth = found.depth.max(item.depth);
        }
        found.depth += 1;
        found
    }
}

/// Of a value in the document.
pub(super) fn of_literal(value: &Literal) -> Items {
    match value {
        Literal::List(list) => Items::around(list.len(), list.iter().map(of_literal)),
        Literal::Object(object) => Items::around(object.len(), object.values().map(of_literal)),
        _ => Items::default(),
    }
}

/// Of a value without variables. The depth is bounded by the reader of JSON, or by the document's brackets.
pub(super) fn of_constant(value: &Constant) -> Items {
    match value {
        Constant::List(list) => Items::around(list.len(), list.iter().map(of_constant)),
        Constant::Object(object) => Items::around(object.len(), object.values().map(of_constant)),
        _ => Items::default(),
    }
}

/// Refuses variables that are too large, and the absence of those that must be there.
pub(super) fn check_variables(
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &Limits,
) -> Result<(), Refusal> {
    for value in variables.values() {
        let items = of_constant(value);
        if items.depth > limits.variable_depth {
            return Err(Refusal::over("levels in one value", limits.variable_depth));
        }
        if items.widest > limits.list_items {
            return Err(Refusal::over("items in one list", limits.list_items));
        }
    }
    for definition in &operation.variable_definitions {
        let name = &definition.node.name.node;
        if definition.node.var_type.node.nullable {
            continue;
        }
        let missing = match variables.get(name) {
            Some(Constant::Null) => true,
            Some(_) => false,
            None => definition.node.default_value.is_none(),
        };
        if missing {
            let message = format!("The variable ${name} is required.");
            return Err(Refusal::new(Code::BadUserInput, message).at(definition.pos));
        }
    }
    Ok(())
}
