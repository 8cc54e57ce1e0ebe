//! The page of an order, for its buyer: the buyer's own ticket and nobody else's, of others what the buyer typed, what becomes
//! of money that is not kept; and the words on the button that orders.

use consentry::services::payments::expire_due;
use consentry_domain::RegistrationStatus;
use consentry_entity::registration;
use consentry_tests::app::{DbEvent, Ordered, Shop};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

use crate::landing_pages::code_in;

const ORDER: &str = "query($secret: String!) { linkedOrder(secret: $secret) {
    status places { fullName email isBuyer checkInCode } payments { refundDue } } }";
const UPDATE: &str = "mutation($input: UpdateRegistrationInput!) { updateRegistration(input: $input) {
    registration { fullName } userErrors { field code } } }";
const CORRECT: &str = "mutation($input: CorrectRegistrationInput!) { correctRegistration(input: $input) {
    registration { email } userErrors { field code } } }";

/// The order's page, opened by its link.
async fn page(app: &TestApp, order: &Ordered) -> String {
    let page = app.site().get(&format!("/order/{}", order.secret)).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page.text
}

/// The order in the API, by its secret.
async fn read(app: &TestApp, order: &Ordered) -> Value {
    let data = app.anonymous().data(ORDER, json!({ "secret": order.secret })).await;
    data["linkedOrder"].clone()
}

/// Orders so many places and pays them; the buyer's place and the others'.
async fn paid(shop: &Shop, key: &str, places: usize) -> (Ordered, registration::Model, Vec<registration::Model>) {
    let order = shop.order(key, places).await;
    let session = shop.checkout(&order, key).await;
    shop.stripe.pay(&session).expect("it can be paid");
    shop.deliver().await;
    let rows = rows(&shop.app, &shop.event, &order).await;
    let (own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.is_buyer);
    (order, own.into_iter().next().expect("the buyer's"), others)
}

async fn rows(app: &TestApp, event: &DbEvent, order: &Ordered) -> Vec<registration::Model> {
    app.db_registrations(event, &json!(order.code)).await
}

/// The picture of a code on a page.
fn picture(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<svg class=\"code\"")?;
    rest.split_once("</svg>").map(|(picture, _)| picture)
}

