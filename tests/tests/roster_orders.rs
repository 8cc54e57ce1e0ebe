//! Orders as staff see them, orders and places called off, and lists taken away.

use consentry_domain::{OrderId, RegistrationStatus, Role, RosterExportId};
use consentry_tests::{Client, TestApp, on_both_databases, workbook};
use consentry_web::exports;
use futures_util::StreamExt;
use poem::{Endpoint, Request, Response, Route};
use serde_json::{Value, json};

const ORDERS: &str = "query($first: Int!, $after: String, $filter: OrderFilter) { organization(slug: \"acme\") { event(slug: \"rustdays\") {
    orders(first: $first, after: $after, filter: $filter) { edges { node { id code status buyerEmail total { amount } payments { id }
    history { action } } } pageInfo { hasNextPage endCursor } } } } }";
const CANCEL: &str =
    "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { code status history { action actor staffEmail } }
    userErrors { field code message } } }";
const CANCEL_PLACE: &str =
    "mutation($input: CancelRegistrationAsStaffInput!) { cancelRegistrationAsStaff(input: $input) {
    registration { status } userErrors { field code message } } }";
const EXPORT: &str = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) {
    rosterExport { id status purpose rowCount downloadUrl } userErrors { field code message } } }";

const FETCHED: &str =
    "query($id: ID!) { organization(slug: \"acme\") { event(slug: \"rustdays\") { rosterExport(id: $id) {
    purpose rowCount createdAt lastFetch { state rowCount startedAt progressedAt } } } } }";

/// An export with its last fetch.
async fn last_fetch(client: &Client, id: &str) -> Value {
    client.data(FETCHED, json!({ "id": id })).await["organization"]["event"]["rosterExport"].clone()
}

