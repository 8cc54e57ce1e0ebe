//! The memoised cost equals what one finds by expanding every fragment at every spread.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use proptest::prelude::*;

use super::cost::measure;
use super::tokens;
use crate::config::Limits;

const FRAGMENTS: usize = 6;

/// A selection set as text. Only fragments below `fragments` are spread, so there is no circle.
fn set(fragments: usize) -> BoxedStrategy<String> {
    let name = prop_oneof![
        6 => Just("a"), 3 => Just("b"), 2 => Just("pay"), 1 => Just("__typename"), 1 => Just("__schema"), 1 => Just("__type")
    ];
    let alias = prop_oneof![3 => Just(""), 1 => Just("x: "), 1 => Just("y: ")];
    let directive =
        prop_oneof![6 => Just(""), 1 => Just(" @skip(if: false)"), 1 => Just(" @skip(if: true) @include(if: $v)")];
    let field =
        (alias, name, directive.clone()).prop_map(|(alias, name, directive)| format!("{alias}{name}{directive}"));
    let leaf = if fragments == 0 {
        field.boxed()
    } else {
        let spread = (0..fragments, directive.clone()).prop_map(|(n, directive)| format!("...F{n}{directive}"));
        prop_oneof![3 => field, 2 => spread].boxed()
    };
    let braces = |items: Vec<String>| format!("{{ {} }}", items.join(" "));
    let flat = prop::collection::vec(leaf, 1..4).prop_map(braces);
    flat.prop_recursive(3, 12, 3, move |inner| {
        let head = prop_oneof![
            Just("a"),
            Just("x: b"),
            Just("__schema"),
            Just("..."),
            Just("... on T @skip(if: true)")
        ];
        let one = (head, inner).prop_map(|(head, inner)| format!("{head} {inner}"));
        prop::collection::vec(one, 1..4).prop_map(braces)
    })
    .boxed()
}

fn document() -> impl Strategy<Value = String> {
    let fragments: Vec<_> = (0..FRAGMENTS).map(set).collect();
    (fragments, set(FRAGMENTS), prop_oneof![Just("query"), Just("mutation")]).prop_map(|(fragments, body, kind)| {
        let mut text = format!("{kind} {body}");
        for (n, body) in fragments.iter().enumerate() {
            text.push_str(&format!(" fragment F{n} on T {body}"));
        }
        text
    })
}

#[derive(Debug, Default, PartialEq)]
struct Expanded {
    selections: u64,
    aliases: u64,
    fields: u64,
    single: u64,
    depth: u32,
    introspection_depth: u32,
    nesting: u32,
}

/// The plain way, which costs what the document asks for. `at` is the level outside, `within` inside of introspection.
fn expand(
    document: &ExecutableDocument,
    set: &SelectionSet,
    root: bool,
    at: u32,
    within: u32,
    nest: u32,
    sum: &mut Expanded,
) {
    sum.nesting = sum.nesting.max(nest + u32::from(!set.items.is_empty()));
    for item in &set.items {
        sum.selections += 1;
        match &item.node {
            Selection::Field(field) => {
                let field = &field.node;
                let name = field.name.node.as_str();
                sum.aliases += u64::from(field.alias.is_some());
                sum.fields += u64::from(root);
                sum.single += u64::from(root && name == "pay");
                let (at, within) = match (within, matches!(name, "__schema" | "__type")) {
                    (0, false) => (at + 1, 0),
                    (0, true) => (at + 1, 1),
                    (_, _) => (at, within + 1),
                };
                sum.depth = sum.depth.max(at);
                sum.introspection_depth = sum.introspection_depth.max(within);
                expand(document, &field.selection_set.node, false, at, within, nest + 1, sum);
            }
            Selection::FragmentSpread(spread) => {
                let fragment = &document.fragments[&spread.node.fragment_name.node];
                expand(
                    document,
                    &fragment.node.selection_set.node,
                    root,
                    at,
                    within,
                    nest + 1,
                    sum,
                );
            }
            Selection::InlineFragment(inline) => {
                expand(
                    document,
                    &inline.node.selection_set.node,
                    root,
                    at,
                    within,
                    nest + 1,
                    sum,
                );
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_memoised_cost_equals_the_expanded_one(text in document()) {
        let document = parse_query(&text).unwrap();
        let unlimited = Limits { selections: u64::MAX, ..Limits::default() };
        let cost = measure(&document, &unlimited, &["pay"]).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let mut plain = Expanded::default();
        expand(&document, &operation.node.selection_set.node, true, 0, 0, 0, &mut plain);
        let mutation = text.starts_with("mutation");
        prop_assert_eq!(
            Expanded {
                selections: cost.selections,
                aliases: cost.aliases,
                fields: cost.root_fields,
                single: if mutation { cost.single_mutations } else { plain.single },
                depth: cost.depth,
                introspection_depth: cost.introspection_depth,
                nesting: cost.nesting,
            },
            plain
        );
        prop_assert_eq!(text.matches('@').count(), cost.directives);
    }

    #[test]
    fn whatever_the_text_the_lexer_ends_and_never_counts_more_than_it_has_bytes(text in "\\PC*|[\\{\\}\\[\\]\"#\\\\.a1 \\n]{0,80}") {
        if let Ok(seen) = tokens::check(&text, usize::MAX - 1) {
            prop_assert!(seen.count <= text.len());
        }
    }

    #[test]
    fn names_and_punctuation_count_what_was_written(words in prop::collection::vec("[a-z_][a-z0-9_]{0,5}|\\{|\\}|\\(|\\)|:|\\$|!|=|@|\\.\\.\\.|\"[a-z \\{]*\"|-?[1-9][0-9]{0,3}", 0..60)) {
        if let Ok(seen) = tokens::check(&words.join(" ,\n"), usize::MAX - 1) {
            prop_assert_eq!(seen.count, words.len());
        }
    }
}
