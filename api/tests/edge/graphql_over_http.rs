//! GraphQL over HTTP in both editions: media types, methods, shapes, statuses.

use consentry::config::HttpMode;
use poem::http::Method;
use serde_json::{Value, json};

use crate::client::{Client, Setup};

const JSON: (&str, &str) = ("accept", "application/json");
const GRAPHQL: (&str, &str) = ("accept", "application/graphql-response+json");

fn draft() -> Client {
    Setup::default().client()
}

fn audit() -> Client {
    Setup::default().mode(HttpMode::Audit123).client()
}

#[tokio::test]
async fn each_kind_of_failure_has_its_status_in_both_editions() {
    let cases = [
        // body, code, draft, audit with GraphQL's media type, audit with JSON
        (json!({ "query": "{ hello }" }), "no code", 200, 200, 200),
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED", 400, 400, 200),
        (
            json!({ "query": "{ unknown }" }),
            "GRAPHQL_VALIDATION_FAILED",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "{ hello @skip(if: 1) }" }),
            "BAD_USER_INPUT",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "{ __schema { types { name } } }" }),
            "GRAPHQL_VALIDATION_FAILED",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "query($n: Int!) { double(number: $n) }" }),
            "BAD_USER_INPUT",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "query($n: Int!) { double(number: $n) }", "variables": { "n": null } }),
            "BAD_USER_INPUT",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "query($n: Int!) { double(number: $n) }", "variables": { "n": "x" } }),
            "BAD_USER_INPUT",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "{ double(number: \"x\") }" }),
            "BAD_USER_INPUT",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "query A { hello } query B { hello }" }),
            "OPERATION_RESOLUTION_FAILURE",
            422,
            400,
            200,
        ),
        (
            json!({ "query": "{ hello }", "operationName": "A" }),
            "OPERATION_RESOLUTION_FAILURE",
            422,
            400,
            200,
        ),
        (json!({ "quary": "{ hello }" }), "BAD_REQUEST", 422, 400, 400),
        (
            json!({ "query": "{ hello }", "variables": [] }),
            "BAD_REQUEST",
            422,
            400,
            400,
        ),
        (json!([{ "query": "{ hello }" }]), "BAD_REQUEST", 422, 400, 400),
    ];
    let (draft, audit) = (draft(), audit());
    for (body, code, in_draft, in_audit, in_audit_json) in cases {
        for (client, media, status) in [
            (&draft, GRAPHQL, in_draft),
            (&draft, JSON, in_draft),
            (&audit, GRAPHQL, in_audit),
            (&audit, JSON, in_audit_json),
        ] {
            let answer = client.post(&[media], &body).await;
            assert_eq!(
                (answer.code().as_str(), answer.status.as_u16()),
                (code, status),
                "{media:?} {body}: {}",
                answer.text()
            );
            assert_eq!(
                answer.json().get("data").is_some(),
                code == "no code",
                "{body}: data without execution"
            );
        }
    }
    for client in [&draft, &audit] {
        let answer = client
            .send(
                Method::POST,
                "/graphql",
                &[("content-type", "application/json")],
                "{ not JSON",
            )
            .await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "BAD_REQUEST"));
    }
}

#[tokio::test]
async fn the_answers_type_is_what_was_accepted() {
    for client in [draft(), audit()] {
        for (accept, expected) in [
            (
                "application/graphql-response+json",
                "application/graphql-response+json; charset=utf-8",
            ),
            ("application/json", "application/json; charset=utf-8"),
            ("*/*", "application/json; charset=utf-8"),
        ] {
            let answer = client
                .post(&[("accept", accept)], &json!({ "query": "{ hello }" }))
                .await;
            assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, expected));
        }
        let answer = client
            .post(&[("accept", "text/html")], &json!({ "query": "{ hello }" }))
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (406, "NOT_ACCEPTABLE")
        );
    }
    // The draft: what is no success calls itself a GraphQL answer.
    let answer = draft().post(&[JSON], &json!({ "query": "{" })).await;
    assert_eq!(
        answer.header("content-type"),
        "application/graphql-response+json; charset=utf-8"
    );
    let answer = audit().post(&[JSON], &json!({ "query": "{" })).await;
    assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
}

