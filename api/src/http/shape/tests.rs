//! Nulls where they belong, and how far they rise.

use async_graphql::parser::parse_query;
use async_graphql::{PathSegment, Value};
use serde_json::{Value as Json, json};

use super::{Plan, Types, complete};

const SDL: &str = "
schema { query: Root mutation: Changes }
type Root { maybe: Thing sure: Thing! many: [Thing!] all: [Thing!]! some: [Thing]! node: Node text: String }
type Changes { change: Thing }
interface Node { id: ID! }
type Thing implements Node { id: ID! name: String inner: Inner! }
type Inner { value: Int! note: String }
";

fn path(text: &str) -> Vec<PathSegment> {
    let segment = |part: &str| {
        part.parse()
            .map_or_else(|_| PathSegment::Field(part.to_owned()), PathSegment::Index)
    };
    text.split('.').map(segment).collect()
}

fn completed(query: &str, data: Json, errors: &[&str]) -> Json {
    let document = parse_query(query).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let plan = Plan::new(&document, &operation.node, &Types::from_sdl(SDL));
    let mut data = Value::from_json(data).unwrap();
    let paths: Vec<_> = errors.iter().map(|error| path(error)).collect();
    complete(&mut data, &plan, paths.iter().map(Vec::as_slice));
    data.into_json().unwrap()
}

#[test]
fn a_failed_field_is_null() {
    assert_eq!(
        completed("{ text maybe { id } }", json!({ "text": "a" }), &["maybe"]),
        json!({ "text": "a", "maybe": null })
    );
    assert_eq!(completed("{ text }", Json::Null, &["text"]), json!({ "text": null }));
    let query = "{ maybe { a: name id } }";
    assert_eq!(
        completed(query, json!({ "maybe": { "id": "1" } }), &["maybe.a"]),
        json!({ "maybe": { "id": "1", "a": null } })
    );
    assert_eq!(
        completed(
            "mutation { change { id name } }",
            json!({ "change": { "id": "1" } }),
            &["change.name"]
        ),
        json!({ "change": { "id": "1", "name": null } })
    );
}

#[test]
fn an_object_whose_fields_all_failed_is_an_object_of_nulls() {
    let query = "{ maybe { name n: name } }";
    let expected = json!({ "maybe": { "name": null, "n": null } });
    assert_eq!(
        completed(query, json!({ "maybe": null }), &["maybe.name", "maybe.n"]),
        expected
    );
}

#[test]
fn a_null_that_may_not_be_rises() {
    assert_eq!(
        completed("{ sure { id } text }", json!({ "text": "a" }), &["sure"]),
        Json::Null
    );
    assert_eq!(
        completed(
            "{ maybe { id name } text }",
            json!({ "text": "a", "maybe": { "name": "n" } }),
            &["maybe.id"]
        ),
        json!({ "text": "a", "maybe": null })
    );
    assert_eq!(
        completed(
            "{ maybe { name inner { value note } } }",
            json!({ "maybe": { "name": "n", "inner": { "note": "x" } } }),
            &["maybe.inner.value"]
        ),
        json!({ "maybe": null })
    );
    assert_eq!(
        completed(
            "{ maybe { inner { value note } } }",
            json!({ "maybe": { "inner": null } }),
            &["maybe.inner.value", "maybe.inner.note"]
        ),
        json!({ "maybe": null })
    );
    // The order of errors does not matter.
    assert_eq!(
        completed(
            "{ maybe { inner { value note } } }",
            json!({ "maybe": { "inner": null } }),
            &["maybe.inner.note", "maybe.inner.value"]
        ),
        json!({ "maybe": null })
    );
}

#[test]
fn in_lists_an_item_is_null_or_the_list_is() {
    let two = |key: &str| json!({ key: [{ "id": "1" }, { "name": "n" }] });
    assert_eq!(
        completed("{ some { id name } }", two("some"), &["some.0.name", "some.1.id"]),
        json!({ "some": [{ "id": "1", "name": null }, null] })
    );
    assert_eq!(
        completed("{ many { id name } }", two("many"), &["many.1.id"]),
        json!({ "many": null })
    );
    assert_eq!(completed("{ all { id name } }", two("all"), &["all.1.id"]), Json::Null);
}

#[test]
fn fragments_know_their_own_types() {
    let query = "{ node { ...F ... on Thing { inner { value } } } } fragment F on Node { id }";
    assert_eq!(
        completed(query, json!({ "node": { "id": "1" } }), &["node.inner"]),
        json!({ "node": null })
    );
    assert_eq!(
        completed(
            "{ ...R } fragment R on Root { sure { id } text }",
            json!({ "text": "a" }),
            &["sure"]
        ),
        Json::Null
    );
}

#[test]
fn a_value_that_is_there_stays_although_there_is_an_error() {
    assert_eq!(
        completed("{ text }", json!({ "text": "a" }), &["text"]),
        json!({ "text": "a" })
    );
    assert_eq!(
        completed("{ text }", json!({ "text": "a" }), &["unknown", "text.0", "text.x"]),
        json!({ "text": "a" })
    );
}

#[test]
fn without_a_schema_nothing_is_said_to_be_never_null() {
    let document = parse_query("{ sure { id } }").unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let plan = Plan::new(&document, &operation.node, &Types::from_sdl("no schema"));
    let mut data = Value::Null;
    let error = path("sure.id");
    complete(&mut data, &plan, std::iter::once(error.as_slice()));
    assert_eq!(data.into_json().unwrap(), json!({ "sure": { "id": null } }));
}
