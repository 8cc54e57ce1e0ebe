//! The one runner of transactions.
//!
//! It is driven by the macro [`transaction!`](crate::transaction) and not by a function that takes an async closure,
//! because the compiler cannot yet show that such a closure's future, which borrows from its caller, may move between
//! threads.

use std::time::Duration;

use sea_orm::{DatabaseConnection, DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait, Value};

use super::{Retry, Store, Tx, sql, stats};

/// How often a change is run before its failure is reported.
const ATTEMPTS: u32 = 8;

/// Runs one change, several times when the database gives up on it.
pub struct Runner<'a> {
    store: &'a Store,
    connection: &'a DatabaseConnection,
    login: LoginOf,
    attempt: u32,
}

/// With whose login a change runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LoginOf {
    Program,
    Partner,
}

impl<'a> Runner<'a> {
    pub(super) fn new(store: &'a Store, connection: &'a DatabaseConnection) -> Self {
        Self {
            store,
            connection,
            login: LoginOf::Program,
            attempt: 0,
        }
    }

    pub(super) fn for_partner(store: &'a Store, connection: &'a DatabaseConnection) -> Self {
        Self {
            login: LoginOf::Partner,
            ..Self::new(store, connection)
        }
    }

    /// Opens the transaction of the next attempt. On SQLite it takes the write lock at once: one that reads first and
    /// then writes would fail without waiting.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn begin(&mut self) -> Result<Tx, DbErr> {
        self.attempt += 1;
        if self.login == LoginOf::Partner {
            self.store.demand_partner_login().await?;
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(Tx::new(
            self.connection.begin_with_options(options).await?,
            self.store.clone(),
        ))
    }

    /// Ends an attempt: commits it, or rolls it back and says whether another may help.
    pub async fn end<T, E>(&mut self, tx: Tx, outcome: Result<T, E>) -> Ended<T, E>
    where
        E: From<DbErr> + Retry,
    {
        let error = match outcome {
            Ok(value) => match tx.commit().await {
                Ok(()) => return Ended::With(Ok(value)),
                Err(error) => E::from(error),
            },
            Err(error) => {
                // A rollback that fails leaves nothing behind either: the connection is discarded.
                if let Err(rollback) = tx.rollback().await {
                    tracing::warn!(error = %rollback, "rollback failed");
                }
                error
            }
        };
        if self.attempt >= ATTEMPTS || !error.is_retryable() {
            return Ended::With(Err(error));
        }
        self.store.pause(self.attempt).await;
        Ended::Again
    }
}

impl Store {
    /// A change that is one statement, which is a transaction of its own: the rows that it changed. It is run again like
    /// any other when the database gives up on it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn alone(&self, text: &str, values: &[Value]) -> Result<u64, DbErr> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match sql::execute(self.admin(), text, values.iter().cloned()).await {
                Err(error) if attempt < ATTEMPTS && error.is_retryable() => self.pause(attempt).await,
                ended => return ended,
            }
        }
    }

    /// Waits before another attempt.
    async fn pause(&self, attempt: u32) {
        stats::retried();
        let pause = self.entropy().below(1 << attempt);
        tokio::time::sleep(Duration::from_millis(pause)).await;
    }
}

/// How an attempt ended.
pub enum Ended<T, E> {
    /// For good.
    With(Result<T, E>),
    /// To be run again.
    Again,
}

/// Runs a change as one transaction: `transaction!(store.writer(), async |tx| { … })`, where `tx` is a `&Tx` and the
/// body a `Result` whose error is `From<DbErr>` and [`Retry`](crate::platform::store::Retry).
///
/// The body may run several times; nothing outside the database may happen in it. An early `return` leaves the body
/// only.
#[macro_export]
macro_rules! transaction {
    ($runner:expr, async |$tx:ident| $body:block) => {{
        let mut runner = $runner;
        loop {
            let open = match runner.begin().await {
                Ok(open) => open,
                Err(error) => break Err(error.into()),
            };
            let outcome = {
                let $tx = &open;
                async { $body }.await
            };
            match runner.end(open, outcome).await {
                $crate::platform::store::Ended::With(outcome) => break outcome,
                $crate::platform::store::Ended::Again => {}
            }
        }
    }};
}
