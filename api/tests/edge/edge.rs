//! What every answer has in common, limits on how many there are, health, numbers, pages beside GraphQL.

use consentry::config::{Limits, Secret};
use poem::http::Method;
use poem::{Route, handler};
use serde_json::json;

use crate::client::{Client, Setup};

#[handler]
fn page() -> &'static str {
    "a page"
}

#[handler]
fn defect() -> &'static str {
    panic!("canary")
}

#[handler]
fn fault() -> poem::Result<&'static str> {
    Err(poem::Error::from_string(
        "canary: /srv/data",
        poem::http::StatusCode::INTERNAL_SERVER_ERROR,
    ))
}

#[handler]
fn hook() -> &'static str {
    "taken"
}

fn with_pages(setup: Setup) -> Client {
    let pages = Route::new()
        .at("/", poem::get(page))
        .at("/o/:secret/place", poem::get(page))
        .at("/defect", poem::get(defect))
        .at("/fault", poem::get(fault))
        .at("/webhooks/stripe/:account", poem::post(hook));
    Setup {
        pages: Some(pages),
        ..setup
    }
    .client()
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_an_id() {
    let client = with_pages(Setup::default());
    for (method, uri) in [
        (Method::GET, "/"),
        (Method::GET, "/o/secret/place"),
        (Method::GET, "/nowhere"),
        (Method::GET, "/defect"),
        (Method::GET, "/fault"),
        (Method::POST, "/"),
        (Method::TRACE, "/"),
        (Method::GET, "/healthz"),
        (Method::GET, "/readyz"),
        (Method::GET, "/metrics"),
        (Method::GET, "/graphql"),
        (Method::POST, "/graphql"),
        (Method::POST, "/webhooks/stripe/a"),
    ] {
        let answer = client.send(method.clone(), uri, &[], ()).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{method} {uri}");
        assert_eq!(
            answer.header("cross-origin-opener-policy"),
            "same-origin",
            "{method} {uri}"
        );
        assert!(
            answer
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{method} {uri}"
        );
        assert_eq!(answer.header("cache-control"), "no-store", "{method} {uri}");
        assert!(
            answer.header("content-type").contains("charset=utf-8"),
            "{method} {uri}: {answer:?}"
        );
        assert_eq!(answer.header("x-request-id").len(), 36, "{method} {uri}");
        assert!(!answer.text().contains("canary"), "{method} {uri}");
    }
}

#[tokio::test]
async fn pages_and_webhooks_live_beside_graphql() {
    let client = with_pages(Setup::default());
    for (method, uri, status, text) in [
        (Method::GET, "/", 200, "a page"),
        (Method::GET, "/o/secret/place", 200, "a page"),
        (Method::POST, "/webhooks/stripe/a", 200, "taken"),
        (Method::GET, "/nowhere", 404, "not found"),
        (Method::GET, "/healthz", 200, "ok\n"),
        (Method::GET, "/defect", 500, "request id"),
        (Method::GET, "/fault", 500, "request id"),
    ] {
        let answer = client.send(method, uri, &[], ()).await;
        assert_eq!(answer.status.as_u16(), status, "{uri}");
        assert!(answer.text().contains(text), "{uri}: {}", answer.text());
    }
    assert_eq!(client.query("{ hello }").await.status, 200);
}

#[tokio::test]
async fn a_method_that_is_not_offered_is_refused_everywhere() {
    let client = with_pages(Setup::default());
    for (method, uri, allow) in [
        (Method::POST, "/", "GET, HEAD"),
        (Method::GET, "/webhooks/stripe/a", "POST"),
        (Method::POST, "/healthz", "GET, HEAD"),
        (Method::POST, "/readyz", "GET, HEAD"),
        (Method::TRACE, "/", "GET, HEAD, POST"),
        (Method::PUT, "/nowhere", "GET, HEAD, POST"),
        (Method::OPTIONS, "/", "GET, HEAD, POST"),
        (Method::from_bytes(b"BREW").unwrap(), "/", "GET, HEAD, POST"),
    ] {
        let answer = client.send(method.clone(), uri, &[], ()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("allow")),
            (405, allow),
            "{method} {uri}"
        );
    }
}

