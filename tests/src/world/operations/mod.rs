//! Every operation of the API with a document that is valid where its caller may.

mod attendee;
mod events;
mod partners;
mod public;
mod queries;
mod staff;

use serde_json::{Value, json};

use super::Schema;
use super::stage::name_of;

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// A mutation's name, or a query's path: `organization.event.roster`.
    pub name: &'static str,
    /// What is sent.
    pub document: String,
    /// The variables, in which `{quota}` stands for a thing of the stage and `{new}` for something new.
    pub variables: Value,
    /// What the event must be like before; see [`super::Stage::db_prepare`].
    pub prepare: Option<&'static str>,
    /// Whether what it works on is gone afterwards.
    pub consumes: Consumes,
    /// The placeholder that says in what the operation works; a thing named elsewhere must belong to that.
    pub within: Option<&'static str>,
}

/// Whether an operation uses up what it works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consumes {
    /// Somebody else can do it again.
    Nothing,
    /// It works once.
    Thing,
}

impl Operation {
    /// Whether it is a mutation.
    #[must_use]
    pub fn is_mutation(&self) -> bool {
        self.document.starts_with("mutation")
    }

    /// Where its variables name things, as `input.terms.quotaIds.0`, with the name.
    #[must_use]
    pub fn named(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        walk(&self.variables, String::new(), &mut found);
        found
    }

    fn once(mut self) -> Self {
        self.consumes = Consumes::Thing;
        self
    }

    fn after(mut self, prepare: &'static str) -> Self {
        self.prepare = Some(prepare);
        self
    }

    fn within(mut self, thing: &'static str) -> Self {
        self.within = Some(thing);
        self
    }
}

fn walk(value: &Value, path: String, found: &mut Vec<(String, String)>) {
    let join = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::String(text) => found.extend(name_of(text).map(|name| (path.clone(), name.to_owned()))),
        Value::Array(all) => {
            for (index, one) in all.iter().enumerate() {
                walk(one, join(&index.to_string()), found);
            }
        }
        Value::Object(all) => {
            for (name, one) in all {
                walk(one, join(name), found);
            }
        }
        _ => {}
    }
}

/// Every operation.
#[must_use]
pub fn all(schema: &Schema) -> Vec<Operation> {
    let mut all = Vec::new();
    all.extend(public::operations(schema));
    all.extend(attendee::operations(schema));
    all.extend(partners::operations(schema));
    all.extend(events::operations(schema));
    all.extend(staff::operations(schema));
    all.extend(queries::operations(schema));
    all.push(attendee::at_last(schema));
    all
}

/// A mutation with this input, asked for everything that it can answer.
fn mutation(schema: &Schema, name: &'static str, input: Value) -> Operation {
    let field = schema.at(name).unwrap_or_else(|| panic!("the schema has no {name}"));
    let argument = &field.arguments[0].of;
    let selection = schema.selection(&field.of, 2);
    Operation {
        name,
        document: format!("mutation($input: {argument}!) {{ {name}(input: $input){selection} }}"),
        variables: json!({ "input": input }),
        prepare: None,
        consumes: Consumes::Nothing,
        within: None,
    }
}

/// A query; `@` stands for everything that its last field can answer.
fn query(schema: &Schema, name: &'static str, document: &str, variables: Value) -> Operation {
    let field = schema.at(name).unwrap_or_else(|| panic!("the schema has no {name}"));
    Operation {
        name,
        document: document.replace('@', &schema.selection(&field.of, 2)),
        variables,
        prepare: None,
        consumes: Consumes::Nothing,
        within: None,
    }
}
