//! The door beside its codes: passages that waited on a device, somebody found by name, and the list for hours without a
//! network, of which each line opens for its own code alone.

use aws_lc_rs::{aead, hmac};
use consentry::platform::store::sql;
use consentry_domain::{RegistrationStatus, Role};
use consentry_tests::app::{ADD_DEVICE, DbEvent};
use consentry_tests::{Client, TestApp, on_both_databases};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) {
    admission { id fullName checkIn { id list at } } earlier { at } userErrors { field code } } }";
const SNAPSHOT: &str = "query($o: String!, $e: String!, $first: Int!, $after: String, $list: String) {
    organization(slug: $o) { event(slug: $e) { doorSnapshot(first: $first, after: $after, list: $list) {
        salt lines { key sealed isIn } pageInfo { hasNextPage endCursor } } } } }";
const EXPECTED: &str = "query($o: String!, $e: String!, $words: String!, $list: String) {
    organization(slug: $o) { event(slug: $e) { expected(words: $words, list: $list) {
        id fullName ticketType { name } checkIn { list } } } } }";
const OWN_SNAPSHOT: &str = "query($first: Int!, $after: String) { door { snapshot(first: $first, after: $after) {
        salt lines { key sealed isIn } pageInfo { hasNextPage endCursor } } } }";
const HOUR: i64 = 3600 * 1_000_000;

async fn check_in(client: &Client, event: &DbEvent, key: &str, more: Value) -> Value {
    let mut input = json!({ "idempotencyKey": key, "eventId": event.public_id() });
    for (name, value) in more.as_object().expect("fields") {
        input[name] = value.clone();
    }
    client.data(CHECK_IN, json!({ "input": input })).await["checkIn"].clone()
}

/// So many hours ago, as a device writes it.
async fn ago(app: &TestApp, hours: i64) -> String {
    let now = app.store().now().await.expect("a time");
    jiff::Timestamp::from_microsecond(now.0 - hours * HOUR)
        .expect("a time")
        .to_string()
}

async fn snapshot(client: &Client, event: &DbEvent, first: i32, after: &Value, list: &Value) -> Value {
    let variables =
        json!({ "o": event.organization_slug, "e": event.slug, "first": first, "after": after, "list": list });
    client.data(SNAPSHOT, variables).await["organization"]["event"]["doorSnapshot"].clone()
}

/// What a device is given of its own list.
async fn own_snapshot(device: &Client, first: i32, after: &Value) -> Value {
    let variables = json!({ "first": first, "after": after });
    device.data(OWN_SNAPSHOT, variables).await["door"]["snapshot"].clone()
}

/// A device that stands at this door.
async fn device_at(app: &TestApp, staff: &Client, event: &DbEvent, list: &str) -> Client {
    let key = format!("{}:{list}", event.slug);
    let input = json!({ "idempotencyKey": key, "eventId": event.public_id(), "name": "Phone", "list": list });
    let added = staff.done("addDoorDevice", ADD_DEVICE, json!({ "input": input })).await;
    let secret = added["shown"]["secret"].as_str().expect("a secret");
    let cookie = app.redeem_device(secret).await;
    app.device_with(&cookie).await.expect("a device")
}

async fn expected(client: &Client, event: &DbEvent, words: &str, list: Option<&str>) -> Value {
    let variables = json!({ "o": event.organization_slug, "e": event.slug, "words": words, "list": list });
    client.data(EXPECTED, variables).await["organization"]["event"]["expected"].clone()
}

/// HKDF as RFC 5869 says it, one block or two; not the program's own.
fn hkdf(salt: &[u8], secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let mac = |key: &[u8], bytes: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), bytes);
    let root = mac(salt, secret);
    let block = mac(root.as_ref(), &[info, &[1]].concat());
    block.as_ref()[..length].to_vec()
}

fn bytes(value: &Value) -> Vec<u8> {
    BASE64URL_NOPAD
        .decode(value.as_str().expect("text").as_bytes())
        .expect("base64url")
}

