//! Running a document as the visitor of a page.

use async_graphql::{Request, Variables};
use serde_json::Value;

use consentry::access::Caller;
use consentry::graphql::ApiSchema;
use consentry::platform::Platform;

/// Somebody who follows a link: not signed in, the link's secret is what they hold.
#[derive(Clone)]
pub(super) struct Visitor {
    platform: Platform,
    schema: ApiSchema,
}

impl Visitor {
    pub(super) fn new(platform: Platform, schema: ApiSchema) -> Self {
        Self { platform, schema }
    }

    /// The program's parts, for random bytes.
    pub(super) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs a document; its data, or nothing when it had errors (they are in the log).
    pub(super) async fn run(&self, document: &str, variables: Value) -> Option<Value> {
        let request = Request::new(document)
            .variables(Variables::from_json(variables))
            .data(Caller::Anonymous);
        let response = self.schema.execute(request).await;
        if !response.errors.is_empty() {
            return None;
        }
        response.data.into_json().ok()
    }
}
