//! Mails, as staff see them: what was sent to whom, never what it says; and sending one again, without flooding anybody.

use consentry::platform::store::sql;
use consentry::services::mail::{Links, Message, render};
use consentry_domain::{MailKind, Role};
use consentry_entity::mail;
use consentry_tests::app::Shop;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

const OF_EVENT: &str = "query($o: String!, $e: String!, $first: Int!, $after: String) {
    organization(slug: $o) { event(slug: $e) { mails(first: $first, after: $after) {
        edges { cursor node { id kind status to locale failure sentAt eventId orderId registrationId } }
        pageInfo { hasNextPage endCursor } } } } }";
const OF_ORDER: &str = "query($o: String!, $e: String!, $code: String!) { organization(slug: $o) { event(slug: $e) {
    mails(first: 100, filter: { orderCode: $code }) { edges { node { kind } } } } } }";
const OF_ORGANIZATION: &str = "query($o: String!) { organization(slug: $o) { mails(first: 100) {
    edges { node { id kind to eventId } } } } }";
const RESEND: &str = "mutation($input: ResendMailInput!) { resendMail(input: $input) {
    mail { id kind status to } userErrors { field code } } }";

async fn page(client: &Client, shop: &Shop, first: i32, after: Option<&str>) -> Value {
    let variables = json!({ "o": shop.organization.slug, "e": shop.event.slug, "first": first, "after": after });
    client.data(OF_EVENT, variables).await["organization"]["event"]["mails"].clone()
}

