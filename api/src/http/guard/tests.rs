//! Each limit: the document at the limit passes, the one above it is refused.

use async_graphql::{Request, Variables};
use serde_json::json;

use super::super::code::Code;
use super::{Cost, Inspected, Introspection, Refusal, Rules, inspect};
use crate::config::Limits;

fn run(request: &mut Request, introspection: Introspection) -> Result<Inspected<()>, Refusal> {
    let limits = Limits::default();
    let rules = Rules {
        limits: &limits,
        token_factor: 1,
        introspection,
        single_mutations: &["confirmEmail", "signIn"],
    };
    inspect(request, &rules, |_, _| ())
}

fn check(query: &str) -> Result<Inspected<()>, Refusal> {
    run(&mut Request::new(query), Introspection::Refused)
}

fn cost(query: &str) -> Cost {
    check(query)
        .unwrap_or_else(|refusal| panic!("{query}: {}", refusal.message))
        .cost
}

fn refused(query: &str) -> String {
    let refusal = check(query).expect_err(query);
    assert_eq!(refusal.code, Code::ValidationFailed, "{query}");
    refusal.message
}

fn nested(levels: usize) -> String {
    format!("{}a{}", "{ a ".repeat(levels - 1) + "{ ", " }".repeat(levels))
}

#[test]
fn a_document_of_sixteen_kibibytes_passes_and_a_longer_one_does_not() {
    let exact = format!("{{ a }}{}", " ".repeat(16 * 1024 - 5));
    assert!(check(&exact).is_ok());
    assert!(refused(&format!("{exact} ")).contains("bytes"));
}

#[test]
fn a_thousand_tokens_pass_and_one_more_does_not() {
    let exact = format!("{{ a(x: [{}]) }}", "1 ".repeat(991));
    assert!(check(&exact).is_ok());
    assert!(refused(&exact.replace("[1 ", "[1 1 ")).contains("tokens"));
}

#[test]
fn a_caller_with_a_larger_allowance_may_send_more_tokens() {
    let limits = Limits::default();
    let rules = Rules {
        limits: &limits,
        token_factor: 2,
        introspection: Introspection::Refused,
        single_mutations: &[],
    };
    let text = format!(
        "{{ a(x: \"\" y: [{}]) b(z: [{}]) }}",
        "1 ".repeat(900),
        "1 ".repeat(900)
    );
    assert!(inspect(&mut Request::new(text.clone()), &rules, |_, _| ()).is_ok());
    assert!(
        inspect(
            &mut Request::new(text),
            &Rules {
                token_factor: 1,
                ..rules
            },
            |_, _| ()
        )
        .is_err()
    );
}

#[test]
fn depth_is_counted_through_fragments() {
    assert_eq!(cost(&nested(10)).depth, 10);
    assert!(refused(&nested(11)).contains("levels of fields"));
    let hidden =
        "{ a { a { a { a { a { ...F } } } } } } fragment F on T { a { a { a { a { ...G } } } } } fragment G on T ";
    assert_eq!(cost(&format!("{hidden} {{ a }}")).depth, 10);
    assert!(refused(&format!("{hidden} {{ a {{ a }} }}")).contains("levels of fields"));
}

#[test]
fn nesting_without_fields_is_bounded_as_well() {
    let inline = |n: usize| format!("{{ {} a {} }}", "... { ".repeat(n), "} ".repeat(n));
    assert_eq!(cost(&inline(30)).nesting, 31);
    assert!(refused(&inline(31)).contains("nested selections"));
}

#[test]
fn introspection_needs_leave_and_has_a_depth_of_its_own() {
    assert!(refused("{ __schema { types { name } } }").contains("Introspection"));
    assert!(refused("{ ...F } fragment F on Query { __type(name: \"A\") { name } }").contains("Introspection"));
    assert!(check("{ __typename }").is_ok());
    let deep = |levels: usize| {
        format!(
            "{{ __schema {} {} }}",
            "{ a ".repeat(levels - 1),
            "}".repeat(levels - 1)
        )
    };
    let allowed = |query: String| run(&mut Request::new(query), Introspection::Allowed);
    assert_eq!(allowed(deep(16)).unwrap().cost.introspection_depth, 16);
    assert!(allowed(deep(17)).unwrap_err().message.contains("introspection"));
    // A fragment within introspection counts there, not as ordinary depth.
    let within = format!("{{ __schema {{ ...F }} }} fragment F on T {}", nested(15));
    assert_eq!(
        allowed(within).map(|inspected| inspected.cost.introspection_depth),
        Ok(16)
    );
}

