//! The request that this work belongs to, so that records can name it without every function passing it on.

use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The request's id, when there is one (jobs have none).
#[must_use]
pub fn current() -> Option<Uuid> {
    CURRENT.try_with(|id| *id).ok()
}

/// Runs `work` as part of this request.
pub async fn scope<F: Future>(id: Uuid, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}
