//! The one refusal of all state machines: from here there is no way to there.

/// A transition that the state machine does not have. Whoever asked for it acted on a state that has passed, or must
/// not ask for it at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{of} cannot go from {from} to {to}")]
pub struct InvalidTransition {
    /// What was to change.
    pub of: &'static str,
    /// Where it stands.
    pub from: &'static str,
    /// Where it was to go.
    pub to: &'static str,
}
