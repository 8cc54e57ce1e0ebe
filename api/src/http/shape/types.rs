//! Which field may be null: read once from the schema's own text.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, OperationType, Type, TypeKind, TypeSystemDefinition};
use async_graphql::{Name, Positioned};

/// The fields of each type that has fields.
#[derive(Debug, Default)]
pub(in crate::http) struct Types {
    fields: HashMap<Name, HashMap<Name, Arc<Type>>>,
    query: Option<Name>,
    mutation: Option<Name>,
}

impl Types {
    /// Reads a schema. What cannot be read knows no type, and then nothing is said to be never null.
    pub(in crate::http) fn from_sdl(sdl: &str) -> Self {
        let mut types = Self {
            query: Some(Name::new("Query")),
            mutation: Some(Name::new("Mutation")),
            ..Self::default()
        };
        let Ok(document) = parse_schema(sdl) else { return types };
        for definition in document.definitions {
            match definition {
                TypeSystemDefinition::Schema(schema) => {
                    types.query = schema.node.query.map(|name| name.node);
                    types.mutation = schema.node.mutation.map(|name| name.node);
                }
                TypeSystemDefinition::Type(definition) => {
                    let name = definition.node.name.node;
                    match definition.node.kind {
                        TypeKind::Object(object) => types.add(name, object.fields),
                        TypeKind::Interface(interface) => types.add(name, interface.fields),
                        _ => {}
                    }
                }
                TypeSystemDefinition::Directive(_) => {}
            }
        }
        types
    }

    fn add(&mut self, name: Name, fields: Vec<Positioned<FieldDefinition>>) {
        let known = self.fields.entry(name).or_default();
        known.extend(
            fields
                .into_iter()
                .map(|field| (field.node.name.node, Arc::new(field.node.ty.node))),
        );
    }

    /// The type at the root of an operation.
    pub(super) fn root(&self, kind: OperationType) -> Option<&Name> {
        match kind {
            OperationType::Query => self.query.as_ref(),
            OperationType::Mutation => self.mutation.as_ref(),
            OperationType::Subscription => None,
        }
    }

    /// The type of a field, when both are known.
    pub(super) fn field(&self, parent: Option<&Name>, field: &str) -> Option<&Arc<Type>> {
        self.fields.get(parent?)?.get(field)
    }
}

/// The name within lists.
pub(super) fn innermost(ty: &Type) -> &Name {
    match &ty.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => innermost(inner),
    }
}
