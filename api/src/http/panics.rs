//! What is written when something panics: where, and not with which words.

use std::panic;

/// Replaces the hook that prints a panic's text. That text can hold what `unwrap` found, a database's error with a
/// person's address in it for example; the place in the source is what a developer needs.
///
/// For the program's start; tests keep the standard hook.
pub fn log_panics_without_payload() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(target: "consentry::panic", place, request_id = ?crate::platform::request::current(), "a panic");
    }));
}
