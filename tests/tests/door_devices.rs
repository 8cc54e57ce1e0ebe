//! A device lets people in at one event by a credential of its own: opened once, ended at once, good for nothing else.

use consentry::access::{browse, door_device};
use consentry::platform::keys::LinkKind;
use consentry::platform::store::sql;
use consentry_domain::Role;
use consentry_tests::app::{ADD_DEVICE, DbEvent, REDEEM_DEVICE, SeededOrganization};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) {
    admission { id fullName checkIn { id list device } } earlier { id } userErrors { field code message } } }";
const UNDO: &str = "mutation($id: ID!) { undoCheckIn(input: { checkInId: $id }) {
    admission { fullName } userErrors { field code message } } }";
const LINKED: &str = "query($secret: String!) { linkedDoor(secret: $secret) { deviceName title timeZone endsAt } }";
const DOOR: &str = "{ door { eventId title(locale: \"en\") deviceName list endsAt } }";
const RENEW: &str = "mutation($id: ID!) { renewDoorDeviceLink(input: { deviceId: $id }) {
    shown { secret device { id } } userErrors { field code message } } }";
const REMOVE: &str = "mutation($id: ID!) { removeDoorDevice(input: { deviceId: $id }) {
    device { state removedAt } userErrors { field code message } } }";

/// An event with an owner and two who come.
struct Fair {
    organization: SeededOrganization,
    event: DbEvent,
    owner: Client,
}

impl Fair {
    async fn of(app: &TestApp) -> Self {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_place(&event, visitor, "AAAA2222", "Ada Lovelace", |_| {}).await;
        app.db_place(&event, visitor, "BBBB2222", "Grace Hopper", |_| {}).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        Self {
            organization,
            event,
            owner,
        }
    }

    async fn add(&self, client: &Client, key: &str, more: &Value) -> Value {
        let mut input = json!({ "idempotencyKey": key, "eventId": self.event.public_id(), "name": "Tablet" });
        for (name, value) in more.as_object().expect("fields") {
            input[name] = value.clone();
        }
        client.data(ADD_DEVICE, json!({ "input": input })).await["addDoorDevice"].clone()
    }

    async fn let_in(&self, client: &Client, key: &str, code: &str) -> Value {
        let input = json!({ "idempotencyKey": key, "eventId": self.event.public_id(), "code": code });
        client.send(CHECK_IN, json!({ "input": input })).await
    }

    /// The event's devices, as the owner sees them.
    async fn devices(&self) -> Vec<Value> {
        let document = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { doorDevices(first: 100) {
            edges { node { id name list state openedAt lastSeenAt removedAt endsAt } } } } } }";
        let found = self.owner.data(document, json!({})).await;
        let edges = found["organization"]["event"]["doorDevices"]["edges"].clone();
        let edges = edges.as_array().expect("devices").clone();
        edges.into_iter().map(|edge| edge["node"].clone()).collect()
    }
}

fn code(payload: &Value) -> &Value {
    &payload["userErrors"][0]["code"]
}

async fn redeem(app: &TestApp, secret: &str) -> Value {
    let variables = json!({ "input": { "secret": secret } });
    app.anonymous().data(REDEEM_DEVICE, variables).await["redeemDoorDevice"].clone()
}

fn minutes(app: &TestApp, minutes: i64) {
    app.store().clock().advance(minutes * 60_000_000);
}

