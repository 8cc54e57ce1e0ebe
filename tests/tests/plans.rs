//! What SQLite's planner makes of the program's statements. It keeps no statistics of its own, and believes what the last
//! migration told it: on an empty database it must already plan for a full one.

use std::collections::BTreeSet;

use consentry::platform::store::stats::RequestStats;
use consentry::platform::store::{Engine, sql};
use consentry::services::registration::end_called_off;
use consentry::services::sharing::verify::verify;
use consentry_domain::Role;
use consentry_tests::app::{SeededAttendee, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

/// Tables that grow with what people do.
const LARGE: &[&str] = &[
    "order",
    "order_line",
    "registration",
    "registration_words",
    "roster_view",
    "answer",
    "acknowledgement",
    "check_in",
    "complaint",
    "consent",
    "consent_record",
    "opening",
    "contact",
    "lead",
    "disclosure",
    "disclosure_item",
    "audit_entry",
    "mail",
    "guardian_request",
    "payment",
];

/// The steps of a plan that read a whole large table, or all that an organization has in it.
fn wide(text: &str, plan: &str) -> Vec<String> {
    let words: Vec<&str> = text
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .filter(|word| !word.is_empty())
        .collect();
    // An alias stands behind its table, which stands behind one of these words.
    let table = |alias: &str| {
        let behind = words
            .windows(3)
            .find(|three| ["from", "join", "update"].contains(&three[0].to_lowercase().as_str()) && three[2] == alias);
        behind.map_or(alias.to_owned(), |three| three[1].to_owned())
    };
    let is_wide = |line: &&str| {
        let mut steps = line.split_whitespace();
        let (step, alias) = (steps.next(), steps.next().unwrap_or_default());
        let all = step == Some("SCAN") || (step == Some("SEARCH") && line.ends_with("(organization_id=?)"));
        // The log is read in the order of its key, and no further than the page: little of it is hidden from anybody.
        let is_log = alias == "audit_entry" && text.ends_with("LIMIT ?") && !plan.contains("TEMP B-TREE");
        // What is still open is little, and an index of its own.
        all && !is_log && !line.contains("_open_idx") && LARGE.contains(&table(alias).as_str())
    };
    plan.lines().filter(is_wide).map(str::to_owned).collect()
}

/// How many values a statement takes.
fn placeholders(text: &str) -> usize {
    let numbered = text.split('$').skip(1).filter_map(|rest| {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest[..digits].parse().ok()
    });
    numbered.max().unwrap_or_else(|| text.matches('?').count())
}

/// A device is added, signs in, and stands in the list.
async fn devices(app: &TestApp, sharing: &Sharing) {
    let link = app
        .device_link(&sharing.staff, &sharing.event.public_id(), "North")
        .await;
    let cookie = app.redeem_device(&link.secret).await;
    let device = app.device_with(&cookie).await.expect("a device");
    let own = "{ door { tally { expected } snapshot(first: 9) { lines { key } } } }";
    assert!(device.data(own, json!({})).await["door"]["snapshot"]["lines"][0].is_object());
    let list = "query($o: String!, $e: String!) { organization(slug: $o) { auditLog(first: 9) { edges { node { deviceName } } }
        event(slug: $e) { doorDevices(first: 9) { edges { node { state } } } } } }";
    let event = &sharing.event;
    let found = sharing
        .staff
        .data(list, json!({ "o": event.organization_slug, "e": event.slug }))
        .await;
    let first = &found["organization"]["event"]["doorDevices"]["edges"][0]["node"];
    assert_eq!(first["state"], "IN_USE");
}

