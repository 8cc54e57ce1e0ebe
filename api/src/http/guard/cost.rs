//! What a document costs with its fragments expanded, found by visiting each of its selections once.
//!
//! Each fragment is summed up when it is first met; a later spread adds the sum. All sums saturate.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{Directive, ExecutableDocument, OperationType, Selection, SelectionSet};

use super::super::code::Code;
use super::values::{self, Items};
use super::{Introspection, Refusal};
use crate::config::Limits;

/// Selection sets within selection sets, fragments flattened. The executor refuses 32 by itself; this says so earlier.
const MAX_NESTING: u32 = 31;
/// Directives that the executor knows. It accepts unknown ones in some places; a caller should hear of a mistake.
const DIRECTIVES: [&str; 2] = ["include", "skip"];

/// What was counted in a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Selections of all operations, fragments expanded.
    pub selections: u64,
    /// Aliases of all operations, fragments expanded.
    pub aliases: u64,
    /// The most fields at the root of an operation.
    pub root_fields: u64,
    /// The deepest level of fields outside of introspection.
    pub depth: u32,
    /// The deepest level of fields within `__schema` or `__type`, which count as one.
    pub introspection_depth: u32,
    /// The deepest nesting of selection sets.
    pub nesting: u32,
    /// The most mutations in one operation of those that may stand alone only.
    pub single_mutations: u64,
    /// Directives in the document as it is written.
    pub directives: usize,
    /// The most directives at one place.
    pub directives_at_one_place: usize,
    /// The most items in one list, or fields in one object, of a literal.
    pub list_items: usize,
    /// The deepest literal.
    pub value_depth: usize,
    /// Selections that were looked at: the work done. Never more than are written in the document.
    pub visited: u64,
}

impl Cost {
    /// Compares each number with its limit.
    pub(super) fn check(&self, limits: &Limits, introspection: Introspection) -> Result<(), Refusal> {
        let refused = |message: &str| Err(Refusal::new(Code::ValidationFailed, message));
        within("selections", self.selections, limits.selections)?;
        within("nested selections", self.nesting, MAX_NESTING)?;
        within("levels of fields", self.depth, limits.depth)?;
        if self.introspection_depth > 0 && introspection == Introspection::Refused {
            return refused("Introspection needs a credential.");
        }
        within(
            "levels of introspection",
            self.introspection_depth,
            limits.introspection_depth,
        )?;
        within("aliases", self.aliases, limits.aliases)?;
        within("root fields", self.root_fields, limits.root_fields)?;
        within("directives", self.directives, limits.directives)?;
        within(
            "directives at one place",
            self.directives_at_one_place,
            limits.directives_per_location,
        )?;
        within("items in one list", self.list_items, limits.list_items)?;
        within("levels in one value", self.value_depth, limits.variable_depth)?;
        if self.single_mutations > 1 {
            return refused("This mutation may be sent only once per request.");
        }
        Ok(())
    }
}

fn within<N: PartialOrd + std::fmt::Display>(what: &str, found: N, limit: N) -> Result<(), Refusal> {
    if found > limit {
        Err(Refusal::over(what, limit))
    } else {
        Ok(())
    }
}

/// Sums up a document.
///
/// # Errors
/// When fragments spread each other in a circle, when a directive is unknown, or when a fragment that nobody uses is
/// itself too large (validation looks at it all the same).
pub(super) fn measure(document: &ExecutableDocument, limits: &Limits, single: &[&str]) -> Result<Cost, Refusal> {
    let mut walk = Walk {
        document,
        single,
        known: HashMap::new(),
        cost: Cost::default(),
    };
    for name in document.fragments.keys() {
        let sum = walk.fragment(name.as_str())?;
        if sum.selections > limits.selections {
            return Err(Refusal::over("selections", limits.selections));
        }
    }
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        walk.directives(&operation.directives)?;
        for variable in &operation.variable_definitions {
            walk.directives(&variable.node.directives)?;
            if let Some(value) = &variable.node.default_value {
                walk.items(values::of_constant(&value.node));
            }
        }
        let sum = walk.set(&operation.selection_set.node)?;
        let cost = &mut walk.cost;
        cost.selections = cost.selections.saturating_add(sum.selections);
        cost.aliases = cost.aliases.saturating_add(sum.aliases);
        cost.root_fields = cost.root_fields.max(sum.fields);
        cost.depth = cost.depth.max(sum.depth);
        cost.introspection_depth = cost.introspection_depth.max(sum.introspection_depth);
        cost.nesting = cost.nesting.max(sum.nesting);
        if operation.ty == OperationType::Mutation {
            cost.single_mutations = cost.single_mutations.max(sum.single);
        }
    }
    Ok(walk.cost)
}

