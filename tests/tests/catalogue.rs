//! The catalogue of personal data names every column of both databases, and no other.

use std::collections::BTreeMap;

use consentry::platform::store::{Engine, sql};
use consentry_entity::CATALOGUE;
use consentry_entity::catalogue::{Class, Erasure};
use consentry_tests::app::TestApp;
use consentry_tests::on_both_databases;

/// The columns of each table, in order, as the database says; without the migrations' own table, and without an index that
/// is made of tables.
async fn columns(app: &TestApp) -> BTreeMap<String, Vec<String>> {
    let text = match app.store().engine() {
        Engine::Sqlite => {
            "select m.name as table_name, c.name as column_name from sqlite_schema m join pragma_table_list(m.name) l \
             join pragma_table_info(m.name) c where m.type = 'table' and l.type = 'table' and m.name <> 'seaql_migrations' and substr(m.name, 1, 7) <> 'sqlite_' \
             order by m.name, c.cid"
        }
        Engine::Postgres => {
            "select c.table_name::text as table_name, c.column_name::text as column_name from information_schema.columns c \
             join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name \
             where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name <> 'seaql_migrations' \
             order by c.table_name, c.ordinal_position"
        }
    };
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in sql::all(app.store().read(), text, [])
        .await
        .expect("the database answers")
    {
        let table = row.try_get("", "table_name").expect("a name");
        let column = row.try_get("", "column_name").expect("a name");
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// What the catalogue and the database say differently.
async fn differences(app: &TestApp) -> Vec<String> {
    let mut found = columns(app).await;
    let mut wrong = Vec::new();
    for table in CATALOGUE {
        let Some(columns) = found.remove(table.name) else {
            wrong.push(format!("{}: an entry without a table", table.name));
            continue;
        };
        let entries: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        let missing = columns.iter().filter(|column| !entries.contains(&column.as_str()));
        let missing: Vec<_> = missing
            .map(|column| format!("{}.{column}: a column without an entry", table.name))
            .collect();
        let extra = entries
            .iter()
            .filter(|entry| !columns.iter().any(|column| column == *entry));
        let extra: Vec<_> = extra
            .map(|entry| format!("{}.{entry}: an entry without a column", table.name))
            .collect();
        if missing.is_empty() && extra.is_empty() && columns != entries {
            wrong.push(format!(
                "{}: the entries stand in another order than the columns",
                table.name
            ));
        }
        wrong.extend(missing);
        wrong.extend(extra);
    }
    wrong.extend(found.keys().map(|table| format!("{table}: a table without an entry")));
    wrong
}

on_both_databases! {
    async fn every_column_stands_in_the_catalogue_and_every_entry_is_a_column(app: TestApp) {
        assert_eq!(differences(&app).await, Vec::<String>::new());
    }

    async fn a_column_or_table_that_the_catalogue_forgot_is_named(app: TestApp) {
        app.db_execute("alter table registration add column shoe_size integer").await;
        app.db_execute("alter table answer rename column value to said").await;
        app.db_execute("create table wish (id integer)").await;
        let expected = [
            "answer.said: a column without an entry",
            "answer.value: an entry without a column",
            "registration.shoe_size: a column without an entry",
            "wish: a table without an entry",
        ];
        assert_eq!(differences(&app).await, expected);
    }
}

#[test]
fn every_table_of_the_catalogue_says_what_for_how_long_and_stands_there_once() {
    let mut names: Vec<&str> = CATALOGUE.iter().map(|table| table.name).collect();
    for table in CATALOGUE {
        assert!(
            !table.purpose.is_empty() && !table.retention.is_empty(),
            "{}",
            table.name
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), CATALOGUE.len());
}

#[test]
fn a_table_that_is_emptied_has_something_to_empty() {
    for table in CATALOGUE.iter().filter(|table| table.erasure == Erasure::Emptied) {
        let personal = |class: &Class| matches!(class, Class::Personal | Class::Sensitive);
        assert!(table.columns.iter().any(|(_, class)| personal(class)), "{}", table.name);
    }
}
