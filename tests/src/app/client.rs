//! A client that sends documents as somebody.

use async_graphql::{Request, Variables};
use consentry::access::Caller;
use consentry::graphql::ApiSchema;
use consentry::platform::store::stats::{RequestStats, Statistics};
use serde_json::Value;

/// Sends documents as somebody.
#[derive(Clone)]
pub struct Client {
    schema: ApiSchema,
    caller: Caller,
}

impl Client {
    pub(crate) fn new(schema: ApiSchema, caller: Caller) -> Self {
        Self { schema, caller }
    }

    /// Who it is, for tests that call a service themselves.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// An access token of the session, for what is asked over HTTP; none for somebody who is not signed in.
    pub async fn bearer(&self, app: &super::TestApp) -> Option<String> {
        let signed_in = self.caller.signed_in()?;
        let now = app.store().now().await.expect("a time");
        let id = app.store().entropy().random_id();
        let issued = app
            .platform
            .access_tokens
            .issue(signed_in.account(), signed_in.session(), id, now);
        Some(issued.expect("a token").0)
    }

    /// Sends a document; the whole answer.
    pub async fn send(&self, document: &str, variables: Value) -> Value {
        self.counted(document, variables).await.0
    }

    /// Sends a document; the whole answer and what it cost the database.
    pub async fn counted(&self, document: &str, variables: Value) -> (Value, Statistics) {
        let request = Request::new(document)
            .variables(Variables::from_json(variables))
            .data(self.caller.again());
        let stats = RequestStats::with_texts();
        let response = stats.scope(self.schema.execute(request)).await;
        (
            serde_json::to_value(&response).expect("an answer is JSON"),
            stats.snapshot(),
        )
    }

    /// Sends a document that must succeed: no errors; its data.
    pub async fn data(&self, document: &str, variables: Value) -> Value {
        let answer = self.send(document, variables).await;
        assert!(
            answer
                .get("errors")
                .is_none_or(|errors| errors.as_array().is_some_and(Vec::is_empty)),
            "{answer:#}"
        );
        answer["data"].clone()
    }

    /// Sends a mutation `name` that must succeed, also without user errors; its payload.
    pub async fn done(&self, name: &str, document: &str, variables: Value) -> Value {
        let data = self.data(document, variables).await;
        let payload = data[name].clone();
        assert_eq!(payload["userErrors"], serde_json::json!([]), "{payload:#}");
        payload
    }
}