#[tokio::test]
async fn partial_data_has_a_status_of_its_own_where_it_is_understood() {
    let body = json!({ "query": "{ hello refuses }" });
    for (client, media, status) in [
        (draft(), GRAPHQL, 294),
        (draft(), JSON, 200),
        (audit(), GRAPHQL, 200),
        (audit(), JSON, 200),
    ] {
        let answer = client.post(&[media], &body).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.json()["data"], json!({ "hello": "world", "refuses": null }));
        assert_eq!(
            (answer.code().as_str(), &answer.json()["errors"][0]["path"]),
            ("UNAUTHENTICATED", &json!(["refuses"]))
        );
    }
    // Executed, and nothing left of it: the entry is there, and null.
    let answer = draft().post(&[GRAPHQL], &json!({ "query": "{ failsBadly }" })).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()["data"].clone()),
        (294, Value::Null)
    );
    assert!(answer.json().as_object().unwrap().contains_key("data"));
}

#[tokio::test]
async fn fields_come_in_the_documents_order_and_none_is_missing() {
    let answer = draft()
        .query("{ naps refuses nested { naps a: refuses hello } hello }")
        .await;
    let data = r#"{"data":{"naps":"awake","refuses":null,"nested":{"naps":"awake","a":null,"hello":"world"},"hello":"world"},"#;
    assert!(answer.text().starts_with(data), "{}", answer.text());
    // A null that may not be rises to what may.
    let answer = draft().query("{ hello nested { failsBadly } }").await;
    assert_eq!(answer.json()["data"], Value::Null);
}

#[tokio::test]
async fn operation_names_and_variables_are_taken() {
    let client = draft();
    let body = json!({
        "query": "query A { hello } query B($n: Int!) { double(number: $n) }",
        "operationName": "B",
        "variables": { "n": 21 },
        "extensions": { "any": "thing" },
    });
    assert_eq!(
        client.post(&[], &body).await.json(),
        json!({ "data": { "double": 42 } })
    );
    for name in ["operationName", "variables", "extensions"] {
        let mut body = json!({ "query": "{ hello }" });
        body[name] = Value::Null;
        assert_eq!(
            client.post(&[], &body).await.json(),
            json!({ "data": { "hello": "world" } }),
            "{name}"
        );
    }
}

#[tokio::test]
async fn text_of_any_script_comes_back_as_it_was_sent() {
    let text = "Zoë 🎟\u{202e} \"\\\n\t\u{1}\u{2028}</script>";
    let body = json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": text } });
    assert_eq!(draft().post(&[], &body).await.json()["data"]["echo"], text);
}

#[tokio::test]
async fn get_answers_queries_where_the_configuration_says_so() {
    let client = Setup::default().get().client();
    let uri = "/graphql?query=query%20Q(%24n%3A%20Int!)%20%7B%20double(number%3A%20%24n)%20%7D&variables=%7B%22n%22%3A21%7D\
               &operationName=Q&extensions=%7B%7D&other=1";
    let answer = client.get(uri).await;
    assert_eq!(
        (answer.status.as_u16(), answer.json()),
        (200, json!({ "data": { "double": 42 } }))
    );
    for (uri, status) in [
        ("/graphql", 422),
        ("/graphql?query=%7B", 400),
        ("/graphql?query=%7Bhello%7D&variables=%7B", 400),
        ("/graphql?query=%7Bhello%7D&variables=1", 422),
        ("/graphql?query=%7Bhello%7D&query=%7Bhello%7D", 422),
        ("/graphql?query=mutation%7Btouch%7D", 405),
        (
            "/graphql?query=query%20A%7Bhello%7Dmutation%20B%7Btouch%7D&operationName=B",
            405,
        ),
    ] {
        assert_eq!(client.get(uri).await.status.as_u16(), status, "{uri}");
    }
}

#[tokio::test]
async fn other_methods_are_refused_with_those_that_are_offered() {
    for (client, allow) in [(draft(), "POST"), (Setup::default().get().client(), "GET, POST")] {
        for method in [
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
            Method::OPTIONS,
            Method::TRACE,
        ] {
            let answer = client.send(method.clone(), "/graphql", &[], ()).await;
            assert_eq!(
                (answer.status.as_u16(), answer.header("allow")),
                (405, allow),
                "{method}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_is_read_up_to_its_limit() {
    let client = draft();
    let exact = |bytes: usize| {
        let start = r#"{"query":"{ hello }","extensions":{"x":""#;
        let end = r#""}}"#;
        format!("{start}{}{end}", "x".repeat(bytes - start.len() - end.len()))
    };
    let json = [("content-type", "application/json")];
    let limit = 256 * 1024;
    assert_eq!(
        client.send(Method::POST, "/graphql", &json, exact(limit)).await.status,
        200
    );
    let answer = client.send(Method::POST, "/graphql", &json, exact(limit + 1)).await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (413, "PAYLOAD_TOO_LARGE")
    );
    assert_eq!(answer.header("connection"), "close");
}