on_both_databases! {
    async fn a_link_signs_a_device_in_once_and_looking_at_it_uses_nothing_up(app: TestApp) {
        let fair = Fair::of(&app).await;
        let link = app.device_link(&fair.owner, &fair.event.public_id(), "North").await;
        for _ in 0..2 {
            let seen = app.anonymous().data(LINKED, json!({ "secret": link.secret })).await;
            assert_eq!(seen["linkedDoor"]["deviceName"], "North", "{seen:#}");
            assert_eq!(seen["linkedDoor"]["title"], "A conference");
        }
        assert_eq!(fair.devices().await[0]["state"], "WAITING");
        let cookie = app.redeem_device(&link.secret).await;
        assert_eq!(fair.devices().await[0]["state"], "IN_USE");
        assert_eq!(code(&redeem(&app, &link.secret).await), "NOT_FOUND");
        assert_eq!(app.anonymous().data(LINKED, json!({ "secret": link.secret })).await["linkedDoor"], Value::Null);
        let device = app.device_with(&cookie).await.expect("a device");
        let door = device.data(DOOR, json!({})).await;
        assert_eq!((&door["door"]["eventId"], &door["door"]["deviceName"]), (&json!(fair.event.public_id()), &json!("North")));
        // The link's secret is no session's, and no browser's session or access token is a device's.
        assert!(app.device_with(&link.secret).await.is_none());
        assert!(browse(&app.platform, &cookie).await.expect("an answer").is_none());
        assert!(consentry::access::authenticate(&app.platform, Some(&cookie), None).await.expect("an answer").is_err());
        assert!(app.platform.keys.open_link(LinkKind::Browser, &cookie).is_none());
    }

    async fn of_two_that_open_one_link_one_signs_in(app: TestApp) {
        let fair = Fair::of(&app).await;
        for number in 0..5 {
            let link = app.device_link(&fair.owner, &fair.event.public_id(), &format!("Phone {number}")).await;
            let both = tokio::join!(redeem(&app, &link.secret), redeem(&app, &link.secret));
            let opened = [&both.0, &both.1].into_iter().filter(|payload| payload["session"]["secret"].is_string()).count();
            assert_eq!(opened, 1, "{both:#?}");
        }
    }

    async fn a_link_works_for_a_quarter_of_an_hour_and_a_new_one_makes_it_worthless(app: TestApp) {
        let fair = Fair::of(&app).await;
        let link = app.device_link(&fair.owner, &fair.event.public_id(), "North").await;
        minutes(&app, 14);
        assert!(app.anonymous().data(LINKED, json!({ "secret": link.secret })).await["linkedDoor"].is_object());
        minutes(&app, 2);
        assert_eq!(code(&redeem(&app, &link.secret).await), "NOT_FOUND");
        let renewed = fair.owner.done("renewDoorDeviceLink", RENEW, json!({ "id": link.id })).await;
        let second = renewed["shown"]["secret"].as_str().expect("a secret").to_owned();
        let renewed = fair.owner.done("renewDoorDeviceLink", RENEW, json!({ "id": link.id })).await;
        let third = renewed["shown"]["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(code(&redeem(&app, &second).await), "NOT_FOUND", "a newer one was shown");
        app.redeem_device(&third).await;
        let late = fair.owner.data(RENEW, json!({ "id": link.id })).await;
        assert_eq!(code(&late["renewDoorDeviceLink"]), "WRONG_STATE");
    }

    async fn a_device_lets_people_in_and_what_it_did_says_that_it_was_the_device(app: TestApp) {
        let fair = Fair::of(&app).await;
        let added = fair.add(&fair.owner, "1", &json!({ "name": "North", "list": "hall" })).await;
        let cookie = app.redeem_device(added["shown"]["secret"].as_str().expect("a secret")).await;
        let device = app.device_with(&cookie).await.expect("a device");
        let first = fair.let_in(&device, "k", "AAAA2222AAAA2222").await["data"]["checkIn"].clone();
        assert_eq!(first["userErrors"], json!([]), "{first:#}");
        let passage = &first["admission"]["checkIn"];
        assert_eq!((&passage["list"], &passage["device"]), (&json!("hall"), &json!("North")));
        assert_eq!(fair.let_in(&device, "k", "AAAA2222AAAA2222").await["data"]["checkIn"], first, "sent again");
        let again = fair.let_in(&device, "l", "AAAA2222AAAA2222").await["data"]["checkIn"].clone();
        assert_eq!((code(&again), &again["earlier"]["id"]), (&json!("ALREADY_CHECKED_IN"), &passage["id"]));
        // Another device's key is another key.
        let other = app.device(&fair.owner, &fair.event.public_id(), "South").await;
        let theirs = fair.let_in(&other, "k", "BBBB2222BBBB2222").await["data"]["checkIn"].clone();
        assert_eq!(theirs["admission"]["checkIn"]["device"], "South", "{theirs:#}");
        device.done("undoCheckIn", UNDO, json!({ "id": passage["id"] })).await;
        let rows = sql::all(app.store().read(),
            "select c.account_id, c.device from check_in c order by c.at", []).await.expect("passages");
        for row in &rows {
            assert_eq!(row.try_get::<Option<uuid::Uuid>>("", "account_id").expect("a column"), None);
        }
        let rows = sql::all(app.store().read(),
            "select action, actor, account_id, detail from audit_entry where action in ('checkIn', 'undoCheckIn', 'redeemDoorDevice') \
             order by id", []).await.expect("entries");
        assert_eq!(rows.len(), 5);
        for row in &rows {
            assert_eq!(row.try_get::<String>("", "actor").expect("an actor"), "DEVICE");
            assert_eq!(row.try_get::<Option<uuid::Uuid>>("", "account_id").expect("a column"), None);
            let detail: String = row.try_get("", "detail").expect("a detail");
            assert!(detail.contains("\"device\":\"") && !detail.contains("North"), "{detail}");
        }
        let log = "{ organization(slug: \"acme\") { auditLog(first: 9, filter: { action: \"undoCheckIn\" }) { edges { node {
            actor staffEmail deviceName } } } } }";
        let log = fair.owner.data(log, json!({})).await;
        let entry = &log["organization"]["auditLog"]["edges"][0]["node"];
        assert_eq!(entry, &json!({ "actor": "DEVICE", "staffEmail": null, "deviceName": "North" }));
        let rows = sql::all(app.store().read(),
            "select actor from audit_entry where action = 'addDoorDevice' and account_id is not null", []).await.expect("entries");
        assert_eq!(rows.len(), 2);
    }

    async fn a_removed_device_is_refused_with_its_next_request(app: TestApp) {
        let fair = Fair::of(&app).await;
        let link = app.device_link(&fair.owner, &fair.event.public_id(), "North").await;
        let cookie = app.redeem_device(&link.secret).await;
        assert!(app.device_with(&cookie).await.is_some());
        let removed = fair.owner.done("removeDoorDevice", REMOVE, json!({ "id": link.id })).await;
        assert_eq!(removed["device"]["state"], "ENDED");
        assert!(app.device_with(&cookie).await.is_none());
        let again = fair.owner.done("removeDoorDevice", REMOVE, json!({ "id": link.id })).await;
        assert_eq!(again, removed, "one that has ended stays so");
        let noted = "select count(*) as n from audit_entry where action = 'removeDoorDevice'";
        let noted = sql::all(app.store().read(), noted, []).await.expect("a count");
        assert_eq!(noted[0].try_get::<i64>("", "n").expect("a number"), 1);
        let late = fair.owner.data(RENEW, json!({ "id": link.id })).await;
        assert_eq!(code(&late["renewDoorDeviceLink"]), "WRONG_STATE");
        let waiting = app.device_link(&fair.owner, &fair.event.public_id(), "South").await;
        fair.owner.done("removeDoorDevice", REMOVE, json!({ "id": waiting.id })).await;
        assert_eq!(code(&redeem(&app, &waiting.secret).await), "NOT_FOUND");
    }

    async fn a_device_signs_itself_out_and_nobody_else(app: TestApp) {
        let fair = Fair::of(&app).await;
        let link = app.device_link(&fair.owner, &fair.event.public_id(), "North").await;
        let cookie = app.redeem_device(&link.secret).await;
        let other = app.device_link(&fair.owner, &fair.event.public_id(), "South").await;
        let others = app.redeem_device(&other.secret).await;
        let device = app.device_with(&cookie).await.expect("a device");
        let leave = "mutation { signOut(input: { everywhere: true }) { userErrors { code } } }";
        device.done("signOut", leave, json!({})).await;
        assert!(app.device_with(&cookie).await.is_none());
        assert!(app.device_with(&others).await.is_some());
        assert!(!fair.owner.data("{ me { id } }", json!({})).await["me"].is_null());
    }

    async fn a_device_ends_with_its_time_and_a_day_after_its_event(app: TestApp) {
        let fair = Fair::of(&app).await;
        let now = app.store().now().await.expect("a time");
        let ends = json!({ "endsAt": now.plus_minutes(60).to_string() });
        let added = fair.add(&fair.owner, "1", &ends).await;
        let cookie = app.redeem_device(added["shown"]["secret"].as_str().expect("a secret")).await;
        let longer = app.device_link(&fair.owner, &fair.event.public_id(), "Longer").await;
        let longer = app.redeem_device(&longer.secret).await;
        minutes(&app, 59);
        assert!(app.device_with(&cookie).await.is_some());
        minutes(&app, 1);
        assert!(app.device_with(&cookie).await.is_none());
        assert!(app.device_with(&longer).await.is_some());
        let states: Vec<Value> = fair.devices().await.into_iter().map(|device| device["state"].clone()).collect();
        assert_eq!(states, [json!("IN_USE"), json!("ENDED")]);
        let day = 24 * 3600 * 1_000_000_i64;
        app.db_execute(&format!("update event set starts_at = {0}, ends_at = {0}", now.0 - day)).await;
        assert!(app.device_with(&longer).await.is_none(), "its event was put forward");
        assert_eq!(fair.devices().await[0]["state"], "ENDED");
        assert_eq!(code(&fair.add(&fair.owner, "2", &json!({})).await), "WRONG_STATE");
    }

    async fn what_is_wrong_with_a_new_device_is_said_at_its_field(app: TestApp) {
        let fair = Fair::of(&app).await;
        let now = app.store().now().await.expect("a time");
        let field = |payload: &Value| payload["userErrors"][0]["field"][0].clone();
        let cases = [
            (json!({ "name": " " }), "name", "REQUIRED"),
            (json!({ "name": "x".repeat(101) }), "name", "TOO_LONG"),
            (json!({ "list": "x".repeat(51) }), "list", "TOO_LONG"),
            (json!({ "endsAt": "tomorrow" }), "endsAt", "INVALID"),
            (json!({ "endsAt": now.to_string() }), "endsAt", "INVALID"),
            (json!({ "endsAt": now.plus_days(31).to_string() }), "endsAt", "INVALID"),
        ];
        for (number, (input, at, expected)) in cases.iter().enumerate() {
            let refused = fair.add(&fair.owner, &format!("k{number}"), input).await;
            assert_eq!((field(&refused), code(&refused)), (json!(at), &json!(expected)), "{input}");
        }
        assert_eq!(fair.devices().await.len(), 0);
        let first = fair.add(&fair.owner, "k", &json!({})).await;
        assert!(first["shown"]["secret"].is_string(), "{first:#}");
        let again = fair.add(&fair.owner, "k", &json!({})).await;
        assert_eq!(again["shown"]["secret"], Value::Null, "a link is shown once");
        assert_eq!(again["shown"]["device"], first["shown"]["device"]);
        assert_eq!(code(&fair.add(&fair.owner, "k", &json!({ "name": "Other" })).await), "IDEMPOTENCY_MISMATCH");
        assert_eq!(fair.devices().await.len(), 1);
        for number in 0..99 {
            fair.add(&fair.owner, &format!("n{number}"), &json!({})).await;
        }
        assert_eq!(code(&fair.add(&fair.owner, "one more", &json!({})).await), "LIMIT_EXCEEDED");
        let one = fair.devices().await[0]["id"].clone();
        fair.owner.done("removeDoorDevice", REMOVE, json!({ "id": one })).await;
        assert!(fair.add(&fair.owner, "one for it", &json!({})).await["shown"].is_object());
        app.db_execute("update event set status = 'CANCELLED'").await;
        assert_eq!(code(&fair.add(&fair.owner, "late", &json!({})).await), "WRONG_STATE");
    }

    async fn a_device_does_nothing_at_another_event_and_another_tenant(app: TestApp) {
        let fair = Fair::of(&app).await;
        let device = app.device(&fair.owner, &fair.event.public_id(), "North").await;
        let other = app.db_event(&fair.organization, "other", |_| {}).await;
        let visitor = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        app.db_place(&other, visitor, "DDDD2222", "Else Where", |_| {}).await;
        let input = json!({ "idempotencyKey": "1", "eventId": other.public_id(), "code": "DDDD2222DDDD2222" });
        let refused = device.data(CHECK_IN, json!({ "input": input })).await["checkIn"].clone();
        assert_eq!((code(&refused), &refused["userErrors"][0]["field"]), (&json!("NOT_FOUND"), &json!(["eventId"])));
        // A code of another event is no code to a device: it works at one.
        let code_there = fair.let_in(&device, "2", "DDDD2222DDDD2222").await["data"]["checkIn"].clone();
        assert_eq!((code(&code_there), &code_there["userErrors"][0]["field"]), (&json!("NOT_FOUND"), &json!(["code"])));
        let elsewhere = fair.owner.data(CHECK_IN, json!({ "input": input })).await["checkIn"]["admission"].clone();
        let passage = elsewhere["checkIn"]["id"].clone();
        let undone = device.data(UNDO, json!({ "id": passage })).await["undoCheckIn"].clone();
        assert_eq!(code(&undone), "NOT_FOUND", "{undone:#}");
        // Nor does it see anybody before their code is shown: whose id it has heard of is nobody to it.
        let own = fair.let_in(&fair.owner, "3", "AAAA2222AAAA2222").await["data"]["checkIn"]["admission"].clone();
        fair.owner.done("undoCheckIn", UNDO, json!({ "id": own["checkIn"]["id"] })).await;
        for id in [&own["id"], &elsewhere["id"]] {
            let input = json!({ "idempotencyKey": "4", "eventId": fair.event.public_id(), "registrationId": id });
            let refused = device.data(CHECK_IN, json!({ "input": input })).await["checkIn"].clone();
            assert_eq!((code(&refused), &refused["userErrors"][0]["field"]), (&json!("NOT_FOUND"), &json!(["registrationId"])));
        }
    }

    async fn a_request_of_a_device_looks_at_its_row_once_and_notes_its_use_once_a_minute(app: TestApp) {
        let fair = Fair::of(&app).await;
        let link = app.device_link(&fair.owner, &fair.event.public_id(), "North").await;
        let cookie = app.redeem_device(&link.secret).await;
        let stats = consentry::platform::store::stats::RequestStats::with_texts();
        stats.scope(async { door_device(&app.platform, &cookie).await.expect("an answer") }).await;
        assert_eq!(stats.snapshot().texts.expect("texts").len(), 1);
        let before = fair.devices().await[0]["lastSeenAt"].clone();
        minutes(&app, 2);
        door_device(&app.platform, &cookie).await.expect("an answer");
        let after = fair.devices().await[0]["lastSeenAt"].clone();
        assert_ne!(before, after);
        door_device(&app.platform, &cookie).await.expect("an answer");
        assert_eq!(fair.devices().await[0]["lastSeenAt"], after);
    }
}
