//! What a document asks for, fragments flattened: response keys in order of first appearance, each with its type.

use std::sync::Arc;

use async_graphql::Name;
use async_graphql::indexmap::IndexMap;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet, Type};

use super::types::{Types, innermost};

/// One level of an answer.
#[derive(Clone, Debug, Default)]
pub(in crate::http) struct Plan {
    entries: IndexMap<Name, Entry>,
}

/// One response key.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// Unknown for the schema's own fields (`__schema`), which cannot fail.
    pub ty: Option<Arc<Type>>,
    pub inner: Plan,
}

impl Plan {
    /// Walks an operation that the guard has bounded: its fragments form no circle and expand to few selections.
    pub(in crate::http) fn new(document: &ExecutableDocument, operation: &OperationDefinition, types: &Types) -> Self {
        let mut plan = Self::default();
        plan.add(document, &operation.selection_set.node, types.root(operation.ty), types);
        plan
    }

    /// Whether nothing is asked of what stands here: a scalar.
    pub(in crate::http) fn is_leaf(&self) -> bool {
        self.entries.is_empty()
    }

    /// The keys in order, each with what is asked of it.
    pub(in crate::http) fn keys(&self) -> impl Iterator<Item = (&Name, &Plan)> {
        self.entries.iter().map(|(key, entry)| (key, &entry.inner))
    }

    /// Whether the key was asked for.
    pub(in crate::http) fn contains(&self, key: &Name) -> bool {
        self.entries.contains_key(key)
    }

    pub(super) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(key)
    }

    fn add(&mut self, document: &ExecutableDocument, set: &SelectionSet, parent: Option<&Name>, types: &Types) {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let ty = types.field(parent, &field.name.node);
                    let entry = self.entries.entry(field.response_key().node.clone()).or_default();
                    // Fields that share a key agree on what may be null; validation sees to it.
                    if entry.ty.is_none() {
                        entry.ty = ty.cloned();
                    }
                    entry
                        .inner
                        .add(document, &field.selection_set.node, ty.map(|ty| innermost(ty)), types);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        let on = &fragment.node.type_condition.node.on.node;
                        self.add(document, &fragment.node.selection_set.node, Some(on), types);
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = inline
                        .node
                        .type_condition
                        .as_ref()
                        .map(|condition| &condition.node.on.node);
                    self.add(document, &inline.node.selection_set.node, on.or(parent), types);
                }
            }
        }
    }
}