on_both_databases! {
    async fn a_buyer_finds_the_own_ticket_and_nobody_elses(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let waiting = shop.order("1", 2).await;
        let before = page(&shop.app, &waiting).await;
        assert!(code_in(&before).is_none() && !before.contains("calendar.ics"), "{before}");
        let (order, own, others) = paid(&shop, "2", 3).await;
        let shown = page(&shop.app, &order).await;
        assert!(own.email_proved_at.is_none(), "the place does not wait for its mailbox");
        assert_eq!(code_in(&shown).as_deref(), Some(own.check_in_code.as_str()));
        for words in [own.check_in_code.as_str(), "Show this at the door", "href=\"/events/acme/rustdays/calendar.ics\" download", "The others find their tickets"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let answer = read(&shop.app, &order).await;
        let codes: Vec<&Value> = answer["places"].as_array().expect("places").iter().map(|place| &place["checkInCode"]).collect();
        assert_eq!(codes.iter().filter(|code| !code.is_null()).collect::<Vec<_>>(), [&&json!(own.check_in_code)]);
        assert_eq!((codes.len(), others.len()), (3, 2));
        for secret in others.iter().map(|row| &row.check_in_code).chain([&own.badge_code]) {
            assert!(!shown.contains(secret.as_str()) && !answer.to_string().contains(secret.as_str()), "{shown}");
        }
        // The same picture as on the page of the place, and the file leads somewhere.
        let ada = shop.app.proved(&own).await;
        let place = shop.app.browser_of(&ada).await.open(&format!("/me/registrations/{}", shop.event.public(own.id))).await;
        assert_eq!(picture(&shown), picture(&place));
        assert_eq!(shop.app.site().get("/events/acme/rustdays/calendar.ics").await.status, 200);
        shop.db_write("update registration set status = 'CANCELLED', cancelled_at = 1 where is_buyer", []).await;
        let given_up = page(&shop.app, &order).await;
        assert!(code_in(&given_up).is_none() && !given_up.contains(&own.check_in_code), "{given_up}");
    }

    async fn a_place_that_has_another_mailbox_tells_its_code_there_alone(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (order, own, _) = paid(&shop, "1", 1).await;
        let input = json!({ "registrationId": shop.event.public(own.id), "revision": own.revision, "email": "right@example.org" });
        let corrected = shop.owner.data(CORRECT, json!({ "input": input })).await["correctRegistration"].clone();
        assert_eq!(corrected["userErrors"], json!([]), "{corrected:#}");
        let shown = page(&shop.app, &order).await;
        assert!(shown.contains("Regular, confirmed") && code_in(&shown).is_none() && !shown.contains(&own.check_in_code), "{shown}");
        assert_eq!(read(&shop.app, &order).await["places"][0]["checkInCode"], Value::Null);
    }

    async fn a_buyer_sees_of_others_what_the_buyer_typed_whatever_they_correct(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (order, own, others) = paid(&shop, "1", 2).await;
        let before = (page(&shop.app, &order).await, read(&shop.app, &order).await);
        assert!(before.0.contains("Attendee 1") && before.1.to_string().contains("Attendee 1"), "{}", before.0);
        let other = &others[0];
        let client = shop.app.proved(other).await;
        let input = json!({ "registrationId": shop.event.public(other.id), "revision": shop.app.db_registrations(&shop.event, &json!(order.code)).await
            .iter().find(|row| row.id == other.id).expect("the place").revision, "fullName": "Zaphira Newname", "company": "Secret Engines" });
        let updated = client.data(UPDATE, json!({ "input": input })).await["updateRegistration"].clone();
        assert_eq!(updated["registration"]["fullName"], "Zaphira Newname", "{updated:#}");
        let input = json!({ "registrationId": shop.event.public(own.id), "revision": own.revision, "fullName": "Owna Newname" });
        let corrected = shop.owner.data(CORRECT, json!({ "input": input })).await["correctRegistration"].clone();
        assert_eq!(corrected["userErrors"], json!([]), "{corrected:#}");
        let after = (page(&shop.app, &order).await, read(&shop.app, &order).await);
        for word in ["Newname", "Secret Engines"] {
            assert!(!after.0.contains(word) && !after.1.to_string().contains(word), "{word}: {} {:#}", after.0, after.1);
        }
        assert_eq!(after.1, before.1, "what the buyer typed");
        assert!(after.0.contains("Attendee 0") && after.0.contains("Attendee 1"), "{}", after.0);
        // An address that another proves later is theirs as well.
        shop.db_write("update registration set email = 'new@elsewhere.example', email_key = 'new@elsewhere.example' where not is_buyer", []).await;
        assert!(!page(&shop.app, &order).await.contains("elsewhere") && !read(&shop.app, &order).await.to_string().contains("elsewhere"));
    }

    async fn whoever_paid_too_late_is_told_that_the_money_is_owed_to_them(app: TestApp) {
        let shop = Shop::open(app, 1).await;
        let late = shop.order("1", 1).await;
        let session = shop.checkout(&late, "a").await;
        shop.db_write("update payment set status = 'CANCELLED'", []).await;
        shop.db_write("update \"order\" set expires_at = 1", []).await;
        expire_due(&shop.app.platform).await.expect("a step");
        let expired = page(&shop.app, &late).await;
        assert!(expired.contains("Expired") && !expired.contains("owes it back"), "{expired}");
        shop.order("2", 1).await;
        shop.stripe.pay(&session).expect("it can be paid");
        shop.deliver().await;
        assert_eq!(read(&shop.app, &late).await["payments"][0]["refundDue"], "PAID_AFTER_EXPIRY");
        let told = page(&shop.app, &late).await;
        for words in ["Your payment of €49.00 came when the places had been given to others", "acme eingetragener Verein owes it back to you", "hello@acme.example"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        let german = shop.app.site().get(&format!("/order/{}?language=de", late.secret)).await.text;
        assert!(german.contains("schuldet Ihnen das Geld") && german.contains("49,00"), "{german}");
        for (reason, words) in [("SECOND_PAYMENT", "came a second time"), ("WRONG_AMOUNT", "not what this order costs")] {
            shop.db_write(&format!("update payment set refund_due = '{reason}'"), []).await;
            let told = page(&shop.app, &late).await;
            assert!(told.contains(words), "{words}: {told}");
        }
        let statuses: Vec<_> = rows(&shop.app, &shop.event, &late).await.iter().map(|row| row.status).collect();
        assert_eq!(statuses, [RegistrationStatus::Cancelled]);
    }

    async fn the_button_that_orders_says_that_it_costs_where_it_costs_and_nowhere_else(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let free = shop.app.db_ticket_type(&shop.event, "Visitor", |_| {}).await;
        let path = "/events/acme/rustdays/register";
        for (ticket, costs) in [(shop.ticket_type, true), (free, false)] {
            let ticket = format!("n.{}", shop.event.public(ticket));
            let form = [(ticket.as_str(), "1"), ("person.0.mine", "yes"), ("buyer.name", "Ada Lovelace"), ("buyer.email", "ada@people.example"),
                ("step", "people"), ("go", "summary")];
            for (language, with, without) in [
                ("en", "value=\"order\">Order with obligation to pay</button>", "value=\"order\">Register</button>"),
                ("de", "value=\"order\">Zahlungspflichtig bestellen</button>", "value=\"order\">Anmelden</button>"),
            ] {
                let mut browser = shop.app.browser();
                browser.open(&format!("/?language={language}")).await;
                let summary = browser.press(path, path, &form).await;
                assert_eq!(summary.status, 200, "{}", summary.text);
                assert_eq!((summary.text.contains(with), summary.text.contains(without)), (costs, !costs), "{language}: {}", summary.text);
            }
        }
    }
}
