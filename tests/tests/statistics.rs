//! How an event stands, in numbers: what is counted, when, what it costs to read, and that nobody's consent can be read
//! from it.

use consentry::platform::store::sql;
use consentry::services::statistics;
use consentry_domain::Role;
use consentry_tests::app::{DbEvent, Shop};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const STATISTICS: &str = "query($o: String!, $e: String!) { organization(slug: $o) { event(slug: $e) { statistics {
    countedAt registrations { status ticketType { name } count } registrationsByDay { day count }
    checkIns { list count } inside failedMails availability { name size available }
    money { orders { status count total { amount currency } } payments { status refundDue count amount { amount currency } } refundsDue }
    consents { countedAt offers { eventPartner { partner { displayName } } offer { purpose } fields { field { field } count } } }
    } } } }";
const CHECK_IN: &str = "mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { code } } }";
const DAY: i64 = 86_400_000_000;

async fn read(client: &Client, event: &DbEvent) -> Value {
    let variables = json!({ "o": event.organization_slug, "e": event.slug });
    client.data(STATISTICS, variables).await["organization"]["event"]["statistics"].clone()
}

async fn recount(app: &TestApp, event: &DbEvent) {
    let counted = statistics::recount(&app.platform, event.organization, event.id).await;
    counted.expect("counted");
}

async fn count_due(app: &TestApp) -> usize {
    statistics::count_due(&app.platform).await.expect("counted")
}

/// The counts of consents, as (partner, field, count).
fn consents(statistics: &Value) -> Vec<(String, String, Option<u64>)> {
    let mut all = Vec::new();
    for offer in statistics["consents"]["offers"].as_array().expect("counts") {
        let partner = offer["eventPartner"]["partner"]["displayName"]
            .as_str()
            .expect("a name");
        for field in offer["fields"].as_array().expect("fields") {
            let name = field["field"]["field"].as_str().expect("a field");
            all.push((partner.to_owned(), name.to_owned(), field["count"].as_u64()));
        }
    }
    all
}

