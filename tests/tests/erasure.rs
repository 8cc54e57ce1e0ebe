//! Being forgotten: everything personal goes, in every table; nobody else's does; the records stay verifiable.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use consentry::config::Jobs;
use consentry::platform::store::{Engine, sql};
use consentry::services::disclosure::expand;
use consentry::services::mail::Courier;
use consentry::services::sharing::verify;
use consentry_domain::words::Sought;
use consentry_domain::{
    DocumentKind, FieldMask, GuardianRequestStatus, OrderStatus, PaymentStatus, QuestionKind, RegistrationStatus,
};
use consentry_entity::catalogue::{Class, Erasure};
use consentry_entity::{
    CATALOGUE, account, acknowledgement, answer, billing_party, check_in, consent_record, disclosure, disclosure_item,
    guardian_request, order, person, registration,
};
use consentry_tests::app::{DbEvent, SeededAttendee, Sharing, TestApp};
use consentry_tests::mail::{MailServer, TestLinks};
use consentry_tests::{Client, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

const ERASE: &str = "mutation($input: RequestErasureInput!) { requestErasure(input: $input) {
    erasure { organization { slug } registrations accountErased } userErrors { field code } } }";

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

/// Asks to be forgotten by this organization; the payload.
async fn erase(client: &Client, organization: &str) -> Value {
    let input = json!({ "personId": person_of(client, organization).await });
    client.data(ERASE, json!({ "input": input })).await["requestErasure"].clone()
}

/// The same, which must succeed.
async fn erased(client: &Client, organization: &str) -> Value {
    let payload = erase(client, organization).await;
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    payload["erasure"].clone()
}

async fn no_difference(app: &TestApp) {
    assert_eq!(verify::verify(app.store()).await.unwrap().differences, []);
}

async fn row(app: &TestApp, one: &SeededAttendee) -> registration::Model {
    app.db_registration(one).await
}

/// How many rows of the index over words have every piece of this one.
async fn indexed(app: &TestApp, sharing: &Sharing, word: &str) -> i64 {
    let pieces = Sought::parse(word).unwrap().unwrap().pieces(sharing.event.id).unwrap();
    let text = match app.store().engine() {
        Engine::Sqlite => "select count(*) as n from registration_pieces where registration_pieces match $1",
        Engine::Postgres => {
            "select count(*) as n from registration_words where string_to_array(pieces, ' ') @> string_to_array($1, ' ')"
        }
    };
    let row = sql::one(app.store().read(), text, [pieces.clone().into()])
        .await
        .unwrap();
    let found = row.try_get("", "n").unwrap();
    if app.store().engine() == Engine::Sqlite && found == 0 {
        // Nor is a piece left that belongs to nobody.
        app.db_execute("create virtual table temp.vocabulary using fts5vocab (main, registration_pieces, row)")
            .await;
        let first = pieces.split(' ').next().unwrap().to_owned();
        let left = sql::one(
            app.store().admin(),
            "select count(*) as n from temp.vocabulary where term = $1",
            [first.into()],
        );
        assert_eq!(left.await.unwrap().try_get::<i64>("", "n").unwrap(), 0, "{word}");
        app.db_execute("drop table temp.vocabulary").await;
    }
    found
}

/// Every word that is planted about one person; none of them stands anywhere else.
const PLANTED: [&str; 14] = [
    "zaphira",
    "quillwright",
    "typedzaph",
    "plantedphone",
    "plantedco",
    "plantedjob",
    "plantedtown",
    "plantedstreet",
    "planted.example",
    "1977-07-07",
    "plantedanswer",
    "plantedguardian",
    "planteddevice",
    "plantedbuyer",
];

