//! The twelve requests of a well-known GraphQL checker (graphql-cop 1.15), and what it would report a finding for.

use poem::http::Method;
use serde_json::{Value, json};

use crate::client::{Answer, Client, Setup};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn client() -> Client {
    Setup::default().client()
}

fn has_data(answer: &Answer) -> bool {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    !body["data"].is_null()
}

#[tokio::test]
async fn alias_overloading() {
    let aliases: String = (0..101).map(|n| format!("alias{n}:__typename \n")).collect();
    let answer = client().query(&format!("query cop {{ {aliases} }}")).await;
    assert!(answer.json()["data"]["alias100"].is_null(), "{answer:?}");
}

#[tokio::test]
async fn array_batching() {
    let batch: Vec<_> = (0..10)
        .map(|_| json!({ "query": "query cop { __typename }", "operationName": "cop" }))
        .collect();
    let answer = client().post(&[], &json!(batch)).await;
    assert!(!answer.json().is_array(), "{answer:?}");
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn directive_overloading() {
    let answer = client()
        .query(&format!("query cop {{ __typename {} }}", "@aa".repeat(10)))
        .await;
    assert_eq!(answer.json()["errors"].as_array().map(Vec::len), Some(1), "{answer:?}");
}

#[tokio::test]
async fn circular_introspection() {
    let query = "query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }";
    assert!(!has_data(&client().query(query).await));
}

#[tokio::test]
async fn introspection() {
    assert!(!has_data(
        &client()
            .query("query cop { __schema { types { name fields { name } } } }")
            .await
    ));
}

#[tokio::test]
async fn an_ide() {
    for path in ["/", "/graphql", "/graphiql", "/playground", "/console", "/altair"] {
        let answer = client().send(Method::GET, path, &[("accept", "text/html")], ()).await;
        for word in [
            "graphiql.min.css",
            "GraphQL Playground",
            "GraphiQL",
            "graphql-playground",
            "altair",
        ] {
            assert!(!answer.text().contains(word), "{path}");
        }
    }
}

#[tokio::test]
async fn field_suggestions() {
    for query in ["query cop { __schema { directive } }", "query cop { helo }"] {
        for bearer in [None, Some("good")] {
            let answer = match bearer {
                None => client().query(query).await,
                Some(bearer) => client().query_as(bearer, query).await,
            };
            assert!(!answer.text().contains("Did you mean"), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn queries_by_get() {
    let answer = client().get("/graphql?query=query%20cop%20%7B__typename%7D").await;
    assert!(!has_data(&answer));
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
}

#[tokio::test]
async fn mutations_by_get() {
    for client in [client(), Setup::default().get().client()] {
        let answer = client.get("/graphql?query=mutation%20cop%20%7B__typename%7D").await;
        assert!(!has_data(&answer));
        assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, "POST"));
    }
}

#[tokio::test]
async fn a_form_by_post() {
    for client in [client(), Setup::default().get().client()] {
        let answer = client
            .send(
                Method::POST,
                "/graphql",
                &[FORM],
                "query=query%20cop%20%7B__typename%7D",
            )
            .await;
        assert!(!has_data(&answer));
        assert_eq!(answer.status, 415);
    }
}

#[tokio::test]
async fn trace_mode() {
    let answer = client().query("query cop { __typename }").await;
    assert_eq!(answer.json(), json!({ "data": { "__typename": "Query" } }));
    let answer = client().query("query cop { refuses }").await;
    assert!(!answer.text().contains("tracing"), "{}", answer.text());
}

#[tokio::test]
async fn unhandled_errors() {
    let answer = client().query("qwerty cop { abc }").await;
    assert!(
        !answer.text().contains("exception") && answer.code() == "GRAPHQL_PARSE_FAILED",
        "{answer:?}"
    );
}
