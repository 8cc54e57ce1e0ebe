//! The page on which somebody pays, and everything a payer (or time) can do there.

use poem::{
    Response,
    http::{Method, StatusCode},
};

use super::{
    amounts, checkout,
    form::Params,
    state::{
        Cause, Charge, Intent, IntentStatus, PaymentFailure, PaymentStatus, Session, SessionStatus, Shared, State,
        random_id,
    },
};

/// What can be done on the page of a checkout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Pay by card; it works.
    Pay,
    /// Pay by card; it is declined, and another try is possible.
    Decline,
    /// Pay by a card whose bank wants to see the payer first.
    Require3ds,
    /// The bank is satisfied.
    Authenticate,
    /// The bank is not.
    FailAuthentication,
    /// Pay by a delayed method.
    PayLater,
    /// Its money arrives.
    Settle,
    /// Its money does not arrive.
    FailLater,
}

impl Action {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "pay" => Self::Pay,
            "decline" => Self::Decline,
            "require_3ds" => Self::Require3ds,
            "authenticate" => Self::Authenticate,
            "fail_authentication" => Self::FailAuthentication,
            "pay_later" => Self::PayLater,
            "settle" => Self::Settle,
            "fail_later" => Self::FailLater,
            _ => return None,
        })
    }
}

/// What the payer sees next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They are sent to the shop.
    Redirected(String),
    /// They stay on the page, which tells them this.
    Stays(&'static str),
}

/// The session is not in a state in which that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPossible {
    /// The session's state, or that there is none.
    pub because: String,
}

const DECLINED: PaymentFailure = PaymentFailure {
    code: "card_declined",
    decline_code: Some("generic_decline"),
    message: "Your card was declined.",
};
const UNAUTHENTICATED: PaymentFailure = PaymentFailure {
    code: "payment_intent_authentication_failure",
    decline_code: None,
    message: "The provided payment method failed authentication.",
};
const RETURNED: PaymentFailure = PaymentFailure {
    code: "payment_intent_payment_attempt_failed",
    decline_code: None,
    message: "The payment failed.",
};

/// Does it.
pub(super) fn act(shared: &Shared, id: &str, action: Action) -> Result<Outcome, NotPossible> {
    let mut state = shared.state();
    let session = state.session(id).cloned().ok_or_else(|| NotPossible {
        because: "no such session".to_owned(),
    })?;
    let intent = session
        .payment_intent
        .as_deref()
        .and_then(|id| state.intent(id))
        .map(|intent| intent.status);
    let possible = match action {
        Action::Pay | Action::Decline | Action::Require3ds | Action::PayLater => session.status == SessionStatus::Open,
        Action::Authenticate | Action::FailAuthentication => {
            session.status == SessionStatus::Open && intent == Some(IntentStatus::RequiresAction)
        }
        Action::Settle | Action::FailLater => {
            session.status == SessionStatus::Complete && intent == Some(IntentStatus::Processing)
        }
    };
    if !possible {
        return Err(NotPossible {
            because: format!("{:?}, {intent:?}", session.status),
        });
    }
    let intent = intent_of(shared, &mut state, &session);
    let cause = Cause::default();
    let attempt = |state: &mut State, kind, status, error| {
        let object = state.change_intent(&intent, |intent| (intent.status, intent.error) = (status, error));
        shared.emit(state, kind, object, &cause);
    };
    Ok(match action {
        Action::Pay | Action::Authenticate => {
            charge(shared, &mut state, &session, &intent);
            attempt(&mut state, "payment_intent.succeeded", IntentStatus::Succeeded, None);
            complete(&mut state, id, PaymentStatus::Paid);
            checkout::emit(shared, &mut state, id, "checkout.session.completed", &cause);
            redirected(&session)
        }
        Action::Decline => {
            attempt(
                &mut state,
                "payment_intent.payment_failed",
                IntentStatus::RequiresPaymentMethod,
                Some(DECLINED),
            );
            Outcome::Stays(DECLINED.message)
        }
        Action::FailAuthentication => {
            attempt(
                &mut state,
                "payment_intent.payment_failed",
                IntentStatus::RequiresPaymentMethod,
                Some(UNAUTHENTICATED),
            );
            Outcome::Stays(UNAUTHENTICATED.message)
        }
        Action::Require3ds => {
            attempt(
                &mut state,
                "payment_intent.requires_action",
                IntentStatus::RequiresAction,
                None,
            );
            Outcome::Stays("Your bank wants to see you.")
        }
        Action::PayLater => {
            attempt(&mut state, "payment_intent.processing", IntentStatus::Processing, None);
            complete(&mut state, id, PaymentStatus::Unpaid);
            checkout::emit(shared, &mut state, id, "checkout.session.completed", &cause);
            redirected(&session)
        }
        Action::Settle => {
            charge(shared, &mut state, &session, &intent);
            attempt(&mut state, "payment_intent.succeeded", IntentStatus::Succeeded, None);
            complete(&mut state, id, PaymentStatus::Paid);
            checkout::emit(
                shared,
                &mut state,
                id,
                "checkout.session.async_payment_succeeded",
                &cause,
            );
            Outcome::Stays("Settled.")
        }
        Action::FailLater => {
            attempt(
                &mut state,
                "payment_intent.payment_failed",
                IntentStatus::RequiresPaymentMethod,
                Some(RETURNED),
            );
            checkout::emit(shared, &mut state, id, "checkout.session.async_payment_failed", &cause);
            Outcome::Stays("Failed.")
        }
    })
}