/// Somebody of whom there is something in every table that can hold something.
async fn planted(app: &TestApp, sharing: &Sharing) -> SeededAttendee {
    let one = app
        .db_attendee(sharing, "zaphira@planted.example", |row| {
            row.full_name = Some("Zaphira Quillwright".into());
            row.given_name = Some("Zaphira".into());
            row.family_name = Some("Quillwright".into());
            row.sort_name = b"quillwright zaphira".to_vec();
            row.ordered_name = Some("Typedzaph Quill".into());
            row.ordered_email = Some("typedzaph@planted.example".into());
            row.new_email = Some("new@planted.example".into());
            row.phone = Some("plantedphone".into());
            row.company = Some("Plantedco".into());
            row.job_title = Some("Plantedjob".into());
            row.city = Some("Plantedtown".into());
            row.postal_address =
                Some(json!({ "street": "Plantedstreet 1", "city": "Plantedtown", "country": "DE" }).to_string());
            row.social_profile = Some("https://planted.example/me".into());
            row.date_of_birth = Some("1977-07-07".into());
            row.of_age_stated_at = Some(77);
            row.restricted_at = None;
        })
        .await;
    let (organization, registration) = (one.organization, one.registration);
    let place = row(app, &one).await;
    let text_of =
        "update \"order\" set buyer_name = 'Plantedbuyer', total_minor = 11900 where organization_id = $1 and id = $2";
    sql::execute(
        app.store().admin(),
        text_of,
        [organization.into(), place.order_id.into()],
    )
    .await
    .unwrap();
    app.db_insert(billing_party::Model {
        organization_id: organization,
        order_id: place.order_id,
        company: Some("Billed to plantedco".into()),
        address: json!({ "street": "Plantedstreet 2" }).to_string(),
        vat_id: None,
        purchase_order_number: None,
        invoice_email: Some("invoices@planted.example".into()),
    })
    .await;
    let question = app.db_question(&sharing.event, QuestionKind::Text, &[], |_| {}).await;
    app.db_insert(answer::Model {
        organization_id: organization,
        registration_id: registration,
        question_id: question,
        value: json!(["plantedanswer"]).to_string(),
    })
    .await;
    let document_id = app
        .db_document(&sharing.event, DocumentKind::Terms, |row| row.required = false)
        .await;
    app.db_insert(acknowledgement::Model {
        organization_id: organization,
        registration_id: registration,
        document_id,
        locale: "en".into(),
        content_hash: vec![1; 32],
        at: 1,
    })
    .await;
    let now = app.store().now().await.unwrap();
    app.db_insert(check_in::Model {
        organization_id: organization,
        id: app.store().entropy().ordered_id(now),
        event_id: sharing.event.id,
        registration_id: registration,
        list: "main".into(),
        at: 1,
        device: Some("planteddevice".into()),
        account_id: None,
        undone_at: None,
    })
    .await;
    app.db_insert(guardian_request::Model {
        organization_id: organization,
        id: app.store().entropy().ordered_id(now),
        registration_id: registration,
        guardian_name: Some("Plantedguardian".into()),
        guardian_email: Some("parent@planted.example".into()),
        generation: 1,
        status: GuardianRequestStatus::Approved,
        created_at: 1,
        decided_at: Some(1),
    })
    .await;
    app.db_words().await;
    let export = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { userErrors { code } } }";
    let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "purpose": "Badges",
        "filter": { "name": "zaphira", "words": "zaphira" } });
    sharing
        .staff
        .done("exportRoster", export, json!({ "input": input }))
        .await;
    let link = "mutation { requestSignInLink(input: { email: \"zaphira@planted.example\" }) { userErrors { code } } }";
    app.anonymous().data(link, json!({})).await;
    one
}

/// Registers these people with the API, named by what stands before the @, and proves every mailbox but the first.
async fn party(
    app: &TestApp,
    event: &DbEvent,
    ticket: consentry_domain::TicketTypeId,
    emails: &[&str],
) -> (Value, Vec<registration::Model>) {
    let attendees: Vec<_> = emails.iter().map(|email| (ticket, *email)).collect();
    let mut input = Client::register_input(event, emails[0], &attendees);
    for (index, email) in emails.iter().enumerate() {
        let name = email.split('@').next().unwrap();
        input["attendees"][index]["fullName"] = json!(format!("Typed {name}"));
    }
    input["buyer"]["fullName"] = input["attendees"][0]["fullName"].clone();
    let document = "mutation($input: RegisterInput!) { register(input: $input) { secret order { code } userErrors { field code } } }";
    let payload = app
        .anonymous()
        .done("register", document, json!({ "input": input }))
        .await;
    let rows = app.db_registrations(event, &payload["order"]["code"]).await;
    for row in &rows {
        app.confirmed(event, row).await;
    }
    (payload, rows)
}

/// Signed in as whoever proved this place.
async fn signed_in(app: &TestApp, place: &registration::Model) -> Client {
    let row = registration::Entity::find_by_id((place.organization_id, place.id))
        .one(app.store().read())
        .await;
    let person = row.unwrap().unwrap().person_id.unwrap();
    let row = person::Entity::find_by_id((place.organization_id, person))
        .one(app.store().read())
        .await;
    app.db_session(row.unwrap().unwrap().account_id.unwrap()).await
}

