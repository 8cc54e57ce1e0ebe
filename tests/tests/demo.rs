//! The demo: what it holds, and that everything that it says to try works as it stands.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use consentry::platform::store::{Engine, Entropy};
use consentry_tests::databases::TestDatabase;
use consentry_tests::demo::{COMPLETE, Demo};
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
    let mut demo = Demo::start();
    let facts = demo.facts();
    let mode = std::fs::metadata(demo.file("data/demo.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let staff = facts["staff"].as_array().unwrap();
    let roles: Vec<_> = staff.iter().map(|member| member["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["MANAGER", "FINANCE", "CHECK_IN", "VIEWER", "DPO"]);
    let readers = facts["partnerStaff"].as_array().unwrap();
    assert_eq!(
        readers
            .iter()
            .map(|reader| reader["role"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["PARTNER"]
    );
    for member in staff.iter().chain(readers) {
        let link = member["signInUrl"].as_str().unwrap();
        assert!(link.starts_with(facts["baseUrl"].as_str().unwrap()), "{link}");
        assert!(demo.output().contains(link), "it is not printed for {}", member["role"]);
    }
    let device = &facts["devices"][0];
    assert_eq!(device["event"], "rust-days");
    let link = device["url"].as_str().unwrap();
    assert!(
        link.starts_with(&format!("{}/door/", demo.url())) && demo.output().contains(link),
        "{link}"
    );
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
    let database = Database::connect(sqlite(&demo.file("data/demo.db"))).await.unwrap();
    holds_every_state_from_the_beginning(&database).await;
    // Whoever tries it need not wait for all of them.
    assert!(!demo.output().contains(COMPLETE), "{}", demo.output());
    let leads = examples.iter().find(|example| example["name"] == "leads").unwrap();
    assert_ne!(demo.send(leads)["data"]["partner"]["leads"]["nodes"], json!([]));
    for word in ["sign in", "curl", "rust-days", "consent-in-practice"] {
        assert!(demo.output().contains(word), "{word} is not printed: {}", demo.output());
    }

    demo.wait_until_complete();
    holds_every_state_from_the_beginning(&database).await;
    // The example of `register` made one more.
    holds_what_it_should(&database, 501).await;
    database.close().await.unwrap();

    // A second start keeps the data, issues fresh credentials and revokes the last ones.
    let (status, ended) = demo.interrupt();
    assert!(status.success(), "{status}");
    let registrations = people(&ended.file("data/demo.db")).await;
    let again = ended.again();
    assert_eq!(people(&again.file("data/demo.db")).await, registrations);
    assert!(!again.output().contains("coming in"), "{}", again.output());
    let database = Database::connect(sqlite(&again.file("data/demo.db"))).await.unwrap();
    let devices = "select count(*) from door_device where revoked_at is null";
    assert_eq!(count(&database, devices).await, 1, "the last start's is removed");
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

fn sqlite(file: &std::path::Path) -> String {
    format!("sqlite://{}?mode=ro", file.display())
}

async fn people(file: &std::path::Path) -> i64 {
    let database = Database::connect(sqlite(file)).await.unwrap();
    count(&database, "select count(*) from registration").await
}

/// What nobody should have to wait for.
async fn holds_every_state_from_the_beginning(database: &DatabaseConnection) {
    let orders = different(database, "select distinct status from \"order\"").await;
    assert_eq!(orders, set(&["PENDING", "EXPIRING", "PAID", "EXPIRED", "CANCELLED"]));
    let places = different(database, "select distinct status from registration").await;
    assert!(
        places.is_superset(&set(&["PENDING", "CONFIRMED", "CANCELLED"])),
        "{places:?}"
    );
    let guardians = different(database, "select distinct status from guardian_request").await;
    assert_eq!(guardians.len(), 2, "one has decided, one has not: {guardians:?}");
    let complaints = different(database, "select distinct state from complaint").await;
    assert_eq!(complaints, set(&["OPEN", "ANSWERED"]));
    let sold_out = count(database, "select count(*) from quota where available = 0").await;
    assert_eq!(sold_out, 1, "the workshop");
}

async fn holds_what_it_should(database: &DatabaseConnection, registrations: i64) {
    let consents = different(database, "select distinct state from consent").await;
    let wanted = set(&["REQUESTED", "AWAITING_GUARDIAN", "GRANTED", "REFUSED", "WITHDRAWN"]);
    assert!(consents.is_superset(&wanted), "{consents:?}");
    let kinds = different(database, "select distinct kind from question").await.len();
    assert_eq!(kinds, 10, "questions of every kind");
    let roles = different(database, "select distinct role from event_partner").await;
    assert_eq!(roles, set(&["CO_SPONSOR", "EXHIBITOR", "HOST"]));
    let found = count(database, "select count(*) from registration").await;
    assert_eq!(found, registrations);
    for (text, least) in [
        ("select count(*) from event where status = 'PUBLISHED'", 2),
        ("select count(*) from event_session", 3),
        ("select count(*) from session_speaker", 2),
        (
            "select count(*) from ticket_type t join event e on e.id = t.event_id where e.kind = 'CONFERENCE'",
            5,
        ),
        ("select count(*) from ticket_type where visibility = 'HIDDEN'", 1),
        ("select count(*) from question where event_partner_id is not null", 1),
        ("select count(*) from question where shareable", 1),
        ("select count(*) from partner where not is_organization", 6),
        (
            "select count(*) from (select event_partner_id from sharing_offer group by 1 having count(*) > 1) as several",
            2,
        ),
        ("select count(*) from offer_version where state = 'REQUESTED'", 1),
        ("select count(*) from offer_version where version = 2", 1),
        ("select count(*) from check_in", 40),
        ("select count(*) from lead where state = 1", 100),
        ("select count(*) from payment", 1),
    ] {
        let found = count(database, text).await;
        assert!(found >= least, "{text}: {found}, expected at least {least}");
    }
}

/// What the seed alone decides, and not the time.
async fn seeded(database: &DatabaseConnection) -> BTreeSet<String> {
    let text = "select r.full_name || ' ' || r.email || ' ' || o.code || ' ' || r.check_in_code || ' ' || r.badge_code \
        from registration r join \"order\" o on o.organization_id = r.organization_id and o.id = r.order_id";
    different(database, text).await
}

/// When the organization was made: another time for another demo.
async fn made_at(address: &str) -> (i64, BTreeSet<String>) {
    let database = Database::connect(address).await.unwrap();
    let made = count(&database, "select created_at from organization").await;
    let seeded = seeded(&database).await;
    database.close().await.unwrap();
    (made, seeded)
}

/// However it was interrupted, it is begun again, and ends with the same contents.
async fn is_begun_again_until_it_is_complete(demo: Demo, address: &str) {
    let (status, ended) = demo.interrupt();
    assert!(status.success(), "{status}");
    let said = ended.output();
    assert!(said.contains("the next start makes it anew"), "{said}");
    let (first, early) = made_at(address).await;
    assert!(early.len() < 500, "everybody was there already");

    let demo = ended.again();
    assert!(demo.output().contains("it is made anew"), "{}", demo.output());
    let ended = demo.kill();
    let (second, _) = made_at(address).await;
    assert!(second > first, "it was continued");

    let mut demo = ended.again();
    demo.wait_until_complete();
    let (third, all) = made_at(address).await;
    assert!(third > second, "it was continued");
    assert!(all.is_superset(&early), "the contents are not the same");
    let database = Database::connect(address).await.unwrap();
    holds_every_state_from_the_beginning(&database).await;
    holds_what_it_should(&database, 500).await;
    database.close().await.unwrap();

    let facts = demo.facts();
    for example in facts["examples"].as_array().unwrap() {
        let answer = demo.send(example);
        assert!(is_good(&answer), "{}: {answer:#}", example["name"]);
    }
    let (status, ended) = demo.interrupt();
    assert!(status.success(), "{status}");
    let demo = ended.again();
    assert!(!demo.output().contains("made anew"), "{}", demo.output());
    assert_eq!(made_at(address).await.0, third, "the data is kept");
}

#[tokio::test]
async fn an_interrupted_demo_is_begun_again_on_sqlite() {
    let demo = Demo::start();
    let address = sqlite(&demo.file("data/demo.db"));
    is_begun_again_until_it_is_complete(demo, &address).await;
}

#[tokio::test]
async fn an_interrupted_demo_is_begun_again_on_postgres() {
    let database = TestDatabase::create(Engine::Postgres, Entropy::System).await;
    let partner = database.partner_url.clone().unwrap();
    let demo = Demo::start_with(&[
        "--database-url".to_owned(),
        database.url.clone(),
        "--set".to_owned(),
        format!("database.partner_url={partner}"),
    ]);
    is_begun_again_until_it_is_complete(demo, &database.url).await;
}
