//! Complaints about what was done with somebody's data: filed by the person concerned, read and answered by the
//! data-protection officer alone, kept as long as an answer is owed, and not a day longer than everything else.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use consentry::config::Jobs;
use consentry::platform::store::sql;
use consentry::services::mail::Courier;
use consentry_domain::{ComplaintState, Role};
use consentry_entity::{audit_entry, complaint, mail};
use consentry_tests::app::{SeededAttendee, Sharing};
use consentry_tests::mail::{Arrived, MailServer, TestLinks};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const DAY: i64 = 86_400_000_000;
const FILE: &str = "mutation($input: FileComplaintInput!) { fileComplaint(input: $input) {
    complaint { id openedAt dueAt state text about answer answeredAt } userErrors { field message code } } }";
const ANSWER: &str = "mutation($input: AnswerComplaintInput!) { answerComplaint(input: $input) {
    complaint { id state text answer answeredBy personEmail revision } userErrors { field message code } } }";
const MANAGED: &str = "query($o: String!, $first: Int!, $after: String, $state: ComplaintState) { organization(slug: $o) {
    complaints(first: $first, after: $after, state: $state) { edges { node { id state text about personName personEmail
    isOverdue dueAt answer answeredBy registrationId event { slug } revision } } pageInfo { hasNextPage endCursor } } } }";

/// Who the account is within the organization.
async fn person_of(client: &Client, organization: &str) -> Value {
    let people = client
        .data("{ me { people { id organization { slug } } } }", json!({}))
        .await;
    let people = people["me"]["people"].as_array().unwrap().clone();
    let person = people
        .into_iter()
        .find(|person| person["organization"]["slug"] == organization);
    person.unwrap()["id"].clone()
}

/// Files a complaint; the payload.
async fn filed(client: &Client, key: &str, text: &str, more: Value) -> Value {
    let mut input = json!({ "idempotencyKey": key, "personId": person_of(client, "acme").await, "text": text });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    client.data(FILE, json!({ "input": input })).await["fileComplaint"].clone()
}

/// Files a complaint about nothing in particular, which must succeed; its id.
async fn file(client: &Client, text: &str) -> String {
    let payload = filed(client, text, text, json!({})).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["complaint"]["id"].as_str().unwrap().to_owned()
}

async fn answered(client: &Client, id: &str, revision: i64, text: &str) -> Value {
    let input = json!({ "complaintId": id, "revision": revision, "answer": text });
    client.data(ANSWER, json!({ "input": input })).await["answerComplaint"].clone()
}

/// What is refused, by field and code.
fn refusals(payload: &Value) -> Vec<(String, String)> {
    let errors = payload["userErrors"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    errors
        .map(|error| (text(&error["field"][0]), text(&error["code"])))
        .collect()
}

fn refused(field: &str, code: &str) -> Vec<(String, String)> {
    vec![(field.to_owned(), code.to_owned())]
}

/// The list as somebody on the staff reads it; null where there is none for them.
async fn listed(client: &Client, first: i32, more: Value) -> Value {
    let mut variables = json!({ "o": "acme", "first": first });
    for (name, value) in more.as_object().unwrap() {
        variables[name] = value.clone();
    }
    client.data(MANAGED, variables).await["organization"]["complaints"].clone()
}

fn texts(list: &Value) -> Vec<&str> {
    let edges = list["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| edge["node"]["text"].as_str().unwrap_or("erased"))
        .collect()
}

async fn rows(app: &TestApp) -> Vec<complaint::Model> {
    let rows = complaint::Entity::find().order_by_asc(complaint::Column::Id);
    rows.all(app.store().read()).await.unwrap()
}

/// Somebody of whom a partner received the address, and what they see of that.
async fn disclosed(app: &TestApp, sharing: &Sharing, email: &str) -> (SeededAttendee, String) {
    let offer = sharing.offer("Ferris", &["EMAIL"]).await;
    let ada = app.db_attendee(sharing, email, |_| ()).await;
    ada.grant(app, &offer, 1, &["EMAIL"]).await;
    let pull = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { email } } } }";
    app.puller(&offer).await.data(pull, json!({})).await;
    let seen = disclosures(&ada.client).await;
    (ada, seen[0].clone())
}

