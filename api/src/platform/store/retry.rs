//! Which failures of the database are worth another run of the whole change.

use sea_orm::{DbErr, RuntimeErr};

/// Errors that say whether running the change again may help.
pub trait Retry {
    /// Whether the database gave up on this run only: deadlock, serialization failure, busy.
    fn is_retryable(&self) -> bool;
}

impl Retry for DbErr {
    fn is_retryable(&self) -> bool {
        let (Self::Exec(RuntimeErr::SqlxError(error))
        | Self::Query(RuntimeErr::SqlxError(error))
        | Self::Conn(RuntimeErr::SqlxError(error))) = self
        else {
            return false;
        };
        let Some(code) = error.as_database_error().and_then(|error| error.code()) else {
            return false;
        };
        // PostgreSQL: serialization_failure, deadlock_detected. SQLite: BUSY and BUSY_SNAPSHOT.
        matches!(code.as_ref(), "40001" | "40P01" | "5" | "517")
    }
}
