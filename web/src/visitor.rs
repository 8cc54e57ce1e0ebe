//! Running a document as the visitor of a page.

use async_graphql::{Request, ServerError, Variables};
use consentry::access::{Caller, browse, door_device};
use consentry::graphql::errors::{AUTHENTICATOR_REQUIRED, BAD_USER_INPUT};
use consentry::graphql::{self, ApiSchema};
use consentry::platform::{Fault, Platform};
use graphql_client::GraphQLQuery;
use serde::Serialize;

use crate::words::{self, Language};

/// Why a document was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The visitor's role asks for an authenticator, and there is none.
    AuthenticatorRequired,
    /// An address or a form holds what is none of what the page asks for: a cursor of another list, for instance.
    NotFound,
    /// It could not be; why is in the log.
    Ours,
}

/// Whoever visits a page: somebody who is signed in in this browser, or anyone, who may hold the secret of a link.
#[derive(Clone)]
pub(crate) struct Visitor {
    platform: Platform,
    schema: ApiSchema,
    caller: Caller,
    /// In which language refusals are told.
    language: Language,
}

impl Visitor {
    /// Nobody in particular.
    pub(crate) fn new(platform: Platform, schema: ApiSchema) -> Self {
        Self {
            platform,
            schema,
            caller: Caller::Anonymous,
            language: Language::English,
        }
    }

    /// The same parts, for whoever holds what the cookie says; nobody in particular where that is not good.
    ///
    /// # Errors
    /// When it could not be looked up.
    pub(crate) async fn with_session(&self, secret: &str) -> Result<Self, Unanswered> {
        let caller = of_cookie(&self.platform, secret).await.map_err(|fault| {
            tracing::error!(%fault, "a browser's session could not be looked up");
            Unanswered::Ours
        })?;
        Ok(Self { caller, ..self.clone() })
    }

    /// The same, told in this language what was refused.
    pub(crate) fn told_in(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// Whether the browser holds a session that counts: somebody's who is signed in, or a device's.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self.caller, Caller::Anonymous)
    }

    /// Whether it is a device that lets people in.
    pub(crate) fn is_device(&self) -> bool {
        matches!(self.caller, Caller::Door(_))
    }

    /// Whether somebody is signed in.
    pub(crate) fn is_signed_in(&self) -> bool {
        self.caller.signed_in().is_some()
    }

    /// Whether somebody is signed in who holds a role in a team.
    pub(crate) fn is_in_a_team(&self) -> bool {
        self.caller.signed_in().is_some_and(|visitor| visitor.is_in_a_team())
    }

    /// The program's parts, for random bytes, the time and addresses.
    pub(crate) fn platform(&self) -> &Platform {
        &self.platform
    }

    /// Runs a typed document. A field that failed is absent where the schema allows it; otherwise all of it is, and the page
    /// is not there where the input was at fault, which came with its address.
    ///
    /// # Errors
    /// When there is no data, or the data do not fit the document.
    pub(crate) async fn ask<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Result<Q::ResponseData, Unanswered>
    where
        Q::Variables: Serialize,
    {
        let body = Q::build_query(variables);
        let variables = serde_json::to_value(&body.variables).map_err(|_| Unanswered::Ours)?;
        let request = Request::new(body.query)
            .operation_name(body.operation_name)
            .variables(Variables::from_json(variables))
            .data(self.caller.again());
        let response = graphql::execute(&self.schema, request).await;
        let says = |code: &str| response.errors.iter().any(|error| has_code(error, code));
        if says(AUTHENTICATOR_REQUIRED) {
            return Err(Unanswered::AuthenticatorRequired);
        }
        // What is no value of a type is in no form of ours either.
        let is_theirs = says(BAD_USER_INPUT) || response.errors.iter().any(graphql::is_no_value);
        for error in response.errors.iter().filter(|error| !has_code(error, BAD_USER_INPUT)) {
            // The message could repeat what somebody typed.
            tracing::error!(operation = body.operation_name, path = ?error.path, "a page's document had an error");
        }
        let mut data = response.data.into_json().map_err(|_| Unanswered::Ours)?;
        words::translate(self.language, &mut data);
        serde_json::from_value(data).map_err(|_| {
            if is_theirs {
                return Unanswered::NotFound;
            }
            tracing::error!(
                operation = body.operation_name,
                "a page's document was answered in another shape"
            );
            Unanswered::Ours
        })
    }
}

fn has_code(error: &ServerError, code: &str) -> bool {
    let its = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    its == Some(&code.into())
}

/// Whose session it is. A secret is of one kind, and is looked up as that alone.
async fn of_cookie(platform: &Platform, secret: &str) -> Result<Caller, Fault> {
    if let Some(signed_in) = browse(platform, secret).await? {
        return Ok(Caller::from(signed_in));
    }
    Ok(door_device(platform, secret)
        .await?
        .map_or(Caller::Anonymous, Caller::Door))
}
