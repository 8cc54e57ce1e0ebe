//! The open transaction: a value that the runner commits, or everything rolls back.

use std::sync::atomic::{AtomicI64, Ordering};

use consentry_domain::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::{Engine, Store};

/// An open transaction. Only a [`Runner`](super::Runner) makes and ends one.
pub struct Tx {
    inner: DatabaseTransaction,
    store: Store,
    now: OnceCell<Instant>,
    ids: AtomicI64,
}

impl Tx {
    pub(super) fn new(inner: DatabaseTransaction, store: Store) -> Self {
        Self {
            inner,
            store,
            now: OnceCell::new(),
            ids: AtomicI64::new(0),
        }
    }

    /// The time of this change: the database's, asked once.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn now(&self) -> Result<Instant, DbErr> {
        self.now
            .get_or_try_init(|| self.store.clock().now(self.engine(), &self.inner))
            .await
            .copied()
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.store.engine()
    }

    /// So many random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.store.entropy().bytes()
    }

    /// A random number below `bound` (0 when that is 0).
    #[must_use]
    pub fn below(&self, bound: u64) -> u64 {
        self.store.entropy().below(bound)
    }

    /// A new ordered id (version 7), for what only the organization sees. Those of one transaction are in the order in
    /// which they were made: each is dated a microsecond after the one before.
    #[must_use]
    pub fn ordered_id<T: From<Uuid>>(&self) -> T {
        let now = self.now.get().copied().unwrap_or_else(|| self.store.clock().local());
        let before = self.ids.fetch_add(1, Ordering::Relaxed);
        self.store.entropy().ordered_id(Instant(now.0.saturating_add(before)))
    }

    /// A new random id (version 4), for what a partner sees.
    #[must_use]
    pub fn random_id<T: From<Uuid>>(&self) -> T {
        self.store.entropy().random_id()
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.inner.commit().await
    }

    pub(super) async fn rollback(self) -> Result<(), DbErr> {
        self.inner.rollback().await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.inner.execute_raw(statement).await
    }

    #[expect(clippy::disallowed_methods, reason = "hands on what the caller had to justify")]
    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.inner.query_all_raw(statement).await
    }
}