/// One complains, and is answered by the officer, who reads the list first.
async fn complain(app: &TestApp, sharing: &Sharing, ada: &SeededAttendee) {
    let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
    let people = ada.client.data("{ me { people { id } } }", json!({})).await;
    let input = json!({ "idempotencyKey": "1", "personId": people["me"]["people"][0]["id"], "text": "Stop" });
    let file = "mutation($input: FileComplaintInput!) { fileComplaint(input: $input) { userErrors { code } } }";
    ada.client.done("fileComplaint", file, json!({ "input": input })).await;
    let own = "{ me { people { complaints(first: 9) { edges { node { text } } } } } }";
    ada.client.data(own, json!({})).await;
    let list = "query($o: String!) { organization(slug: $o) { complaintCounts { overdue }
        complaints(first: 9) { edges { node { id personName } } } } }";
    let list = officer
        .data(list, json!({ "o": sharing.event.organization_slug }))
        .await;
    let id = &list["organization"]["complaints"]["edges"][0]["node"]["id"];
    let input = json!({ "complaintId": id, "revision": 1, "answer": "Yes" });
    let answer = "mutation($input: AnswerComplaintInput!) { answerComplaint(input: $input) { userErrors { code } } }";
    officer.done("answerComplaint", answer, json!({ "input": input })).await;
}

/// A list is taken along and fetched, and its page looked at.
async fn take(app: &TestApp, sharing: &Sharing) {
    let take = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { rosterExport { id } userErrors { code } } }";
    let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "purpose": "Badges" });
    let made = sharing
        .staff
        .done("exportRoster", take, json!({ "input": input }))
        .await;
    let id = made["rosterExport"]["id"].as_str().expect("an id");
    let file = app
        .browser_of(&sharing.staff)
        .await
        .get(&format!("/exports/{id}"))
        .await;
    assert_eq!(file.status, 200);
    let look = "query($o: String!, $e: String!, $id: ID!) { organization(slug: $o) { event(slug: $e) {
        rosterExport(id: $id) { lastFetch { state } } } } }";
    let event = &sharing.event;
    let found = sharing
        .staff
        .data(look, json!({ "o": event.organization_slug, "e": event.slug, "id": id }))
        .await;
    let fetch = &found["organization"]["event"]["rosterExport"]["lastFetch"];
    assert_eq!(fetch["state"], "DONE");
}

/// Orders are looked at with all that happened to them, those whose money is to go back, and mails by status and order.
async fn look_at_orders(sharing: &Sharing) {
    let look = "query($o: String!, $e: String!, $filter: OrderFilter, $mails: MailFilter) { organization(slug: $o) {
        event(slug: $e) { orders(first: 9, filter: $filter) { edges { node { code history { action } } } }
        mails(first: 9, filter: $mails) { edges { node { id } } } } } }";
    let event = &sharing.event;
    let ask = async |filter: serde_json::Value, mails: serde_json::Value| {
        let variables = json!({ "o": event.organization_slug, "e": event.slug, "filter": filter, "mails": mails });
        let found = sharing.staff.data(look, variables).await;
        found["organization"]["event"]["orders"]["edges"][0]["node"]["code"].clone()
    };
    let code = ask(json!({}), json!({ "status": "FAILED" })).await;
    assert!(code.is_string());
    ask(json!({ "refundDue": true }), json!({ "orderCode": code })).await;
}

/// The event is called off, and its orders are ended.
async fn call_off(app: &TestApp, sharing: &Sharing) {
    let cancel = "mutation($input: CancelEventInput!) { cancelEvent(input: $input) { event { cancellation { total } }
        userErrors { code } } }";
    let input = json!({ "eventId": sharing.event.public_id() });
    sharing
        .staff
        .done("cancelEvent", cancel, json!({ "input": input }))
        .await;
    let ended = end_called_off(&app.platform).await.expect("a step");
    assert!(ended.orders > 0 && ended.events == 1, "{ended:?}");
}

