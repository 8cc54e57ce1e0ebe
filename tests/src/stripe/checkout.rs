//! Making and closing sessions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    amounts,
    api::Refusal,
    form::Params,
    render::{self, Expanded},
    state::{Cause, IntentStatus, PaymentStatus, Session, SessionStatus, Shared, State, random_id},
};

const HALF_AN_HOUR: i64 = 30 * 60;
const A_DAY: i64 = 24 * 60 * 60;
/// What the stand-in understands; anything else is refused as Stripe refuses what it does not know.
const KNOWN: [&str; 11] = [
    "mode",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "expires_at",
    "metadata",
    "payment_intent_data",
    "line_items",
    "expand",
    "locale",
];

/// `POST /v1/checkout/sessions`
pub(super) fn create(shared: &Shared, state: &mut State, params: &Params, now: i64) -> Result<Value, Refusal> {
    if let Some(unknown) = params
        .names()
        .find(|name| !KNOWN.contains(&name.split('[').next().unwrap_or(name)))
    {
        return Err(Refusal::param(
            "parameter_unknown",
            unknown,
            format!("Received unknown parameter: {unknown}"),
        ));
    }
    if required(params, "mode")? != "payment" {
        return Err(Refusal::param(
            "parameter_invalid_value",
            "mode",
            "The stand-in knows only mode=payment".to_owned(),
        ));
    }
    let success_url = url(params, "success_url")?.ok_or_else(|| missing("success_url"))?;
    let (currency, amount, line_name) = lines(params)?;
    let expires_at = match params.get("expires_at") {
        None => now + A_DAY,
        Some(text) => {
            let at: i64 = text.parse().map_err(|_| {
                Refusal::param(
                    "parameter_invalid_integer",
                    "expires_at",
                    format!("Invalid integer: {text}"),
                )
            })?;
            if at < now + HALF_AN_HOUR {
                return Err(Refusal::invalid(
                    "expires_at",
                    "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
                ));
            }
            if at > now + A_DAY {
                return Err(Refusal::invalid(
                    "expires_at",
                    "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
                ));
            }
            at
        }
    };
    let client_reference_id = at_most(params, "client_reference_id", 200)?;
    let customer_email = at_most(params, "customer_email", 800)?;
    if let Some(email) = &customer_email
        && !email
            .split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
    {
        return Err(Refusal::param(
            "email_invalid",
            "customer_email",
            format!("Invalid email address: {email}"),
        ));
    }
    let id = format!("cs_test_{}", random_id(58));
    let session = Session {
        url: format!("{}/pay/{id}", shared.base),
        id,
        status: SessionStatus::Open,
        payment_status: PaymentStatus::Unpaid,
        amount,
        currency,
        client_reference_id,
        customer_email,
        success_url,
        cancel_url: url(params, "cancel_url")?,
        created: now,
        expires_at,
        payment_intent: None,
        line_name,
        description: params.get("payment_intent_data[description]").map(str::to_owned),
        metadata: metadata(params, "metadata")?,
        intent_metadata: metadata(params, "payment_intent_data[metadata]")?,
    };
    let rendered = render::session(state, &session, Expanded::Nothing);
    state.sessions.push(session);
    Ok(rendered)
}

/// `POST /v1/checkout/sessions/{id}/expire`
pub(super) fn expire(shared: &Shared, state: &mut State, id: &str, cause: &Cause) -> Result<Value, Refusal> {
    let status = match state
        .session(id)
        .ok_or_else(|| Refusal::missing("checkout.session", "session", id))?
        .status
    {
        SessionStatus::Open => {
            close(shared, state, id, cause);
            let session = state
                .session(id)
                .ok_or_else(|| Refusal::missing("checkout.session", "session", id))?;
            return Ok(render::session(state, session, Expanded::Nothing));
        }
        SessionStatus::Complete => "complete",
        SessionStatus::Expired => "expired",
    };
    Err(Refusal::message(format!(
        "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of `{status}`."
    )))
}

