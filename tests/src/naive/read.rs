//! Columns of rows, by name, on both databases.

use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// One row. A column that is not there, or is of another type, ends the test.
pub(super) struct Row(QueryResult);

impl Row {
    fn get<T: TryGetable>(&self, column: &str) -> T {
        let value = self.0.try_get("", column);
        value.unwrap_or_else(|error| panic!("{column}: {error}"))
    }

    pub(super) fn id(&self, column: &str) -> Uuid {
        self.get(column)
    }

    pub(super) fn opt_id(&self, column: &str) -> Option<Uuid> {
        self.get(column)
    }

    pub(super) fn text(&self, column: &str) -> String {
        self.get(column)
    }

    pub(super) fn opt_text(&self, column: &str) -> Option<String> {
        self.get(column)
    }

    /// A `bigint`.
    pub(super) fn long(&self, column: &str) -> i64 {
        self.get(column)
    }

    pub(super) fn opt_long(&self, column: &str) -> Option<i64> {
        self.get(column)
    }

    /// An `integer`.
    pub(super) fn int(&self, column: &str) -> i32 {
        self.get(column)
    }

    pub(super) fn opt_int(&self, column: &str) -> Option<i32> {
        self.get(column)
    }

    pub(super) fn flag(&self, column: &str) -> bool {
        self.get(column)
    }

    pub(super) fn opt_flag(&self, column: &str) -> Option<bool> {
        self.get(column)
    }

    pub(super) fn bytes(&self, column: &str) -> Vec<u8> {
        self.get(column)
    }
}

/// Every row of a statement.
pub(super) async fn all(app: &crate::TestApp, text: &str) -> Vec<Row> {
    let rows = consentry::platform::store::sql::all(app.store().admin(), text, []).await;
    let rows = rows.unwrap_or_else(|error| panic!("{text}: {error}"));
    rows.into_iter().map(Row).collect()
}