on_both_databases! {
    async fn no_statement_of_the_main_job_reads_all_that_an_organization_has(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let partner = app.puller(&offer).await;
        let stats = RequestStats::with_texts();
        stats.scope(async {
            let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
            ada.grant(&app, &offer, 1, &["EMAIL"]).await;
            let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { id email } } } }";
            assert_eq!(partner.data(leads, json!({})).await["partner"]["leads"]["nodes"][0]["email"], "ada@example.org");
            let received = "{ me { people { disclosures(first: 9) { edges { node { id } } } } } }";
            assert!(ada.client.data(received, json!({})).await["me"]["people"][0]["disclosures"]["edges"][0].is_object());
            let roster = "query($o: String!, $e: String!) { organization(slug: $o) { event(slug: $e) { roster(first: 9) { edges {
                node { fullName orderStatus checkIns { list } answers { values } ticketType { name } } } } } } }";
            let event = &sharing.event;
            sharing.staff.data(roster, json!({ "o": event.organization_slug, "e": event.slug })).await;
            let save = "mutation($input: SaveRosterViewInput!) { saveRosterView(input: $input) { rosterViews { name } userErrors { code } } }";
            let view = json!({ "eventId": event.public_id(), "name": "Mine", "words": "ada", "query": "" });
            sharing.staff.done("saveRosterView", save, json!({ "input": view })).await;
            let remove = "mutation($input: RemoveRosterViewInput!) { removeRosterView(input: $input) { userErrors { code } } }";
            let view = json!({ "eventId": event.public_id(), "name": "Mine" });
            sharing.staff.done("removeRosterView", remove, json!({ "input": view })).await;
            for sort in ["COMPANY", "NEWEST"] {
                let sorted = format!("{{ partner {{ leads(purpose: EVENT_FOLLOW_UP, first: 9, sort: {sort}, filter: {{ words: \"ada\" }}) {{
                    nodes {{ email company }} }} }} }}");
                partner.data(&sorted, json!({})).await;
            }
            let door = "query($o: String!, $e: String!) { organization(slug: $o) { event(slug: $e) { expected(words: \"ada\") { id }
                doorSnapshot(first: 9) { lines { key } } } } }";
            sharing.staff.data(door, json!({ "o": event.organization_slug, "e": event.slug })).await;
            ada.withdraw(&offer, None).await;
            complain(&app, &sharing, &ada).await;
            devices(&app, &sharing).await;
            take(&app, &sharing).await;
            look_at_orders(&sharing).await;
            call_off(&app, &sharing).await;
            assert_eq!(verify(app.store()).await.expect("compared").differences, []);
        }).await;
        let texts: BTreeSet<String> = stats.snapshot().texts.expect("texts").into_iter().collect();
        assert!(texts.iter().any(|text| text.starts_with("update lead")), "{texts:#?}");
        if app.store().engine() == Engine::Postgres {
            return;
        }
        let mut found = Vec::new();
        for text in &texts {
            let explained = ["select", "insert", "update", "delete", "with"].iter().any(|verb| text.to_lowercase().starts_with(verb));
            if explained {
                let plan = app.db_plan(text, vec![0_i64.into(); placeholders(text)]).await;
                found.extend(wide(text, &plan).into_iter().map(|line| format!("{line}\n  {text}")));
            }
        }
        println!("{} statements, {} of them wide", texts.len(), found.len());
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    async fn sqlite_is_told_what_to_believe_of_every_index(app: TestApp) {
        if app.store().engine() == Engine::Postgres {
            return;
        }
        let text = "select i.name as name from sqlite_schema t join pragma_index_list(t.name) i where t.type = 'table' \
                    and t.name not like 'sqlite!_%' escape '!' and not exists (select 1 from sqlite_stat1 s where s.tbl = t.name \
                    and s.idx in (i.name, case i.origin when 'pk' then t.name end))";
        let rows = sql::all(app.store().read(), text, []).await.expect("indexes");
        let unknown: Vec<String> = rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
        assert!(unknown.is_empty(), "a migration that makes an index says what to believe of it: {unknown:?}");
    }
}
