//! What is wrong with a code of an authenticator, or with a password, in the visitor's language.

use crate::ask::Ask;

/// By the API's code; its own words where the page has none.
pub(crate) fn refused(ask: &Ask, code: &str, message: String) -> String {
    match code {
        "REQUIRED" => ask.language.say("code-required"),
        "INVALID" => ask.language.say("code-wrong"),
        "RATE_LIMITED" => ask.language.say("code-wait"),
        _ => message,
    }
}
