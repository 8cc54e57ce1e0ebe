//! Sends requests to an edge without a socket.

use consentry::config::{HttpMode, Limits, Server, Switch};
use consentry::http::{Edge, Introspection};
use poem::http::{HeaderMap, Method, StatusCode};
use poem::{Endpoint, Request};
use serde_json::{Value, json};

use crate::toy;

/// An edge and how it was set up.
pub struct Client {
    edge: Edge,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {:?}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("text"))
            .unwrap_or_default()
    }

    /// The code of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or("no code")
            .to_owned()
    }

    pub fn message(&self) -> String {
        self.json()["errors"][0]["message"]
            .as_str()
            .unwrap_or("no message")
            .to_owned()
    }
}

/// A configuration: the defaults, with what a test changes.
pub struct Setup {
    pub server: Server,
    pub limits: Limits,
    pub anonymous: Introspection,
    pub pages: Option<poem::Route>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            server: Server::default(),
            limits: Limits {
                requests_per_minute_per_address: 1_000_000,
                ..Limits::default()
            },
            anonymous: Introspection::Refused,
            pages: None,
        }
    }
}

impl Setup {
    pub fn mode(mut self, mode: HttpMode) -> Self {
        self.server.http_mode = mode;
        self
    }

    pub fn get(mut self) -> Self {
        self.server.graphql_get = Switch::On;
        self
    }

    pub fn edge(self) -> Edge {
        toy::edge(&self.server, &self.limits, self.anonymous, self.pages)
    }

    pub fn client(self) -> Client {
        Client { edge: self.edge() }
    }
}

impl Client {
    pub fn new(edge: Edge) -> Self {
        Self { edge }
    }

    pub async fn send(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<poem::Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(uri.parse().expect("a URI"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.edge.get_response(request.body(body)).await;
        let body = response.take_body().into_vec().await.expect("a body");
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            body,
        }
    }

    /// A POST with a JSON body and further headers.
    pub async fn post(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send(Method::POST, "/graphql", &all, body.to_string()).await
    }

    /// A document from nobody in particular.
    pub async fn query(&self, query: &str) -> Answer {
        self.post(&[], &json!({ "query": query })).await
    }

    /// A document from somebody with a credential.
    pub async fn query_as(&self, bearer: &str, query: &str) -> Answer {
        self.post(
            &[("authorization", &format!("Bearer {bearer}"))],
            &json!({ "query": query }),
        )
        .await
    }

    pub async fn get(&self, uri: &str) -> Answer {
        self.send(Method::GET, uri, &[], ()).await
    }
}