async fn disclosures(client: &Client) -> Vec<String> {
    let seen = "{ me { people { disclosures(first: 9) { edges { node { id } } } } } }";
    let seen = client.data(seen, json!({})).await;
    let edges = seen["me"]["people"][0]["disclosures"]["edges"]
        .as_array()
        .unwrap()
        .clone();
    edges
        .iter()
        .map(|edge| edge["node"]["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn deliver(app: &TestApp) -> Vec<Arrived> {
    let server = MailServer::start();
    let courier = Courier::new(app.store().clone(), Arc::new(TestLinks), server.smtp(), Jobs::default());
    while courier.run_once().await.unwrap().taken > 0 {}
    server.drain()
}

/// The audit log as somebody reads it: its actions.
async fn log(client: &Client, action: Option<&str>) -> Vec<String> {
    let document = "query($action: String) { organization(slug: \"acme\") {
        auditLog(first: 100, filter: { action: $action }) { edges { node { action staffEmail } } } } }";
    let log = client.data(document, json!({ "action": action })).await;
    let edges = log["organization"]["auditLog"]["edges"].as_array().unwrap().clone();
    edges
        .iter()
        .map(|edge| edge["node"]["action"].as_str().unwrap().to_owned())
        .collect()
}

on_both_databases! {
    async fn a_complaint_about_a_disclosure_is_acknowledged_answered_and_read_by_nobody_else(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ada, disclosure) = disclosed(&app, &sharing, "ada@example.org").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let payload = filed(&ada.client, "1", " Ferris calls\r\nevery day. ", json!({ "disclosureId": disclosure, "registrationId": ada.public_id })).await;
        assert_eq!(payload["userErrors"], json!([]));
        let seen = payload["complaint"].clone();
        assert_eq!((&seen["text"], &seen["about"], &seen["state"], &seen["answer"]), (&json!("Ferris calls\nevery day."), &json!("Ferris GmbH"), &json!("OPEN"), &Value::Null));
        let moment = |name: &str| seen[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let days = (moment("dueAt").as_microsecond() - moment("openedAt").as_microsecond()) / DAY;
        assert!((28..=31).contains(&days), "a month: {days}");
        let node = "query($id: ID!) { node(id: $id) { ... on Complaint { id state text about } } }";
        assert_eq!(ada.client.data(node, json!({ "id": seen["id"] })).await["node"]["text"], seen["text"]);

        let list = listed(&officer, 9, json!({})).await;
        let one = &list["edges"][0]["node"];
        assert_eq!((&one["personName"], &one["personEmail"], &one["about"], &one["event"]["slug"], &one["registrationId"]), (&json!("ada Lovelace"), &json!("ada@example.org"), &json!("Ferris GmbH"), &json!("rustdays"), &json!(ada.public_id)));
        let id = seen["id"].as_str().unwrap();
        let done = answered(&officer, id, 1, "We have told them to stop.").await;
        assert_eq!(done["userErrors"], json!([]));
        assert_eq!((&done["complaint"]["state"], &done["complaint"]["revision"]), (&json!("ANSWERED"), &json!(2)));
        let mine = "{ me { people { complaints(first: 9) { edges { node { id state answer answeredAt } } } } } }";
        let mine = ada.client.data(mine, json!({})).await["me"]["people"][0]["complaints"]["edges"][0]["node"].clone();
        assert_eq!((&mine["state"], &mine["answer"]), (&json!("ANSWERED"), &json!("We have told them to stop.")));
        assert!(mine["answeredAt"].is_string());

        // The others on the staff, the owner included, do not learn that there is one.
        for role in [Role::Owner, Role::Manager, Role::Finance, Role::CheckIn, Role::Viewer] {
            let staff = app.db_staff(&sharing.organization, role).await;
            let document = "query($id: ID!) { organization(slug: \"acme\") { complaints(first: 9) { edges { node { id } } } complaint(id: $id) { text } complaintCounts { open } } }";
            let seen = staff.data(document, json!({ "id": id })).await["organization"].clone();
            assert_eq!(seen, json!({ "complaints": null, "complaint": null, "complaintCounts": null }), "{role:?}");
            assert_eq!(refusals(&answered(&staff, id, 2, "Mine").await), refused("complaintId", "NOT_FOUND"), "{role:?}");
        }
        let told = ["answerComplaint", "viewComplaints", "fileComplaint"];
        let (owners, officers) = (log(&sharing.staff, None).await, log(&officer, None).await);
        for action in told {
            assert!(officers.iter().any(|its| its == action), "{action}: {officers:?}");
            assert!(!owners.iter().any(|its| its == action), "{action}: {owners:?}");
            assert_eq!(log(&sharing.staff, Some(action)).await, Vec::<String>::new());
        }
        let mails = "{ organization(slug: \"acme\") { mails(first: 100) { edges { node { kind } } } } }";
        let mails = sharing.staff.data(mails, json!({})).await.to_string();
        assert!(!mails.contains("COMPLAINT"), "{mails}");
        let eve = app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        assert_eq!(eve.client.data(node, json!({ "id": id })).await["node"], Value::Null);
    }

    async fn the_same_request_files_once_and_writes_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let (one, two) = tokio::join!(filed(&ada.client, "k", "Stop", json!({})), filed(&ada.client, "k", "Stop", json!({})));
        let three = filed(&ada.client, "k", "Stop", json!({})).await;
        assert!(one["complaint"]["id"].is_string() && one == two && one == three, "{one} {two} {three}");
        assert_eq!(refusals(&filed(&ada.client, "k", "Stop it", json!({})).await), refused("idempotencyKey", "IDEMPOTENCY_MISMATCH"));
        assert_eq!((rows(&app).await.len(), app.db_mails().await.len()), (1, 2), "a receipt, and a word to the contact");
    }

    async fn ten_of_one_person_are_open_at_once_also_when_they_come_at_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        for text in ["", " \n ", "\u{0}"] {
            let code = if text == "\u{0}" { "INVALID" } else { "REQUIRED" };
            assert_eq!(refusals(&filed(&ada.client, "x", text, json!({})).await), refused("text", code));
        }
        assert_eq!(refusals(&filed(&ada.client, "x", &"ä".repeat(4001), json!({})).await), refused("text", "TOO_LONG"));
        let longest = "ä".repeat(4000);
        assert_eq!(refusals(&filed(&ada.client, "long", &longest, json!({})).await), []);
        let all = (0..14).map(async |number| filed(&ada.client, &number.to_string(), "Again", json!({})).await);
        let all = futures_util::future::join_all(all).await;
        let done = all.iter().filter(|payload| payload["complaint"]["id"].is_string()).count();
        let too_many = all.iter().filter(|payload| refusals(payload) == refused("personId", "LIMIT_EXCEEDED")).count();
        assert_eq!((done, too_many, rows(&app).await.len()), (9, 5, 10));
        // Somebody else's are counted for themselves, and one that is answered is not open.
        let eve = app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        file(&eve.client, "Me, too").await;
        let id = all.iter().find_map(|payload| payload["complaint"]["id"].as_str()).unwrap();
        assert_eq!(refusals(&answered(&officer, id, 1, "Yes").await), []);
        assert_eq!(refusals(&filed(&ada.client, "next", "And now", json!({})).await), []);
        assert_eq!(refusals(&filed(&ada.client, "last", "And then", json!({})).await), refused("personId", "LIMIT_EXCEEDED"));
    }

    async fn nobody_complains_of_what_is_somebody_elses_and_no_tenant_sees_anothers(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ada, disclosure) = disclosed(&app, &sharing, "ada@example.org").await;
        let eve = app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        let theirs = app.sharing("theirs").await;
        let bob = app.db_attendee(&theirs, "bob@example.org", |_| ()).await;
        let (nobody, nothing) = (sharing.event.nobody(), "nonsense");
        for registration in [&ada.public_id, &bob.public_id, &nobody, nothing] {
            let payload = filed(&eve.client, "r", "Mine", json!({ "registrationId": registration })).await;
            assert_eq!(payload, filed(&eve.client, "r", "Mine", json!({ "registrationId": "" })).await);
            assert_eq!(refusals(&payload), refused("registrationId", "NOT_FOUND"));
        }
        for id in [disclosure.as_str(), nothing, nobody.as_str()] {
            assert_eq!(refusals(&filed(&eve.client, "d", "Mine", json!({ "disclosureId": id })).await), refused("disclosureId", "NOT_FOUND"));
        }
        // What staff took away is somebody's as much as what a partner received.
        let input = json!({ "idempotencyKey": "x", "eventId": sharing.event.public_id(), "purpose": "Catering" });
        let export = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { userErrors { code } } }";
        sharing.staff.done("exportRoster", export, json!({ "input": input })).await;
        let seen = disclosures(&ada.client).await;
        let taken = seen.iter().find(|id| **id != disclosure).unwrap();
        assert_eq!(refusals(&filed(&eve.client, "t", "Mine", json!({ "disclosureId": taken })).await), refused("disclosureId", "NOT_FOUND"));
        // Both are one's own, and do not belong together.
        let second = app.db_place_of(&sharing, &ada, "SECOND23").await;
        let apart = json!({ "registrationId": second.public_id, "disclosureId": disclosure });
        assert_eq!(refusals(&filed(&ada.client, "a", "Mine", apart).await), refused("disclosureId", "NOT_FOUND"));
        assert_eq!(rows(&app).await, []);

        let id = file(&ada.client, "Here").await;
        let (ours, other) = (app.db_staff(&sharing.organization, Role::Dpo).await, app.db_staff(&theirs.organization, Role::Dpo).await);
        let document = "query($o: String!, $id: ID!) { organization(slug: $o) { complaint(id: $id) { text } complaintCounts { open overdue } } }";
        let seen = other.data(document, json!({ "o": "theirs", "id": id })).await["organization"].clone();
        assert_eq!(seen, json!({ "complaint": null, "complaintCounts": { "open": 0, "overdue": 0 } }));
        let (theirs, ours_too) = (json!({ "o": "theirs" }), json!({ "o": "acme" }));
        assert_eq!((texts(&listed(&other, 9, theirs).await), texts(&listed(&ours, 9, ours_too).await)), (Vec::new(), vec!["Here"]));
        assert_eq!(refusals(&answered(&other, &id, 1, "Theirs").await), refused("complaintId", "NOT_FOUND"));
        assert_eq!(ours.data(document, json!({ "o": "acme", "id": id })).await["organization"]["complaint"]["text"], "Here");
        // An officer for one event does not answer for the organization.
        let (account, local) = app.db_account("local@staff.example").await;
        app.db_member(&sharing.organization, account, Role::Dpo, Some(sharing.event.id)).await;
        assert_eq!(local.data(document, json!({ "o": "acme", "id": id })).await["organization"], json!({ "complaint": null, "complaintCounts": null }));
    }

    async fn an_answer_is_given_once_and_only_to_what_was_seen(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let officer = app.db_staff_named(&sharing.organization, Role::Dpo, "officer@staff.example").await;
        let id = file(&ada.client, "Stop").await;
        assert_eq!(refusals(&answered(&officer, &id, 1, " ").await), refused("answer", "REQUIRED"));
        assert_eq!(refusals(&answered(&officer, &id, 1, &"x".repeat(4001)).await), refused("answer", "TOO_LONG"));
        assert_eq!(refusals(&answered(&officer, &id, 7, "Yes").await), refused("revision", "STALE"));
        let before = rows(&app).await;
        assert_eq!((before[0].state, before[0].revision), (ComplaintState::Open, 1), "nothing of it is kept");
        let done = answered(&officer, &id, 1, "Yes").await;
        assert_eq!(done["complaint"], json!({ "id": id, "state": "ANSWERED", "text": "Stop", "answer": "Yes", "answeredBy": "officer@staff.example", "personEmail": "ada@example.org", "revision": 2 }));
        // Pressed twice it is one answer, and one mail.
        assert_eq!(answered(&officer, &id, 1, "Yes").await, done);
        assert_eq!(refusals(&answered(&officer, &id, 1, "No").await), refused("revision", "STALE"));
        assert_eq!(refusals(&answered(&officer, &id, 2, "No").await), refused("complaintId", "WRONG_STATE"));
        let sent = mail::Entity::find().filter(mail::Column::Kind.eq(consentry_domain::MailKind::ComplaintAnswered));
        assert_eq!(sent.count(app.store().read()).await.unwrap(), 1);
        let noted = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("answerComplaint"));
        assert_eq!(noted.count(app.store().read()).await.unwrap(), 1);
    }

    async fn whoever_complains_and_whoever_answers_get_mail_that_tells_nobody_else_anything(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ada, disclosure) = disclosed(&app, &sharing, "ada@example.org").await;
        let officer = app.db_staff_named(&sharing.organization, Role::Dpo, "officer@staff.example").await;
        deliver(&app).await;
        let payload = filed(&ada.client, "1", "Plantedwords", json!({ "disclosureId": disclosure })).await;
        let id = payload["complaint"]["id"].as_str().unwrap();
        let mut sent = deliver(&app).await;
        sent.sort_by_key(|mail| mail.to.clone());
        let [receipt, word] = sent.as_slice() else { panic!("{sent:#?}") };
        assert_eq!((receipt.to.as_slice(), receipt.header("Subject")), (&["ada@example.org".to_owned()][..], Some("We have your complaint: acme e.V.")));
        for said in ["what Ferris GmbH received", "supervisory authority", "Art. 77", "https://events.example/me/complaints"] {
            assert!(receipt.text.contains(said) && receipt.html.contains(said.trim_start_matches("what ")), "{said}: {}", receipt.text);
        }
        let due = rows(&app).await[0].due_at;
        let year = consentry_domain::Instant(due).day().ymd().0.to_string();
        assert!(receipt.text.contains(&year), "{year}: {}", receipt.text);
        assert_eq!((word.to.as_slice(), word.header("Subject")), (&["dpo@acme.example".to_owned()][..], Some("A complaint waits for an answer: acme e.V.")));
        assert!(word.text.contains("https://events.example/manage/acme/-/complaints"), "{}", word.text);
        for mail in &sent {
            let whole = format!("{:?} {} {}", mail.headers, mail.text, mail.html);
            assert!(!whole.contains("Plantedwords"), "{whole}");
        }
        let whole = format!("{:?} {} {}", word.headers, word.text, word.html);
        for name in ["ada", "Lovelace", "Ferris"] {
            assert!(!whole.contains(name), "{name}: {whole}");
        }
        answered(&officer, id, 1, "First.\n\nSecond <b>.").await;
        let sent = deliver(&app).await;
        assert_eq!((sent.len(), sent[0].to.as_slice()), (1, &["ada@example.org".to_owned()][..]));
        assert!(sent[0].text.contains("First.\n\nSecond <b>.") && sent[0].html.contains("Second &#60;b&#62;."), "{} {}", sent[0].text, sent[0].html);
        let kept = mail::Entity::find().filter(mail::Column::Kind.eq(consentry_domain::MailKind::ComplaintAnswered));
        let kept = kept.one(app.store().read()).await.unwrap().unwrap();
        assert_eq!((kept.to_address, kept.data.as_str()), (None, ""), "an answer is kept with its complaint alone");
    }

    async fn somebody_is_told_also_where_the_contact_is_a_page(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        app.db_execute("update organization set data_protection_contact = 'https://acme.example/privacy'").await;
        let told = async |text: &str| {
            file(&ada.client, text).await;
            let mails = app.db_mails().await.into_iter();
            let told: Vec<String> = mails.filter(|mail| mail.kind == "COMPLAINT_FILED").map(|mail| mail.to).collect();
            app.db_execute("delete from mail").await;
            told
        };
        assert_eq!(told("1").await, ["hello@acme.example"], "nobody is the officer");
        app.db_staff_named(&sharing.organization, Role::Dpo, "officer@staff.example").await;
        app.db_staff_named(&sharing.organization, Role::Manager, "manager@staff.example").await;
        // Neither who answers for one event, nor who was one.
        for (email, event, ends) in [("local", Some(sharing.event.id), None), ("past", None, Some("ends_at = 1")), ("gone", None, Some("removed_at = 1"))] {
            let (account, _) = app.db_account(&format!("{email}@staff.example")).await;
            app.db_member(&sharing.organization, account, Role::Dpo, event).await;
            if let Some(ends) = ends {
                app.db_execute(&format!("update team_member set {ends} where account_id in (select id from account where email = '{email}@staff.example')")).await;
            }
        }
        assert_eq!(told("2").await, ["officer@staff.example"]);
        app.db_execute("update organization set data_protection_contact = 'privacy@acme.example'").await;
        assert_eq!(told("3").await, ["privacy@acme.example"]);
    }

    async fn who_is_erased_still_gets_the_answer_and_then_nothing_is_left(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ada, disclosure) = disclosed(&app, &sharing, "zaphira@planted.example").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let first = file(&ada.client, "Plantedfirst").await;
        answered(&officer, &first, 1, "Plantedanswer").await;
        let payload = filed(&ada.client, "2", "Plantedsecond", json!({ "disclosureId": disclosure })).await;
        let second = payload["complaint"]["id"].as_str().unwrap();
        let erase = "mutation($input: RequestErasureInput!) { requestErasure(input: $input) { erasure { accountErased } userErrors { code } } }";
        let input = json!({ "personId": person_of(&ada.client, "acme").await });
        let done = ada.client.done("requestErasure", erase, json!({ "input": input })).await;
        assert_eq!(done["erasure"]["accountErased"], json!(true));
        let kept = rows(&app).await;
        assert_eq!((kept[0].text.as_str(), &kept[0].answer, &kept[0].email, kept[0].state), ("", &None, &None, ComplaintState::Answered));
        assert_eq!((kept[1].text.as_str(), kept[1].email.as_deref(), kept[1].account_id), ("Plantedsecond", Some("zaphira@planted.example"), None));
        let words = ["plantedfirst", "plantedanswer"];
        assert_eq!(app.db_tables_with(&words).await, []);
        let last = deliver(&app).await;
        let last: Vec<_> = last.iter().filter(|mail| mail.to == ["zaphira@planted.example"]).collect();
        assert!(last.len() == 1 && last[0].text.contains("still open is kept, with this address, until it is answered"), "{last:#?}");

        // It stands there for the officer, who answers what was changed by the erasure.
        assert_eq!(texts(&listed(&officer, 9, json!({})).await), ["Plantedsecond", "erased"]);
        assert_eq!(refusals(&answered(&officer, second, 1, "Plantedlast").await), refused("revision", "STALE"));
        let done = answered(&officer, second, 2, "Plantedlast").await;
        assert_eq!((&done["complaint"]["text"], &done["complaint"]["answer"], &done["complaint"]["personEmail"]), (&Value::Null, &Value::Null, &Value::Null));
        let sent = deliver(&app).await;
        assert_eq!((sent.len(), sent[0].to.as_slice()), (1, &["zaphira@planted.example".to_owned()][..]));
        assert!(sent[0].text.contains("Plantedlast") && !sent[0].text.contains("/me/complaints"), "{}", sent[0].text);
        assert_eq!(app.db_tables_with(&["planted", "zaphira"]).await, []);
        let left = rows(&app).await;
        assert!(left.iter().all(|row| row.answered_at.is_some() && row.due_at > 0), "that it was answered in time is shown: {left:#?}");
    }

    async fn ones_own_complaints_and_their_answers_are_taken_along_and_nobody_elses(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let eve = app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let id = file(&ada.client, "Mine").await;
        file(&eve.client, "Hers").await;
        answered(&officer, &id, 1, "Answered so").await;
        let document = "mutation($input: ExportMyDataInput!) { exportMyData(input: $input) { data { tables { name rows } } userErrors { code } } }";
        let input = json!({ "personId": person_of(&ada.client, "acme").await });
        let data = ada.client.done("exportMyData", document, json!({ "input": input })).await["data"].clone();
        let tables = data["tables"].as_array().unwrap().clone();
        let table = tables.iter().find(|table| table["name"] == "complaint").unwrap().to_string();
        assert!(table.contains("Mine") && table.contains("Answered so") && !table.contains("Hers"), "{table}");
    }

    async fn what_is_open_comes_first_by_its_day_page_by_page_and_what_is_late_is_counted(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let mut ids = Vec::new();
        for number in 0..6 {
            let one = app.db_attendee(&sharing, &format!("p{number}@example.org"), |_| ()).await;
            ids.push(file(&one.client, &format!("Text {number}")).await);
            app.store().clock().advance(DAY);
        }
        for number in [1, 3] {
            answered(&officer, &ids[number], 1, "Yes").await;
        }
        let whole = listed(&officer, 9, json!({})).await;
        let expected = ["Text 0", "Text 2", "Text 4", "Text 5", "Text 3", "Text 1"];
        assert_eq!(texts(&whole), expected);
        for size in [1, 2, 4] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = listed(&officer, size, json!({ "after": after })).await;
                seen.extend(texts(&page).iter().map(|text| (*text).to_owned()));
                after = page["pageInfo"]["endCursor"].clone();
                if page["pageInfo"]["hasNextPage"] == json!(false) {
                    break;
                }
            }
            assert_eq!(seen, expected, "by {size}");
        }
        assert_eq!(texts(&listed(&officer, 9, json!({ "state": "OPEN" })).await), expected[..4]);
        assert_eq!(texts(&listed(&officer, 9, json!({ "state": "ANSWERED" })).await), expected[4..]);
        let counts = "{ organization(slug: \"acme\") { complaintCounts { open overdue } } }";
        let counts = async || officer.data(counts, json!({})).await["organization"]["complaintCounts"].clone();
        assert_eq!(counts().await, json!({ "open": 4, "overdue": 0 }));
        let due = rows(&app).await[2].due_at;
        let now = app.store().now().await.unwrap();
        app.store().clock().advance(due - now.0 + 1);
        assert_eq!(counts().await, json!({ "open": 4, "overdue": 2 }));
        let late = listed(&officer, 9, json!({})).await;
        let late: Vec<bool> = late["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["isOverdue"].as_bool().unwrap()).collect();
        assert_eq!(late, [true, true, false, false, false, false]);
    }

    async fn a_list_costs_the_same_however_long_it_is(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let mine = "{ me { people { complaints(first: 50) { edges { node { text answer } } } } } }";
        let mut costs = Vec::new();
        for number in 0..8 {
            let more = json!({ "registrationId": ada.public_id });
            let id = filed(&ada.client, &number.to_string(), "Again", more).await["complaint"]["id"].clone();
            if number % 2 == 0 {
                answered(&officer, id.as_str().unwrap(), 1, "Yes").await;
            }
            let (own, all) = (ada.client.counted(mine, json!({})).await, officer.counted(MANAGED, json!({ "o": "acme", "first": 50 })).await);
            assert_eq!(own.0["data"]["me"]["people"][0]["complaints"]["edges"].as_array().unwrap().len(), number + 1);
            assert_eq!(all.0["data"]["organization"]["complaints"]["edges"].as_array().unwrap().len(), number + 1);
            costs.push((own.1.statements, all.1.statements));
        }
        assert!(costs.windows(2).all(|two| two[0] == two[1]), "{costs:?}");
        println!("own and managed lists: {:?} statements", costs[0]);
    }

    async fn reading_is_in_the_log_before_anybody_sees_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let id = file(&ada.client, "Stop").await;
        listed(&officer, 9, json!({})).await;
        let one = "query($id: ID!) { organization(slug: \"acme\") { complaint(id: $id) { text } } }";
        officer.data(one, json!({ "id": id })).await;
        let text = "select action, detail, subject_id from audit_entry where subject_kind = 'complaint' order by id";
        let rows = sql::all(app.store().read(), text, []).await.unwrap();
        let noted: Vec<(String, String, bool)> = rows
            .iter()
            .map(|row| {
                let subject: Option<uuid::Uuid> = row.try_get("", "subject_id").unwrap();
                (row.try_get("", "action").unwrap(), row.try_get("", "detail").unwrap(), subject.is_some())
            })
            .collect();
        let expected = [("fileComplaint", "{}", true), ("viewComplaints", "{\"complaints\":1}", false), ("viewComplaint", "{}", true)];
        assert_eq!(noted, expected.map(|(action, detail, subject)| (action.to_owned(), detail.to_owned(), subject)));
    }
}
