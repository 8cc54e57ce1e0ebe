//! What another site's page could make a browser send is refused before anything is read; credentials are all or nothing.

use poem::http::Method;
use serde_json::json;

use crate::client::Setup;

#[tokio::test]
async fn bodies_that_a_form_can_send_are_refused() {
    let client = Setup::default().client();
    let body = json!({ "query": "mutation { touch }" }).to_string();
    for headers in [
        &[("content-type", "text/plain")][..],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "text/plain; application/json")],
        &[],
    ] {
        let answer = client.send(Method::POST, "/graphql", headers, body.clone()).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code().as_str()),
            (415, "UNSUPPORTED_MEDIA_TYPE"),
            "{headers:?}"
        );
    }
}

#[tokio::test]
async fn a_browser_that_says_it_comes_from_elsewhere_is_refused() {
    let client = Setup::default().get().client();
    let body = json!({ "query": "mutation { touch }" });
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:8081"),
    ] {
        for bearer in [("x-none", ""), ("authorization", "Bearer good")] {
            let answer = client.post(&[header, bearer], &body).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code().as_str()),
                (403, "FORBIDDEN"),
                "{header:?}"
            );
        }
        let answer = client
            .send(Method::GET, "/graphql?query=%7Bhello%7D", &[header], ())
            .await;
        assert_eq!(answer.status, 403, "{header:?}");
    }
    for header in [("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")] {
        assert_eq!(client.post(&[header], &body).await.status, 200, "{header:?}");
    }
}

#[tokio::test]
async fn no_answer_lets_another_site_in() {
    let client = Setup::default().client();
    let preflight = [
        ("origin", "https://evil.example"),
        ("access-control-request-method", "POST"),
    ];
    let answer = client.send(Method::OPTIONS, "/graphql", &preflight, ()).await;
    assert!(
        !answer
            .headers
            .keys()
            .any(|name| name.as_str().starts_with("access-control")),
        "{answer:?}"
    );
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn every_useless_credential_gets_the_same_bytes() {
    let client = Setup::default().client();
    let body = json!({ "query": "{ hello }" });
    let mut bodies = std::collections::HashSet::new();
    for authorization in [
        "Bearer expired",
        "Bearer revoked",
        "Bearer unknown",
        "Bearer ",
        "Bearer",
        "bearer x y",
        "Basic Zm9vOmJhcg==",
        "good",
        "",
        "Bearer \u{e9}",
    ] {
        let answer = client.post(&[("authorization", authorization)], &body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("www-authenticate")),
            (401, "Bearer"),
            "{authorization}"
        );
        bodies.insert(answer.text());
    }
    let twice = [("authorization", "Bearer good"), ("authorization", "Bearer other")];
    let answer = client.post(&twice, &body).await;
    assert_eq!(answer.status, 401);
    bodies.insert(answer.text());
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_useful_credential_reaches_the_resolvers() {
    let client = Setup::default().client();
    assert_eq!(client.query("{ who }").await.json()["data"]["who"], "nobody");
    assert_eq!(client.query_as("good", "{ who }").await.json()["data"]["who"], "good");
    let answer = client
        .post(&[("authorization", "bEaReR  other ")], &json!({ "query": "{ who }" }))
        .await;
    assert_eq!(answer.json()["data"]["who"], "other");
}

#[tokio::test]
async fn a_credential_that_cannot_be_looked_up_is_not_called_invalid() {
    let answer = Setup::default().client().query_as("down", "{ who }").await;
    assert_eq!(
        (answer.status.as_u16(), answer.code().as_str()),
        (503, "INTERNAL_SERVER_ERROR")
    );
}

#[tokio::test]
async fn the_schema_is_told_to_holders_of_a_credential() {
    let client = Setup::default().client();
    let query = "{ __schema { queryType { name } } }";
    assert_eq!(client.query(query).await.status, 422);
    assert_eq!(
        client.query_as("good", query).await.json()["data"]["__schema"]["queryType"]["name"],
        "Query"
    );
}
