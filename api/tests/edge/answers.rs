//! What goes wrong inside stays inside, and nothing that goes wrong ends the process.

use std::time::Duration;

use consentry::config::Limits;
use serde_json::json;

use crate::client::Setup;

#[tokio::test]
async fn a_fault_without_a_code_tells_nothing_but_a_request_id() {
    let client = Setup::default().client();
    for query in ["{ fails }", "{ failsBadly }"] {
        let answer = client.query(query).await;
        assert!(!answer.text().contains("canary"), "{}", answer.text());
        assert_eq!(answer.code(), "INTERNAL_SERVER_ERROR");
        let id = answer.header("x-request-id");
        assert_eq!(
            answer.json()["errors"][0]["extensions"],
            json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": id })
        );
        assert_eq!(id.len(), 36);
    }
}

#[tokio::test]
async fn a_panic_is_an_error_like_others_and_the_process_lives() {
    let client = Setup::default().client();
    let answer = client.query("{ hello panics }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (500, "INTERNAL_SERVER_ERROR")
    );
    assert!(!answer.text().contains("canary"));
    assert_eq!(client.query("{ hello }").await.status, 200);
}

#[tokio::test]
async fn errors_carry_a_code_and_a_request_id_and_nothing_else() {
    let answer = Setup::default().client().query("{ refuses }").await;
    let extensions = answer.json()["errors"][0]["extensions"].as_object().unwrap().clone();
    assert_eq!(extensions.keys().collect::<Vec<_>>(), ["code", "requestId"]);
    assert_eq!(answer.message(), "Sign in first.");
}

#[tokio::test]
async fn no_error_echoes_a_document() {
    let client = Setup::default().client();
    let long = "x".repeat(12_000);
    for query in [
        format!("{{ {long} }}"),
        format!("{{ hello(a: \"{long}\") }}"),
        format!("{{ double(number: \"{long}\") }}"),
        format!("{{ {long}"),
        format!("{{ ...{long} }}"),
        format!("fragment {long} on Query {{ hello }} {{ hello }}"),
        format!("query {long}(${long}: Int!) {{ hello }}"),
        format!("query A {{ hello }} query {long} {{ hello }}"),
    ] {
        let answer = client.query(&query).await;
        for error in answer.json()["errors"].as_array().unwrap() {
            let message = error["message"].as_str().unwrap();
            assert!(message.len() <= 512, "{} bytes: {message}", message.len());
        }
        assert!(answer.body.len() < 8 * 1024, "{} bytes", answer.body.len());
    }
    let unknown: String = (0..400).map(|n| format!("f{n} ")).collect();
    let answer = client.query(&format!("{{ nested {{ {unknown} }} }}")).await;
    assert!(
        answer.json()["errors"].as_array().unwrap().len() <= 8,
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn an_argument_that_cannot_be_read_is_the_callers_mistake() {
    let client = Setup::default().client();
    for (query, variables) in [
        ("{ double(number: 99999999999) }", json!({})),
        (
            "query($n: Int!) { double(number: $n) }",
            json!({ "n": 99_999_999_999_i64 }),
        ),
        ("query($n: Int!) { double(number: $n) }", json!({ "n": 1.5 })),
        ("query($n: Int!) { double(number: $n) }", json!({ "n": [1, 2] })),
        ("query($n: Int!) { double(number: $n) }", json!({ "n": { "a": 1 } })),
        ("query($t: String!) { echo(text: $t) }", json!({ "t": 1 })),
    ] {
        let answer = client
            .post(&[], &json!({ "query": query, "variables": variables }))
            .await;
        assert_eq!(
            answer.code(),
            "BAD_USER_INPUT",
            "{query} {variables}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_stopped() {
    let mut setup = Setup::default();
    setup.limits.execution_timeout_seconds = 1;
    let client = setup.client();
    let answer = tokio::time::timeout(Duration::from_secs(5), client.query("{ sleeps }"))
        .await
        .unwrap();
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (503, "EXECUTION_TIMEOUT")
    );
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_sent() {
    let mut setup = Setup::default();
    setup.limits = Limits {
        response_bytes: 1000,
        ..setup.limits
    };
    let client = setup.client();
    assert_eq!(client.query("{ large(bytes: 900) }").await.status, 200);
    let answer = client.query("{ large(bytes: 1000) }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (422, "RESPONSE_TOO_LARGE")
    );
}

#[tokio::test]
async fn json_that_a_resolver_wrote_passes_verbatim_only_with_the_marker() {
    let client = Setup::default().client();
    let answer = client.query_as("raw", "{ a: raw nested { raw } }").await;
    assert_eq!(
        answer.text(),
        r#"{"data":{"a":{"ready":[1,2]},"nested":{"raw":{"ready":[1,2]}}}}"#
    );
    let answer = client.query_as("good", "{ raw }").await;
    assert!(
        answer.json()["data"]["raw"]
            .as_array()
            .is_some_and(|bytes| bytes[0] == 123),
        "{}",
        answer.text()
    );
}

#[tokio::test]
async fn a_code_can_be_tried_once_per_request() {
    let client = Setup::default().client();
    assert_eq!(
        client.query("mutation { signIn(code: 1) }").await.json()["data"]["signIn"],
        true
    );
    let answer = client.query("mutation { a: signIn(code: 1) b: signIn(code: 2) }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (422, "GRAPHQL_VALIDATION_FAILED")
    );
}
