//! Documents made to cost more than they weigh. What is asserted is the work done, not the time it took.

use async_graphql::Request;
use async_graphql::parser::parse_query;

use super::cost::measure;
use super::{Introspection, Rules, inspect};
use crate::config::Limits;

/// `levels` fragments, each of which spreads the one before `breadth` times, written as `spread` says.
fn bomb(breadth: usize, levels: usize, spread: impl Fn(usize, usize) -> String) -> String {
    let mut text = format!("{{ ...F{levels} }} fragment F0 on Q {{ __typename }}");
    for level in 1..=levels {
        let body: String = (0..breadth).map(|n| spread(level - 1, n)).collect();
        text.push_str(&format!(" fragment F{level} on Q {{ {body} }}"));
    }
    text
}

fn plain(level: usize, _: usize) -> String {
    format!("...F{level} ")
}

fn family() -> Vec<(String, String)> {
    let mut family = Vec::new();
    for levels in 9..=31 {
        family.push((format!("two, {levels} levels"), bomb(2, levels, plain)));
        let inline = bomb(2, levels, |level, _| format!("... {{ ...F{level} }} "));
        family.push((format!("two, {levels} levels, inline"), inline));
        let aliased = bomb(2, levels, |level, n| format!("a{n}: x {{ ...F{level} }} "));
        family.push((format!("two, {levels} levels, aliased"), aliased));
        let field = bomb(2, levels, |level, _| format!("x {{ ...F{level} }} "));
        family.push((format!("two, {levels} levels, fields"), field));
    }
    for levels in 3..=8 {
        family.push((format!("thirty, {levels} levels"), bomb(30, levels, plain)));
    }
    for levels in 2..=4 {
        family.push((format!("a hundred, {levels} levels"), bomb(100, levels, plain)));
    }
    family
}

fn refused(name: &str, document: &str) {
    let limits = Limits::default();
    let rules = Rules {
        limits: &limits,
        token_factor: 1,
        introspection: Introspection::Allowed,
        single_mutations: &[],
    };
    let refusal = inspect(&mut Request::new(document), &rules, |_, _| ()).expect_err(name);
    assert!(refusal.message.len() <= 512, "{name}: {}", refusal.message);
}

#[test]
fn fragment_bombs_are_refused_after_one_look_at_each_selection() {
    let unlimited = Limits {
        selections: u64::MAX,
        ..Limits::default()
    };
    for (name, document) in family() {
        refused(&name, &document);
        let written = document.matches("...").count() + document.matches("x {").count() + 1;
        let parsed = parse_query(&document).expect(&name);
        let cost = measure(&parsed, &unlimited, &[]).unwrap();
        assert!(
            cost.visited <= written as u64,
            "{name}: visited {} of {written}",
            cost.visited
        );
        assert!(cost.selections > 1000, "{name} is no bomb: {cost:?}");
    }
}

#[test]
fn a_bomb_that_no_operation_spreads_is_refused_as_well() {
    let document = bomb(2, 26, plain).replacen("{ ...F26 }", "{ __typename }", 1);
    refused("unused", &document);
}

#[test]
fn sums_that_no_machine_could_hold_do_not_overflow() {
    let unlimited = Limits {
        selections: u64::MAX,
        ..Limits::default()
    };
    let document = bomb(2, 200, plain);
    let cost = measure(&parse_query(&document).unwrap(), &unlimited, &[]).unwrap();
    assert_eq!(cost.selections, u64::MAX);
}

#[test]
fn fragments_in_a_circle_are_refused() {
    for document in [
        "{ ...A } fragment A on Q { ...A }",
        "{ ...A } fragment A on Q { ...B } fragment B on Q { x { ... { ...A } } }",
        "{ x } fragment A on Q { ...B } fragment B on Q { ...A }",
    ] {
        refused("circle", document);
    }
}

#[test]
fn deep_documents_are_refused_before_they_reach_the_parser() {
    for (open, close) in [("{ a ", "}"), ("[", "]"), ("{a:", "}"), ("(a:", ")")] {
        for levels in [65, 400, 900, 5000] {
            let deep = format!("{{ a(b: {}1{}) }}", open.repeat(levels), close.repeat(levels));
            refused("deep", &deep);
            refused("deep, unclosed", &format!("{{ a(b: {}", open.repeat(levels)));
        }
    }
    let types = format!("query($a: {}Int{}) {{ a }}", "[".repeat(300), "]".repeat(300));
    refused("deep type", &types);
}

#[test]
fn circular_introspection_is_refused() {
    let circle = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { type { fields \
                  { type { fields { type { fields { type { name } } } } } } } } } } } } } } } } } } }";
    refused("introspection", circle);
}

#[test]
fn the_same_field_five_hundred_times_is_refused() {
    refused("duplicates", &format!("query {{ {} }}", "__typename \n".repeat(500)));
    refused(
        "aliases",
        &format!(
            "query {{ {} }}",
            (0..101).map(|n| format!("alias{n}:__typename \n")).collect::<String>()
        ),
    );
}