/// What a code opens: the line that is found by it, and what is in it.
fn open(salt: &Value, lines: &[Value], code: &str) -> Option<(Value, Value)> {
    let salt = bytes(salt);
    let key = BASE64URL_NOPAD.encode(&hkdf(&salt, code.as_bytes(), b"consentry/door/1 line", 16));
    let line = lines.iter().find(|line| line["key"] == key.as_str())?;
    let said = unseal(&salt, line, code).expect("its own code opens a line");
    Some((said, line.clone()))
}

fn unseal(salt: &[u8], line: &Value, code: &str) -> Option<Value> {
    let secret = hkdf(salt, code.as_bytes(), b"consentry/door/1 seal", 32);
    let cipher = aead::LessSafeKey::new(aead::UnboundKey::new(&aead::AES_256_GCM, &secret).expect("a key"));
    let mut sealed = bytes(&line["sealed"]);
    let mut body = sealed.split_off(12);
    let nonce = aead::Nonce::try_assume_unique_for_key(&sealed).expect("a nonce");
    let plain = cipher.open_in_place(nonce, aead::Aad::empty(), &mut body).ok()?;
    Some(serde_json::from_slice(plain).expect("JSON"))
}

async fn noted(app: &TestApp, action: &str) -> Vec<Value> {
    let text = "select detail from audit_entry where action = $1 order by id";
    let rows = sql::all(app.store().read(), text, [action.into()])
        .await
        .expect("entries");
    let detail = |row: &sea_orm::QueryResult| row.try_get::<String>("", "detail").expect("a detail");
    rows.iter()
        .map(|row| serde_json::from_str(&detail(row)).expect("JSON"))
        .collect()
}

