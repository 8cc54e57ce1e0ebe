//! What the data-protection officer does for whoever does not sign in: taking everything along, and erasing them.

use consentry_domain::{RegistrationStatus, Role};
use consentry_tests::app::{SeededAttendee, Sharing};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const EXPORT: &str = "mutation($input: ExportPersonDataInput!) { exportPersonData(input: $input) {
    data { organization { slug } tables { name columns rows } } userErrors { field code } } }";
const ERASE: &str = "mutation($input: ErasePersonInput!) { erasePerson(input: $input) {
    erasure { registrations isTold } userErrors { field code } } }";
const PEOPLE: &str = "/manage/acme/rustdays/people";

async fn export(client: &Client, id: &str) -> Value {
    let input = json!({ "input": { "registrationId": id } });
    client.data(EXPORT, input).await["exportPersonData"].clone()
}

async fn erase(client: &Client, id: &str) -> Value {
    let input = json!({ "input": { "registrationId": id } });
    client.data(ERASE, input).await["erasePerson"].clone()
}

async fn count(app: &TestApp, text: &str) -> i64 {
    let row = consentry::platform::store::sql::one(app.store().read(), text, []).await;
    row.expect("a count").try_get("", "n").expect("a number")
}

/// Somebody with an address that nobody has proved.
async fn unproved(app: &TestApp, sharing: &Sharing, name: &str, email: &str) -> String {
    let place = app
        .db_place(&sharing.event, sharing.ticket, "UUUU2222", name, |row| {
            row.email = Some(email.to_owned());
            row.email_key = Some(email.to_owned());
            row.email_proved_at = None;
            row.is_buyer = true;
        })
        .await;
    sharing.event.public(place)
}

/// The tables that an export has.
fn tables(data: &Value) -> Vec<&str> {
    let tables = data["data"]["tables"].as_array().expect("tables");
    tables
        .iter()
        .map(|table| table["name"].as_str().expect("a name"))
        .collect()
}

async fn ada(app: &TestApp, sharing: &Sharing) -> SeededAttendee {
    let ada = app
        .db_attendee(sharing, "ada@people.example", |row| {
            row.full_name = Some("Ada Lovelace".into())
        })
        .await;
    let offer = sharing.offer("Ferris", &["EMAIL"]).await;
    ada.grant(app, &offer, 1, &["EMAIL"]).await;
    ada
}

