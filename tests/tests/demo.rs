//! The demo: what it holds, and that everything that it says to try works as it stands.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use consentry_tests::demo::Demo;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::{Value, json};

/// The values of one column, all different.
async fn different(database: &DatabaseConnection, text: &str) -> BTreeSet<String> {
    let statement = Statement::from_string(database.get_database_backend(), text);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index::<String>(0).unwrap())
        .collect()
}

async fn count(database: &DatabaseConnection, text: &str) -> i64 {
    let statement = Statement::from_string(database.get_database_backend(), text);
    let row = database.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

fn set(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// Whether an answer has neither errors nor user errors.
fn is_good(answer: &Value) -> bool {
    let refused = |payload: &Value| payload.get("userErrors").is_some_and(|errors| errors != &json!([]));
    let data = answer["data"].as_object();
    answer.get("errors").is_none()
        && data.is_some_and(|data| !data.values().any(|field| field.is_null() || refused(field)))
}

#[tokio::test]
async fn everything_that_the_demo_says_to_try_works_as_it_stands_and_twice() {
    let demo = Demo::start();
    let facts = demo.facts();
    let mode = std::fs::metadata(demo.file("data/demo.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let examples = facts["examples"].as_array().unwrap();
    let names: BTreeSet<String> = examples
        .iter()
        .map(|example| example["name"].as_str().unwrap().to_owned())
        .collect();
    let wanted = set(&[
        "event",
        "register",
        "my-registrations",
        "set-consents",
        "leads",
        "roster",
    ]);
    assert!(names.is_superset(&wanted), "{names:?}");
    for _ in 0..2 {
        for example in examples {
            let answer = demo.send(example);
            assert!(is_good(&answer), "{}: {answer:#}", example["name"]);
        }
    }
    let leads = examples.iter().find(|example| example["name"] == "leads").unwrap();
    assert_ne!(demo.send(leads)["data"]["partner"]["leads"]["nodes"], json!([]));
    for word in ["sign in", "curl", "rust-days", "consent-in-practice"] {
        assert!(demo.output().contains(word), "{word} is not printed: {}", demo.output());
    }

    holds_what_it_should(&demo).await;

    // A second start keeps the data, issues fresh credentials and revokes the last ones.
    let (status, ended) = demo.interrupt();
    assert!(status.success(), "{status}");
    let registrations = people(&ended.file("data/demo.db")).await;
    let again = ended.again();
    assert_eq!(people(&again.file("data/demo.db")).await, registrations);
    for name in ["leads", "roster", "my-registrations"] {
        let find = |facts: &Value| {
            facts["examples"]
                .as_array()
                .unwrap()
                .iter()
                .find(|e| e["name"] == name)
                .unwrap()
                .clone()
        };
        let old = again.send(&find(&facts));
        assert!(!is_good(&old), "the last start's credential still opens {name}: {old}");
        let new = again.send(&find(&again.facts()));
        assert!(is_good(&new), "{name}: {new}");
    }
}

async fn people(file: &std::path::Path) -> i64 {
    let database = Database::connect(format!("sqlite://{}?mode=ro", file.display()))
        .await
        .unwrap();
    count(&database, "select count(*) from registration").await
}

async fn holds_what_it_should(demo: &Demo) {
    let file = demo.file("data/demo.db");
    let database = Database::connect(format!("sqlite://{}?mode=ro", file.display()))
        .await
        .unwrap();
    let orders = different(&database, "select distinct status from \"order\"").await;
    assert_eq!(orders, set(&["PENDING", "EXPIRING", "PAID", "EXPIRED", "CANCELLED"]));
    let consents = different(&database, "select distinct state from consent").await;
    let wanted = set(&["REQUESTED", "AWAITING_GUARDIAN", "GRANTED", "REFUSED", "WITHDRAWN"]);
    assert!(consents.is_superset(&wanted), "{consents:?}");
    let places = different(&database, "select distinct status from registration").await;
    assert!(
        places.is_superset(&set(&["PENDING", "CONFIRMED", "CANCELLED"])),
        "{places:?}"
    );
    let kinds = different(&database, "select distinct kind from question").await.len();
    assert_eq!(kinds, 10, "questions of every kind");
    let roles = different(&database, "select distinct role from event_partner").await;
    assert_eq!(roles, set(&["CO_SPONSOR", "EXHIBITOR", "HOST"]));
    let guardians = different(&database, "select distinct status from guardian_request").await;
    assert_eq!(guardians.len(), 2, "one has decided, one has not: {guardians:?}");
    // The example of `register` made one more.
    assert_eq!(count(&database, "select count(*) from registration").await, 501);
    for (text, least) in [
        ("select count(*) from event where status = 'PUBLISHED'", 2),
        ("select count(*) from event_session", 3),
        (
            "select count(*) from ticket_type t join event e on e.id = t.event_id where e.kind = 'CONFERENCE'",
            5,
        ),
        ("select count(*) from ticket_type where visibility = 'HIDDEN'", 1),
        ("select count(*) from quota where available = 0", 1),
        ("select count(*) from question where event_partner_id is not null", 1),
        ("select count(*) from question where shareable", 1),
        ("select count(*) from partner where not is_organization", 6),
        (
            "select count(*) from (select event_partner_id from sharing_offer group by 1 having count(*) > 1)",
            2,
        ),
        ("select count(*) from offer_version where state = 'REQUESTED'", 1),
        ("select count(*) from offer_version where version = 2", 1),
        ("select count(*) from check_in", 40),
        ("select count(*) from lead where state = 1", 100),
        ("select count(*) from payment", 1),
    ] {
        let found = count(&database, text).await;
        assert!(found >= least, "{text}: {found}, expected at least {least}");
    }
}