/// Closes every session whose time is over.
pub(super) fn expire_due(shared: &Shared, state: &mut State, now: i64) {
    let due: Vec<String> = state
        .sessions
        .iter()
        .filter(|s| s.status == SessionStatus::Open && s.expires_at <= now)
        .map(|s| s.id.clone())
        .collect();
    for id in due {
        close(shared, state, &id, &Cause::default());
    }
}

fn close(shared: &Shared, state: &mut State, id: &str, cause: &Cause) {
    let Some(session) = state.session_mut(id) else { return };
    session.status = SessionStatus::Expired;
    let intent = session.payment_intent.clone();
    if let Some(intent) = intent {
        let object = state.change_intent(&intent, |intent| intent.status = IntentStatus::Canceled);
        shared.emit(state, "payment_intent.canceled", object, cause);
    }
    emit(shared, state, id, "checkout.session.expired", cause);
}

/// Tells that something happened to a session.
pub(super) fn emit(shared: &Shared, state: &mut State, id: &str, kind: &'static str, cause: &Cause) {
    if let Some(session) = state.session(id) {
        let object = render::session(state, session, Expanded::Nothing);
        shared.emit(state, kind, object, cause);
    }
}

fn lines(params: &Params) -> Result<(String, i64, String), Refusal> {
    if params.names().any(|name| name.starts_with("line_items[1]")) {
        return Err(Refusal::param(
            "parameter_invalid_value",
            "line_items",
            "The stand-in knows only one line item".to_owned(),
        ));
    }
    let currency = required(params, "line_items[0][price_data][currency]")?;
    if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_lowercase()) {
        return Err(Refusal::param(
            "parameter_invalid_value",
            "line_items[0][price_data][currency]",
            format!("Invalid currency: {currency}"),
        ));
    }
    let number = |name: &str| {
        let text = required(params, name)?;
        text.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(|| {
            Refusal::param(
                "parameter_invalid_integer",
                name,
                format!("Invalid non-negative integer: {text}"),
            )
        })
    };
    let unit_amount = number("line_items[0][price_data][unit_amount]")?;
    let quantity = number("line_items[0][quantity]")?;
    let name = required(params, "line_items[0][price_data][product_data][name]")?;
    let amount = unit_amount.checked_mul(quantity).unwrap_or(i64::MAX);
    amounts::check(amount, &currency).map_err(|bad| Refusal::param(bad.code, "line_items", bad.message))?;
    Ok((currency, amount, name))
}

fn missing(name: &str) -> Refusal {
    Refusal::param("parameter_missing", name, format!("Missing required param: {name}."))
}

fn required(params: &Params, name: &str) -> Result<String, Refusal> {
    params.get(name).map(str::to_owned).ok_or_else(|| missing(name))
}

fn at_most(params: &Params, name: &str, length: usize) -> Result<Option<String>, Refusal> {
    match params.get(name) {
        Some(value) if value.chars().count() > length => Err(Refusal::invalid(
            name,
            &format!("Invalid string: must be at most {length} characters"),
        )),
        value => Ok(value.map(str::to_owned)),
    }
}

fn url(params: &Params, name: &str) -> Result<Option<String>, Refusal> {
    match params.get(name) {
        Some(value) if !(value.starts_with("http://") || value.starts_with("https://")) => {
            Err(Refusal::param("url_invalid", name, "Not a valid URL".to_owned()))
        }
        value => Ok(value.map(str::to_owned)),
    }
}

fn metadata(params: &Params, name: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let map = params.map(name);
    let fits = map.len() <= 50
        && map
            .iter()
            .all(|(key, value)| key.chars().count() <= 40 && value.chars().count() <= 500);
    if fits {
        Ok(map)
    } else {
        Err(Refusal::invalid(
            name,
            "Metadata can have up to 50 keys of 40 characters and values of 500 characters",
        ))
    }
}