#[test]
fn the_introspection_that_tools_send_passes() {
    let query = include_str!("introspection.graphql");
    let inspected = run(&mut Request::new(query), Introspection::Allowed).unwrap();
    assert!(inspected.cost.introspection_depth >= 13, "{:?}", inspected.cost);
}

#[test]
fn aliases_are_counted_in_fragments_and_on_typename() {
    let aliases = |n: usize| (0..n).map(|i| format!("a{i}: __typename ")).collect::<String>();
    let at_once = |n: usize| format!("{{ x {{ {} }} }}", aliases(n));
    assert_eq!(cost(&at_once(15)).aliases, 15);
    assert!(refused(&at_once(16)).contains("aliases"));
    let hidden = |n: usize| format!("{{ x {{ ...F ... {{ ...F }} }} }} fragment F on T {{ {} }}", aliases(n));
    assert_eq!(cost(&hidden(7)).aliases, 14);
    assert!(refused(&hidden(8)).contains("aliases"));
}

#[test]
fn root_fields_are_counted_in_fragments() {
    let fields = |n: usize| (0..n).map(|i| format!("f{i} ")).collect::<String>();
    assert_eq!(cost(&format!("{{ {} }}", fields(10))).root_fields, 10);
    assert!(refused(&format!("{{ {} }}", fields(11))).contains("root fields"));
    assert!(refused(&format!("{{ ...F ...F }} fragment F on Q {{ {} }}", fields(6))).contains("root fields"));
}

#[test]
fn directives_are_counted_at_each_place_and_in_the_document() {
    let some = |n: usize| "@skip(if: false) ".repeat(n);
    for place in [
        "{ a DIRECTIVES }",
        "query Q DIRECTIVES { a }",
        "query Q($v: Int DIRECTIVES) { a(v: $v) }",
        "{ ... DIRECTIVES { a } }",
        "{ ...F DIRECTIVES } fragment F on T { a }",
        "{ ...F } fragment F on T DIRECTIVES { a }",
    ] {
        assert_eq!(
            cost(&place.replace("DIRECTIVES", &some(5))).directives_at_one_place,
            5,
            "{place}"
        );
        assert!(
            refused(&place.replace("DIRECTIVES", &some(6))).contains("directives at one place"),
            "{place}"
        );
        assert!(
            refused(&place.replace("DIRECTIVES", "@aa")).contains("Unknown directive"),
            "{place}"
        );
    }
    let spread_out = |n: usize| format!("{{ x {{ {} }} }}", "a @skip(if: false) ".repeat(n));
    assert_eq!(cost(&spread_out(50)).directives, 50);
    assert!(refused(&spread_out(51)).contains("too many directives"));
}

#[test]
fn a_mutation_that_stands_alone_is_refused_twice() {
    assert!(check("mutation { signIn(code: 1) { ok } other { ok } }").is_ok());
    for twice in [
        "mutation { a: signIn(code: 1) { ok } b: signIn(code: 2) { ok } }",
        "mutation { signIn(code: 1) { ok } confirmEmail(code: 2) { ok } }",
        "mutation { ...F ... { signIn(code: 1) { ok } } } fragment F on M { a: signIn(code: 2) { ok } }",
    ] {
        assert!(refused(twice).contains("only once"), "{twice}");
    }
    // The name of a field elsewhere is nobody's code.
    assert!(check("{ signIn { a } confirmEmail { b } }").is_ok());
    assert!(check("mutation { other { signIn } another { signIn } }").is_ok());
}