fn complete(state: &mut State, id: &str, payment_status: PaymentStatus) {
    if let Some(session) = state.session_mut(id) {
        session.status = SessionStatus::Complete;
        session.payment_status = payment_status;
    }
}

fn redirected(session: &Session) -> Outcome {
    Outcome::Redirected(session.success_url.replace("{CHECKOUT_SESSION_ID}", &session.id))
}

/// The intent is made at the first attempt to pay.
fn intent_of(shared: &Shared, state: &mut State, session: &Session) -> String {
    if let Some(id) = &session.payment_intent {
        return id.clone();
    }
    let id = format!("pi_{}", random_id(24));
    let intent = Intent {
        id: id.clone(),
        status: IntentStatus::RequiresPaymentMethod,
        amount: session.amount,
        currency: session.currency.clone(),
        created: shared.now(),
        description: session.description.clone(),
        metadata: session.intent_metadata.clone(),
        latest_charge: None,
        error: None,
    };
    let object = super::render::intent(&intent);
    state.intents.push(intent);
    if let Some(session) = state.session_mut(&session.id) {
        session.payment_intent = Some(id.clone());
    }
    shared.emit(state, "payment_intent.created", object, &Cause::default());
    id
}

fn charge(shared: &Shared, state: &mut State, session: &Session, intent: &str) {
    let charge = Charge {
        id: format!("ch_{}", random_id(24)),
        payment_intent: intent.to_owned(),
        session: session.id.clone(),
        client_reference_id: session.client_reference_id.clone(),
        amount: session.amount,
        currency: session.currency.clone(),
        created: shared.now(),
    };
    state.change_intent(intent, |intent| intent.latest_charge = Some(charge.id.clone()));
    state.charges.push(charge);
}

/// The page over HTTP.
pub(super) fn serve(shared: &Shared, method: &Method, id: &str, body: &str) -> Response {
    let mut message = "";
    let mut status = StatusCode::OK;
    if method == Method::POST {
        let Some(action) = Params::parse(body).get("action").and_then(Action::named) else {
            return html(StatusCode::BAD_REQUEST, "<p>No such action.</p>");
        };
        match act(shared, id, action) {
            Ok(Outcome::Redirected(url)) => {
                return Response::builder()
                    .status(StatusCode::SEE_OTHER)
                    .header("Location", url)
                    .finish();
            }
            Ok(Outcome::Stays(told)) => message = told,
            Err(_) => (message, status) = ("That is not possible any more.", StatusCode::CONFLICT),
        }
    }
    let state = shared.state();
    let Some(session) = state.session(id) else {
        return html(
            StatusCode::NOT_FOUND,
            "<p>Something went wrong. The page you were looking for could not be found.</p>",
        );
    };
    let intent = session
        .payment_intent
        .as_deref()
        .and_then(|id| state.intent(id))
        .map(|intent| intent.status);
    let buttons: &[(&str, &str)] = match (session.status, intent) {
        (SessionStatus::Open, Some(IntentStatus::RequiresAction)) => {
            &[("authenticate", "It is me"), ("fail_authentication", "Refuse")]
        }
        (SessionStatus::Open, _) => &[
            ("pay", "Pay"),
            ("decline", "Pay with a declined card"),
            ("require_3ds", "Pay with 3-D Secure"),
            ("pay_later", "Pay by debit, settled later"),
        ],
        (SessionStatus::Complete, Some(IntentStatus::Processing)) => {
            &[("settle", "Let it arrive"), ("fail_later", "Let it fail")]
        }
        (SessionStatus::Complete, _) => {
            message = "You're all done here.";
            &[]
        }
        (SessionStatus::Expired, _) => {
            message = "This Checkout Session has expired.";
            &[]
        }
    };
    let buttons: String = buttons
        .iter()
        .map(|(name, label)| format!("<button name=\"action\" value=\"{name}\">{label}</button>\n"))
        .collect();
    let cancel = match (&session.cancel_url, session.status) {
        (Some(url), SessionStatus::Open) => format!("<p><a href=\"{}\">Back</a></p>", escape(url)),
        _ => String::new(),
    };
    html(
        status,
        &format!(
            "<h1>{}</h1><p id=\"amount\">{} {}</p><p role=\"status\">{message}</p><form method=\"post\">{buttons}</form>{cancel}",
            escape(&session.line_name),
            amounts::shown(session.amount, &session.currency),
            session.currency.to_uppercase(),
        ),
    )
}

fn html(status: StatusCode, content: &str) -> Response {
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .body(format!("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Pay (stand-in)</title></head><body><main>{content}</main></body></html>"))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
