//! A GraphQL client inside the process: the demo is made by documents that any client could send.

use async_graphql::{Request, Variables};
use serde_json::Value;

use crate::access::{self, Caller};
use crate::cli::Failure;
use crate::graphql::ApiSchema;
use crate::platform::Platform;

/// Sends documents as somebody.
#[derive(Clone)]
pub(super) struct Client {
    schema: ApiSchema,
    caller: Caller,
}

impl Client {
    /// Nobody.
    pub(super) fn anonymous(schema: &ApiSchema) -> Self {
        Self {
            schema: schema.clone(),
            caller: Caller::Anonymous,
        }
    }

    /// The holder of an access token.
    pub(super) async fn with_token(schema: &ApiSchema, platform: &Platform, token: &str) -> Result<Self, Failure> {
        let caller = access::authenticate(platform, Some(token), None).await?;
        let caller = caller.map_err(|_| Failure::new("the demo's own access token is not good"))?;
        Ok(Self {
            schema: schema.clone(),
            caller,
        })
    }

    /// Sends a document; its data. Errors and user errors end the demo: it is made of what must work.
    pub(super) async fn send(&self, document: &str, variables: Value) -> Result<Value, Failure> {
        let request = Request::new(document)
            .variables(Variables::from_json(variables))
            .data(self.caller.clone());
        let response = self.schema.execute(request).await;
        if let Some(error) = response.errors.first() {
            return Err(Failure::new(format!(
                "the demo's document failed: {}\n{document}",
                error.message
            )));
        }
        let data = response
            .data
            .into_json()
            .map_err(|error| Failure::new(error.to_string()))?;
        for (field, payload) in data.as_object().into_iter().flatten() {
            if payload["userErrors"]
                .as_array()
                .is_some_and(|errors| !errors.is_empty())
            {
                return Err(Failure::new(format!(
                    "the demo's {field} was refused: {}",
                    payload["userErrors"]
                )));
            }
        }
        Ok(data)
    }
}

/// The text at a path such as `/event/id`.
pub(super) fn text(value: &Value, path: &str) -> Result<String, Failure> {
    let found = value.pointer(path).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("the demo expected a text at {path} in {value}")))
}