#[test]
fn long_lists_and_deep_values_are_refused_wherever_they_stand() {
    let limits = Limits {
        list_items: 3,
        variable_depth: 3,
        ..Limits::default()
    };
    let rules = Rules {
        limits: &limits,
        token_factor: 1,
        introspection: Introspection::Refused,
        single_mutations: &[],
    };
    let with = |query: &str, variables: serde_json::Value| {
        inspect(
            &mut Request::new(query).variables(Variables::from_json(variables)),
            &rules,
            |_, _| (),
        )
    };
    for (value, passes) in [
        ("[1, 2, 3]", true),
        ("[1, 2, 3, 4]", false),
        ("[[1, 2], [{ a: 1 }]]", true),
        ("[[[1, 2, 3, 4]]]", false),
        ("{ a: 1, b: 2, c: 3, d: 4 }", false),
        ("[[[]]]", true),
        ("[[[[]]]]", false),
        ("{ a: { b: { c: { d: 1 } } } }", false),
    ] {
        for query in [
            format!("{{ x(a: {value}) }}"),
            format!("{{ x @skip(if: {value}) }}"),
            format!("query($v: T = {value}) {{ x(a: $v) }}"),
        ] {
            assert_eq!(with(&query, json!({})).is_ok(), passes, "{query}");
        }
    }
    for (value, passes) in [
        (json!([1, 2, 3]), true),
        (json!([1, 2, 3, 4]), false),
        (json!([[[]]]), true),
        (json!([[[[]]]]), false),
        (json!({ "a": { "b": { "c": { "d": 1 } } } }), false),
        (json!({ "a": 1, "b": 2, "c": 3, "d": 4 }), false),
    ] {
        assert_eq!(
            with("query($v: T) { x(a: $v) }", json!({ "v": value })).is_ok(),
            passes,
            "{value}"
        );
    }
}

#[test]
fn the_operation_must_be_clear() {
    let named = |query: &str, name: &str| {
        run(&mut Request::new(query).operation_name(name), Introspection::Refused).map(|inspected| inspected.name)
    };
    assert_eq!(named("query A { a } query B { b }", "B"), Ok(Some("B".to_owned())));
    assert_eq!(
        named("query A { a } query B { b }", "C").unwrap_err().code,
        Code::OperationUnresolved
    );
    assert_eq!(named("{ a }", "A").unwrap_err().code, Code::OperationUnresolved);
    assert_eq!(
        check("query A { a } query B { b }").unwrap_err().code,
        Code::OperationUnresolved
    );
    assert_eq!(check("query A { a }").unwrap().name.as_deref(), Some("A"));
    assert!(refused("subscription { a }").contains("Subscriptions"));
}

#[test]
fn a_required_variable_must_be_there_and_not_null() {
    let with = |query: &str, variables: serde_json::Value| {
        let mut request = Request::new(query).variables(Variables::from_json(variables));
        run(&mut request, Introspection::Refused)
            .map(|_| ())
            .map_err(|refusal| (refusal.code, refusal.message))
    };
    let required = "query($id: ID!) { a(id: $id) }";
    assert_eq!(with(required, json!({ "id": "1" })), Ok(()));
    let missing = Err((Code::BadUserInput, "The variable $id is required.".to_owned()));
    assert_eq!(with(required, json!({})), missing);
    assert_eq!(with(required, json!({ "id": null })), missing);
    assert_eq!(with("query($id: ID! = \"1\") { a(id: $id) }", json!({})), Ok(()));
    assert_eq!(
        with("query($id: ID! = \"1\") { a(id: $id) }", json!({ "id": null })),
        missing
    );
    assert_eq!(with("query($id: ID) { a(id: $id) }", json!({})), Ok(()));
}

#[test]
fn what_cannot_be_parsed_is_not_repeated() {
    for text in [
        "{",
        "",
        "nonsense",
        "{ a(b: \"canary) }",
        "{ canary(",
        "query { a } { b }",
        "fragment F on T { a }",
    ] {
        let refusal = check(text).expect_err(text);
        assert_eq!(refusal.code, Code::ParseFailed, "{text}");
        assert!(
            !refusal.message.contains("canary") && refusal.message.len() < 100,
            "{refusal:?}"
        );
    }
    assert_eq!(check("{ a }\n{").unwrap_err().location.map(|at| at.line), Some(2));
}
