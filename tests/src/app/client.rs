//! A client that sends documents as somebody.

use async_graphql::{Request, Response, Variables};
use consentry::access::Caller;
use consentry::graphql::ApiSchema;
use consentry::graphql::json::JsonPages;
use consentry::platform::store::stats::{RequestStats, Statistics};
use serde_json::Value;

/// How pages are answered that can be written as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// As JSON, as for clients over HTTP.
    Written,
    /// Field by field, from the derived types.
    Derived,
}

/// Reads what was written as JSON; whether anything was.
fn read(value: &mut async_graphql::Value) -> bool {
    // Every part is looked at, also behind one that was found.
    let any = |all: &mut dyn Iterator<Item = &mut async_graphql::Value>| {
        all.filter_map(|one| read(one).then_some(())).count() > 0
    };
    match value {
        async_graphql::Value::Binary(json) => {
            *value = serde_json::from_slice(json).expect("it is JSON");
            true
        }
        async_graphql::Value::List(list) => any(&mut list.iter_mut()),
        async_graphql::Value::Object(object) => any(&mut object.values_mut()),
        _ => false,
    }
}

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
        let (response, _) = self.answer(document, variables, Pages::Written).await;
        serde_json::to_value(&response).expect("an answer is JSON")
    }

    /// Sends a document; the whole answer and what it cost the database.
    pub async fn counted(&self, document: &str, variables: Value) -> (Value, Statistics) {
        let stats = RequestStats::with_texts();
        let (response, _) = stats.scope(self.answer(document, variables, Pages::Written)).await;
        (
            serde_json::to_value(&response).expect("an answer is JSON"),
            stats.snapshot(),
        )
    }

    /// The answer as text, with its fields in the order in which they come, and whether a page was written as JSON.
    pub async fn text(&self, document: &str, variables: Value, pages: Pages) -> (String, bool) {
        let (response, written) = self.answer(document, variables, pages).await;
        (serde_json::to_string(&response).expect("an answer is JSON"), written)
    }

    /// The answer, and whether a page of it was written as JSON.
    async fn answer(&self, document: &str, variables: Value, pages: Pages) -> (Response, bool) {
        let request = Request::new(document)
            .variables(Variables::from_json(variables))
            .data(self.caller.again());
        let request = match pages {
            Pages::Written => request.data(JsonPages),
            Pages::Derived => request,
        };
        let mut response = self.schema.execute(request).await;
        let written = read(&mut response.data);
        (response, written)
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
