//! The API's calls: authentication, faults, idempotency, then the operation.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};

use super::{
    checkout,
    form::Params,
    idempotency::{self, Verdict},
    lists,
    render::{self, Expanded},
    state::{Cause, Shared, State, random_id},
    switches::{Fault, Operation},
};

/// A request, read.
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) params: Params,
    pub(super) authorization: Option<String>,
    pub(super) idempotency_key: Option<String>,
}

/// An answer, whole.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) content_type: &'static str,
    pub(super) request_id: String,
    pub(super) replayed: bool,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string(),
            content_type: "application/json",
            request_id: format!("req_{}", random_id(14)),
            replayed: false,
        }
    }
}

/// Why a request is refused.
pub(super) struct Refusal {
    status: u16,
    code: Option<String>,
    param: Option<String>,
    message: String,
}

impl Refusal {
    pub(super) fn message(message: String) -> Self {
        Self {
            status: 400,
            code: None,
            param: None,
            message,
        }
    }

    pub(super) fn invalid(param: &str, message: &str) -> Self {
        Self {
            status: 400,
            code: None,
            param: Some(param.to_owned()),
            message: message.to_owned(),
        }
    }

    pub(super) fn param(code: &str, param: &str, message: String) -> Self {
        Self {
            status: 400,
            code: Some(code.to_owned()),
            param: Some(param.to_owned()),
            message,
        }
    }

    pub(super) fn missing(object: &str, param: &str, id: &str) -> Self {
        Self {
            status: 404,
            code: Some("resource_missing".to_owned()),
            param: Some(param.to_owned()),
            message: format!("No such {object}: '{id}'"),
        }
    }

    fn answer(self) -> Answer {
        let mut error = json!({ "message": self.message, "type": "invalid_request_error" });
        if let Some(code) = self.code {
            error["doc_url"] = format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")).into();
            error["code"] = code.into();
        }
        if let Some(param) = self.param {
            error["param"] = param.into();
        }
        Answer::json(self.status, &json!({ "error": error }))
    }
}

enum Target<'a> {
    CreateCheckout,
    RetrieveCheckout(&'a str),
    ExpireCheckout(&'a str),
    ListEvents,
    RetrieveIntent(&'a str),
}

impl Target<'_> {
    fn operation(&self) -> Operation {
        match self {
            Self::CreateCheckout => Operation::CreateCheckout,
            Self::RetrieveCheckout(_) => Operation::RetrieveCheckout,
            Self::ExpireCheckout(_) => Operation::ExpireCheckout,
            Self::ListEvents => Operation::ListEvents,
            Self::RetrieveIntent(_) => Operation::RetrieveIntent,
        }
    }
}

fn target(call: &Call) -> Option<Target<'_>> {
    let segments: Vec<&str> = call.path.trim_matches('/').split('/').collect();
    Some(match (call.method.as_str(), segments.as_slice()) {
        ("POST", ["v1", "checkout", "sessions"]) => Target::CreateCheckout,
        ("GET", ["v1", "checkout", "sessions", id]) => Target::RetrieveCheckout(id),
        ("POST", ["v1", "checkout", "sessions", id, "expire"]) => Target::ExpireCheckout(id),
        ("GET", ["v1", "events"]) => Target::ListEvents,
        ("GET", ["v1", "payment_intents", id]) => Target::RetrieveIntent(id),
        _ => return None,
    })
}

/// Longer than any client waits.
const NEVER: Duration = Duration::from_secs(600);