on_both_databases! {
    async fn registrations_money_and_passages_are_counted_by_where_they_stand(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (app, event) = (&shop.app, &shop.event);
        assert_eq!(read(&shop.owner, event).await, json!({ "countedAt": null, "registrations": [], "registrationsByDay": [],
            "checkIns": [], "inside": null, "failedMails": null, "availability": [{ "name": "Places", "size": 10, "available": 10 }], "money": null, "consents": null }));
        let (paid, _open, third) = (shop.order("1", 2).await, shop.order("2", 1).await, shop.order("3", 3).await);
        shop.start(&paid, "pay", "BANK_TRANSFER").await;
        shop.mark_paid(&shop.owner, &paid, "paid").await;
        let document = "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { userErrors { code } } }";
        shop.owner.done("cancelOrder", document, json!({ "input": { "orderId": third.id } })).await;
        let code = app.db_registrations(event, &json!(paid.code)).await.remove(0).check_in_code;
        for list in ["main", "dinner"] {
            let input = json!({ "idempotencyKey": list, "eventId": event.public_id(), "code": code, "list": list });
            shop.owner.done("checkIn", CHECK_IN, json!({ "input": input })).await;
        }
        // 2027-03-01T22:59:59Z is the first of March in Berlin, a second later it is the second.
        app.db_execute("update registration set created_at = 1803941999000000").await;
        let later = format!("update registration set created_at = 1803942000000000 where order_code = '{}'", third.code);
        app.db_execute(&later).await;
        assert_eq!(read(&shop.owner, event).await["registrations"], json!([]), "what is read is what was counted");
        recount(app, event).await;
        let mut read = read(&shop.owner, event).await;
        assert!(read["countedAt"].take().is_string());
        let regular = json!({ "name": "Regular" });
        assert_eq!(read, json!({ "countedAt": null,
            "registrations": [{ "status": "CANCELLED", "ticketType": regular, "count": 3 }, { "status": "CONFIRMED", "ticketType": regular, "count": 2 },
                { "status": "PENDING", "ticketType": regular, "count": 1 }],
            "registrationsByDay": [{ "day": "2027-03-01", "count": 3 }, { "day": "2027-03-02", "count": 3 }],
            "checkIns": [{ "list": "dinner", "count": 1 }, { "list": "main", "count": 1 }], "inside": 1, "failedMails": 0,
            "availability": [{ "name": "Places", "size": 10, "available": 7 }],
            "money": { "orders": [{ "status": "CANCELLED", "count": 1, "total": { "amount": "147.00", "currency": "EUR" } },
                    { "status": "PAID", "count": 1, "total": { "amount": "98.00", "currency": "EUR" } },
                    { "status": "PENDING", "count": 1, "total": { "amount": "49.00", "currency": "EUR" } }],
                "payments": [{ "status": "CONFIRMED", "refundDue": null, "count": 1, "amount": { "amount": "98.00", "currency": "EUR" } }], "refundsDue": 0 },
            "consents": null }));
        for (role, sees_money) in [(Role::Finance, true), (Role::Viewer, true), (Role::CheckIn, false), (Role::Dpo, false)] {
            let seen = self::read(&app.db_staff(&shop.organization, role).await, event).await;
            assert_eq!((seen["money"].is_object(), seen["registrations"].is_array()), (sees_money, true), "{role:?}");
            assert_eq!((&seen["inside"], &seen["failedMails"]), (&json!(1), &Value::Null), "{role:?}");
        }
    }

    async fn money_that_did_not_come_is_counted_apart(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (paid, failed, changed) = (shop.order("1", 1).await, shop.order("2", 2).await, shop.order("3", 3).await);
        let sessions = [shop.checkout(&paid, "a").await, shop.checkout(&failed, "b").await];
        shop.start(&changed, "c", "BANK_TRANSFER").await;
        shop.checkout(&changed, "d").await;
        shop.stripe.pay(&sessions[0]).expect("paid");
        shop.stripe.pay_later(&sessions[1]).expect("it can be paid");
        shop.deliver().await;
        shop.stripe.fail_later(&sessions[1]).expect("it does not arrive");
        shop.deliver().await;
        recount(&shop.app, &shop.event).await;
        let money = read(&shop.owner, &shop.event).await["money"].clone();
        let amount = |amount: &str| json!({ "amount": amount, "currency": "EUR" });
        assert_eq!(money, json!({ "orders": [{ "status": "PAID", "count": 1, "total": amount("49.00") }, { "status": "PENDING", "count": 2, "total": amount("245.00") }],
            "payments": [{ "status": "CANCELLED", "refundDue": null, "count": 1, "amount": amount("147.00") },
                { "status": "CONFIRMED", "refundDue": null, "count": 1, "amount": amount("49.00") },
                { "status": "CREATED", "refundDue": null, "count": 1, "amount": amount("147.00") },
                { "status": "FAILED", "refundDue": null, "count": 1, "amount": amount("98.00") }], "refundsDue": 0 }));
    }

    async fn a_passage_that_was_undone_counts_no_more(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let code = app.db_registration(&ada).await.check_in_code;
        let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "code": code });
        let document = "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { id } userErrors { code } } }";
        sharing.staff.done("checkIn", document, json!({ "input": input })).await;
        recount(&app, &sharing.event).await;
        assert_eq!(read(&sharing.staff, &sharing.event).await["checkIns"], json!([{ "list": "main", "count": 1 }]));
        app.db_execute("update check_in set undone_at = 1").await;
        recount(&app, &sharing.event).await;
        assert_eq!(read(&sharing.staff, &sharing.event).await["checkIns"], json!([]));
    }

    async fn whoever_has_no_place_any_more_is_neither_expected_nor_inside(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let door = "query { organization(slug: \"acme\") { event(slug: \"rustdays\") { statistics { inside checkIns { list count } registrations { status count } } } } }";
        let mut places = Vec::new();
        for (code, name) in [("AAAA2222", "Ada"), ("BBBB2222", "Bob"), ("CCCC2222", "Eva")] {
            places.push(app.db_place(event, sharing.ticket, code, name, |_| {}).await);
        }
        for code in ["AAAA2222", "BBBB2222"] {
            let input = json!({ "idempotencyKey": code, "eventId": event.public_id(), "code": format!("{code}{code}") });
            sharing.staff.done("checkIn", CHECK_IN, json!({ "input": input })).await;
        }
        let cancel = "mutation($input: CancelRegistrationAsStaffInput!) { cancelRegistrationAsStaff(input: $input) { userErrors { code } } }";
        let input = json!({ "registrationId": event.public(places[0]) });
        sharing.staff.done("cancelRegistrationAsStaff", cancel, json!({ "input": input })).await;
        recount(&app, event).await;
        let seen = sharing.staff.data(door, json!({})).await["organization"]["event"]["statistics"].clone();
        assert_eq!(seen, json!({ "inside": 1, "checkIns": [{ "list": "main", "count": 1 }],
            "registrations": [{ "status": "CANCELLED", "count": 1 }, { "status": "CONFIRMED", "count": 2 }] }));
        let page = app.browser_of(&sharing.staff).await.open("/manage/acme/rustdays/door").await;
        assert!(page.contains("1 to come"), "Eva is: {page}");
    }

    async fn events_are_counted_every_minute_and_later_once_a_day(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let clock = app.store().clock();
        assert_eq!((count_due(&app).await, count_due(&app).await), (1, 0));
        clock.advance(59_000_000);
        assert_eq!(count_due(&app).await, 0);
        clock.advance(2_000_000);
        let first = read(&sharing.staff, &sharing.event).await["countedAt"].clone();
        assert_eq!(count_due(&app).await, 1);
        assert_ne!(read(&sharing.staff, &sharing.event).await["countedAt"], first);
        clock.advance(41 * DAY);
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        assert_eq!((count_due(&app).await, read(&owner, &sharing.event).await["consents"].is_object()), (1, true));
        clock.advance(DAY / 2);
        assert_eq!(count_due(&app).await, 0);
        clock.advance(DAY / 2 + 1);
        assert_eq!(count_due(&app).await, 1);
        clock.advance(90 * DAY);
        assert_eq!(count_due(&app).await, 0);
    }

    async fn reading_them_asks_for_no_registration(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let order = app.db_order(&sharing.event, "CROWD", |_| ()).await;
        app.db_crowd(&sharing.event, sharing.ticket, order, 30).await;
        sharing.offer("Ferris", &["EMAIL"]).await;
        app.store().clock().advance(40 * DAY);
        recount(&app, &sharing.event).await;
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        let variables = json!({ "o": "acme", "e": "rustdays" });
        let (answer, cost) = owner.counted(STATISTICS, variables).await;
        let seen = &answer["data"]["organization"]["event"]["statistics"];
        let sum: u64 = seen["registrations"].as_array().expect("a list").iter().map(|one| one["count"].as_u64().expect("a number")).sum();
        assert_eq!((sum, seen["consents"].is_object()), (30, true), "{answer:#}");
        let texts = cost.texts.expect("texts");
        for walked in ["registration", "check_in", "\"order\"", "payment", "consent"] {
            let found = texts.iter().find(|text| text.contains(&format!("from {walked} ")) || text.contains(&format!("from \"{walked}\"")));
            assert_eq!(found, None, "{walked}");
        }
    }

    async fn what_few_share_is_not_shown_as_a_small_number(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let all = ["FULL_NAME", "EMAIL", "PHONE", "COMPANY", "JOB_TITLE", "CITY", "COUNTRY", "FAMILY_NAME"];
        let ferris = sharing.offer("Ferris", &all).await;
        app.db_attendee(&sharing, "ada@example.org", |_| ()).await.grant(&app, &ferris, 1, &all).await;
        app.store().clock().advance(40 * DAY);
        recount(&app, &sharing.event).await;
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        let counts = consents(&read(&owner, &sharing.event).await);
        assert_eq!(counts.len(), all.len());
        assert!(counts.iter().all(|(_, _, count)| count.is_none_or(|count| count >= 10)), "{counts:?}");
        assert!(counts.iter().any(|(_, _, count)| count.is_none()), "{counts:?}");
    }

    async fn consents_are_counted_once_after_the_end_and_moved_by_chance(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let all = ["FULL_NAME", "EMAIL", "PHONE", "COMPANY", "JOB_TITLE", "CITY", "COUNTRY", "FAMILY_NAME"];
        let (ferris, corro) = (sharing.offer("Ferris", &all).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &ferris, 1, &all).await;
        // A hundred more who share all of it with Ferris, and two hundred who gave it and have no place.
        let order = app.db_order(&sharing.event, "CROWD", |_| ()).await;
        app.db_crowd(&sharing.event, sharing.ticket, order, 300).await;
        app.db_execute("insert into consent (organization_id, registration_id, offer_id, event_id, state, version, granted_mask, decided_at,
            decider, age_basis, locale, consent_record_id) select c.organization_id, r.id, c.offer_id, c.event_id, c.state, c.version,
            c.granted_mask, c.decided_at, c.decider, c.age_basis, c.locale, c.consent_record_id from consent c
            join registration r on r.organization_id = c.organization_id and r.id <> c.registration_id").await;
        recount(&app, &sharing.event).await;
        assert_eq!(read(&sharing.staff, &sharing.event).await["consents"], Value::Null, "not before the end");
        app.store().clock().advance(33 * DAY);
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        recount(&app, &sharing.event).await;
        assert_eq!(read(&owner, &sharing.event).await["consents"], Value::Null, "nor on the day of it");
        app.store().clock().advance(2 * DAY);
        let (one, two) = tokio::join!(
            statistics::recount(&app.platform, sharing.event.organization, sharing.event.id),
            statistics::recount(&app.platform, sharing.event.organization, sharing.event.id)
        );
        one.expect("counted");
        two.expect("counted");
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        let first = read(&owner, &sharing.event).await["consents"].clone();
        let counts = consents(&json!({ "consents": first }));
        println!("{counts:?}");
        let ferris_all: Vec<u64> = counts.iter().filter(|(partner, ..)| partner == "Ferris").map(|(_, _, count)| count.expect("about a hundred")).collect();
        assert_eq!(ferris_all.len(), all.len());
        assert!(ferris_all.iter().all(|count| (50..=150).contains(count) && count % 10 == 0), "{ferris_all:?}");
        assert!(ferris_all.iter().any(|count| *count != ferris_all[0]), "the same hundred, each time moved otherwise");
        let nobody = counts.iter().find(|(partner, ..)| partner == "Corro").expect("Corro").2;
        assert!(nobody.is_none_or(|count| count <= 50), "{nobody:?}");

        let text = "delete from consent where offer_id = $1";
        sql::execute(app.store().admin(), text, [ferris.id.into()]).await.expect("all withdrawn");
        ada.withdraw(&corro, None).await;
        app.store().clock().advance(DAY);
        recount(&app, &sharing.event).await;
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        assert_eq!(read(&owner, &sharing.event).await["consents"], first, "what is counted stays, whatever is decided later");
    }
}
