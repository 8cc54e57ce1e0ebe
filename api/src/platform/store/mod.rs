//! The database: two engines behind one value, one runner for changes.
//!
//! A change is a closure handed to [`transaction!`](crate::transaction): everything inside commits or vanishes together, and the runner
//! re-runs it whole when the database gives up on it (deadlock, serialization failure, busy). Nothing outside the
//! database may happen inside. Reads go through [`Store::read`]; what a partner reads goes through [`Store::partner`],
//! on PostgreSQL a login of its own.
//!
//! SQL text uses `$1` placeholders, which both engines understand.

mod clock;
mod connect;
mod entropy;
mod partner_login;
mod places;
mod retry;
mod runner;
pub mod sql;
pub mod stats;
mod tx;

pub use clock::Clock;
pub use connect::{ConnectOptions, Engine, connect};
pub use consentry_migration::rights::Login;
pub use entropy::Entropy;
pub use partner_login::{grant_partner_login, login_of, partner_login_problem};
pub use places::{Places, there};
pub use retry::Retry;
pub use runner::{Ended, Runner};
pub use tx::Tx;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use consentry_domain::Instant;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};

/// The database with its clock and its source of randomness. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    write: DatabaseConnection,
    read: DatabaseConnection,
    partner: DatabaseConnection,
    partner_login_is_good: AtomicBool,
    clock: Clock,
    entropy: Entropy,
}

impl Store {
    /// Puts a store together from its connections (see [`connect`]).
    #[must_use]
    pub fn new(
        engine: Engine,
        write: DatabaseConnection,
        read: DatabaseConnection,
        partner: DatabaseConnection,
        clock: Clock,
        entropy: Entropy,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                engine,
                write,
                read,
                partner,
                partner_login_is_good: AtomicBool::new(engine == Engine::Sqlite),
                clock,
                entropy,
            }),
        }
    }

    /// The same connections with another clock and source of randomness: for the demo, whose contents are seeded and tell
    /// what happened earlier.
    #[must_use]
    pub(crate) fn with(&self, clock: Clock, entropy: Entropy) -> Self {
        let Inner {
            engine,
            write,
            read,
            partner,
            ..
        } = &*self.inner;
        Self::new(*engine, write.clone(), read.clone(), partner.clone(), clock, entropy)
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.inner.engine
    }

    /// The clock whose `now` decides.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The source of randomness.
    #[must_use]
    pub fn entropy(&self) -> &Entropy {
        &self.inner.entropy
    }

    /// The connections for reading; each statement sees what is committed.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// The connection of migrations and other administration.
    #[must_use]
    pub fn admin(&self) -> &DatabaseConnection {
        &self.inner.write
    }

    /// The database's time, read outside any transaction.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Instant, DbErr> {
        self.inner.clock.now(self.inner.engine, self.read()).await
    }

    /// Where changes run (see [`transaction!`](crate::transaction)).
    #[must_use]
    pub fn writer(&self) -> Runner<'_> {
        Runner::new(self, &self.inner.write)
    }

    /// Where a partner's transactions run: on PostgreSQL with the partner's login, which reaches only what a partner may
    /// reach, and which is refused as long as it has less or more rights than that; on SQLite on the write connection.
    #[must_use]
    pub fn partner(&self) -> Runner<'_> {
        Runner::for_partner(self, &self.inner.partner)
    }

    /// The connections with the partner's login.
    #[must_use]
    pub fn partner_connection(&self) -> &DatabaseConnection {
        &self.inner.partner
    }

    /// What is wrong with the partner's login, if anything; asked anew. Partners' requests are refused until nothing is.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn partner_login_problem(&self) -> Result<Option<String>, DbErr> {
        if self.engine() == Engine::Sqlite {
            return Ok(None);
        }
        let problem = partner_login_problem(&self.inner.partner).await?;
        self.inner
            .partner_login_is_good
            .store(problem.is_none(), Ordering::Relaxed);
        Ok(problem)
    }

    /// Lets a partner's request through when the login was found good.
    async fn demand_partner_login(&self) -> Result<(), DbErr> {
        if self.inner.partner_login_is_good.load(Ordering::Relaxed) {
            return Ok(());
        }
        match self.partner_login_problem().await? {
            None => Ok(()),
            Some(problem) => Err(DbErr::Custom(problem)),
        }
    }

    /// Closes every connection; what is under way ends first.
    pub async fn close(self) {
        for connection in [&self.inner.write, &self.inner.read, &self.inner.partner] {
            if let Err(error) = connection.close_by_ref().await {
                tracing::warn!(%error, "closing the database failed");
            }
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// What it says when it does not.
    #[expect(clippy::disallowed_methods, reason = "constant text")]
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read().execute_unprepared("select 1").await.map(drop)
    }
}
