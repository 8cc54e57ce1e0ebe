//! One line per request, and nothing of a person in it.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use consentry::http::{App, Executor, Introspection, Metrics};
use consentry::platform::store::{self, Clock, ConnectOptions, Entropy, Store, sql};
use poem::http::Method;
use poem::{Route, handler};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber;

use crate::client::{Client, Setup};
use crate::toy;

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The lines that `work` wrote.
async fn lines(work: impl Future<Output = ()>) -> Vec<Value> {
    let sink = Sink::default();
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .finish();
    work.with_subscriber(subscriber).await;
    let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[handler]
fn page() -> &'static str {
    "a page"
}

#[tokio::test]
async fn a_request_is_one_line_with_these_fields() {
    let client = Setup::default().client();
    let lines = lines(async {
        client
            .post(&[], &json!({ "query": "query Greeting { hello refuses }" }))
            .await;
    })
    .await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let mut line = lines[0].as_object().unwrap().clone();
    assert!(line.remove("timestamp").is_some());
    assert_eq!(line.remove("request_id").unwrap().as_str().unwrap().len(), 36);
    assert!(line.remove("duration_micros").unwrap().as_u64().unwrap() > 0);
    let expected = json!({
        "level": "INFO", "target": "consentry::request", "message": "request", "method": "POST", "route": "/graphql",
        "operation": "Greeting", "status": 200, "failed_fields": 1, "statements": 0, "database_micros": 0, "retries": 0,
    });
    assert_eq!(Value::Object(line), expected);
}

#[tokio::test]
async fn no_line_holds_what_a_caller_sent() {
    let pages = Route::new()
        .at("/", poem::get(page))
        .at("/o/:secret/place", poem::get(page));
    let client = Setup {
        pages: Some(pages),
        ..Setup::default()
    }
    .get()
    .client();
    let headers = [
        ("user-agent", "canary"),
        ("x-forwarded-for", "203.0.113.77"),
        ("referer", "https://canary.example/"),
        ("cookie", "canary=1"),
        ("x-request-id", "canary"),
    ];
    let lines = lines(async {
        for (method, uri) in [
            (Method::GET, "/?canary=1"),
            (Method::GET, "/o/canary/place?canary=1"),
            (Method::GET, "/canary?canary=canary"),
            (Method::GET, "/graphql?query=%7Becho(text%3A%22canary%22)%7D"),
            (Method::POST, "/canary"),
            (Method::from_bytes(b"CANARY").unwrap(), "/canary"),
        ] {
            client.send(method, uri, &headers, "canary").await;
        }
        let body =
            json!({ "query": "query($t: String!) { echo(text: $t) }", "variables": { "t": "canary@example.org" } });
        client.post(&[("authorization", "Bearer canary")], &body).await;
        client.post(&[], &body).await;
        for query in [
            "{ fails }",
            "{ failsBadly }",
            "{ echo(text: 1, canary: 2) }",
            "{ canary",
            "{ panics }",
            "{ refuses }",
        ] {
            client.query(query).await;
        }
        client
            .post(&[], &json!({ "query": "query A { hello }", "operationName": "canary" }))
            .await;
    })
    .await;
    let requests = lines.iter().filter(|line| line["message"] == "request").count();
    assert_eq!(requests, 15);
    for line in &lines {
        let text = line.to_string().to_lowercase();
        assert!(!text.contains("canary") && !text.contains("203.0.113.77"), "{text}");
    }
    let routes: Vec<_> = lines.iter().filter_map(|line| line["route"].as_str()).collect();
    assert_eq!(
        &routes[..6],
        [
            "/",
            "/o/:secret/place",
            "unmatched",
            "/graphql",
            "unmatched",
            "unmatched"
        ]
    );
    assert_eq!(lines[5]["method"], "OTHER");
}

#[tokio::test]
async fn a_long_operation_name_is_cut() {
    let client = Setup::default().client();
    let name = "N".repeat(3000);
    let lines = lines(async {
        client.query(&format!("query {name} {{ hello }}")).await;
    })
    .await;
    assert_eq!(lines[0]["operation"].as_str().unwrap().len(), 64);
}

/// Runs two statements, whatever is asked.
struct TwoStatements(Store);

impl Executor for TwoStatements {
    async fn execute(&self, _: async_graphql::Request) -> async_graphql::Response {
        for _ in 0..2 {
            sql::one(self.0.read(), "select 1", []).await.unwrap();
        }
        async_graphql::Response::new(async_graphql::value!({ "n": 1 }))
    }

    fn sdl(&self) -> String {
        "type Query { n: Int }".to_owned()
    }
}

#[tokio::test]
async fn the_line_counts_statements_and_their_time() {
    let directory = tempfile::tempdir().unwrap();
    let options = ConnectOptions {
        url: format!("sqlite:{}", directory.path().join("test.db").display()),
        partner_url: None,
        pool: 1,
        partner_pool: 1,
        acquire_timeout: Duration::from_secs(30),
        clock: Clock::default(),
        entropy: Entropy::System,
    };
    let store = store::connect(&options).await.unwrap();
    let setup = Setup::default();
    let edge = App {
        executor: TwoStatements(store),
        authenticator: toy::Names {
            anonymous: Introspection::Refused,
        },
        readiness: toy::Answer(Ok(())),
        server: &setup.server,
        limits: &setup.limits,
        single_mutations: Vec::new(),
        pages: None,
        entropy: Entropy::System,
        metrics: Metrics::new(),
    }
    .build();
    let client = Client::new(edge);
    let lines = lines(async {
        client.query("{ n }").await;
    })
    .await;
    let line = lines.iter().find(|line| line["message"] == "request").unwrap();
    assert_eq!(line["statements"], 2, "{lines:?}");
    assert!(line["database_micros"].as_u64().unwrap() > 0);
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_a_line() {
    let client = Setup::default().client();
    let lines = lines(async {
        let gone = tokio::time::timeout(Duration::from_millis(50), client.query("{ sleeps }")).await;
        assert!(gone.is_err());
    })
    .await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(
        (&lines[0]["message"], &lines[0]["method"]),
        (&json!("abandoned"), &json!("POST"))
    );
}
