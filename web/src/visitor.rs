//! Running a document as the visitor of a page.

use async_graphql::{Request, Variables};
use consentry::access::Caller;
use consentry::graphql::ApiSchema;
use consentry::platform::Platform;
use graphql_client::GraphQLQuery;
use serde::Serialize;

/// The document could not be answered; why is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unanswered;

/// Somebody who follows a link: not signed in, the link's secret is what they hold.
#[derive(Clone)]
pub(crate) struct Visitor {
    platform: Platform,
    schema: ApiSchema,
}

impl Visitor {
    pub(crate) fn new(platform: Platform, schema: ApiSchema) -> Self {
        Self { platform, schema }
    }

    /// The program's parts, for random bytes, the time and addresses.
    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs a typed document. A field that failed is absent where the schema allows it; otherwise all of it is.
    ///
    /// # Errors
    /// When there is no data, or the data do not fit the document.
    pub(crate) async fn ask<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Q::ResponseData, Unanswered>
    where
        Q::Variables: Serialize,
    {
        let body = Q::build_query(variables);
        let variables = serde_json::to_value(&body.variables).map_err(|_| Unanswered)?;
        let request = Request::new(body.query)
            .operation_name(body.operation_name)
            .variables(Variables::from_json(variables))
            .data(Caller::Anonymous);
        let response = self.schema.execute(request).await;
        for error in &response.errors {
            // The message could repeat what somebody typed.
            tracing::error!(operation = body.operation_name, path = ?error.path, "a page's document had an error");
        }
        let data = response.data.into_json().map_err(|_| Unanswered)?;
        serde_json::from_value(data).map_err(|_| {
            tracing::error!(
                operation = body.operation_name,
                "a page's document was answered in another shape"
            );
            Unanswered
        })
    }
}