/// The newest mail of this kind, by its public id.
async fn newest(client: &Client, shop: &Shop, kind: &str) -> String {
    let page = page(client, shop, 100, None).await;
    let edges = page["edges"].as_array().expect("a page");
    let found = edges.iter().find(|edge| edge["node"]["kind"] == json!(kind));
    found.unwrap_or_else(|| panic!("no {kind}: {page:#}"))["node"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn resend(client: &Client, mail: &str, key: &str) -> Value {
    let input = json!({ "idempotencyKey": key, "mailId": mail });
    client.data(RESEND, json!({ "input": input })).await["resendMail"].clone()
}

fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or("none")
}

async fn rows(app: &TestApp, kind: MailKind) -> Vec<mail::Model> {
    let rows = mail::Entity::find()
        .order_by_asc(mail::Column::Id)
        .all(app.store().read())
        .await;
    rows.expect("mails")
        .into_iter()
        .filter(|row| row.kind == kind)
        .collect()
}

/// A paid order of two places and the mails about it: confirmation and "decide for yourself".
async fn sold(shop: &Shop) -> consentry_tests::app::Ordered {
    let order = shop.order("1", 2).await;
    assert_eq!(
        shop.mark_paid(&shop.owner, &order, "paid").await["userErrors"],
        json!([])
    );
    order
}

on_both_databases! {
    async fn managers_see_an_events_mails_newest_first_and_no_word_of_them(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = sold(&shop).await;
        let manager = shop.app.db_staff(&shop.organization, Role::Manager).await;
        let whole = page(&manager, &shop, 100, None).await;
        let nodes: Vec<&Value> = whole["edges"].as_array().expect("a page").iter().map(|edge| &edge["node"]).collect();
        let mut kinds: Vec<_> = nodes.iter().map(|node| (node["kind"].as_str().expect("a kind"), node["to"].as_str().expect("an address"))).collect();
        assert_eq!(kinds.last(), Some(&("PAYMENT_INSTRUCTIONS", "1-0@example.org")));
        kinds.sort_unstable();
        assert_eq!(kinds, [("CONFIRMATION", "1-0@example.org"), ("DECIDE_FOR_YOURSELF", "1-1@example.org"), ("PAYMENT_INSTRUCTIONS", "1-0@example.org")]);
        assert!(nodes.iter().all(|node| node["status"] == json!("QUEUED") && node["orderId"] == json!(order.id)));
        let said = whole.to_string();
        assert!(!said.contains(&order.secret) && !said.contains("generation") && !said.contains("http"), "{said}");
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let one = page(&manager, &shop, 1, after.as_deref()).await;
            seen.push(one["edges"][0]["node"]["id"].clone());
            after = one["pageInfo"]["endCursor"].as_str().map(str::to_owned);
            if one["pageInfo"]["hasNextPage"] != json!(true) { break; }
        }
        assert_eq!(seen, nodes.iter().map(|node| node["id"].clone()).collect::<Vec<_>>());
        assert_eq!(shop.db_count("select count(*) as n from audit_entry where action = 'viewMails'").await, 4);
    }

    async fn a_page_costs_the_same_whatever_its_size(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        for key in ["1", "2", "3", "4"] { shop.order(key, 1).await; }
        let mut costs = Vec::new();
        for first in [1, 2, 4] {
            let variables = json!({ "o": shop.organization.slug, "e": shop.event.slug, "first": first });
            let (answer, statistics) = shop.owner.counted(OF_EVENT, variables).await;
            let edges = &answer["data"]["organization"]["event"]["mails"]["edges"];
            assert_eq!(edges.as_array().map(Vec::len), usize::try_from(first).ok(), "{answer:#}");
            costs.push(statistics.texts.expect("texts").len());
        }
        assert!(costs.iter().all(|cost| *cost == costs[0]), "{costs:?}");
    }

    async fn who_may_not_see_mails_finds_none_and_sends_none(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = sold(&shop).await;
        let mail = newest(&shop.owner, &shop, "CONFIRMATION").await;
        shop.app.store().clock().advance(120_000_000);
        for role in [Role::Viewer, Role::CheckIn, Role::Dpo] {
            let client = shop.app.db_staff(&shop.organization, role).await;
            let of_order = json!({ "o": shop.organization.slug, "e": shop.event.slug, "code": order.code });
            let of_order = client.data(OF_ORDER, of_order).await;
            assert_eq!(of_order["organization"]["event"]["mails"], json!(null), "{role:?}");
            assert_eq!(page(&client, &shop, 10, None).await, json!(null), "{role:?}");
            let all = client.data(OF_ORGANIZATION, json!({ "o": shop.organization.slug })).await;
            assert_eq!(all["organization"]["mails"], json!(null), "{role:?}");
            assert_eq!(code(&resend(&client, &mail, "x").await), "NOT_FOUND", "{role:?}");
        }
        let other = shop.app.db_organization("other").await;
        let stranger = shop.app.db_staff(&other, Role::Owner).await;
        for id in [mail.as_str(), "nonsense"] {
            assert_eq!(code(&resend(&stranger, id, "x").await), "NOT_FOUND");
        }
        let nobody = shop.app.anonymous().send(RESEND, json!({ "input": { "idempotencyKey": "x", "mailId": mail } })).await;
        assert_eq!(nobody["errors"][0]["extensions"]["code"], json!("UNAUTHENTICATED"));
        assert_eq!(rows(&shop.app, MailKind::Confirmation).await.len(), 1);
    }

    async fn who_manages_orders_sees_an_orders_mails_alone_and_sends_them_again(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = sold(&shop).await;
        let mail = newest(&shop.owner, &shop, "CONFIRMATION").await;
        shop.app.store().clock().advance(120_000_000);
        let finance = shop.app.db_staff(&shop.organization, Role::Finance).await;
        assert_eq!(page(&finance, &shop, 10, None).await, json!(null), "all of an event's are another matter");
        let of_order = async |code: &str| {
            let variables = json!({ "o": shop.organization.slug, "e": shop.event.slug, "code": code });
            let data = finance.data(OF_ORDER, variables).await;
            data["organization"]["event"]["mails"]["edges"].as_array().expect("a page").len()
        };
        assert_eq!((of_order(&order.code.to_lowercase()).await, of_order("ZZZZZ222").await), (3, 0));
        let unbound = rows(&shop.app, MailKind::PaymentInstructions).await.remove(0);
        shop.db_write("update mail set order_id = null where kind = 'PAYMENT_INSTRUCTIONS'", []).await;
        let id = consentry::graphql::ids::encode(unbound.organization_id, unbound.id).to_string();
        assert_eq!(code(&resend(&finance, &id, "x").await), "NOT_FOUND", "it is about no order");
        assert_eq!(code(&resend(&finance, &mail, "y").await), "none");
        assert_eq!(rows(&shop.app, MailKind::Confirmation).await.len(), 2);
    }

    async fn staff_do_not_see_who_decided_something_or_signs_in(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        shop.order("1", 1).await;
        let row = rows(&shop.app, MailKind::PaymentInstructions).await.remove(0);
        let only = json!([{ "node": { "kind": "PAYMENT_INSTRUCTIONS" } }]);
        let document = "query($o: String!, $e: String!) { organization(slug: $o) { mails(first: 100) { edges { node { kind } } }
            event(slug: $e) { mails(first: 100) { edges { node { kind } } } } } }";
        // As they are written when somebody decides, signs in, or when a parent is asked about sharing.
        for (kind, order_id) in [
            (MailKind::ConsentChanged, None), (MailKind::SignInLink, None), (MailKind::GuardianRequest, None), (MailKind::Test, row.order_id),
            (MailKind::ComplaintReceived, None), (MailKind::ComplaintAnswered, None), (MailKind::ComplaintFiled, row.order_id),
            (MailKind::OfferRequested, None), (MailKind::OfferDecided, row.order_id),
        ] {
            let id = shop.app.store().entropy().ordered_id(shop.app.store().now().await.expect("a time"));
            shop.app.db_insert(mail::Model { id, kind, order_id, ..row.clone() }).await;
            shop.app.store().clock().advance(120_000_000);
            let data = shop.owner.data(document, json!({ "o": shop.organization.slug, "e": shop.event.slug })).await;
            let organization = &data["organization"];
            assert_eq!((&organization["mails"]["edges"], &organization["event"]["mails"]["edges"]), (&only, &only), "{kind:?}");
            let id = consentry::graphql::ids::encode(row.organization_id, id).to_string();
            assert_eq!(code(&resend(&shop.owner, &id, kind.as_str()).await), "NOT_FOUND", "{kind:?}");
        }
    }

    async fn the_same_mail_goes_out_again_with_the_same_link_and_is_in_the_audit_log(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = sold(&shop).await;
        let mail = newest(&shop.owner, &shop, "CONFIRMATION").await;
        shop.app.store().clock().advance(61_000_000);
        let payload = resend(&shop.owner, &mail, "again").await;
        assert_eq!((code(&payload), &payload["mail"]["to"]), ("none", &json!("1-0@example.org")));
        assert_eq!(resend(&shop.owner, &mail, "again").await, payload, "the same request is the same copy");
        let both = rows(&shop.app, MailKind::Confirmation).await;
        assert_eq!(both.len(), 2);
        let links: &dyn Links = &shop.app.platform;
        let read = |row: &mail::Model| render(&Message::from_data(row.kind, &row.data).expect("its facts"), &row.locale, links).expect("a mail");
        let (first, second) = (read(&both[0]), read(&both[1]));
        assert_eq!((&first.text, &first.html), (&second.text, &second.html));
        assert!(second.text.contains(&format!("/order/{}", order.secret)));
        let work = "select count(*) as n from outbox where kind = 'MAIL' and state = 'READY'";
        assert_eq!(shop.db_count(work).await, 4, "a row of its own in the outbox");
        assert_eq!(shop.db_count("select count(*) as n from audit_entry where action = 'resendMail' and subject_kind = 'mail'").await, 1);
        let other = resend(&shop.owner, &newest(&shop.owner, &shop, "DECIDE_FOR_YOURSELF").await, "again").await;
        assert_eq!(code(&other), "IDEMPOTENCY_MISMATCH");
        assert_eq!(code(&resend(&shop.owner, &mail, " ").await), "REQUIRED");
    }

    async fn nobody_is_flooded_not_through_copies_of_copies_nor_by_many_at_once(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        sold(&shop).await;
        let mail = newest(&shop.owner, &shop, "CONFIRMATION").await;
        assert_eq!(code(&resend(&shop.owner, &mail, "0").await), "RATE_LIMITED", "it was sent a moment ago");
        shop.app.store().clock().advance(61_000_000);
        let many = (0..8).map(|n| { let (owner, mail) = (shop.owner.clone(), mail.clone()); async move { resend(&owner, &mail, &format!("many{n}")).await } });
        let answers = futures_util::future::join_all(many).await;
        let mut codes: Vec<&str> = answers.iter().map(code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [vec!["RATE_LIMITED"; 7], vec!["none"]].concat());
        let copy = newest(&shop.owner, &shop, "CONFIRMATION").await;
        assert_ne!(copy, mail);
        assert_eq!(code(&resend(&shop.owner, &copy, "copy").await), "RATE_LIMITED", "a copy of the copy is a copy");
        let mut sent = 2;
        for n in 0..10 {
            shop.app.store().clock().advance(61_000_000);
            let newest = newest(&shop.owner, &shop, "CONFIRMATION").await;
            match code(&resend(&shop.owner, &newest, &format!("day{n}")).await) {
                "none" => sent += 1,
                other => assert_eq!(other, "RATE_LIMITED"),
            }
        }
        assert_eq!((sent, rows(&shop.app, MailKind::Confirmation).await.len()), (10, 10), "ten a day");
        shop.app.store().clock().advance(24 * 3_600_000_000);
        assert_eq!(code(&resend(&shop.owner, &mail, "tomorrow").await), "none");
    }

    async fn a_mail_whose_purpose_is_over_is_not_sent_again(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = sold(&shop).await;
        shop.app.store().clock().advance(120_000_000);
        let pay = newest(&shop.owner, &shop, "PAYMENT_INSTRUCTIONS").await;
        assert_eq!(code(&resend(&shop.owner, &pay, "1").await), "WRONG_STATE", "it is paid");
        let (confirmation, decide) = (newest(&shop.owner, &shop, "CONFIRMATION").await, newest(&shop.owner, &shop, "DECIDE_FOR_YOURSELF").await);
        for (number, (change, back)) in [
            ("update registration set link_generation = 2", "update registration set link_generation = 1"),
            ("update registration set email = 'new@example.org' where is_buyer = false", "update registration set email = '1-1@example.org' where is_buyer = false"),
            ("update registration set status = 'CANCELLED', cancelled_at = 1", "update registration set status = 'CONFIRMED', cancelled_at = null"),
            ("update registration set status = 'ERASED', erased_at = 1", "update registration set status = 'CONFIRMED', erased_at = null"),
            ("update event set ends_at = 1", "update event set ends_at = 9000000000000000"),
            ("update event set status = 'CANCELLED'", "update event set status = 'PUBLISHED'"),
            ("update mail set to_address = null", "update mail set to_address = '1-1@example.org' where kind = 'DECIDE_FOR_YOURSELF'"),
        ].into_iter().enumerate() {
            shop.db_write(change, []).await;
            assert_eq!(code(&resend(&shop.owner, &decide, &format!("d{number}")).await), "WRONG_STATE", "{change}");
            shop.db_write(back, []).await;
        }
        shop.db_write("update mail set to_address = '1-0@example.org' where kind <> 'DECIDE_FOR_YOURSELF'", []).await;
        for (number, (change, back)) in [
            ("update \"order\" set buyer_email = 'new@example.org'", "update \"order\" set buyer_email = '1-0@example.org'"),
            ("update \"order\" set secret_generation = 2", "update \"order\" set secret_generation = 1"),
            ("update \"order\" set status = 'CANCELLED', ended_at = 1", "update \"order\" set status = 'PAID', ended_at = null"),
            ("update registration set status = 'CANCELLED', cancelled_at = 1 where is_buyer = true", "update registration set status = 'CONFIRMED', cancelled_at = null"),
        ].into_iter().enumerate() {
            shop.db_write(change, []).await;
            assert_eq!(code(&resend(&shop.owner, &confirmation, &format!("c{number}")).await), "WRONG_STATE", "{change}");
            shop.db_write(back, []).await;
        }
        assert_eq!(rows(&shop.app, MailKind::Confirmation).await.len() + rows(&shop.app, MailKind::DecideForYourself).await.len(), 2);
        assert_eq!((code(&resend(&shop.owner, &confirmation, "good").await), code(&resend(&shop.owner, &decide, "good too").await)), ("none", "none"));
        let cancel = "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { field message code } } }";
        shop.owner.done("cancelOrder", cancel, json!({ "input": { "orderId": order.id } })).await;
        shop.app.store().clock().advance(120_000_000);
        assert_eq!(code(&resend(&shop.owner, &newest(&shop.owner, &shop, "CANCELLATION").await, "sorry").await), "none", "what was called off may be told again");
        assert_eq!(code(&resend(&shop.owner, &confirmation, "late").await), "WRONG_STATE");
    }

    async fn how_to_transfer_is_told_again_only_while_that_is_the_way_to_pay(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        shop.app.store().clock().advance(1_000_000);
        shop.start(&order, "a", "BANK_TRANSFER").await;
        let mail = newest(&shop.owner, &shop, "PAYMENT_INSTRUCTIONS").await;
        shop.app.store().clock().advance(61_000_000);
        assert_eq!(code(&resend(&shop.owner, &mail, "1").await), "none");
        shop.app.store().clock().advance(61_000_000);
        shop.checkout(&order, "b").await;
        assert_eq!(code(&resend(&shop.owner, &mail, "2").await), "WRONG_STATE", "it is paid by card now");
        shop.app.store().clock().advance(11 * 24 * 3_600_000_000);
        let page = page(&shop.owner, &shop, 100, None).await;
        let first = page["edges"].as_array().and_then(|edges| edges.last()).expect("a mail")["node"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(code(&resend(&shop.owner, &first, "3").await), "WRONG_STATE", "its time is over");
    }

    async fn the_link_to_fetch_a_token_is_sent_again_until_it_was_used(app: TestApp) {
        let (organization, owner, stream) = app.db_shared_event("acme").await;
        let issue = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { token { id } userErrors { field message code } } }";
        let wish = json!({ "idempotencyKey": "1", "partnerId": stream.partner.partner_public_id(), "name": "CRM",
            "scopes": [{ "eventPartnerId": stream.partner.public_id(), "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] }] });
        owner.done("issuePartnerToken", issue, json!({ "input": wish })).await;
        let all = owner.data(OF_ORGANIZATION, json!({ "o": organization.slug })).await;
        let mail = all["organization"]["mails"]["edges"][0]["node"].clone();
        assert_eq!((&mail["kind"], &mail["eventId"]), (&json!("TOKEN_CLAIM"), &json!(null)), "{all:#}");
        let mail = mail["id"].as_str().expect("an id").to_owned();
        let to = rows(&app, MailKind::TokenClaim).await[0].to_address.clone().expect("an address");
        assert_eq!(code(&resend(&owner, &mail, "1").await), "RATE_LIMITED");
        app.store().clock().advance(61_000_000);
        assert_eq!(code(&resend(&owner, &mail, "2").await), "none");
        app.store().clock().advance(61_000_000);
        let back_to = format!("update partner set contact_email = '{to}'");
        for (number, (change, back)) in [
            ("update partner_token set claimed_at = 1", "update partner_token set claimed_at = null"),
            ("update partner_token set revoked_at = 1", "update partner_token set revoked_at = null"),
            ("update partner_token set claim_generation = 2", "update partner_token set claim_generation = 1"),
            ("update partner set contact_email = 'new@example.org'", back_to.as_str()),
        ].into_iter().enumerate() {
            let write = async |text: &str| sql::execute(app.store().admin(), text, []).await.expect("a statement");
            write(change).await;
            assert_eq!(code(&resend(&owner, &mail, &format!("t{number}")).await), "WRONG_STATE", "{change}");
            write(back).await;
        }
        assert_eq!(code(&resend(&owner, &mail, "3").await), "none");
        assert_eq!(rows(&app, MailKind::TokenClaim).await.len(), 3);
    }
}
