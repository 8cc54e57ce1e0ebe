//! An event is called off: every order is ended, once, whoever works on it and whatever gets in between; whoever had a place
//! is told; and the page says how far it is.

use std::time::Duration;

use consentry::platform::Refused;
use consentry::platform::store::stats::RequestStats;
use consentry::platform::store::{Engine, sql};
use consentry::services::payments::expire_due;
use consentry::services::registration::{CalledOff, end_called_off};
use consentry::transaction;
use consentry_domain::Role;
use consentry_tests::app::{DbEvent, Shop};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const CANCEL: &str =
    "mutation($input: CancelEventInput!) { cancelEvent(input: $input) { event { event { status } cancellation {
    total done waiting finishedAt } } userErrors { field code message } } }";
const HOW_FAR: &str =
    "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { cancellation { total done waiting finishedAt } } } }";
const OPEN: &str = "select count(*) as n from \"order\" where status in ('PENDING', 'EXPIRING', 'PAID')";
const PAGE: &str = "/manage/acme/rustdays/setup/cancellation";

async fn cancel(client: &Client, event: &DbEvent) -> Value {
    let input = json!({ "input": { "eventId": event.public_id() } });
    client.done("cancelEvent", CANCEL, input).await
}

async fn step(app: &TestApp) -> CalledOff {
    end_called_off(&app.platform).await.expect("a step")
}

/// Total, done, waiting, and whether it is finished.
async fn how_far(client: &Client) -> (i64, i64, i64, bool) {
    let data = client.data(HOW_FAR, json!({})).await;
    let its = &data["organization"]["event"]["cancellation"];
    let number = |name: &str| its[name].as_i64().expect("a number");
    (
        number("total"),
        number("done"),
        number("waiting"),
        !its["finishedAt"].is_null(),
    )
}

/// To whom it was said that something ended, of what, and what becomes of the money.
async fn told(app: &TestApp) -> Vec<String> {
    let mails = app.db_mails().await;
    let ends = mails.iter().filter(|mail| mail.kind == "CANCELLATION");
    let mut told: Vec<String> = ends
        .map(|mail| {
            let word = |name: &str| mail.data[name].as_str().expect("a word").to_owned();
            format!("{} {} {} {}", mail.to, word("what"), word("by"), word("refund"))
        })
        .collect();
    told.sort();
    told
}

