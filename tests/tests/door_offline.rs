//! The door without a network in a browser, of the team and of a device: see `tests/tools/door.cjs`. What was let in is asked of the database.

use std::path::Path;
use std::process::Command;

use consentry_tests::demo::Demo;
use consentry_tests::latecomers;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::json;

/// How many are scanned without a network; as many as come in an hour, where there is time for it.
fn count() -> usize {
    match std::env::var_os("CONSENTRY_TEST_LONG") {
        Some(_) => 500,
        None => 20,
    }
}

async fn opened(file: &Path) -> DatabaseConnection {
    let address = format!("sqlite://{}?mode=ro", file.display());
    Database::connect(address).await.expect("the demo's database")
}

async fn rows(database: &DatabaseConnection, text: String) -> Vec<sea_orm::QueryResult> {
    let statement = Statement::from_string(database.get_database_backend(), text);
    database.query_all_raw(statement).await.expect("rows")
}

/// Code and name of people who are expected and not in.
async fn expected(database: &DatabaseConnection, count: usize) -> Vec<(String, String)> {
    let text = format!(
        "select r.check_in_code, r.full_name from registration r join event e on e.id = r.event_id \
         where e.slug = 'rust-days' and r.status = 'CONFIRMED' \
         and not exists (select 1 from check_in c where c.registration_id = r.id) order by r.id limit {count}"
    );
    let one = |row: &sea_orm::QueryResult| {
        (
            row.try_get("", "check_in_code").expect("a code"),
            row.try_get("", "full_name").expect("a name"),
        )
    };
    rows(database, text).await.iter().map(one).collect()
}

/// How often each of these is in.
async fn passages(database: &DatabaseConnection, codes: &[String]) -> Vec<i64> {
    let text = format!(
        "select (select count(*) from check_in c where c.registration_id = r.id and c.undone_at is null) as n \
         from registration r where r.check_in_code in ('{}')",
        codes.join("', '")
    );
    let all = rows(database, text).await;
    all.iter().map(|row| row.try_get("", "n").expect("a count")).collect()
}

#[test]
fn who_came_while_there_was_no_network_is_in_once_also_when_the_browser_is_killed() {
    let mut demo = Demo::start();
    demo.wait_until_complete();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(opened(&demo.file("data/demo.db")));
    // The first before the camera, and the last seven are the device's.
    let wanted = count() + 8;
    let are_there = runtime.block_on(expected(&database, wanted)).len();
    latecomers::come(&demo, wanted - are_there);
    let people = runtime.block_on(expected(&database, wanted));
    assert_eq!(people.len(), wanted, "so many are expected");
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("people.json");
    let all: Vec<_> = people
        .iter()
        .map(|(code, name)| json!({ "code": code, "name": name }))
        .collect();
    std::fs::write(&list, json!(all).to_string()).expect("a file");
    let base = demo.url();
    let walk = Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tools/door.cjs"))
        .args([base.as_str(), &folder.path().to_string_lossy()])
        .args([&demo.facts_path(), &list])
        .output()
        .expect("node runs");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&walk.stdout),
        String::from_utf8_lossy(&walk.stderr)
    );
    println!("{said}");
    assert!(
        walk.status.success() && said.contains("signing out leaves nothing") && said.contains("ending leaves nothing"),
        "{said}"
    );
    let codes: Vec<String> = people.into_iter().map(|(code, _)| code).collect();
    let in_once = runtime.block_on(passages(&database, &codes));
    assert_eq!(in_once, vec![1; codes.len()]);
}