/// Answers a call. Must run in a task of its own: a client that goes away does not undo what it asked for.
pub(super) async fn answer(shared: Arc<Shared>, call: Call) -> Answer {
    if let Some(refused) = unauthorized(&shared, &call) {
        return refused;
    }
    let Some(target) = target(&call) else {
        let message = format!("Unrecognized request URL ({}: {}).", call.method, call.path);
        return Refusal {
            status: 404,
            code: None,
            param: None,
            message,
        }
        .answer();
    };
    let fault = shared.switches.fault(target.operation());
    match fault {
        Some(Fault::RateLimited) => return rate_limited(),
        Some(Fault::BadGateway) => return bad_gateway(),
        Some(Fault::TimeOutBeforeCommit) => {
            tokio::time::sleep(NEVER).await;
            return bad_gateway();
        }
        _ => {}
    }
    // Keys mean something on POST alone.
    let key = call.idempotency_key.as_deref().filter(|_| call.method == "POST");
    if let Some(key) = key {
        let verdict = idempotency::begin(&mut shared.state(), key, &call.path, &call.params, shared.now());
        match verdict {
            Verdict::First => {}
            Verdict::Replay(answer) | Verdict::Refused(answer) => return answer,
        }
    }
    let (delay, _) = shared.switches.delays();
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    let answer = {
        let mut state = shared.state();
        let answer = match fault {
            Some(Fault::ErrorBeforeCommit) => server_error(),
            Some(Fault::ErrorAfterCommit) => {
                drop(execute(&shared, &mut state, &target, &call));
                server_error()
            }
            _ => execute(&shared, &mut state, &target, &call),
        };
        if let Some(key) = key {
            idempotency::finish(&mut state, key, Some(&answer));
        }
        answer
    };
    if fault == Some(Fault::TimeOutAfterCommit) {
        tokio::time::sleep(NEVER).await;
    }
    answer
}

fn execute(shared: &Shared, state: &mut State, target: &Target<'_>, call: &Call) -> Answer {
    let cause = Cause {
        request: Some(format!("req_{}", random_id(14))),
        idempotency_key: call.idempotency_key.clone(),
    };
    let now = shared.now();
    let result = match target {
        Target::CreateCheckout => checkout::create(shared, state, &call.params, now),
        Target::RetrieveCheckout(id) => retrieve(state, id, &call.params),
        Target::ExpireCheckout(id) => checkout::expire(shared, state, id, &cause),
        Target::ListEvents => lists::events(state, &call.params, now),
        Target::RetrieveIntent(id) => state
            .intent(id)
            .map(render::intent)
            .ok_or_else(|| Refusal::missing("payment_intent", "intent", id)),
    };
    match result {
        Ok(body) => Answer {
            request_id: cause.request.unwrap_or_default(),
            ..Answer::json(200, &body)
        },
        Err(refusal) => refusal.answer(),
    }
}

fn retrieve(state: &State, id: &str, params: &Params) -> Result<Value, Refusal> {
    let mut expanded = Expanded::Nothing;
    for field in params.list("expand") {
        if field != "payment_intent" {
            return Err(Refusal::message(format!("This property cannot be expanded ({field}).")));
        }
        expanded = Expanded::PaymentIntent;
    }
    let session = state
        .session(id)
        .ok_or_else(|| Refusal::missing("checkout.session", "session", id))?;
    Ok(render::session(state, session, expanded))
}

fn unauthorized(shared: &Shared, call: &Call) -> Option<Answer> {
    let message = match &call.authorization {
        None => "You did not provide an API key.".to_owned(),
        Some(header) if header.strip_prefix("Bearer ") == Some(shared.secret_key.as_str()) => return None,
        Some(_) => "Invalid API Key provided: sk_test_****".to_owned(),
    };
    Some(Answer::json(
        401,
        &json!({ "error": { "message": message, "type": "invalid_request_error" } }),
    ))
}

fn rate_limited() -> Answer {
    let error =
        json!({ "code": "rate_limit", "message": "Request rate limit exceeded.", "type": "invalid_request_error" });
    Answer::json(429, &json!({ "error": error }))
}

fn server_error() -> Answer {
    Answer::json(
        500,
        &json!({ "error": { "message": "An unknown error occurred", "type": "api_error" } }),
    )
}

fn bad_gateway() -> Answer {
    Answer {
        content_type: "text/html",
        body: "<html><h1>502 Bad Gateway</h1></html>".to_owned(),
        ..Answer::json(502, &Value::Null)
    }
}
