//! What buyers are written about money: how to pay, once; a reminder, once; nothing to anybody else.

use consentry::platform::store::Engine;
use consentry::services::payments::{expire_due, remind_due};
use consentry_domain::Role;
use consentry_tests::app::{Ordered, Shop};
use consentry_tests::on_both_databases;
use serde_json::json;

async fn remind(shop: &Shop) -> usize {
    remind_due(&shop.app.platform).await.expect("a step")
}

/// From now on the database refuses whatever changes this order.
async fn spoil(shop: &Shop, order: &Ordered) {
    let when = format!("old.code = '{}'", order.code);
    match shop.app.store().engine() {
        Engine::Sqlite => {
            let text = "begin select raise(abort, 'spoilt'); end";
            shop.app
                .db_execute(&format!(
                    "create trigger spoilt before update on \"order\" when {when} {text}"
                ))
                .await;
        }
        Engine::Postgres => {
            let text = "create function spoilt() returns trigger language plpgsql as 'begin raise ''spoilt''; end'";
            shop.app.db_execute(text).await;
            let text = format!(
                "create trigger spoilt before update on \"order\" for each row when ({when}) execute function spoilt()"
            );
            shop.app.db_execute(&text).await;
        }
    }
}

/// The link of a mail opens this order.
fn opens(mail: &consentry_tests::app::DbMail, order: &Ordered) -> bool {
    let secret = &mail.data["order"]["secret"];
    secret["purpose"] == json!("order") && !mail.data.to_string().contains(&order.secret)
}

