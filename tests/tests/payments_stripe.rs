//! Payments from end to end: the API, the provider's page, webhooks over HTTP, the worker's steps.

use consentry::services::payments::{expire_due, reconcile};
use consentry_domain::Role;
use consentry_tests::app::{Shop, WEBHOOK_SECRET};
use consentry_tests::on_both_databases;
use consentry_tests::stripe::{Fault, Operation, sign};
use serde_json::json;

const CODE: &str = "/userErrors/0/code";

on_both_databases! {
    async fn a_card_payment_confirms_the_order_and_its_places(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 2).await;
        let session = shop.checkout(&order, "a").await;
        let again = [shop.checkout(&order, "a").await, shop.checkout(&order, "b").await];
        assert_eq!((again, shop.stripe.sessions().len()), ([session.clone(), session.clone()], 1));
        let opened = shop.stripe.session(&session).expect("the session");
        assert_eq!((opened.amount, opened.currency.as_str(), opened.customer_email), (9800, "eur", None));
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        assert_eq!(shop.db_mails("CONFIRMATION").await, 0);
        shop.stripe.pay(&session).expect("it can be paid");
        assert_eq!(shop.deliver().await, 1);
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!((shop.db_mails("CONFIRMATION").await, shop.left().await), (1, 8));
        let refused = shop.start(&order, "c", "STRIPE_CHECKOUT").await;
        assert_eq!(refused.pointer(CODE), Some(&json!("ALREADY_PAID")));
        let replayed = shop.start(&order, "a", "STRIPE_CHECKOUT").await;
        assert_eq!((&replayed["payment"]["status"], &replayed["redirectUrl"]), (&json!("CONFIRMED"), &json!(null)));
        let other = shop.start(&order, "a", "BANK_TRANSFER").await;
        assert_eq!(other.pointer(CODE), Some(&json!("IDEMPOTENCY_MISMATCH")));
    }

    async fn a_declined_card_leaves_the_same_payment_open(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.stripe.decline(&session).expect("it can be tried");
        shop.deliver().await;
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        assert_eq!(shop.checkout(&order, "b").await, session);
        shop.stripe.pay(&session).expect("it can be paid");
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
    }

    async fn a_payment_that_is_settled_later_holds_the_place_however_long_it_takes(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (order, other) = (shop.order("1", 1).await, shop.order("2", 1).await);
        let session = shop.checkout(&order, "a").await;
        let failing = shop.checkout(&other, "b").await;
        for session in [&session, &failing] {
            shop.stripe.pay_later(session).expect("it can be paid");
        }
        shop.deliver().await;
        shop.expect(&order, "PENDING", "PENDING", &["PROCESSING"]).await;
        for method in ["STRIPE_CHECKOUT", "BANK_TRANSFER"] {
            let refused = shop.start(&order, method, method).await;
            assert_eq!(refused.pointer(CODE), Some(&json!("PAYMENT_PROCESSING")));
        }
        assert_eq!(shop.mark_paid(&shop.owner, &order, "x").await.pointer(CODE), Some(&json!("PAYMENT_PROCESSING")));
        shop.advance(3 * 24 * 60);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PENDING", "PENDING", &["PROCESSING"]).await;
        shop.stripe.settle(&session).expect("it arrives");
        shop.stripe.fail_later(&failing).expect("it does not arrive");
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        shop.expect(&other, "PENDING", "PENDING", &["FAILED"]).await;
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&other, "EXPIRED", "CANCELLED", &["FAILED"]).await;
        assert_eq!(shop.left().await, 9);
    }

    async fn events_may_come_twice_and_in_any_order(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.stripe.pay_later(&session).expect("it can be paid");
        shop.stripe.settle(&session).expect("it arrives");
        let events: Vec<String> = shop.stripe.events().iter()
            .filter(|event| event.kind.starts_with("checkout.session.")).map(|event| event.id.clone()).collect();
        assert_eq!(events.len(), 2);
        for event in [&events[1], &events[0], &events[1], &events[0]] {
            let delivered = shop.stripe.resend(event).await.expect("it is sent");
            assert_eq!(delivered.status, Some(200));
            shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        }
        shop.deliver().await;
        assert_eq!(shop.db_mails("CONFIRMATION").await, 1);
        assert_eq!(shop.db_count("select count(*) as n from payment_event").await, 2);
        assert_eq!(shop.db_count("select count(*) as n from audit_entry where action = 'orderPaid'").await, 1);
        assert_eq!(shop.left().await, 9);
    }

    async fn the_same_event_many_times_at_once_settles_once(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.stripe.pay(&session).expect("it can be paid");
        let event = shop.stripe.events().iter().find(|event| event.kind == "checkout.session.completed")
            .expect("an event").id.clone();
        let all = futures_util::future::join_all((0..8).map(|_| shop.stripe.resend(&event))).await;
        assert!(all.iter().all(|one| one.as_ref().is_some_and(|one| one.status == Some(200))), "{all:?}");
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!(shop.db_mails("CONFIRMATION").await, 1);
        assert_eq!(shop.db_count("select count(*) as n from payment_event").await, 1);
    }

    async fn what_a_lost_webhook_left_open_is_asked_about(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.stripe.pay(&session).expect("it can be paid");
        let platform = &shop.app.platform;
        assert_eq!(reconcile(platform).await.expect("a step").asked, 0);
        shop.advance(11);
        shop.stripe.switches().once(Operation::RetrieveCheckout, Fault::BadGateway);
        let first = reconcile(platform).await.expect("a step");
        assert_eq!((first.asked, first.changed, first.unanswered), (1, 0, 1));
        assert_eq!(reconcile(platform).await.expect("a step").asked, 0);
        shop.advance(11);
        let second = reconcile(platform).await.expect("a step");
        assert_eq!((second.asked, second.changed), (1, 1));
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!(shop.db_mails("CONFIRMATION").await, 1);
    }

    async fn an_unpaid_order_expires_after_its_page_was_closed(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 2).await;
        let session = shop.checkout(&order, "a").await;
        assert_eq!(shop.left().await, 8);
        shop.advance_here(37);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        shop.advance_here(2);
        shop.stripe.switches().once(Operation::ExpireCheckout, Fault::BadGateway);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        assert_eq!(shop.left().await, 8, "nothing is free before the provider has agreed");
        shop.advance_here(60);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "EXPIRED", "CANCELLED", &["CANCELLED"]).await;
        assert!(shop.stripe.pay(&session).is_err());
        assert_eq!(shop.left().await, 10);
        let refused = shop.start(&order, "b", "STRIPE_CHECKOUT").await;
        assert_eq!(refused.pointer(CODE), Some(&json!("WRONG_STATE")));
    }

    async fn who_pays_while_the_order_expires_has_paid(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (order, later) = (shop.order("1", 1).await, shop.order("2", 1).await);
        let session = shop.checkout(&order, "a").await;
        let processing = shop.checkout(&later, "b").await;
        shop.stripe.pay(&session).expect("it can be paid");
        shop.stripe.pay_later(&processing).expect("it can be paid");
        shop.advance_here(60);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        shop.expect(&later, "PENDING", "PENDING", &["PROCESSING"]).await;
        assert_eq!(shop.left().await, 8);
    }

    async fn a_second_payment_is_marked_to_be_given_back(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let first = shop.checkout(&order, "a").await;
        shop.db_write("update payment set status = 'CANCELLED'", []).await;
        let second = shop.checkout(&order, "b").await;
        assert_ne!(first, second);
        shop.stripe.pay(&first).expect("it can be paid");
        shop.stripe.pay(&second).expect("it can be paid");
        shop.deliver().await;
        let (status, places, mut payments) = shop.standing(&order).await;
        payments.sort();
        assert_eq!((status.as_str(), places), ("PAID", vec!["CONFIRMED".to_owned()]));
        assert_eq!(payments, ["CONFIRMED", "CONFIRMED:SECOND_PAYMENT"]);
        assert_eq!((shop.db_mails("CONFIRMATION").await, shop.left().await), (1, 9));
    }

    async fn the_other_open_payment_of_a_paid_order_is_closed(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let first = shop.checkout(&order, "a").await;
        shop.db_write("update payment set status = 'CANCELLED'", []).await;
        let second = shop.checkout(&order, "b").await;
        shop.stripe.pay(&first).expect("it can be paid");
        shop.deliver().await;
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED", "CANCELLED"]).await;
        assert!(shop.stripe.pay(&second).is_err(), "nobody pays twice");
    }

    async fn money_after_expiry_takes_the_place_again_or_is_marked(app: TestApp) {
        let shop = Shop::open(app, 2).await;
        let (lucky, late) = (shop.order("1", 1).await, shop.order("2", 1).await);
        let sessions = [shop.checkout(&lucky, "a").await, shop.checkout(&late, "b").await];
        shop.db_write("update payment set status = 'CANCELLED'", []).await;
        shop.db_write("update \"order\" set expires_at = 1", []).await;
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&lucky, "EXPIRED", "CANCELLED", &["CANCELLED"]).await;
        assert_eq!(shop.left().await, 2);
        shop.stripe.pay(&sessions[0]).expect("it can be paid");
        shop.deliver().await;
        shop.expect(&lucky, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        shop.order("3", 1).await;
        assert_eq!(shop.left().await, 0);
        shop.stripe.pay(&sessions[1]).expect("it can be paid");
        shop.deliver().await;
        shop.expect(&late, "EXPIRED", "CANCELLED", &["CONFIRMED:PAID_AFTER_EXPIRY"]).await;
        assert_eq!(shop.left().await, 0);
        assert_eq!(shop.db_count("select count(*) as n from audit_entry where action = 'refundDue'").await, 1);
    }

    async fn another_amount_than_was_asked_for_pays_nothing_and_is_to_be_given_back(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.db_write("update payment set amount_minor = 5000", []).await;
        shop.stripe.pay(&session).expect("it can be paid");
        let event = shop.stripe.events().iter().find(|event| event.kind == "checkout.session.completed")
            .expect("an event").id.clone();
        for _ in 0..2 {
            shop.deliver().await;
            shop.stripe.resend(&event).await.expect("it is sent");
            shop.expect(&order, "PENDING", "PENDING", &["CONFIRMED:WRONG_AMOUNT"]).await;
        }
        let due = shop.app.anonymous().data(
            "query($organization: String!, $code: String!, $secret: String!) {
                order(organization: $organization, code: $code, secret: $secret) { amountDue { amount } } }",
            json!({ "organization": shop.organization.slug, "code": order.code, "secret": order.secret })).await;
        assert_eq!(due["order"]["amountDue"]["amount"], json!("49.00"), "it still has to be paid");
        assert_eq!(shop.db_count("select count(*) as n from payment where failure = 'wrong_amount'").await, 1);
        assert_eq!(shop.db_count("select count(*) as n from audit_entry where action = 'paymentOfWrongAmount'").await, 1);
        let second = shop.checkout(&order, "b").await;
        shop.stripe.pay(&second).expect("it can be paid");
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED:WRONG_AMOUNT", "CONFIRMED"]).await;
    }

    async fn money_of_another_amount_lets_an_order_expire_that_was_about_to(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.db_write("update payment set amount_minor = 5000", []).await;
        shop.stripe.pay(&session).expect("it can be paid");
        shop.db_write("update \"order\" set expires_at = 1", []).await;
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "EXPIRED", "CANCELLED", &["CONFIRMED:WRONG_AMOUNT"]).await;
        assert_eq!(shop.left().await, 10);
    }

    async fn an_answer_that_was_never_heard_opens_no_second_page(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        shop.stripe.switches().once(Operation::CreateCheckout, Fault::TimeOutAfterCommit);
        let session = shop.checkout(&order, "a").await;
        assert_eq!((shop.checkout(&order, "b").await, shop.stripe.sessions().len()), (session, 1));
    }

    async fn a_provider_that_does_not_answer_is_asked_again_with_the_same_payment(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        shop.stripe.switches().every(1, Operation::CreateCheckout, Fault::TimeOutBeforeCommit);
        let refused = shop.start(&order, "a", "STRIPE_CHECKOUT").await;
        assert_eq!(refused.pointer(CODE), Some(&json!("PAYMENT_UNAVAILABLE")));
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        shop.stripe.switches().clear();
        let session = shop.checkout(&order, "a").await;
        assert_eq!((shop.checkout(&order, "b").await, shop.stripe.sessions().len()), (session, 1));
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
    }

    async fn an_unheard_page_is_found_and_closed_before_its_places_are_free(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.db_write("update payment set provider_ref = null, redirect_url = null", []).await;
        shop.db_write("update \"order\" set expires_at = 1", []).await;
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "EXPIRED", "CANCELLED", &["CANCELLED"]).await;
        assert!(shop.stripe.pay(&session).is_err());
    }

    async fn a_page_that_the_provider_will_not_open_can_be_asked_for_anew(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        shop.stripe.switches().once(Operation::CreateCheckout, Fault::ErrorBeforeCommit);
        let refused = shop.start(&order, "a", "STRIPE_CHECKOUT").await;
        assert_eq!(refused.pointer(CODE), Some(&json!("PAYMENT_UNAVAILABLE")));
        shop.expect(&order, "PENDING", "PENDING", &["FAILED"]).await;
        let session = shop.checkout(&order, "b").await;
        shop.stripe.pay(&session).expect("it can be paid");
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["FAILED", "CONFIRMED"]).await;
    }

    async fn a_webhook_that_is_not_genuine_changes_nothing_and_learns_nothing(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        let body = json!({ "id": "evt_1", "object": "event", "type": "checkout.session.completed", "created": 1,
            "data": { "object": { "id": session } } }).to_string();
        let now = shop.app.store().now().await.expect("a time").0 / 1_000_000;
        let header = |secret: &str, at: i64| format!("t={at},v1={}", sign(secret, at, body.as_bytes()));
        let other = shop.webhook_url.replace("/webhooks/stripe/", "/webhooks/stripe/x");
        let large = "x".repeat(256 * 1024 + 1);
        let http = reqwest::Client::new();
        let mut answers = Vec::new();
        for (url, header, body) in [
            (&shop.webhook_url, Some(header("whsec_another", now)), &body),
            (&shop.webhook_url, Some(header(WEBHOOK_SECRET, now - 301)), &body),
            (&shop.webhook_url, Some(header(WEBHOOK_SECRET, now + 400)), &body),
            (&shop.webhook_url, Some("nonsense".to_owned()), &body),
            (&shop.webhook_url, None, &body),
            (&other, Some(header(WEBHOOK_SECRET, now)), &body),
            (&shop.webhook_url, Some(format!("t={now},v1={}", sign(WEBHOOK_SECRET, now, large.as_bytes()))), &large),
        ] {
            let mut request = http.post(url).body(body.clone());
            if let Some(header) = header {
                request = request.header("Stripe-Signature", header);
            }
            let answer = request.send().await.expect("an answer");
            answers.push((answer.status().as_u16(), answer.text().await.expect("a body")));
        }
        assert!(answers.iter().all(|answer| *answer == (400, String::new())), "{answers:?}");
        assert_eq!(shop.db_count("select count(*) as n from payment_event").await, 0);
        let genuine = http.post(&shop.webhook_url).header("Stripe-Signature", header(WEBHOOK_SECRET, now)).body(body.clone());
        assert_eq!(genuine.send().await.expect("an answer").status().as_u16(), 200);
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
    }

    async fn a_webhook_is_sent_again_when_the_provider_cannot_be_asked(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let session = shop.checkout(&order, "a").await;
        shop.stripe.pay(&session).expect("it can be paid");
        shop.stripe.switches().once(Operation::RetrieveCheckout, Fault::BadGateway);
        let first = shop.stripe.deliver_all().await;
        assert_eq!(first.iter().map(|one| one.status).collect::<Vec<_>>(), [Some(503)]);
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        shop.deliver().await;
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
    }

    async fn a_transfer_is_booked_by_those_who_may(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let payload = shop.start(&order, "a", "BANK_TRANSFER").await;
        let bank = &payload["bankTransfer"];
        assert_eq!((&bank["iban"], &bank["reference"]), (&json!("DE89370400440532013000"), &json!(order.code)));
        let amount = bank["amount"]["amount"].as_str().expect("an amount");
        assert_eq!(bank["amount"]["currency"], json!("EUR"));
        let text = bank["qrPayload"].as_str().expect("a text for a code");
        let lines: Vec<&str> = text.split('\n').collect();
        let read = [lines[3], lines[6], lines[7], lines[10]];
        assert_eq!(read, ["SCT", "DE89370400440532013000", &format!("EUR{amount}"), &order.code]);
        shop.advance(24 * 60);
        expire_due(&shop.app.platform).await.expect("a step");
        shop.expect(&order, "PENDING", "PENDING", &["CREATED"]).await;
        let viewer = shop.app.db_staff(&shop.organization, Role::Viewer).await;
        assert_eq!(shop.mark_paid(&viewer, &order, "x").await.pointer(CODE), Some(&json!("NOT_FOUND")));
        let finance = shop.app.db_staff(&shop.organization, Role::Finance).await;
        for _ in 0..2 {
            assert_eq!(shop.mark_paid(&finance, &order, "x").await["order"]["status"], json!("PAID"));
        }
        shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!(shop.mark_paid(&finance, &order, "y").await.pointer(CODE), Some(&json!("ALREADY_PAID")));
    }

    async fn another_way_of_paying_closes_the_one_before(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        shop.start(&order, "a", "BANK_TRANSFER").await;
        let session = shop.checkout(&order, "b").await;
        shop.expect(&order, "PENDING", "PENDING", &["CANCELLED", "CREATED"]).await;
        let payload = shop.start(&order, "c", "BANK_TRANSFER").await;
        assert_eq!(payload["bankTransfer"]["reference"], json!(format!("{}-3", order.code)));
        assert!(shop.stripe.pay(&session).is_err());
        shop.expect(&order, "PENDING", "PENDING", &["CANCELLED", "CANCELLED", "CREATED"]).await;
    }

    async fn staff_who_book_an_order_that_was_just_paid_are_told(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (paid, open) = (shop.order("1", 1).await, shop.order("2", 1).await);
        let sessions = [shop.checkout(&paid, "a").await, shop.checkout(&open, "b").await];
        shop.stripe.pay(&sessions[0]).expect("it can be paid");
        assert_eq!(shop.mark_paid(&shop.owner, &paid, "x").await.pointer(CODE), Some(&json!("ALREADY_PAID")));
        shop.expect(&paid, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        assert_eq!(shop.mark_paid(&shop.owner, &open, "y").await["order"]["status"], json!("PAID"));
        shop.expect(&open, "PAID", "CONFIRMED", &["CANCELLED", "CONFIRMED"]).await;
        assert!(shop.stripe.pay(&sessions[1]).is_err());
    }

    async fn credentials_are_judged_sealed_and_for_few(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let document = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) {
            providerAccount { id } userErrors { field code } } }";
        let id = &shop.organization.public_id;
        let set = |mut account: serde_json::Value| {
            account["organizationId"] = json!(id);
            shop.owner.data(document, json!({ "input": account }))
        };
        let wrong = set(json!({ "stripe": { "secretKey": "pk_test_1", "webhookSecret": "secret" } })).await;
        assert_eq!(wrong["setProviderAccount"]["userErrors"], json!([
            { "field": ["stripe", "secretKey"], "code": "INVALID" },
            { "field": ["stripe", "webhookSecret"], "code": "INVALID" } ]));
        let wrong = set(json!({ "bankTransfer": { "accountHolder": "A", "iban": "DE89370400440532013001" } })).await;
        assert_eq!(wrong["setProviderAccount"]["userErrors"], json!([{ "field": ["bankTransfer", "iban"], "code": "INVALID" }]));
        assert_eq!(set(json!({})).await.pointer("/setProviderAccount/userErrors/0/code"), Some(&json!("REQUIRED")));
        let manager = shop.app.db_staff(&shop.organization, Role::Manager).await;
        let input = json!({ "organizationId": id, "stripe": { "secretKey": "sk_test_1" } });
        let refused = manager.data(document, json!({ "input": input })).await;
        assert_eq!(refused.pointer("/setProviderAccount/userErrors/0/code"), Some(&json!("NOT_FOUND")));
        let row = consentry::platform::store::sql::one(
            shop.app.store().read(), "select config, secret from provider_account where kind = 'STRIPE'", []).await.expect("a row");
        let secret: Vec<u8> = row.try_get("", "secret").expect("bytes");
        let clear: String = row.try_get("", "config").expect("a text");
        for word in [WEBHOOK_SECRET, &shop.stripe.secret_key()] {
            assert!(!clear.contains(word) && !secret.windows(word.len()).any(|window| window == word.as_bytes()));
        }
    }
}
