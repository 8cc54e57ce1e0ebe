//! What came of an operation, in the words of the table of rights.

use serde_json::Value;

use super::{Operation, Stage, Who};

/// An answer to an operation.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The operation's name.
    name: &'static str,
    /// As it was given.
    pub whole: Value,
}

impl Operation {
    /// Sends it as somebody, as it should be.
    pub async fn attempt(&self, stage: &Stage, who: Who) -> Answer {
        self.send(stage, who, stage.fill(&self.variables)).await
    }

    /// Sends it as somebody with these variables.
    pub async fn send(&self, stage: &Stage, who: Who, variables: Value) -> Answer {
        // A session of its own for each request: some operations end it.
        let whole = stage.caller(who).send(&self.document, variables).await;
        Answer { name: self.name, whole }
    }

    /// What this answer, got by whatever way, means.
    #[must_use]
    pub fn answered(&self, whole: Value) -> Answer {
        Answer { name: self.name, whole }
    }
}

impl Answer {
    /// `yes` where nothing was refused for want of a right, `sign-in`, `not-found`, `absent`, or the code of an error.
    #[must_use]
    pub fn word(&self) -> String {
        if let Some(error) = self.whole["errors"].as_array().and_then(|errors| errors.first()) {
            return match error["extensions"]["code"].as_str() {
                Some("UNAUTHENTICATED") => "sign-in".into(),
                Some(code) => format!("error:{code}"),
                None => format!("error without a code: {error}"),
            };
        }
        let Some(found) = self.found() else {
            return "absent".into();
        };
        let is_not_found = |error: &Value| error["code"] == "NOT_FOUND";
        match found["userErrors"].as_array() {
            Some(errors) if errors.iter().any(is_not_found) => "not-found".into(),
            _ => "yes".into(),
        }
    }

    /// Whether it was done: no error, no user error, something answered.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let no_errors = self.whole["errors"].as_array().is_none_or(Vec::is_empty);
        let no_user_errors = |found: &Value| found["userErrors"].as_array().is_none_or(Vec::is_empty);
        no_errors && self.found().is_some_and(no_user_errors)
    }

    /// What stands at the end of the operation's path; of lists the first.
    #[must_use]
    pub fn found(&self) -> Option<&Value> {
        let mut value = &self.whole["data"];
        for part in self.name.split('.') {
            if let Some(all) = value.as_array() {
                value = all.first()?;
            }
            value = value.get(part)?;
        }
        (!value.is_null()).then_some(value)
    }
}