on_both_databases! {
    async fn the_buyer_alone_is_told_how_to_pay_an_order_that_costs_something(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 2).await;
        shop.order("1", 2).await;
        let mails = shop.app.db_mails().await;
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert_eq!((mails[0].kind.as_str(), mails[0].to.as_str()), ("PAYMENT_INSTRUCTIONS", "1-0@example.org"));
        let data = &mails[0].data;
        assert_eq!((&data["amount"], &data["order_code"], &data["transfer"]), (&json!("98.00 EUR"), &json!(order.code), &json!(null)));
        assert!(opens(&mails[0], &order), "{data:#}");
        let free = shop.app.db_ticket_type(&shop.event, "Free", |_| {}).await;
        shop.app.anonymous().register(&shop.event, "free", &[(free, "bea@example.org")]).await;
        assert_eq!(shop.db_mails("PAYMENT_INSTRUCTIONS").await, 1, "nothing is to be paid");
    }

    async fn who_chooses_a_transfer_is_told_account_reference_amount_and_day_once(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = shop.order("1", 1).await;
        let payload = shop.start(&order, "a", "BANK_TRANSFER").await;
        for key in ["a", "b"] {
            shop.start(&order, key, "BANK_TRANSFER").await;
        }
        let mails = shop.app.db_mails().await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        let mail = mails.iter().find(|mail| !mail.data["transfer"].is_null()).expect("the account");
        let transfer = &mail.data["transfer"];
        assert_eq!(transfer, &json!({ "holder": "Acme e.V.", "iban": "DE89370400440532013000", "bic": "COBADEFFXXX",
            "reference": order.code, "amount_minor": 4900, "currency": "EUR" }));
        let due = payload["bankTransfer"]["due"].as_str().expect("a time");
        let due = due.parse::<jiff::Timestamp>().expect("a time").as_microsecond();
        assert_eq!(mail.data["due"]["utc"], json!(due));
        shop.start(&order, "c", "STRIPE_CHECKOUT").await;
        assert_eq!(shop.db_mails("PAYMENT_INSTRUCTIONS").await, 2, "the page of a card payment is open already");
    }

    async fn an_order_is_reminded_of_once_before_it_expires(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (card, transfer) = (shop.order("1", 2).await, shop.order("2", 1).await);
        shop.start(&transfer, "a", "BANK_TRANSFER").await;
        assert_eq!(remind(&shop).await, 0, "it was just told");
        shop.advance_here(16);
        assert_eq!((remind(&shop).await, remind(&shop).await), (1, 0));
        shop.advance_here(8 * 24 * 60);
        assert_eq!(remind(&shop).await, 0, "what expired is over, the transfer has two days");
        shop.advance_here(24 * 60);
        assert_eq!((remind(&shop).await, remind(&shop).await), (1, 0));
        let mails = shop.app.db_mails().await;
        let reminders: Vec<_> = mails.iter().filter(|mail| mail.kind == "PAYMENT_REMINDER").collect();
        let said: Vec<_> = reminders.iter().map(|mail| (mail.to.as_str(), mail.data["transfer"]["reference"].clone())).collect();
        assert_eq!(said, [("1-0@example.org", json!(null)), ("2-0@example.org", json!(transfer.code))]);
        assert!(opens(reminders[0], &card) && opens(reminders[1], &transfer));
    }

    async fn nobody_is_reminded_while_money_is_on_its_way_nor_of_what_is_paid_called_off_or_over(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (processing, paid, cancelled, late) = (
            shop.order("1", 1).await, shop.order("2", 1).await, shop.order("3", 1).await, shop.order("4", 1).await);
        let session = shop.checkout(&processing, "a").await;
        shop.stripe.pay_later(&session).expect("it can be paid");
        shop.deliver().await;
        shop.mark_paid(&shop.owner, &paid, "x").await;
        let manager = shop.app.db_staff(&shop.organization, Role::Manager).await;
        manager.done("cancelOrder", "mutation($input: CancelOrderInput!) { cancelOrder(input: $input) {
            order { status } userErrors { field message code } } }", json!({ "input": { "orderId": cancelled.id } })).await;
        shop.advance(29);
        assert_eq!(remind(&shop).await, 1, "only the one that nobody has paid");
        shop.advance(60);
        expire_due(&shop.app.platform).await.expect("a step");
        assert_eq!(remind(&shop).await, 0);
        let mails = shop.app.db_mails().await;
        let reminded: Vec<_> = mails.iter().filter(|mail| mail.kind == "PAYMENT_REMINDER").collect();
        assert!(reminded.len() == 1 && opens(reminded[0], &late) && reminded[0].to == "4-0@example.org", "{reminded:?}");
        shop.stripe.fail_later(&session).expect("it does not arrive");
        shop.deliver().await;
        assert_eq!(remind(&shop).await, 0, "its time is over");
    }

    async fn two_nodes_remind_once(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        for key in ["1", "2", "3"] {
            shop.order(key, 1).await;
        }
        shop.advance_here(16);
        let nodes = futures_util::future::join_all((0..4).map(|_| remind(&shop))).await;
        assert_eq!((nodes.iter().sum::<usize>(), shop.db_mails("PAYMENT_REMINDER").await), (3, 3));
    }

    async fn an_order_that_fails_does_not_stand_in_the_way_of_the_others(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let first = shop.order("1", 1).await;
        let second = shop.order("2", 1).await;
        spoil(&shop, &first).await;
        shop.advance_here(16);
        let failed = remind_due(&shop.app.platform).await;
        assert!(failed.is_err() && shop.db_mails("PAYMENT_REMINDER").await == 1, "{failed:?}");
        shop.advance_here(60);
        let failed = expire_due(&shop.app.platform).await;
        assert!(failed.is_err(), "{failed:?}");
        shop.expect(&first, "PENDING", "PENDING", &[]).await;
        shop.expect(&second, "EXPIRED", "CANCELLED", &[]).await;
    }

    async fn an_order_of_an_event_that_was_called_off_is_not_reminded_of(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        shop.order("1", 1).await;
        shop.db_write("update event set status = 'CANCELLED'", []).await;
        shop.advance_here(16);
        assert_eq!(remind(&shop).await, 0);
        assert_eq!(shop.db_mails("PAYMENT_REMINDER").await, 0);
    }
}