/// One selection set, or one fragment, fragments expanded.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    selections: u64,
    aliases: u64,
    /// Fields at this level.
    fields: u64,
    /// Fields at this level which may stand alone only.
    single: u64,
    /// Levels of fields of any kind.
    levels: u32,
    /// Levels of fields, an introspection counting as one.
    depth: u32,
    introspection_depth: u32,
    nesting: u32,
}

impl Sum {
    /// Adds what stands at the same level: a fragment, or a part of it.
    fn add(&mut self, other: Sum) {
        self.selections = self.selections.saturating_add(other.selections);
        self.aliases = self.aliases.saturating_add(other.aliases);
        self.fields = self.fields.saturating_add(other.fields);
        self.single = self.single.saturating_add(other.single);
        self.levels = self.levels.max(other.levels);
        self.depth = self.depth.max(other.depth);
        self.introspection_depth = self.introspection_depth.max(other.introspection_depth);
        self.nesting = self.nesting.max(other.nesting);
    }
}

enum Known {
    /// Being summed up: met again, it is a circle.
    Open,
    Done(Sum),
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    single: &'a [&'a str],
    known: HashMap<&'a str, Known>,
    cost: Cost,
}

impl<'a> Walk<'a> {
    fn fragment(&mut self, name: &'a str) -> Result<Sum, Refusal> {
        match self.known.get(name) {
            Some(Known::Done(sum)) => return Ok(*sum),
            Some(Known::Open) => {
                return Err(Refusal::new(
                    Code::ValidationFailed,
                    "Fragments spread each other in a circle.",
                ));
            }
            None => {}
        }
        // Validation names a fragment that does not exist.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Sum::default());
        };
        self.known.insert(name, Known::Open);
        self.directives(&fragment.node.directives)?;
        let sum = self.set(&fragment.node.selection_set.node)?;
        self.known.insert(name, Known::Done(sum));
        Ok(sum)
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Sum, Refusal> {
        let mut sum = Sum::default();
        for item in &set.items {
            self.cost.visited += 1;
            let mut one = match &item.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    self.directives(&field.directives)?;
                    for (_, value) in &field.arguments {
                        self.items(values::of_literal(&value.node));
                    }
                    let mut inner = self.set(&field.selection_set.node)?;
                    let name = field.name.node.as_str();
                    inner.levels += 1;
                    if matches!(name, "__schema" | "__type") {
                        inner.introspection_depth = inner.levels;
                        inner.depth = 1;
                    } else {
                        inner.depth += 1;
                    }
                    inner.aliases = inner.aliases.saturating_add(u64::from(field.alias.is_some()));
                    inner.fields = 1;
                    inner.single = u64::from(self.single.contains(&name));
                    inner
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives)?;
                    self.fragment(spread.node.fragment_name.node.as_str())?
                }
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.node.directives)?;
                    self.set(&fragment.node.selection_set.node)?
                }
            };
            one.selections = one.selections.saturating_add(1);
            sum.add(one);
        }
        // An empty set is a field without one.
        sum.nesting += u32::from(!set.items.is_empty());
        Ok(sum)
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) -> Result<(), Refusal> {
        self.cost.directives += directives.len();
        self.cost.directives_at_one_place = self.cost.directives_at_one_place.max(directives.len());
        for directive in directives {
            if !DIRECTIVES.contains(&directive.node.name.node.as_str()) {
                return Err(Refusal::new(Code::ValidationFailed, "Unknown directive.").at(directive.pos));
            }
            for (_, value) in &directive.node.arguments {
                self.items(values::of_literal(&value.node));
            }
        }
        Ok(())
    }

    fn items(&mut self, found: Items) {
        self.cost.list_items = self.cost.list_items.max(found.widest);
        self.cost.value_depth = self.cost.value_depth.max(found.depth);
    }
}
