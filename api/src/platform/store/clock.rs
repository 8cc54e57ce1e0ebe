//! What time it is: the database's clock on PostgreSQL (many nodes, one clock), the machine's on SQLite (one process).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use consentry_domain::Instant;
use sea_orm::{ConnectionTrait, DbErr};

use super::{Engine, sql};

/// The clock whose `now` decides, with an offset that only test builds can move.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// Moves this clock by so many microseconds, for tests of what time does.
    #[cfg(feature = "failpoints")]
    pub fn advance(&self, micros: i64) {
        self.offset.fetch_add(micros, Ordering::SeqCst);
    }

    /// A clock that is so many microseconds behind and stays it: for the demo, which tells what happened earlier.
    #[must_use]
    pub(crate) fn behind(micros: i64) -> Self {
        Self {
            offset: Arc::new(AtomicI64::new(-micros)),
        }
    }

    /// The offset in force, in microseconds.
    #[must_use]
    pub fn offset(&self) -> i64 {
        self.offset.load(Ordering::SeqCst)
    }

    /// This machine's time plus the offset: for ids, and for `now` on SQLite.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn local(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(
            i64::try_from(since.as_micros())
                .unwrap_or(i64::MAX)
                .saturating_add(self.offset()),
        )
    }

    /// The time that decides. On PostgreSQL one statement.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self, engine: Engine, connection: &impl ConnectionTrait) -> Result<Instant, DbErr> {
        match engine {
            Engine::Sqlite => Ok(self.local()),
            Engine::Postgres => {
                let row = sql::one(
                    connection,
                    "select (extract(epoch from clock_timestamp()) * 1000000)::bigint + $1 as now",
                    [self.offset().into()],
                )
                .await?;
                Ok(Instant(row.try_get("", "now")?))
            }
        }
    }
}
