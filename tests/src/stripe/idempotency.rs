//! Idempotency keys, API version 1: the first answer is kept and comes again, errors of the server included.

use super::{api::Answer, form::Params, state::State};

const A_DAY: i64 = 24 * 60 * 60;

/// What is kept under a key.
pub(super) struct Entry {
    path: String,
    params: Params,
    since: i64,
    answer: Option<Answer>,
}

/// What a key says about a request.
pub(super) enum Verdict {
    /// It is the first: the key is taken, do it, then [`finish`].
    First,
    /// It was answered before.
    Replay(Answer),
    /// It is refused; nothing was done.
    Refused(Answer),
}

/// Takes a key, or says why not.
pub(super) fn begin(state: &mut State, key: &str, path: &str, params: &Params, now: i64) -> Verdict {
    if key.chars().count() > 255 {
        return Verdict::Refused(error(
            400,
            None,
            "Idempotency keys can be at most 255 characters.".to_owned(),
        ));
    }
    let Some(entry) = state.keys.get(key) else {
        state.keys.insert(
            key.to_owned(),
            Entry {
                path: path.to_owned(),
                params: params.clone(),
                since: now,
                answer: None,
            },
        );
        return Verdict::First;
    };
    let another = "if you meant to execute a different request.";
    if entry.path != path {
        let message = format!(
            "Keys for idempotent requests can only be used for the same endpoint they were first used for ('{path}' vs '{}'). Try using a key other than '{key}' {another}",
            entry.path
        );
        return Verdict::Refused(error(400, None, message));
    }
    if entry.params != *params {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '{key}' {another}"
        );
        return Verdict::Refused(error(400, None, message));
    }
    match &entry.answer {
        Some(answer) => Verdict::Replay(Answer {
            replayed: true,
            ..answer.clone()
        }),
        None => {
            let message = format!(
                "There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): {key}. Please try again later."
            );
            Verdict::Refused(error(409, Some("idempotency_key_in_use"), message))
        }
    }
}

/// Keeps an answer, unless the request never got as far as being executed.
pub(super) fn finish(state: &mut State, key: &str, answer: Option<&Answer>) {
    match answer {
        Some(answer) if answer.status < 400 || answer.status >= 500 => {
            if let Some(entry) = state.keys.get_mut(key) {
                entry.answer = Some(answer.clone());
            }
        }
        _ => {
            state.keys.remove(key);
        }
    }
}

/// Forgets keys older than a day.
pub(super) fn prune(state: &mut State, now: i64) {
    state
        .keys
        .retain(|_, entry| entry.answer.is_none() || now - entry.since < A_DAY);
}

fn error(status: u16, code: Option<&str>, message: String) -> Answer {
    let mut error = serde_json::json!({ "message": message, "type": "idempotency_error" });
    if let Some(code) = code {
        error["code"] = code.into();
    }
    Answer::json(status, &serde_json::json!({ "error": error }))
}