/// The last fetch, once it stands so.
async fn until(client: &Client, id: &str, state: &str) -> Value {
    for _ in 0..200 {
        let fetch = last_fetch(client, id).await["lastFetch"].clone();
        if fetch["state"] == state {
            return fetch;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("it never comes to {state}");
}

fn codes(data: &Value) -> Vec<&str> {
    let edges = data["organization"]["event"]["orders"]["edges"]
        .as_array()
        .expect("edges");
    edges
        .iter()
        .map(|edge| edge["node"]["code"].as_str().expect("a code"))
        .collect()
}

async fn answered(app: &TestApp, client: &Client, id: &str) -> Response {
    let routes = exports::routes(Route::new(), app.platform.clone());
    let mut request = Request::builder().uri_str(format!("/exports/{id}"));
    if let Some(bearer) = client.bearer(app).await {
        request = request.header("authorization", format!("Bearer {bearer}"));
    }
    routes.get_response(request.finish()).await
}

async fn fetch(app: &TestApp, client: &Client, id: &str) -> (u16, String) {
    let response = answered(app, client, id).await;
    let status = response.status().as_u16();
    (status, response.into_body().into_string().await.expect("a whole body"))
}

async fn send(client: &Client, document: &str, name: &str, input: Value) -> Value {
    client.data(document, json!({ "input": input })).await[name].clone()
}

on_both_databases! {
    async fn orders_are_paged_newest_first_and_called_off(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let quota = app.db_quota(&event, 10, &[visitor]).await;
        let anyone = app.anonymous();
        let first = anyone.register(&event, "1", &[(visitor, "ada@example.org"), (visitor, "bob@example.org")]).await;
        let second = anyone.register(&event, "2", &[(visitor, "eva@example.org")]).await;
        let (first, second) = (first["order"]["code"].as_str().expect("a code"), second["order"]["code"].as_str().expect("a code"));
        let finance = app.db_staff(&organization, Role::Finance).await;
        let (answer, one) = finance.counted(ORDERS, json!({ "first": 1 })).await;
        assert_eq!(codes(&answer["data"]), [second]);
        let after = &answer["data"]["organization"]["event"]["orders"]["pageInfo"]["endCursor"];
        assert_eq!(codes(&finance.data(ORDERS, json!({ "first": 1, "after": after })).await), [first]);
        let (answer, both) = finance.counted(ORDERS, json!({ "first": 10 })).await;
        assert_eq!((codes(&answer["data"]), one.statements), (vec![second, first], both.statements));
        for (filter, expected) in [(json!({ "code": first.to_lowercase() }), vec![first]), (json!({ "buyerEmail": "EVA@example.org" }), vec![second]),
            (json!({ "refundDue": true }), vec![]), (json!({ "refundDue": false }), vec![second, first]),
            (json!({ "status": "CANCELLED" }), vec![]), (json!({ "status": "PAID" }), vec![second, first])] {
            assert_eq!(codes(&finance.data(ORDERS, json!({ "first": 10, "filter": filter })).await), expected, "{filter}");
        }
        let id = answer["data"]["organization"]["event"]["orders"]["edges"][1]["node"]["id"].clone();
        let cancelled = send(&finance, CANCEL, "cancelOrder", json!({ "orderId": id })).await;
        assert_eq!((&cancelled["order"]["status"], &cancelled["userErrors"]), (&json!("CANCELLED"), &json!([])), "{cancelled:#}");
        let last = cancelled["order"]["history"].as_array().and_then(|steps| steps.last()).expect("a step");
        assert_eq!((&last["action"], &last["actor"]), (&json!("cancelOrder"), &json!("STAFF")), "{cancelled:#}");
        assert!(last["staffEmail"].is_string(), "{cancelled:#}");
        assert_eq!(app.db_available(&event, quota).await, 9);

        let door = app.db_staff(&organization, Role::CheckIn).await;
        let data = door.data(ORDERS, json!({ "first": 1 })).await;
        assert_eq!(data, json!({ "organization": { "event": { "orders": null } } }));
        let strangers = app.db_organization("strangers").await;
        let stranger = app.db_staff(&strangers, Role::Owner).await;
        let random = consentry::graphql::ids::encode(organization.id, OrderId(uuid::Uuid::from_u128(9))).to_string();
        let nothing = send(&finance, CANCEL, "cancelOrder", json!({ "orderId": random })).await.to_string();
        for client in [&door, &stranger] {
            assert_eq!(send(client, CANCEL, "cancelOrder", json!({ "orderId": id })).await.to_string(), nothing);
        }
    }

    async fn a_manager_calls_one_place_off_and_finance_does_not(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let place = app.db_place(&event, visitor, "AAAA2222", "Ada Lovelace", |_| {}).await;
        let input = json!({ "registrationId": event.public(place) });
        let finance = app.db_staff(&organization, Role::Finance).await;
        let manager = app.db_staff(&organization, Role::Manager).await;
        let refused = send(&finance, CANCEL_PLACE, "cancelRegistrationAsStaff", input.clone()).await;
        let random = json!({ "registrationId": event.public(consentry_domain::RegistrationId(uuid::Uuid::from_u128(9))) });
        assert_eq!(refused.to_string(), send(&manager, CANCEL_PLACE, "cancelRegistrationAsStaff", random).await.to_string());
        let done = send(&manager, CANCEL_PLACE, "cancelRegistrationAsStaff", input).await;
        assert_eq!(done["registration"]["status"], "CANCELLED", "{done:#}");
    }

    async fn a_list_is_taken_away_for_a_purpose_and_no_cell_is_a_formula(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_place(&event, visitor, "AAAA2222", "=cmd|' /C calc'!A0", |_| {}).await;
        app.db_place(&event, visitor, "BBBB2222", "Bob, the \"Builder\"", |_| {}).await;
        app.db_place(&event, visitor, "CCCC2222", "Gone", |row| row.status = RegistrationStatus::Erased).await;
        let crowd = app.db_order(&event, "DDDD2222", |_| {}).await;
        app.db_crowd(&event, visitor, crowd, 1200).await;
        let manager = app.db_staff(&organization, Role::Manager).await;
        let input = |purpose: &str| json!({ "idempotencyKey": "1", "eventId": event.public_id(), "purpose": purpose });
        let none = send(&manager, EXPORT, "exportRoster", input(" ")).await;
        assert_eq!(none["userErrors"][0]["code"], "REQUIRED");
        let made = send(&manager, EXPORT, "exportRoster", input("Badges for the printer")).await;
        assert_eq!((&made["rosterExport"]["rowCount"], &made["rosterExport"]["status"]), (&json!(1202), &json!("READY")), "{made:#}");
        assert_eq!(send(&manager, EXPORT, "exportRoster", input("Badges for the printer")).await, made);
        let rows = consentry::platform::store::sql::one(app.store().read(), "select count(*) as n from roster_export_item", []).await.expect("a count");
        assert_eq!(rows.try_get::<i64>("", "n").expect("a number"), 1202);

        let id = made["rosterExport"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(made["rosterExport"]["downloadUrl"], format!("http://consentry.test/exports/{id}"));
        let (status, csv) = fetch(&app, &manager, &id).await;
        assert_eq!(status, 200);
        let lines: Vec<&str> = csv.split_terminator("\r\n").collect();
        assert_eq!(lines.len(), 1203);
        assert!(lines[0].starts_with("order_code,status,full_name,"), "{}", lines[0]);
        assert!(lines.iter().any(|line| line.starts_with("AAAA2222,CONFIRMED,'=cmd|' /C calc'!A0,")), "{}", lines[1]);
        assert!(lines.iter().any(|line| line.starts_with("BBBB2222,CONFIRMED,\"Bob, the \"\"Builder\"\"\",")), "{}", lines[2]);
        assert!(!csv.contains("Gone"), "an erased registration is in no list");

        // As a workbook it has the same cells, to the letter, and that it was fetched is in the log as well.
        let book_of = |id: &str| format!("{id}.xlsx");
        let book = answered(&app, &manager, &book_of(&id)).await;
        let headers = ["content-type", "content-disposition", "cache-control", "x-content-type-options"];
        let headers = headers.map(|name| book.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned());
        assert_eq!((book.status().as_u16(), headers.each_ref().map(String::as_str)), (200, [workbook::MEDIA, "attachment; filename=\"roster.xlsx\"", "no-store", "nosniff"]));
        let cells = workbook::cells(&book.into_body().into_vec().await.expect("a whole body"));
        assert_eq!(cells, workbook::cells_of_csv(&csv));
        assert!(cells.iter().any(|line| line[2] == "=cmd|' /C calc'!A0") && cells.len() == 1203);
        let log = "query { organization(slug: \"acme\") { auditLog(first: 10) { edges { node { action } } } } }";
        let log = app.db_staff(&organization, Role::Owner).await.data(log, json!({})).await.to_string();
        assert_eq!(log.matches("downloadRosterExport").count(), 2, "{log}");

        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let strangers = app.db_organization("strangers").await;
        let stranger = app.db_staff(&strangers, Role::Owner).await;
        let random = event.public(RosterExportId(uuid::Uuid::from_u128(9)));
        for (client, id) in [(&viewer, &id), (&stranger, &id), (&manager, &random), (&manager, &"nonsense".to_owned())] {
            assert_eq!(fetch(&app, client, id).await, (404, String::new()));
            assert_eq!(fetch(&app, client, &book_of(id)).await, (404, String::new()));
        }
        for id in [&format!("{id}.csv"), &format!("{id}.xlsx.xlsx"), &".xlsx".to_owned()] {
            assert_eq!(fetch(&app, &manager, id).await, (404, String::new()));
        }
        assert_eq!(fetch(&app, &app.anonymous(), &id).await, (401, String::new()));
        assert_eq!(fetch(&app, &app.anonymous(), &book_of(&id)).await, (401, String::new()));
        let nothing = send(&manager, EXPORT, "exportRoster", json!({ "idempotencyKey": "2", "eventId": "nonsense", "purpose": "x" })).await;
        let foreign = send(&viewer, EXPORT, "exportRoster", json!({ "idempotencyKey": "2", "eventId": event.public_id(), "purpose": "x" })).await;
        assert_eq!(foreign.to_string(), nothing.to_string());
    }

    async fn how_far_a_list_was_fetched_is_seen_and_that_it_broke_off(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let crowd = app.db_order(&event, "DDDD2222", |_| {}).await;
        app.db_crowd(&event, visitor, crowd, 5200).await;
        let manager = app.db_staff(&organization, Role::Manager).await;
        let made = send(&manager, EXPORT, "exportRoster", json!({ "idempotencyKey": "1", "eventId": event.public_id(), "purpose": "Badges" })).await;
        let id = made["rosterExport"]["id"].as_str().expect("an id").to_owned();
        let list = last_fetch(&manager, &id).await;
        assert_eq!((&list["rowCount"], &list["purpose"], &list["lastFetch"]), (&json!(5200), &json!("Badges"), &json!(null)), "{list:#}");

        // Half of it is read, and then nobody reads any more.
        let mut body = answered(&app, &manager, &id).await.into_body().into_bytes_stream();
        let mut lines = 0;
        while lines < 2500 {
            let chunk = body.next().await.expect("more").expect("bytes");
            lines += chunk.iter().filter(|byte| **byte == b'\n').count();
        }
        let fetch = last_fetch(&manager, &id).await["lastFetch"].clone();
        assert_eq!((&fetch["state"], &fetch["rowCount"]), (&json!("RUNNING"), &json!(2000)), "{fetch:#}");
        // Whoever ends the program leaves no word: after a while it says so itself.
        app.db_execute("update roster_export_fetch set seen_at = seen_at - 120000000").await;
        assert_eq!(last_fetch(&manager, &id).await["lastFetch"]["state"], "SILENT");
        drop(body);
        let fetch = until(&manager, &id, "BROKEN_OFF").await;
        assert_eq!(fetch["rowCount"], 2500, "{fetch:#}");

        // Another fetch is another one, and the first has nothing more to say of it.
        let mut first = answered(&app, &manager, &id).await.into_body().into_bytes_stream();
        first.next().await.expect("more").expect("bytes");
        for name in [id.clone(), format!("{id}.xlsx")] {
            let whole = answered(&app, &manager, &name).await.into_body().into_bytes().await;
            assert!(whole.expect("a whole body").len() > 100_000);
            let fetch = last_fetch(&manager, &id).await["lastFetch"].clone();
            assert_eq!((&fetch["state"], &fetch["rowCount"]), (&json!("DONE"), &json!(5200)), "{name}: {fetch:#}");
        }
        drop(first);
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert_eq!(last_fetch(&manager, &id).await["lastFetch"]["state"], "DONE");

        // A workbook that nobody waits for has broken off, too.
        let mut book = answered(&app, &manager, &format!("{id}.xlsx")).await.into_body().into_bytes_stream();
        book.next().await.expect("more").expect("bytes");
        assert_eq!(last_fetch(&manager, &id).await["lastFetch"]["state"], "RUNNING");
        drop(book);
        until(&manager, &id, "BROKEN_OFF").await;

        let other = app.db_event(&organization, "other", |_| {}).await;
        let foreign = FETCHED.replace("rustdays", &other.slug);
        assert_eq!(manager.data(&foreign, json!({ "id": id })).await["organization"]["event"]["rosterExport"], json!(null));
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        assert_eq!(last_fetch(&viewer, &id).await, json!(null));
    }
}
