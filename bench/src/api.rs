//! GraphQL over HTTP, as any client sends it.

use serde_json::{Value, json};

use crate::Failure;

/// A client with one credential or none.
#[derive(Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    address: String,
    bearer: Option<String>,
}

impl Api {
    pub(crate) fn new(base: &str, bearer: Option<&str>) -> Self {
        Self {
            http: reqwest::Client::new(),
            address: format!("{base}/graphql"),
            bearer: bearer.map(str::to_owned),
        }
    }

    /// Sends a document: the answer's bytes, whatever it says.
    pub(crate) async fn send(&self, document: &str, variables: &Value) -> Result<Vec<u8>, Failure> {
        let body = json!({ "query": document, "variables": variables }).to_string();
        self.send_body(body).await
    }

    /// Sends a body.
    pub(crate) async fn send_body(&self, body: String) -> Result<Vec<u8>, Failure> {
        let mut request = self
            .http
            .post(&self.address)
            .header("content-type", "application/json")
            .body(body);
        if let Some(bearer) = &self.bearer {
            request = request.bearer_auth(bearer);
        }
        Ok(request.send().await?.bytes().await?.to_vec())
    }

    /// Sends a document that must succeed; its data.
    pub(crate) async fn data(&self, document: &str, variables: Value) -> Result<Value, Failure> {
        let mut answer: Value = serde_json::from_slice(&self.send(document, &variables).await?)?;
        let refused = |value: &Value| value.get("userErrors").is_some_and(|errors| errors != &json!([]));
        let data = answer["data"].take();
        let fields = data.as_object().into_iter().flat_map(|fields| fields.values());
        if answer.get("errors").is_some() || fields.into_iter().any(refused) {
            return Err(format!("{document}: {answer} {data}").into());
        }
        Ok(data)
    }
}