on_both_databases! {
    async fn a_passage_that_waited_on_a_device_has_its_own_time(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        for code in ["AAAA2222", "BBBB2222", "CCCC2222"] {
            app.db_place(&event, visitor, code, "Ada Lovelace", |_| {}).await;
        }
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let (then, code) = (ago(&app, 47).await, "AAAA2222AAAA2222");
        let first = check_in(&door, &event, "1", json!({ "code": code, "at": then })).await;
        assert_eq!((&first["userErrors"], &first["admission"]["checkIn"]["at"]), (&json!([]), &json!(then)), "{first:#}");
        // The queue is sent again: nothing is done twice, and another person's scan is a conflict.
        assert_eq!(check_in(&door, &event, "1", json!({ "code": code, "at": then })).await, first);
        let conflict = check_in(&door, &event, "2", json!({ "code": code, "at": ago(&app, 1).await })).await;
        assert_eq!((&conflict["userErrors"][0]["code"], &conflict["earlier"]["at"]), (&json!("ALREADY_CHECKED_IN"), &json!(then)));

        let wrong = json!([{ "field": ["at"], "code": "INVALID" }]);
        for at in [ago(&app, 49).await, ago(&app, -1).await, "yesterday".to_owned()] {
            let refused = check_in(&door, &event, "3", json!({ "code": "BBBB2222BBBB2222", "at": at })).await;
            assert_eq!(refused["userErrors"], wrong, "{at}");
        }
        // A clock that is a little ahead is this moment.
        let now = app.store().now().await.expect("a time");
        let ahead = jiff::Timestamp::from_microsecond(now.0 + HOUR / 15).expect("a time").to_string();
        let soon = check_in(&door, &event, "3", json!({ "code": "BBBB2222BBBB2222", "at": ahead })).await;
        assert!(soon["admission"]["checkIn"]["at"].as_str().expect("in") < ahead.as_str(), "{soon:#}");
    }

    async fn somebody_is_found_by_name_and_let_in_without_a_code(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let elsewhere = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        for number in 0..12 {
            app.db_place(&event, visitor, &format!("A{number:03}"), &format!("Ada {number:02}"), |_| {}).await;
        }
        app.db_place(&event, visitor, "GONE", "Ada Gone", |row| row.status = RegistrationStatus::Cancelled).await;
        app.db_place(&other, elsewhere, "ELSE", "Ada Else", |_| {}).await;
        app.db_words().await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        assert_eq!(expected(&door, &event, "  ", None).await, json!([]));
        assert_eq!(noted(&app, "viewDoor").await, Vec::<Value>::new());
        assert_eq!(expected(&door, &event, "ada", None).await.as_array().expect("people").len(), 10);
        for nobody in ["ada gone", "ada else"] {
            assert_eq!(expected(&door, &event, nobody, None).await, json!([]), "{nobody}");
        }
        let found = expected(&door, &event, "ADA 07", None).await;
        assert_eq!((found.as_array().expect("one").len(), &found[0]["fullName"], &found[0]["checkIn"]), (1, &json!("Ada 07"), &json!(null)));
        let entries: Vec<Value> = noted(&app, "viewDoor").await.iter().map(|detail| detail["entries"].clone()).collect();
        assert_eq!(entries, [10, 0, 0, 1]);

        let (id, one) = (&found[0]["id"], json!({ "registrationId": found[0]["id"] }));
        let welcome = check_in(&door, &event, "1", one.clone()).await;
        assert_eq!((&welcome["userErrors"], &welcome["admission"]["id"]), (&json!([]), id), "{welcome:#}");
        let again = check_in(&door, &event, "2", one.clone()).await;
        assert_eq!((&again["userErrors"][0]["code"], &again["userErrors"][0]["field"]), (&json!("ALREADY_CHECKED_IN"), &json!(["registrationId"])));
        assert!(again["earlier"]["at"].is_string(), "{again:#}");
        assert_eq!(expected(&door, &event, "ada 07", None).await[0]["checkIn"]["list"], "main");
        assert_eq!(expected(&door, &event, "ada 07", Some("dinner")).await[0]["checkIn"], json!(null));
        // At another event the same id is nobody's, as one that is none.
        let nothing = check_in(&door, &other, "3", json!({ "registrationId": "nonsense" })).await;
        assert_eq!(check_in(&door, &other, "3", one).await, nothing);
        assert_eq!(nothing["userErrors"], json!([{ "field": ["registrationId"], "code": "NOT_FOUND" }]));
        let neither = check_in(&door, &event, "4", json!({})).await;
        assert_eq!(neither["userErrors"], json!([{ "field": ["code"], "code": "REQUIRED" }]));
        let both = check_in(&door, &event, "4", json!({ "code": "A007A007", "registrationId": id })).await;
        assert_eq!(both["userErrors"], json!([{ "field": ["registrationId"], "code": "INVALID" }]));
    }

    async fn a_snapshot_opens_line_by_line_for_who_shows_the_code(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let elsewhere = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        for number in 0..7 {
            app.db_place(&event, visitor, &format!("AAA{number}"), &format!("Ada {number}"), |_| {}).await;
        }
        for (code, status) in [("PEND", RegistrationStatus::Pending), ("GONE", RegistrationStatus::Cancelled)] {
            app.db_place(&event, visitor, code, "Nobody", |row| row.status = status).await;
        }
        app.db_place(&other, elsewhere, "ELSE", "Else Where", |_| {}).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        check_in(&door, &event, "1", json!({ "code": "AAA3AAA3" })).await;

        let (mut lines, mut after, mut salts) = (Vec::new(), json!(null), Vec::new());
        for _ in 0..3 {
            let page = snapshot(&door, &event, 3, &after, &json!(null)).await;
            lines.extend(page["lines"].as_array().expect("lines").clone());
            salts.push(page["salt"].clone());
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!((after, lines.len()), (json!(null), 7));
        assert!(salts.iter().all(|salt| *salt == salts[0]), "{salts:?}");
        for number in 0..7 {
            let (said, line) = open(&salts[0], &lines, &format!("AAA{number}AAA{number}")).expect("a line");
            assert_eq!(said, json!({ "name": format!("Ada {number}"), "ticketType": "Visitor" }));
            assert_eq!(line["isIn"], number == 3, "{number}");
        }
        for absent in ["PENDPEND", "GONEGONE", "ELSEELSE", "BAAA0AAA0"] {
            assert_eq!(open(&salts[0], &lines, absent), None, "{absent}");
        }
        let salt = bytes(&salts[0]);
        let opened = lines.iter().filter(|line| unseal(&salt, line, "AAA0AAA0").is_some()).count();
        assert_eq!(opened, 1, "a code opens its own line alone");
        let text = format!("{lines:?}");
        assert!(!text.contains("Ada") && !text.contains("Visitor") && !text.contains("AAA0"), "{text}");

        app.db_execute("update check_in set undone_at = at").await;
        let back = snapshot(&door, &event, 1000, &json!(null), &json!(null)).await;
        let inside = back["lines"].as_array().expect("lines").iter().filter(|line| line["isIn"] == true).count();
        assert_eq!(inside, 0, "who was taken back is not in");
        let keys: Vec<&str> = back["lines"].as_array().expect("lines").iter().filter_map(|line| line["key"].as_str()).collect();
        assert!(keys.len() == 7 && keys.is_sorted(), "the order tells nothing of who registered when: {keys:?}");

        // Another snapshot has another salt, so that nobody is recognized from one to the next.
        let next = snapshot(&door, &event, 1000, &json!(null), &json!("dinner")).await;
        assert_ne!(next["salt"], salts[0]);
        assert!(next["lines"].as_array().expect("lines").iter().all(|line| line["isIn"] == false && !lines.contains(line)));
        let entries: Vec<Value> = noted(&app, "takeDoorSnapshot").await;
        let entry = |count: i32, list: &str| json!({ "entries": count, "list": list });
        assert_eq!(entries, [entry(3, "main"), entry(3, "main"), entry(1, "main"), entry(7, "main"), entry(7, "dinner")]);
        let rows = sql::all(app.store().read(), "select detail from audit_entry", []).await.expect("entries");
        assert!(rows.iter().all(|row| !row.try_get::<String>("", "detail").expect("a detail").contains("Ada")));
    }

    async fn a_device_is_given_the_list_of_its_own_door_at_its_own_event(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        for number in 0..4 {
            app.db_place(&event, visitor, &format!("AAA{number}"), &format!("Ada {number}"), |_| {}).await;
        }
        app.db_place(&event, visitor, "PEND", "Nobody", |row| row.status = RegistrationStatus::Pending).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let elsewhere = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        app.db_place(&other, elsewhere, "ELSE", "Else Where", |_| {}).await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let device = device_at(&app, &staff, &event, "hall").await;
        check_in(&staff, &event, "1", json!({ "code": "AAA1AAA1" })).await;
        check_in(&device, &event, "2", json!({ "code": "AAA2AAA2" })).await;

        let (mut lines, mut after, mut salt) = (Vec::new(), json!(null), json!(null));
        for _ in 0..2 {
            let page = own_snapshot(&device, 3, &after).await;
            lines.extend(page["lines"].as_array().expect("lines").clone());
            (after, salt) = (page["pageInfo"]["endCursor"].clone(), page["salt"].clone());
        }
        assert_eq!((after, lines.len()), (json!(null), 4));
        for number in 0..4 {
            let (said, line) = open(&salt, &lines, &format!("AAA{number}AAA{number}")).expect("a line");
            assert_eq!(said, json!({ "name": format!("Ada {number}"), "ticketType": "Visitor" }));
            assert_eq!(line["isIn"], number == 2, "{number}: in at its own door is in");
        }
        for absent in ["PENDPEND", "ELSEELSE"] {
            assert_eq!(open(&salt, &lines, absent), None, "{absent}");
        }
        let text = format!("{lines:?}");
        assert!(!text.contains("Ada") && !text.contains("Visitor") && !text.contains("AAA0"), "{text}");

        // A cursor of another event's list leads nowhere, and the log names the device, not its list.
        let theirs = device_at(&app, &staff, &other, "hall").await;
        app.db_place(&other, elsewhere, "MORE", "One More", |_| {}).await;
        let cursor = own_snapshot(&theirs, 1, &json!(null)).await["pageInfo"]["endCursor"].clone();
        let refused = device.send(OWN_SNAPSHOT, json!({ "first": 3, "after": cursor })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused:#}");
        let rows = sql::all(app.store().read(),
            "select actor, account_id, event_id, detail from audit_entry where action = 'takeDoorSnapshot' order by id", []).await.expect("entries");
        let entries = [(3, event.id), (1, event.id), (1, other.id)];
        assert_eq!(rows.len(), entries.len());
        for (row, (count, event)) in rows.iter().zip(entries) {
            assert_eq!(row.try_get::<String>("", "actor").expect("an actor"), "DEVICE");
            assert_eq!(row.try_get::<Option<uuid::Uuid>>("", "account_id").expect("a column"), None);
            assert_eq!(row.try_get::<Option<uuid::Uuid>>("", "event_id").expect("a column"), Some(event.0));
            let detail: Value = serde_json::from_str(&row.try_get::<String>("", "detail").expect("a detail")).expect("JSON");
            assert_eq!((&detail["entries"], &detail["list"]), (&json!(count), &json!("hall")));
            assert!(detail["device"].is_string(), "{detail}");
        }
    }

    async fn a_device_is_told_how_many_come_and_how_many_are_in_at_its_door(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        for code in ["AAA1", "AAA2", "AAA3"] {
            app.db_place(&event, visitor, code, "Ada", |_| {}).await;
        }
        app.db_place(&event, visitor, "PEND", "Nobody", |row| row.status = RegistrationStatus::Pending).await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let (hall, main) = (device_at(&app, &staff, &event, "hall").await, app.device(&staff, &event.public_id(), "Main").await);
        let tally = async |device: &Client| device.data("{ door { tally { expected inside } } }", json!({})).await["door"]["tally"].clone();
        assert_eq!(tally(&hall).await, json!(null), "nothing was counted yet");
        check_in(&hall, &event, "1", json!({ "code": "AAA1AAA1" })).await;
        check_in(&main, &event, "2", json!({ "code": "AAA1AAA1" })).await;
        check_in(&main, &event, "3", json!({ "code": "AAA2AAA2" })).await;
        consentry::services::statistics::recount(&app.platform, event.organization, event.id).await.expect("counted");
        assert_eq!(tally(&hall).await, json!({ "expected": 3, "inside": 1 }));
        assert_eq!(tally(&main).await, json!({ "expected": 3, "inside": 2 }));
    }

    async fn the_door_is_told_nothing_at_another_event_nor_who_may_not_let_people_in(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        assert_eq!(snapshot(&viewer, &event, 5, &json!(null), &json!(null)).await, json!(null));
        assert_eq!(expected(&viewer, &event, "ada", None).await, json!(null));
        for (first, list) in [(0, json!(null)), (1001, json!(null)), (5, json!("x".repeat(51)))] {
            let variables = json!({ "o": "acme", "e": "rustdays", "first": first, "after": null, "list": list });
            let answer = door.send(SNAPSHOT, variables).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        }
    }

    async fn a_page_of_a_snapshot_costs_the_same_in_an_event_of_any_size(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let door = app.db_staff(&organization, Role::CheckIn).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let device = app.device(&owner, &event.public_id(), "Phone").await;
        let variables = json!({ "o": "acme", "e": "rustdays", "first": 5, "after": null, "list": null });
        let own = json!({ "first": 5, "after": null });
        let mut statements = Vec::new();
        for number in 0..40 {
            app.db_place(&event, visitor, &format!("A{number:03}"), "Ada", |_| {}).await;
            if [2, 39].contains(&number) {
                let team = door.counted(SNAPSHOT, variables.clone()).await.1.statements;
                statements.push((team, device.counted(OWN_SNAPSHOT, own.clone()).await.1.statements));
            }
        }
        assert_eq!(statements[0], statements[1]);
    }
}
