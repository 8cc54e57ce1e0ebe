//! Check-in by code: once at each door, with a reason where it is refused, and taken back.

use consentry_domain::{RegistrationStatus, Role};
use consentry_tests::app::DbEvent;
use consentry_tests::{Client, on_both_databases};
use serde_json::{Value, json};

const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) {
    admission { id fullName ticketType { name } checkIn { id list at device undoneAt } } earlier { id at }
    userErrors { field code message } } }";
const UNDO: &str = "mutation($input: UndoCheckInInput!) { undoCheckIn(input: $input) {
    admission { fullName checkIn { id undoneAt } } userErrors { field code message } } }";

async fn check_in(client: &Client, event: &str, key: &str, code: &str, more: &Value) -> Value {
    let mut input = json!({ "idempotencyKey": key, "eventId": event, "code": code });
    for (name, value) in more.as_object().expect("fields") {
        input[name] = value.clone();
    }
    client.data(CHECK_IN, json!({ "input": input })).await["checkIn"].clone()
}

async fn undo(client: &Client, id: &Value) -> Value {
    client.data(UNDO, json!({ "input": { "checkInId": id } })).await["undoCheckIn"].clone()
}

fn reason(payload: &Value) -> &Value {
    assert_eq!(payload["admission"], json!(null), "{payload:#}");
    &payload["userErrors"][0]["code"]
}

on_both_databases! {
    async fn a_code_lets_its_holder_in_once_at_each_door(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_place(&event, visitor, "AAAA2222", "Ada Lovelace", |_| {}).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let id = event.public_id();
        let first = check_in(&door, &id, "1", " aaaa2222aaaa2222 ", &json!({ "device": "left" })).await;
        assert_eq!(first["userErrors"], json!([]), "{first:#}");
        assert_eq!(first["admission"]["fullName"], "Ada Lovelace");
        assert_eq!((&first["admission"]["checkIn"]["list"], &first["admission"]["checkIn"]["device"]), (&json!("main"), &json!("left")));
        let again = check_in(&door, &id, "1", " aaaa2222aaaa2222 ", &json!({ "device": "left" })).await;
        assert_eq!(again, first);
        let second = check_in(&door, &id, "2", "AAAA2222AAAA2222", &json!({})).await;
        assert_eq!(reason(&second), "ALREADY_CHECKED_IN");
        assert_eq!(second["earlier"]["at"], first["admission"]["checkIn"]["at"]);
        let mismatch = check_in(&door, &id, "1", "AAAA2222AAAA2222", &json!({ "list": "dinner" })).await;
        assert_eq!(reason(&mismatch), "IDEMPOTENCY_MISMATCH");
        let dinner = check_in(&door, &id, "3", "AAAA2222AAAA2222", &json!({ "list": "dinner" })).await;
        assert_eq!(dinner["userErrors"], json!([]), "{dinner:#}");

        let passage = &first["admission"]["checkIn"]["id"];
        let undone = undo(&door, passage).await;
        assert!(undone["admission"]["checkIn"]["undoneAt"].is_string(), "{undone:#}");
        assert_eq!(undo(&door, passage).await, undone);
        let back = check_in(&door, &id, "4", "AAAA2222AAAA2222", &json!({})).await;
        assert_eq!(back["userErrors"], json!([]), "{back:#}");
        let rows = consentry::platform::store::sql::all(
            app.store().read(), "select action from audit_entry where action like '%heckIn' order by id", []).await.expect("entries");
        assert_eq!(rows.len(), 4);
    }

    async fn a_refusal_says_why(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let elsewhere = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        for (code, status) in [("AAAA", RegistrationStatus::Pending), ("BBBB", RegistrationStatus::Cancelled), ("CCCC", RegistrationStatus::Erased)] {
            app.db_place(&event, visitor, code, "Somebody", |row| row.status = status).await;
        }
        app.db_place(&other, elsewhere, "DDDD", "Else Where", |_| {}).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let id = event.public_id();
        for (code, expected) in [("AAAAAAAA", "NOT_CONFIRMED"), ("BBBBBBBB", "CANCELLED"), ("CCCCCCCC", "NOT_FOUND"),
            ("nonsense", "NOT_FOUND"), ("", "NOT_FOUND"), ("DDDDDDDD", "WRONG_EVENT")] {
            assert_eq!(reason(&check_in(&door, &id, &format!("k{code}"), code, &json!({})).await), expected, "{code}");
        }
        let required = check_in(&door, &id, " ", "AAAAAAAA", &json!({})).await;
        assert_eq!(reason(&required), "REQUIRED");
        let long = check_in(&door, &id, "9", "AAAAAAAA", &json!({ "list": "x".repeat(51) })).await;
        assert_eq!((reason(&long), &long["userErrors"][0]["field"]), (&json!("TOO_LONG"), &json!(["list"])));
    }

    async fn who_may_not_let_people_in_finds_nothing_there(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_place(&event, visitor, "AAAA", "Ada Lovelace", |_| {}).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let passage = check_in(&owner, &event.public_id(), "1", "AAAAAAAA", &json!({})).await["admission"]["checkIn"]["id"].clone();
        let strangers = app.db_organization("strangers").await;
        let theirs: DbEvent = app.db_event(&strangers, "rustdays", |_| {}).await;
        let stranger = app.db_staff(&strangers, Role::Owner).await;
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let random = consentry::graphql::ids::encode(organization.id, consentry_domain::EventId(uuid::Uuid::from_u128(9))).to_string();
        let nothing = check_in(&owner, &random, "2", "AAAAAAAA", &json!({})).await.to_string();
        for (client, event) in [(&viewer, event.public_id()), (&stranger, event.public_id()), (&owner, theirs.public_id()), (&owner, "nonsense".into())] {
            assert_eq!(check_in(client, &event, "2", "AAAAAAAA", &json!({})).await.to_string(), nothing);
        }
        // A stranger's own event does not find another tenant's code.
        let code = check_in(&stranger, &theirs.public_id(), "2", "AAAAAAAA", &json!({})).await;
        assert_eq!((reason(&code), &code["userErrors"][0]["field"]), (&json!("NOT_FOUND"), &json!(["code"])));
        let random = consentry::graphql::ids::encode(organization.id, consentry_domain::CheckInId(uuid::Uuid::from_u128(9))).to_string();
        let nothing = undo(&owner, &json!(random)).await.to_string();
        for client in [&viewer, &stranger] {
            assert_eq!(undo(client, &passage).await.to_string(), nothing);
        }
    }
}