on_both_databases! {
    async fn an_officer_takes_along_and_erases_whoever_is_known_by_a_proved_address(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = ada(&app, &sharing).await;
        let bob = app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let taken = export(&officer, &ada.public_id).await;
        assert_eq!((&taken["data"]["organization"]["slug"], &taken["userErrors"]), (&json!("acme"), &json!([])));
        let whole = taken.to_string();
        assert!(whole.contains("Ada Lovelace") && whole.contains("ada@people.example") && !whole.contains("bob@people.example"), "{whole}");
        let names = tables(&taken);
        assert!(names.contains(&"registration") && names.contains(&"consent") && names.contains(&"person"), "{names:?}");
        assert!(!names.contains(&"account") && !names.contains(&"session"), "what is the installation's: {names:?}");

        let erased = erase(&officer, &ada.public_id).await;
        assert_eq!(erased, json!({ "erasure": { "registrations": 1, "isTold": true }, "userErrors": [] }));
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Erased);
        for (text, left) in [
            ("select count(*) as n from registration where full_name = 'Ada Lovelace' or email = 'ada@people.example'", 0),
            ("select count(*) as n from consent", 0),
            ("select count(*) as n from person where erased_at is not null", 1),
            ("select count(*) as n from mail where kind = 'ERASURE' and to_address = 'ada@people.example'", 1),
            ("select count(*) as n from audit_entry where action = 'exportPersonData' and actor = 'STAFF' and subject_kind = 'registration'", 1),
        ] {
            assert_eq!(count(&app, text).await, left, "{text}");
        }
        let again = erase(&officer, &ada.public_id).await;
        assert_eq!(again, json!({ "erasure": { "registrations": 0, "isTold": false }, "userErrors": [] }), "doing it twice is doing it once");
        assert_eq!(count(&app, "select count(*) as n from audit_entry where action = 'erasePerson' and actor = 'STAFF'").await, 1);
        assert_eq!(export(&officer, &ada.public_id).await["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!(app.db_registration(&bob).await.email.as_deref(), Some("bob@people.example"));
    }

    async fn of_an_address_that_nobody_has_proved_the_place_alone_is_theirs(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = ada(&app, &sharing).await;
        // Typed by somebody else, or by Ada herself: nobody knows.
        let typed = unproved(&app, &sharing, "Augusta King", "ada@people.example").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let taken = export(&officer, &typed).await;
        let whole = taken.to_string();
        assert!(whole.contains("Augusta King") && !whole.contains("Ada Lovelace"), "{whole}");
        assert!(!tables(&taken).contains(&"person"), "{whole}");
        let erased = erase(&officer, &typed).await;
        assert_eq!(erased, json!({ "erasure": { "registrations": 1, "isTold": false }, "userErrors": [] }));
        assert_eq!(count(&app, "select count(*) as n from registration where status = 'ERASED' and full_name is null").await, 1);
        assert_eq!(count(&app, "select count(*) as n from mail where kind = 'ERASURE'").await, 0);
        let row = app.db_registration(&ada).await;
        assert_eq!((row.status, row.email.as_deref()), (RegistrationStatus::Confirmed, Some("ada@people.example")));
        assert_eq!(count(&app, "select count(*) as n from consent").await, 1, "what Ada decided stays");
    }

    async fn nobody_but_the_officer_of_the_event_does_either(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = ada(&app, &sharing).await;
        let theirs = app.sharing("theirs").await;
        let mut others = vec![ada.client.clone(), app.db_staff(&theirs.organization, Role::Dpo).await];
        for role in [Role::Owner, Role::Manager, Role::Finance, Role::CheckIn, Role::Viewer] {
            others.push(app.db_staff(&sharing.organization, role).await);
        }
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let nobody = sharing.event.nobody();
        let nothing = [export(&officer, &nobody).await, erase(&officer, &nobody).await];
        assert_eq!(nothing[1]["userErrors"][0], json!({ "field": ["registrationId"], "code": "NOT_FOUND" }));
        for other in &others {
            assert_eq!([export(other, &ada.public_id).await, erase(other, &ada.public_id).await], nothing);
        }
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Confirmed);
        assert_eq!(count(&app, "select count(*) as n from audit_entry where action in ('exportPersonData', 'erasePerson')").await, 0);
    }

    async fn the_officer_finds_both_on_the_persons_page_and_is_asked_before_erasing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = ada(&app, &sharing).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let (path, mut desk) = (format!("{PEOPLE}/{}", ada.public_id), app.browser_of(&officer).await);
        let page = desk.open(&path).await;
        let (copy, erase) = (format!("{path}/copy"), format!("{path}/erase"));
        assert!(page.contains(&format!("action=\"{copy}\"")) && page.contains(&format!("href=\"{erase}\"")), "{page}");
        for (format, kind, name) in [("json", "application/json", "person-data-acme.json"), ("csv", "text/csv; charset=utf-8", "person-data-acme.csv")] {
            let file = desk.press(&path, &copy, &[("format", format)]).await;
            assert_eq!((file.status, file.header("content-type"), file.header("cache-control")), (200, kind, "no-store"));
            assert!(file.header("content-disposition").contains(name) && file.text.contains("Ada Lovelace"), "{}", file.text);
        }
        let forged = desk.post(&copy, &[("format", "json")]).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        assert!(forged.text.contains(&format!("href=\"{path}/proof\"")), "its links lead where they led: {}", forged.text);
        let asks = desk.open(&erase).await;
        assert!(asks.contains("Ada Lovelace") && asks.contains("It cannot be undone."), "{asks}");
        let unsure = desk.press(&erase, &erase, &[]).await;
        assert!(unsure.status == 422 && unsure.text.contains("Tick the box if you are sure."), "{}", unsure.text);
        assert_eq!(desk.post(&erase, &[("sure", "yes")]).await.status, 422, "another site's form erases nobody");
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Confirmed);
        let done = desk.press(&erase, &erase, &[("sure", "yes")]).await;
        assert!(done.status == 200 && done.text.contains("One registration was emptied. A last mail tells them."), "{}", done.text);
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Erased);

        let bob = app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        let path = format!("{PEOPLE}/{}", bob.public_id);
        for role in [Role::Owner, Role::Viewer] {
            let client = app.db_staff(&sharing.organization, role).await;
            let mut other = app.browser_of(&client).await;
            let page = other.open(&path).await;
            assert!(!page.contains("/copy\"") && !page.contains("/erase\""), "{role:?}: {page}");
            for action in ["copy", "erase"] {
                let pressed = other.press(&path, &format!("{path}/{action}"), &[("sure", "yes"), ("format", "json")]).await;
                assert_eq!(pressed.status, 404, "{action} as {role:?}");
            }
        }
    }
}
