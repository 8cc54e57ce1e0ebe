//! The public schema, read as a client would read it, so that tests can go through every operation and every id in it.

use std::collections::{BTreeMap, BTreeSet};

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};

/// A field, an argument or an input's field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// The type that it has at the end of all lists.
    pub of: String,
    /// Whether it must be given: not nullable and without a default.
    pub required: bool,
    /// Whether it is a list.
    pub list: bool,
    /// Its arguments.
    pub arguments: Vec<Self>,
}

/// The schema.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    objects: BTreeMap<String, Vec<Field>>,
    inputs: BTreeMap<String, Vec<Field>>,
    interfaces: BTreeMap<String, Vec<Field>>,
    nodes: BTreeSet<String>,
    enums: BTreeSet<String>,
}

impl Schema {
    /// The one that the program prints.
    #[must_use]
    pub fn of_the_program() -> Self {
        let document = parse_schema(consentry::graphql::sdl()).expect("the program prints a schema");
        let mut schema = Self::default();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else {
                continue;
            };
            let name = definition.node.name.node.to_string();
            let fields = |fields: &[async_graphql::Positioned<async_graphql::parser::types::FieldDefinition>]| {
                fields.iter().map(|field| field_of(&field.node)).collect::<Vec<_>>()
            };
            match &definition.node.kind {
                TypeKind::Object(object) => {
                    if object.implements.iter().any(|its| its.node == "Node") {
                        schema.nodes.insert(name.clone());
                    }
                    schema.objects.insert(name, fields(&object.fields));
                }
                TypeKind::Interface(interface) => {
                    schema.interfaces.insert(name, fields(&interface.fields));
                }
                TypeKind::InputObject(input) => {
                    let all = input.fields.iter().map(|field| value_of(&field.node)).collect();
                    schema.inputs.insert(name, all);
                }
                TypeKind::Enum(_) => {
                    schema.enums.insert(name);
                }
                TypeKind::Scalar | TypeKind::Union(_) => {}
            }
        }
        schema
    }

    /// The fields of an object or interface; none where it is neither.
    #[must_use]
    pub fn fields(&self, name: &str) -> &[Field] {
        let found = self.objects.get(name).or_else(|| self.interfaces.get(name));
        found.map_or(&[], Vec::as_slice)
    }

    /// The names of every object.
    pub fn objects(&self) -> impl Iterator<Item = &str> {
        self.objects.keys().map(String::as_str)
    }

    /// Whether `node` can answer with this type.
    #[must_use]
    pub fn is_node(&self, name: &str) -> bool {
        self.nodes.contains(name)
    }

    /// Whether it has values of its own.
    #[must_use]
    pub fn is_enum(&self, name: &str) -> bool {
        self.enums.contains(name)
    }

    /// The field at the end of a path that begins at the queries or the mutations: `organization.event.roster`.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Field> {
        let mut parts = path.split('.');
        let first = parts.next()?;
        let find = |of: &str, name: &str| self.fields(of).iter().find(|field| field.name == name);
        let mut field = find("Query", first).or_else(|| find("Mutation", first))?;
        for part in parts {
            field = find(&field.of, part)?;
        }
        Some(field)
    }

    /// What can be selected of a type without arguments, so many objects deep; empty where it has no fields.
    #[must_use]
    pub fn selection(&self, name: &str, depth: usize) -> String {
        let mut parts = Vec::new();
        for field in self.fields(name) {
            if field.arguments.iter().any(|argument| argument.required) {
                continue;
            }
            if self.fields(&field.of).is_empty() {
                parts.push(field.name.clone());
            } else if depth > 0 {
                parts.push(format!("{}{}", field.name, self.selection(&field.of, depth - 1)));
            }
        }
        match (self.fields(name).is_empty(), parts.is_empty()) {
            (true, _) => String::new(),
            (false, true) => " { __typename }".to_owned(),
            (false, false) => format!(" {{ {} }}", parts.join(" ")),
        }
    }

    /// Every place in an operation's arguments where an id is expected, as `input.terms.quotaIds.*`.
    #[must_use]
    pub fn ids(&self, path: &str) -> Vec<String> {
        let leaves = self.leaves(path).into_iter();
        leaves.filter_map(|(path, of)| (of == "ID").then_some(path)).collect()
    }

    /// Every place in an operation's arguments where something is written that has no fields of its own, with its type.
    #[must_use]
    pub fn leaves(&self, path: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        let mut fields: Vec<&Field> = Vec::new();
        // The arguments of every field on the way.
        let parts: Vec<&str> = path.split('.').collect();
        for end in 1..=parts.len() {
            fields.extend(self.at(&parts[..end].join(".")));
        }
        for field in fields {
            for argument in &field.arguments {
                self.leaves_of(argument, String::new(), 0, &mut found);
            }
        }
        found
    }

    fn leaves_of(&self, field: &Field, before: String, depth: usize, found: &mut Vec<(String, String)>) {
        let path = format!("{before}{}{}", field.name, if field.list { ".*" } else { "" });
        match self.inputs.get(&field.of) {
            None => found.push((path, field.of.clone())),
            Some(inner) if depth < 6 => {
                for inner in inner {
                    self.leaves_of(inner, format!("{path}."), depth + 1, found);
                }
            }
            Some(_) => {}
        }
    }
}

fn field_of(field: &async_graphql::parser::types::FieldDefinition) -> Field {
    let (of, list) = named(&field.ty.node);
    Field {
        name: field.name.node.to_string(),
        of,
        required: false,
        list,
        arguments: field
            .arguments
            .iter()
            .map(|argument| value_of(&argument.node))
            .collect(),
    }
}

fn value_of(value: &async_graphql::parser::types::InputValueDefinition) -> Field {
    let (of, list) = named(&value.ty.node);
    Field {
        name: value.name.node.to_string(),
        of,
        required: !value.ty.node.nullable && value.default_value.is_none(),
        list,
        arguments: Vec::new(),
    }
}

fn named(of: &Type) -> (String, bool) {
    match &of.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (named(inner).0, true),
    }
}