#[tokio::test]
async fn too_many_requests_from_one_prefix_have_to_wait() {
    let limits = Limits {
        requests_per_minute_per_address: 3,
        ..Limits::default()
    };
    let client = with_pages(Setup {
        limits,
        ..Setup::default()
    });
    for _ in 0..3 {
        assert_eq!(client.query("{ hello }").await.status, 200);
    }
    let answer = client.query("{ hello }").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "THROTTLED"));
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=20).contains(&seconds))
    );
    let answer = client.get("/").await;
    assert_eq!(answer.status, 429);
    assert!(!answer.header("retry-after").is_empty());
    for uri in ["/healthz", "/readyz"] {
        assert_eq!(client.get(uri).await.status, 200, "{uri}");
    }
    assert_eq!(
        client.send(Method::POST, "/webhooks/stripe/a", &[], ()).await.status,
        200
    );
}

#[tokio::test]
async fn too_many_requests_with_one_credential_have_to_wait() {
    let mut setup = Setup::default();
    setup.limits.requests_per_minute_per_credential = 2;
    let client = setup.client();
    for _ in 0..2 {
        assert_eq!(client.query_as("good", "{ hello }").await.status, 200);
    }
    let answer = client.query_as("good", "{ hello }").await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "THROTTLED"));
    assert!(
        answer
            .header("retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=30).contains(&seconds))
    );
    assert_eq!(client.query_as("other", "{ hello }").await.status, 200);
    assert_eq!(client.query("{ hello }").await.status, 200);
}

#[tokio::test]
async fn numbers_are_for_the_holder_of_the_token() {
    assert_eq!(Setup::default().client().get("/metrics").await.status, 404);
    let mut setup = Setup::default();
    setup.server.metrics_token = Some(Secret::new("0123456789abcdef"));
    let client = with_pages(setup);
    for authorization in ["", "Bearer ", "Bearer 0123456789abcdeX", "0123456789abcdef"] {
        let answer = client
            .send(Method::GET, "/metrics", &[("authorization", authorization)], ())
            .await;
        assert_eq!(answer.status, 401, "{authorization}");
    }
    client.query("query Secret { hello }").await;
    client.query("{").await;
    client.get("/o/secret-of-a-link/place").await;
    let answer = client
        .send(
            Method::GET,
            "/metrics",
            &[("authorization", "Bearer 0123456789abcdef")],
            (),
        )
        .await;
    let text = answer.text();
    assert_eq!(answer.status, 200);
    for line in [
        r#"consentry_http_requests_total{method="POST",route="/graphql",status="200"} 1"#,
        r#"consentry_http_requests_total{method="GET",route="/o/:secret/place",status="200"} 1"#,
        r#"consentry_graphql_refusals_total{code="GRAPHQL_PARSE_FAILED"} 1"#,
        r#"consentry_http_request_duration_seconds_count{route="/graphql"} 2"#,
        "consentry_http_requests_in_flight 1",
        "# EOF",
    ] {
        assert!(text.contains(line), "{line} is missing in\n{text}");
    }
    assert!(!text.contains("secret-of-a-link") && !text.contains("Secret"), "{text}");
}

#[tokio::test]
async fn readiness_says_what_is_missing() {
    use crate::toy::{Answer, Mutation, Names, Query};
    use consentry::http::{App, Introspection, Metrics, NotReady};
    use poem::Endpoint;
    let setup = Setup::default();
    let edge = App {
        executor: async_graphql::Schema::build(Query, Mutation, async_graphql::EmptySubscription).finish(),
        authenticator: Names {
            anonymous: Introspection::Refused,
        },
        readiness: Answer(Err(NotReady("database"))),
        server: &setup.server,
        limits: &setup.limits,
        single_mutations: Vec::new(),
        pages: None,
        entropy: consentry::platform::store::Entropy::System,
        metrics: Metrics::new(),
    }
    .build();
    let mut response = edge
        .get_response(poem::Request::builder().uri("/readyz".parse().unwrap()).finish())
        .await;
    assert_eq!(response.status(), 503);
    assert_eq!(
        response.take_body().into_string().await.unwrap(),
        "not ready: database\n"
    );
    assert_eq!(Setup::default().client().get("/readyz").await.text(), "ready\n");
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there() {
    let mut setup = Setup::default();
    setup.server.public_url = "https://events.example.org".to_owned();
    let client = setup.client();
    let answer = client.get("/healthz").await;
    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=63072000; includeSubDomains"
    );
    let own = [("origin", "https://events.example.org")];
    assert_eq!(client.post(&own, &json!({ "query": "{ hello }" })).await.status, 200);
}