async fn place(app: &TestApp, place: &registration::Model) -> registration::Model {
    let row = registration::Entity::find_by_id((place.organization_id, place.id))
        .one(app.store().read())
        .await;
    row.unwrap().unwrap()
}

async fn deliver(app: &TestApp) -> Vec<consentry_tests::mail::Arrived> {
    let server = MailServer::start();
    let courier = Courier::new(app.store().clone(), Arc::new(TestLinks), server.smtp(), Jobs::default());
    while courier.run_once().await.unwrap().taken > 0 {}
    server.drain()
}

/// Everything that the organization holds of the client's account there.
async fn taken_along(client: &Client, organization: &str) -> Value {
    let person = person_of(client, organization).await;
    let document = "mutation($input: ExportMyDataInput!) { exportMyData(input: $input) {
        data { organization { slug } tables { name columns rows } } userErrors { code } } }";
    let payload = client
        .done("exportMyData", document, json!({ "input": { "personId": person } }))
        .await;
    payload["data"].clone()
}

on_both_databases! {
    async fn everything_that_would_be_forgotten_can_be_taken_along_and_nothing_of_anybody_else(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let received = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "POSTAL_ADDRESS"]).await;
        let one = planted(&app, &sharing).await;
        let bystander = app.db_attendee(&sharing, "bystander@example.org", |_| ()).await;
        for somebody in [&one, &bystander] {
            somebody.grant(&app, &received, 1, &["FULL_NAME", "EMAIL"]).await;
        }
        let data = taken_along(&one.client, "acme").await;
        let text = data.to_string().to_lowercase();
        for word in PLANTED {
            assert!(text.contains(word), "{word} is missing: {data:#}");
        }
        assert!(!text.contains("bystander"), "{data:#}");
        // Words that stand in several tables do not show that each is there.
        let named = |name: &str| data["tables"].as_array().unwrap().iter().any(|table| table["name"] == name);
        for table in ["mail", "account", "session", "billing_party", "lead", "check_in"] {
            assert!(named(table), "{table} is missing: {data:#}");
        }
        for table in data["tables"].as_array().unwrap() {
            let (columns, rows) = (table["columns"].as_array().unwrap(), table["rows"].as_array().unwrap());
            assert!(!rows.is_empty() && rows.iter().all(|row| row.as_array().unwrap().len() == columns.len()), "{table:#}");
            assert!(!columns.iter().any(|column| column == "salt" || column == "secret"), "{table:#}");
        }
        let theirs = taken_along(&bystander.client, "acme").await.to_string().to_lowercase();
        for word in PLANTED {
            assert!(!theirs.contains(word), "{word}: {theirs}");
        }
        // Nothing of it changes when the same is asked again, but the note that it was asked.
        let again = taken_along(&one.client, "acme").await;
        assert_eq!(again["tables"], data["tables"]);
    }

    async fn a_person_is_forgotten_in_every_table_except_what_the_law_demands(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let received = sharing.offer("Ferris", &["FULL_NAME", "EMAIL", "POSTAL_ADDRESS"]).await;
        let never = sharing.offer("Corro", &["EMAIL", "PHONE"]).await;
        let quota = app.db_quota(&sharing.event, 10, &[sharing.ticket]).await;
        app.db_execute("update quota set available = 7").await;
        let one = planted(&app, &sharing).await;
        one.grant(&app, &received, 1, &["FULL_NAME", "EMAIL", "POSTAL_ADDRESS"]).await;
        one.grant(&app, &never, 1, &["EMAIL", "PHONE"]).await;
        let partner = app.puller(&received).await;
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { fields { values } } } } }";
        assert_eq!(partner.data(leads, json!({})).await["partner"]["leads"]["nodes"].as_array().unwrap().len(), 1);
        expand::expand_due(app.store()).await.unwrap();
        // What somebody else typed, and the mail about it.
        let (_, typed) = party(&app, &sharing.event, sharing.ticket, &["bob@example.org", "zaphira@planted.example"]).await;
        let bob = place(&app, &typed[0]).await;
        let left = app.db_available(&sharing.event, quota).await;
        let tables: Vec<&str> = app.db_tables_with(&PLANTED).await.into_iter().map(|(table, _)| table).collect();
        for table in ["registration", "order", "billing_party", "answer", "check_in", "guardian_request", "lead", "mail", "person", "account", "roster_export", "registration_words"] {
            assert!(tables.contains(&table), "nothing is planted in {table}");
        }
        let records = consent_record::Entity::find().count(app.store().read()).await.unwrap();

        assert_eq!(indexed(&app, &sharing, "quillwright").await, 1);
        let done = erased(&one.client, "acme").await;
        assert_eq!(indexed(&app, &sharing, "quillwright").await, 0);
        assert_eq!(done, json!({ "organization": { "slug": "acme" }, "registrations": 2, "accountErased": true }));
        let sent = deliver(&app).await;
        let last: Vec<_> = sent.iter().filter(|mail| mail.to == ["zaphira@planted.example"]).collect();
        assert_eq!(last.len(), 1, "one last mail, and none of those that waited");
        assert_eq!(last[0].header("Subject"), Some("Your data is erased: acme e.V."), "{:?}", last[0].headers);

        let kept = ["billing_party"];
        let mut found = app.db_tables_with(&PLANTED).await;
        found.retain(|(table, _)| !kept.contains(table));
        assert_eq!(found, []);
        let registrations: Vec<_> = vec![one.registration, typed[1].id];
        for table in CATALOGUE {
            let has = |name: &str| table.columns.iter().any(|(column, _)| *column == name);
            let column = if table.name == "registration" { "id" } else { "registration_id" };
            for registration in &registrations {
                let only = format!("where organization_id = $1 and {column} = $2");
                let count = async |more: &str| {
                    let text = format!("select count(*) as n from \"{}\" {only} {more}", table.name);
                    let row = sql::one(app.store().read(), &text, [one.organization.into(), (*registration).into()]).await;
                    row.unwrap().try_get::<i64>("", "n").unwrap()
                };
                if table.erasure == Erasure::RowDeleted && has("registration_id") {
                    assert_eq!(count("").await, 0, "{}", table.name);
                } else if table.erasure == Erasure::Emptied && (has("registration_id") || table.name == "registration") && table.name != "mail" {
                    for (name, class) in table.columns.iter().filter(|(_, class)| matches!(class, Class::Personal | Class::Sensitive)) {
                        let full = format!("and {name} is not null and cast({name} as text) not in ('', '0', 'false', '\\x')");
                        assert_eq!(count(&full).await, 0, "{}.{name} ({class:?})", table.name);
                    }
                }
            }
        }
        assert_eq!(place(&app, &bob).await, bob, "somebody else's place stays as it is");
        assert_eq!(app.db_available(&sharing.event, quota).await, left + 2, "both places are free again");
        assert_eq!(consent_record::Entity::find().count(app.store().read()).await.unwrap(), records, "the log keeps its commitments");
        let tombstones = app.db_stream_leads(&received).await;
        assert_eq!((tombstones.len(), tombstones[0].state, FieldMask::from_db(tombstones[0].mask)), (1, 3, FieldMask::EMPTY));
        assert_eq!(app.db_stream_leads(&never).await, [], "what was never received leaves no trace");
        no_difference(&app).await;
    }

    async fn an_erased_registration_answers_like_one_that_never_was(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let before = row(&app, &ada).await;
        // Known elsewhere, too, so that the account stays and can ask.
        let other = app.sharing("other").await;
        party(&app, &other.event, other.ticket, &["ada@example.org"]).await;
        assert_eq!(erased(&ada.client, "acme").await["accountErased"], false);

        let cancel = "mutation($input: CancelRegistrationInput!) { cancelRegistration(input: $input) { userErrors { field code message } } }";
        let unknown = app.store().entropy().random_id::<consentry_domain::RegistrationId>();
        let mut answers = Vec::new();
        for id in [ada.public_id.clone(), sharing.event.public(unknown)] {
            answers.push(ada.client.data(cancel, json!({ "input": { "registrationId": id } })).await.to_string());
        }
        assert_eq!(answers[0], answers[1]);
        assert!(answers[0].contains("NOT_FOUND"), "{}", answers[0]);
        let people = ada.client.data("{ me { people { organization { slug } } } }", json!({})).await;
        assert_eq!(people["me"]["people"], json!([{ "organization": { "slug": "other" } }]));
        let look = "query($secret: String!) { emailConfirmation(secret: $secret) { registration { status } } }";
        let seen = app.anonymous().data(look, json!({ "secret": app.registration_secret(&before) })).await;
        assert_eq!(seen["emailConfirmation"], Value::Null, "an old link opens nothing");
        let check = "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { fullName } userErrors { code } } }";
        let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "code": before.check_in_code });
        let refused = sharing.staff.data(check, json!({ "input": input })).await;
        assert_eq!(refused["checkIn"]["userErrors"][0]["code"], "NOT_FOUND");
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { email } } } }";
        assert_eq!(app.puller(&offer).await.data(leads, json!({})).await["partner"]["leads"]["nodes"], json!([]));
        let roster = "query { organization(slug: \"acme\") { event(slug: \"rustdays\") { roster(first: 9) { edges { node {
            status fullName email company answers { values } checkIns { list } } } } } } }";
        let seen = sharing.staff.data(roster, json!({})).await;
        assert_eq!(seen["organization"]["event"]["roster"]["edges"], json!([{ "node": { "status": "ERASED", "fullName": "",
            "email": "", "company": null, "answers": [], "checkIns": [] } }]), "staff see that a place was there, and whose no more");
    }

    async fn being_forgotten_by_one_organization_touches_nothing_of_another(app: TestApp) {
        let (acme, other) = (app.sharing("acme").await, app.sharing("other").await);
        let offer = other.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&acme, "ada@example.org", |_| ()).await;
        let (_, places) = party(&app, &other.event, other.ticket, &["ada@example.org"]).await;
        let there = SeededAttendee {
            organization: other.organization.id,
            registration: places[0].id,
            public_id: other.event.public(places[0].id),
            client: ada.client.clone(),
        };
        there.grant(&app, &offer, 1, &["EMAIL"]).await;
        let before = app.db_dump(Some(other.organization.id)).await;
        assert_eq!(erased(&ada.client, "acme").await["accountErased"], false);
        assert_eq!(app.db_dump(Some(other.organization.id)).await, before);
        assert!(ada.client.data("{ me { email } }", json!({})).await["me"].is_object(), "still signed in");
        assert_eq!(erased(&ada.client, "other").await["accountErased"], true, "the last one that knew them");
        assert_eq!(account::Entity::find().filter(account::Column::Email.eq("ada@example.org")).count(app.store().read()).await.unwrap(), 0);
        let again = ada.client.data("{ me { email } }", json!({})).await;
        assert_eq!(again["me"], Value::Null);
    }

    async fn what_a_buyer_typed_for_others_goes_with_them_and_their_places_outlast_the_buyer(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (payload, places) = party(&app, &sharing.event, sharing.ticket, &["bob@example.org", "ada@example.org", "carol@example.org"]).await;
        let code = payload["order"]["code"].clone();
        let order = "query($code: String!, $secret: String!) { order(organization: \"acme\", code: $code, secret: $secret) {
            places { status fullName email } } }";
        let seen = async || app.anonymous().data(order, json!({ "code": code, "secret": payload["secret"] })).await["order"]["places"].clone();
        let confirmed = |name: &str| json!({ "status": "CONFIRMED", "fullName": format!("Typed {name}"), "email": format!("{name}@example.org") });
        let gone = json!({ "status": "CANCELLED", "fullName": null, "email": null });
        assert_eq!(seen().await, json!([confirmed("bob"), confirmed("ada"), confirmed("carol")]));

        erased(&signed_in(&app, &places[1]).await, "acme").await;
        assert_eq!(seen().await, json!([confirmed("bob"), gone, confirmed("carol")]));
        let told = app.db_tables_with(&["typed ada"]).await;
        assert_eq!(told, [], "nor does the buyer's mail name them");
        assert!(app.db_tables_with(&["typed carol"]).await.iter().any(|(table, _)| *table == "mail"), "it still names the others");

        erased(&signed_in(&app, &places[0]).await, "acme").await;
        assert_eq!(seen().await, json!([gone, gone, confirmed("carol")]));
        let row = order::Entity::find_by_id((places[0].organization_id, places[0].order_id)).one(app.store().read()).await.unwrap().unwrap();
        assert_eq!((row.buyer_name, row.buyer_email, row.buyer_email_key, row.status), (None, None, None, OrderStatus::Paid));
        let carol = place(&app, &places[2]).await;
        assert_eq!((carol.status, carol.email.as_deref()), (RegistrationStatus::Confirmed, Some("carol@example.org")));
        let sent = deliver(&app).await;
        let to_carol: Vec<_> = sent.iter().filter(|mail| mail.to == ["carol@example.org"]).collect();
        assert_eq!(to_carol.len(), 1, "what waited for others is still sent");
        assert!(!to_carol[0].text.contains("Typed bob"), "without the name of who is gone: {}", to_carol[0].text);
    }

    async fn a_payment_on_its_way_is_waited_for_and_an_unpaid_order_ends(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let quota = app.db_quota(&sharing.event, 10, &[sharing.ticket]).await;
        app.db_execute("update quota set available = 9").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| {
            row.status = RegistrationStatus::Pending;
            row.pending_payment = true;
            row.confirmed_at = None;
        }).await;
        let place = row(&app, &ada).await;
        app.db_execute("update \"order\" set status = 'PENDING', paid_at = null, total_minor = 100, expires_at = 9000000000000000").await;
        app.db_payment(ada.organization, place.order_id, |row| {
            (row.status, row.provider_ref) = (PaymentStatus::Processing, Some("cs_1".into()));
        }).await;
        let before = app.db_dump(None).await;
        let refused = erase(&ada.client, "acme").await;
        assert_eq!((&refused["erasure"], &refused["userErrors"][0]["code"]), (&Value::Null, &json!("PAYMENT_PROCESSING")));
        assert_eq!(app.db_dump(None).await, before, "what is refused leaves nothing behind");
        app.db_execute("update payment set status = 'FAILED'").await;
        erased(&ada.client, "acme").await;
        let order = order::Entity::find_by_id((ada.organization, place.order_id)).one(app.store().read()).await.unwrap().unwrap();
        assert_eq!((order.status, app.db_available(&sharing.event, quota).await), (OrderStatus::Cancelled, 10));
    }

    async fn what_was_handed_out_is_not_written_down_for_somebody_who_is_erased_meanwhile(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let partner = app.puller(&offer).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { email } } } }";
        for round in 0..4 {
            let ada = app.db_attendee(&sharing, &format!("ada{round}@example.org"), |_| ()).await;
            ada.grant(&app, &offer, 1, &["EMAIL"]).await;
            for _ in 0..5 {
                partner.data(leads, json!({})).await;
            }
            if round == 0 {
                erased(&ada.client, "acme").await;
                expand::expand_due(app.store()).await.unwrap();
            } else {
                let (_, expanded) = tokio::join!(erased(&ada.client, "acme"), expand::expand_due(app.store()));
                expanded.unwrap();
                expand::expand_due(app.store()).await.unwrap();
            }
            let items = disclosure_item::Entity::find().filter(disclosure_item::Column::RegistrationId.eq(ada.registration));
            assert_eq!(items.all(app.store().read()).await.unwrap(), [], "round {round}");
            let text = "select count(*) as n from opening where organization_id = $1 and registration_id = $2";
            let left = sql::one(app.store().read(), text, [ada.organization.into(), ada.registration.into()]).await.unwrap();
            assert_eq!(left.try_get::<i64>("", "n").unwrap(), 0, "round {round}");
        }
        let bobs = disclosure_item::Entity::find().filter(disclosure_item::Column::RegistrationId.eq(bob.registration));
        assert_eq!(bobs.count(app.store().read()).await.unwrap(), 20, "everybody else's is complete");
        let salted = disclosure::Entity::find().filter(disclosure::Column::Salt.is_not_null());
        assert_eq!(salted.count(app.store().read()).await.unwrap(), 0);
        no_difference(&app).await;
    }

    async fn nobody_erases_somebody_else_and_nobody_is_erased_twice(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        let people = ada.client.data("{ me { people { id } } }", json!({})).await;
        let input = json!({ "personId": people["me"]["people"][0]["id"] });
        let before = app.db_dump(None).await;
        for id in [input.clone(), json!({ "personId": "nonsense" }), json!({ "personId": ada.public_id })] {
            let refused = bob.client.data(ERASE, json!({ "input": id })).await;
            assert_eq!(refused["requestErasure"]["userErrors"], json!([{ "field": ["personId"], "code": "NOT_FOUND" }]));
        }
        let anonymous = app.anonymous().send(ERASE, json!({ "input": input })).await;
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(app.db_dump(None).await, before);
        erased(&ada.client, "acme").await;
        let again = ada.client.data(ERASE, json!({ "input": input })).await;
        assert_eq!(again["requestErasure"]["userErrors"][0]["code"], "NOT_FOUND");
    }
}