/// The event is locked and called off while somebody registers, and nothing else is done.
async fn register_while_it_is_called_off(app: &TestApp, event: &DbEvent, input: Value) -> Value {
    let engine = app.store().engine();
    let client = app.anonymous();
    let registered: Result<_, Refused> = transaction!(app.store().writer(), async |tx| {
        let lock = sql::lock_suffix(engine, sql::Lock::Exclusive);
        let text = format!("select 1 as one from event where organization_id = $1 and id = $2{lock}");
        sql::one(tx, &text, [event.organization.into(), event.id.into()]).await?;
        let text = "update event set status = 'CANCELLED', ended_at = 1 where organization_id = $1 and id = $2";
        sql::execute(tx, text, [event.organization.into(), event.id.into()]).await?;
        let (client, input) = (client.clone(), input.clone());
        let register = tokio::spawn(async move { client.refused(input).await });
        if engine == Engine::Postgres {
            app.somebody_waits().await;
        } else {
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        Ok(register)
    });
    registered.expect("a change").await.expect("an answer")
}

on_both_databases! {
    async fn every_order_is_ended_and_whoever_had_a_place_is_told(app: TestApp) {
        let shop = Shop::open(app, 20).await;
        let free = shop.app.db_ticket_type(&shop.event, "Free", |_| {}).await;
        let (unpaid, opened, paid) = (shop.order("unpaid", 1).await, shop.order("opened", 1).await, shop.order("paid", 2).await);
        let session = shop.checkout(&opened, "a").await;
        shop.mark_paid(&shop.owner, &paid, "x").await;
        shop.app.anonymous().register(&shop.event, "free", &[(free, "free@example.org"), (free, "friend@example.org")]).await;
        let gone = shop.order("gone", 1).await;
        shop.advance_here(31);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&gone, "EXPIRED", "CANCELLED", &[]).await;
        let unpaid_again = shop.order("unpaid-2", 1).await;
        let before = told(&shop.app).await;

        let cancelled = cancel(&shop.owner, &shop.event).await;
        assert_eq!(cancelled["event"], json!({ "event": { "status": "CANCELLED" },
            "cancellation": { "total": 4, "done": 0, "waiting": 0, "finishedAt": null } }));
        assert_eq!(told(&shop.app).await, before, "the worker tells");
        assert_eq!(step(&shop.app).await, CalledOff { orders: 4, events: 1 });
        assert_eq!(how_far(&shop.owner).await, (4, 4, 0, true));
        shop.expect(&unpaid_again, "CANCELLED", "CANCELLED", &[]).await;
        shop.expect(&opened, "CANCELLED", "CANCELLED", &["CREATED"]).await;
        shop.expect(&paid, "CANCELLED", "CANCELLED", &["CONFIRMED"]).await;
        shop.expect(&unpaid, "EXPIRED", "CANCELLED", &[]).await;
        assert_eq!(shop.left().await, 20, "every place is free again");
        let mut news = told(&shop.app).await;
        news.retain(|line| !before.contains(line));
        insta::assert_json_snapshot!("told", news);

        // The provider takes no money any more; a second step, and a second wish, change nothing.
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&opened, "CANCELLED", "CANCELLED", &["CANCELLED"]).await;
        assert!(shop.stripe.pay(&session).is_err(), "its page is closed");
        let all = told(&shop.app).await;
        assert_eq!(step(&shop.app).await, CalledOff::default());
        cancel(&shop.owner, &shop.event).await;
        assert_eq!((step(&shop.app).await, told(&shop.app).await), (CalledOff::default(), all));
        assert_eq!(how_far(&shop.owner).await, (4, 4, 0, true));

        // Who called it off is in the log, once for the event and once for each order.
        let log = "select count(*) as n from audit_entry e join event_cancellation c on c.organization_id = e.organization_id \
                   and c.event_id = e.event_id and c.account_id = e.account_id where e.actor = 'STAFF' and e.action = ";
        for (action, count) in [("'cancelEvent'", 1), ("'cancelOrder' and e.detail like '%cancelEvent%'", 4)] {
            assert_eq!(shop.db_count(&format!("{log}{action}")).await, count, "{action}");
        }
    }

    async fn an_order_whose_payment_is_being_processed_is_ended_once_that_has_settled(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (fails, arrives) = (shop.order("1", 1).await, shop.order("2", 1).await);
        let sessions = (shop.checkout(&fails, "a").await, shop.checkout(&arrives, "b").await);
        for session in [&sessions.0, &sessions.1] {
            shop.stripe.pay_later(session).expect("it can be paid");
        }
        shop.deliver().await;
        shop.order("3", 1).await;
        let cancelled = cancel(&shop.owner, &shop.event).await;
        assert_eq!(cancelled["event"]["cancellation"]["waiting"], 2);
        assert_eq!((step(&shop.app).await, step(&shop.app).await), (CalledOff { orders: 1, events: 0 }, CalledOff::default()));
        assert_eq!(how_far(&shop.owner).await, (3, 1, 2, false));
        shop.expect(&fails, "PENDING", "PENDING", &["PROCESSING"]).await;
        shop.stripe.fail_later(&sessions.0).expect("it does not arrive");
        shop.deliver().await;
        assert_eq!(step(&shop.app).await, CalledOff { orders: 1, events: 0 });
        shop.expect(&fails, "CANCELLED", "CANCELLED", &["FAILED"]).await;
        assert_eq!(how_far(&shop.owner).await, (3, 2, 1, false));
        // The other one is paid, and at once no more.
        shop.stripe.settle(&sessions.1).expect("it arrives");
        shop.deliver().await;
        shop.expect(&arrives, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!(step(&shop.app).await, CalledOff { orders: 1, events: 1 });
        shop.expect(&arrives, "CANCELLED", "CANCELLED", &["CONFIRMED"]).await;
        assert_eq!((how_far(&shop.owner).await, shop.left().await), ((3, 3, 0, true), 10));
        assert_eq!(told(&shop.app).await, ["1-0@example.org event organizer nothing-paid", "2-0@example.org event organizer undecided", "3-0@example.org event organizer nothing-paid"]);
    }

    async fn several_workers_end_each_order_once(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let free = app.db_ticket_type(&event, "Free", |_| {}).await;
        for number in 0..20 {
            app.anonymous().register(&event, &format!("{number}"), &[(free, &format!("p{number}@example.org"))]).await;
        }
        let owner = app.db_staff(&organization, Role::Owner).await;
        cancel(&owner, &event).await;
        let nodes = futures_util::future::join_all((0..4).map(|_| step(&app))).await;
        step(&app).await;
        assert_eq!(nodes.iter().map(|node| node.orders).sum::<usize>(), 20, "{nodes:?}");
        assert_eq!(how_far(&owner).await, (20, 20, 0, true));
        let told = told(&app).await;
        assert_eq!(told.iter().collect::<std::collections::BTreeSet<_>>().len(), 20);
        assert_eq!(told.len(), 20, "nobody is told twice: {told:?}");
    }

    async fn a_worker_that_is_killed_between_loses_and_doubles_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let free = app.db_ticket_type(&event, "Free", |_| {}).await;
        for number in 0..30 {
            app.anonymous().register(&event, &format!("{number}"), &[(free, &format!("p{number}@example.org"))]).await;
        }
        let owner = app.db_staff(&organization, Role::Owner).await;
        cancel(&owner, &event).await;
        let mut killed = 0;
        for patience in (1..200).map(|tens| Duration::from_millis(10 * tens)) {
            let platform = app.platform.clone();
            let worker = tokio::spawn(async move { end_called_off(&platform).await.expect("a step") });
            tokio::time::sleep(patience).await;
            killed += i32::from(!worker.is_finished());
            worker.abort();
            let _ = worker.await;
            let (_, done, _, finished) = how_far(&owner).await;
            let ended = "select count(*) as n from \"order\" where status = 'CANCELLED'";
            let ended: i64 = sql::one(app.store().read(), ended, []).await.expect("a count").try_get("", "n").expect("a number");
            assert_eq!(done, ended, "what is counted is what is done");
            if finished {
                break;
            }
        }
        println!("killed {killed} times");
        assert!(killed > 0);
        assert_eq!((how_far(&owner).await, told(&app).await.len()), ((30, 30, 0, true), 30));
    }

    async fn whoever_registers_while_the_event_is_called_off_is_refused_or_ended_with_it(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let free = app.db_ticket_type(&event, "Free", |_| {}).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let many = (0..24).map(|number| {
            let (client, event) = (app.anonymous(), &event);
            async move {
                tokio::time::sleep(Duration::from_millis(number * 5)).await;
                let input = Client::register_input(event, &format!("{number}"), &[(free, "ada@example.org")]);
                let document = "mutation($input: RegisterInput!) { register(input: $input) { order { code } userErrors { code } } }";
                client.data(document, json!({ "input": input })).await["register"].clone()
            }
        });
        let off = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            cancel(&owner, &event).await
        };
        let (answers, _) = tokio::join!(futures_util::future::join_all(many), off);
        while step(&app).await.events == 0 {}
        let made = answers.iter().filter(|answer| !answer["order"].is_null()).count();
        for answer in answers.iter().filter(|answer| answer["order"].is_null()) {
            assert_eq!(answer["userErrors"][0]["code"], "NOT_ON_SALE", "{answer:#}");
        }
        println!("{made} of {} were faster", answers.len());
        let row = sql::one(app.store().read(), OPEN, []).await.expect("a count");
        assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 0, "no order is left");
        let made = i64::try_from(made).expect("few");
        assert_eq!(how_far(&owner).await, (made, made, 0, true));
    }

    async fn an_order_that_was_judged_before_and_is_written_after_is_refused(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let free = app.db_ticket_type(&event, "Free", |_| {}).await;
        let quota = app.db_quota(&event, 10, &[free]).await;
        let before = app.db_written().await;
        let input = Client::register_input(&event, "1", &[(free, "ada@example.org")]);
        let refused = register_while_it_is_called_off(&app, &event, input).await;
        assert_eq!(refused[0]["code"], "NOT_ON_SALE", "{refused:#}");
        assert_eq!((app.db_written().await, app.db_available(&event, quota).await), (before, 10), "nothing is left behind");
    }

    async fn money_that_comes_for_an_expired_order_buys_no_place_at_an_event_that_was_called_off(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (late, later) = (shop.order("1", 1).await, shop.order("2", 1).await);
        shop.start(&late, "a", "BANK_TRANSFER").await;
        shop.start(&later, "b", "BANK_TRANSFER").await;
        shop.advance_here(30 * 24 * 60);
        expire_due(&shop.app.platform).await.expect("a step");
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&late, "EXPIRED", "CANCELLED", &["CANCELLED"]).await;
        shop.mark_paid(&shop.owner, &late, "x").await;
        shop.expect(&late, "PAID", "CONFIRMED", &["CANCELLED", "CONFIRMED"]).await;
        cancel(&shop.owner, &shop.event).await;
        assert_eq!(step(&shop.app).await, CalledOff { orders: 1, events: 1 });
        let payload = shop.mark_paid(&shop.owner, &later, "y").await;
        assert_eq!(shop.standing(&later).await.0, "EXPIRED", "{payload:#}");
        assert_eq!((shop.db_count(OPEN).await, shop.left().await), (0, 10));
        let owed = "select count(*) as n from payment where refund_due = 'PAID_AFTER_EXPIRY'";
        assert_eq!(shop.db_count(owed).await, 1, "the money is to be given back");
    }

    async fn partners_lose_what_was_shared_with_them(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let partner = app.puller(&offer).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { email } } } }";
        assert_eq!(partner.data(leads, json!({})).await["partner"]["leads"]["nodes"][0]["email"], "ada@example.org");
        cancel(&sharing.staff, &sharing.event).await;
        step(&app).await;
        assert_eq!(partner.data(leads, json!({})).await["partner"]["leads"]["nodes"], json!([]));
        let verified = consentry::services::sharing::verify::verify(app.store()).await.expect("compared");
        assert_eq!(verified.differences, []);
    }

    async fn an_order_that_cannot_be_ended_does_not_stand_in_the_way(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let free = app.db_ticket_type(&event, "Free", |_| {}).await;
        for number in 0..3 {
            app.anonymous().register(&event, &format!("{number}"), &[(free, &format!("p{number}@example.org"))]).await;
        }
        let owner = app.db_staff(&organization, Role::Owner).await;
        cancel(&owner, &event).await;
        // Paid, and nobody knows when.
        app.db_execute("update \"order\" set paid_at = null where buyer_email = 'p0@example.org'").await;
        end_called_off(&app.platform).await.expect_err("one of them is broken");
        assert_eq!(how_far(&owner).await, (3, 2, 0, false));
        app.db_execute("update \"order\" set paid_at = 1 where buyer_email = 'p0@example.org'").await;
        step(&app).await;
        assert_eq!(how_far(&owner).await, (3, 3, 0, true));
    }

    async fn how_far_it_is_costs_one_statement_for_any_number_of_events(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let list = "{ organization(slug: \"acme\") { events(first: 50) { edges { node { cancellation { total done } } } } } }";
        let mut counts = Vec::new();
        for number in 0..4 {
            let event = app.db_event(&organization, &format!("event-{number}"), |_| {}).await;
            cancel(&owner, &event).await;
            let stats = RequestStats::with_texts();
            let data = stats.scope(async { owner.data(list, json!({})).await }).await;
            let edges = data["organization"]["events"]["edges"].as_array().expect("events").clone();
            assert!(edges.iter().all(|edge| edge["node"]["cancellation"] == json!({ "total": 0, "done": 0 })), "{data:#}");
            counts.push(stats.snapshot().texts.expect("texts").iter().filter(|text| text.contains("event_cancellation")).count());
        }
        assert_eq!(counts, [1, 1, 1, 1]);
        let data = viewer.data(list, json!({})).await;
        assert_eq!(data["organization"]["events"]["edges"][0]["node"], json!({ "cancellation": null }), "who may not manage it");
    }

    async fn the_page_says_how_far_it_is_and_what_waits(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let waits = shop.order("1", 1).await;
        let session = shop.checkout(&waits, "a").await;
        shop.stripe.pay_later(&session).expect("it can be paid");
        shop.deliver().await;
        let stays = shop.order("2", 1).await;
        shop.order("3", 1).await;
        let mut browser = shop.app.browser_of(&shop.owner).await;
        assert_eq!(browser.get(PAGE).await.status, 404, "nothing is called off");
        consentry::services::statistics::count_due(&shop.app.platform).await.expect("counted");
        let status = "/manage/acme/rustdays/setup/status";
        let before = browser.open(status).await;
        assert!(before.contains("3 orders would be ended. Counted") && before.contains("Nothing that was paid is given back by this"), "{before}");
        let unsure = browser.press(status, status, &[("step", "cancel")]).await;
        assert!(unsure.status == 422 && unsure.text.contains("id=\"sure-cancel-error\""), "{}", unsure.text);
        browser.press(status, status, &[("step", "cancel"), ("sure", "yes")]).await.leads_to(PAGE);
        let begun = browser.open(PAGE).await;
        for words in ["value=\"0\" max=\"3\"", "0 of 3 orders have been ended", "3 orders are left.", "One of them waits: a payment is being processed", "data-runs", "Look again"] {
            assert!(begun.contains(words), "{words}: {begun}");
        }
        assert!(browser.open("/manage/acme/rustdays").await.contains(&format!("<a href=\"{PAGE}\">0 of 3 orders have been ended</a>")));
        assert!(browser.open(status).await.contains(&format!("href=\"{PAGE}\"")));
        // One is called off by the team at the same time.
        let order = "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { field message code } } }";
        shop.owner.done("cancelOrder", order, json!({ "input": { "orderId": stays.id } })).await;
        step(&shop.app).await;
        let half = browser.open(&format!("{PAGE}?language=de")).await;
        for words in ["1 von 3 Bestellungen sind beendet", "Eine davon wartet: Eine Zahlung wird gerade verarbeitet", "Noch einmal nachsehen"] {
            assert!(half.contains(words), "{words}: {half}");
        }
        shop.stripe.fail_later(&session).expect("it does not arrive");
        shop.deliver().await;
        step(&shop.app).await;
        let over = browser.open(&format!("{PAGE}?language=en")).await;
        for words in ["value=\"3\" max=\"3\"", "2 of 3 orders have been ended", "Finished: ", "One order had ended in another way meanwhile"] {
            assert!(over.contains(words), "{words}: {over}");
        }
        assert!(!over.contains("data-runs") && !over.contains("waits"), "{over}");
        assert!(!browser.open("/manage/acme/rustdays").await.contains(PAGE));
    }
}
