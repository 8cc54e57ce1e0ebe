//! How an event stands, on its page: the numbers, the charts with their tables, and what waits for whom; and the page of one
//! order: what can be done there, its mails, and all that happened to it.

use consentry::platform::store::sql;
use consentry::services::statistics;
use consentry_domain::{PaymentId, Role};
use consentry_tests::app::{Browser, Ordered, Sharing, Shop};
use consentry_tests::on_both_databases;
use serde_json::{Value, json};

const EVENT: &str = "/manage/acme/rustdays";
const CHECK_IN: &str =
    "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { id } userErrors { code } } }";
const CANCEL_PLACE: &str =
    "mutation($input: CancelRegistrationAsStaffInput!) { cancelRegistrationAsStaff(input: $input) {
    registration { status } userErrors { field code message } } }";

/// The section of a page with this heading.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let start = format!("aria-labelledby=\"{id}\">");
    let rest = page.split(&start).nth(1).unwrap_or_else(|| panic!("no {id}: {page}"));
    rest.split("</section>").next().expect("its end")
}

/// The cells of the table in a section, row by row.
fn cells(section: &str) -> Vec<Vec<String>> {
    let body = section.split("<tbody>").nth(1).expect("a table");
    let body = body.split("</tbody>").next().expect("its end");
    let rows = body.split("<tr>").skip(1);
    let cell = |rest: &str| {
        let text = rest.split_once('>').expect("a cell").1;
        text.split("</t").next().expect("its end").to_owned()
    };
    rows.map(|row| row.split("<t").skip(1).map(cell).collect()).collect()
}

async fn recount(shop: &Shop) {
    let counted = statistics::recount(&shop.app.platform, shop.event.organization, shop.event.id).await;
    counted.expect("counted");
}

/// Lets a place of an order in at a door.
async fn let_in(shop: &Shop, order: &Ordered, place: usize, door: &str) {
    let places = shop.app.db_registrations(&shop.event, &json!(order.code)).await;
    let code = &places[place].check_in_code;
    let key = format!("{code}-{door}");
    let input = json!({ "idempotencyKey": key, "eventId": shop.event.public_id(), "code": code, "list": door });
    shop.owner.done("checkIn", CHECK_IN, json!({ "input": input })).await;
}

async fn cancel_place(shop: &Shop, order: &Ordered) {
    let places = shop.app.db_registrations(&shop.event, &json!(order.code)).await;
    let input = json!({ "registrationId": shop.event.public(places[0].id) });
    shop.owner
        .done("cancelRegistrationAsStaff", CANCEL_PLACE, json!({ "input": input }))
        .await;
}

/// A paid order of so many places.
async fn paid(shop: &Shop, key: &str, places: usize) -> Ordered {
    let order = shop.order(key, places).await;
    assert_eq!(
        shop.mark_paid(&shop.owner, &order, &format!("paid-{key}")).await["userErrors"],
        json!([])
    );
    order
}

/// An order whose money came twice.
async fn paid_twice(shop: &Shop) -> Ordered {
    let order = shop.order("twice", 1).await;
    let sessions = [shop.checkout(&order, "a").await, {
        shop.db_write("update payment set status = 'CANCELLED'", []).await;
        shop.checkout(&order, "b").await
    }];
    for session in sessions {
        shop.stripe.pay(&session).expect("it can be paid");
    }
    shop.deliver().await;
    order
}

async fn browser(shop: &Shop, role: Role) -> Browser {
    let client = shop.app.db_staff(&shop.organization, role).await;
    shop.app.browser_of(&client).await
}

/// What an order's history tells, as (action, actor, who).
async fn history(shop: &Shop, order: &Ordered) -> Vec<(String, String, Option<String>)> {
    let document = "query($code: String!) { organization(slug: \"acme\") { event(slug: \"rustdays\") {
        orders(first: 1, filter: { code: $code }) { edges { node { history { action actor staffEmail } } } } } } }";
    let data = shop.owner.data(document, json!({ "code": order.code })).await;
    let steps = data["organization"]["event"]["orders"]["edges"][0]["node"]["history"].clone();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let step = |step: &Value| {
        let (action, actor) = (text(&step["action"]), text(&step["actor"]));
        (
            action.expect("an action"),
            actor.expect("an actor"),
            text(&step["staffEmail"]),
        )
    };
    steps.as_array().expect("steps").iter().map(step).collect()
}

on_both_databases! {
    async fn the_overview_tells_the_numbers_in_charts_with_a_table_behind_each(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (two, gone) = (paid(&shop, "1", 2).await, paid(&shop, "2", 1).await);
        shop.order("3", 3).await;
        for (order, place, door) in [(&two, 0, "main"), (&two, 0, "dinner"), (&two, 1, "main"), (&gone, 0, "main")] {
            let_in(&shop, order, place, door).await;
        }
        cancel_place(&shop, &gone).await;
        // The second of March in Berlin; two registered on the 26th of February, and one on a day of the year before.
        shop.db_write("update registration set created_at = 1803942000000000", []).await;
        shop.db_write(&format!("update registration set created_at = 1803600000000000 where order_code = '{}'", two.code), []).await;
        shop.db_write(&format!("update registration set created_at = 1772000000000000 where order_code = '{}'", gone.code), []).await;
        recount(&shop).await;
        let mut browser = shop.app.browser_of(&shop.owner).await;
        let page = browser.open(EVENT).await;
        for number in ["<dt>confirmed places</dt><dd>2</dd>", "<dt>checked in</dt><dd>2</dd>", "<dt>paid</dt><dd>€147.00</dd>"] {
            assert!(page.contains(number), "{number}: {page}");
        }

        let doors = section(&page, "doors");
        assert!(doors.contains("<h2 class=\"first\" id=\"doors\">Checked in, by door</h2>"), "{doors}");
        assert!(doors.contains("role=\"img\" aria-labelledby=\"doors\"") && doors.contains(">dinner: 1</text>") && doors.contains(">main: 2</text>"), "{doors}");
        assert!(doors.contains("width=\"50%\"") && doors.contains("width=\"100%\""), "of two who are expected: {doors}");
        assert_eq!(cells(doors), [["dinner", "1"], ["main", "2"]], "whoever has no place any more is not in");

        let money = section(&page, "money");
        assert!(money.contains(">Money</h2>") && money.contains("role=\"img\" aria-labelledby=\"money\""), "{money}");
        assert!(money.contains(">Paid: €147.00</text>"), "{money}");
        let rows = cells(money);
        assert!(rows.iter().any(|row| row[1..] == ["2", "€147.00"] && row[0] == "Paid"), "{rows:?}");
        assert!(rows.iter().any(|row| row[1..] == ["1", "€147.00"] && row[0] != "Paid"), "{rows:?}");

        let stock = section(&page, "stock");
        assert!(stock.contains(">Places</h2>") && stock.contains(">Places: 5 / 10</text>") && stock.contains("width=\"50%\""), "{stock}");
        assert_eq!(cells(stock), [["Places", "5 / 10", "5"]]);

        let days = section(&page, "by-day");
        assert!(days.contains(">Registrations by day</h2>") && days.contains("role=\"img\" aria-labelledby=\"by-day\""), "{days}");
        let rows = cells(days);
        assert_eq!(days.matches("<rect").count(), 60, "a place for each of the last sixty days: {days}");
        assert_eq!(rows.len(), 61, "and those before on which somebody registered: {rows:?}");
        assert_eq!(rows[0][1], "1");
        let last: Vec<(&str, &str)> = rows[rows.len() - 5..].iter().map(|row| (row[0].as_str(), row[1].as_str())).collect();
        assert_eq!(last, [("Friday, 26 February 2027", "2"), ("Saturday, 27 February 2027", "0"), ("Sunday, 28 February 2027", "0"),
            ("Monday, 1 March 2027", "0"), ("Tuesday, 2 March 2027", "3")]);
    }

    async fn what_waits_is_told_to_whom_it_concerns_and_leads_there(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let twice = paid_twice(&shop).await;
        paid(&shop, "1", 1).await;
        shop.db_write("update mail set status = 'SENT', sent_at = created_at", []).await;
        recount(&shop).await;
        let refunds = "href=\"/manage/acme/rustdays/orders?refund=due\">One order has a payment to be refunded or looked at.";
        let mails = "href=\"/manage/acme/rustdays/mails?status=FAILED\">2 mails were refused, and have to be looked at.";
        let complaints = "href=\"/manage/acme/-/complaints\">One complaint waits for your answer.";
        let offer = "Engines asks for approval";
        let mut owner = shop.app.browser_of(&shop.owner).await;
        let page = owner.open(EVENT).await;
        assert!(page.contains(refunds) && !page.contains("?status=FAILED") && !page.contains("asks for approval"), "{page}");

        shop.db_write("update mail set status = 'FAILED', sent_at = null, error = '550' where kind = 'CONFIRMATION'", []).await;
        let sharing = Sharing { organization: shop.organization.clone(), staff: shop.owner.clone(), event: shop.event.clone(), ticket: shop.ticket_type };
        let engines = sharing.event_partner("Engines", "EXHIBITOR").await;
        sharing.requested(&engines, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        shop.app.complaint(&sharing, "upset@people.example").await;
        recount(&shop).await;
        for (role, expected) in [
            (Role::Owner, [true, true, false, true]), (Role::Manager, [true, true, false, true]), (Role::Finance, [true, false, false, true]),
            (Role::Viewer, [true, false, false, true]), (Role::CheckIn, [false, false, false, true]), (Role::Dpo, [false, false, true, true]),
        ] {
            let page = browser(&shop, role).await.open(EVENT).await;
            let told = [refunds, mails, complaints, offer].map(|line| page.contains(line));
            assert_eq!(told, expected, "{role:?}: {page}");
        }

        // Each line leads to what it counts, and to nothing else.
        let orders = owner.open(&format!("{EVENT}/orders?refund=due")).await;
        assert!(orders.contains(&twice.code) && orders.matches("class=\"mono\"").count() == 1, "{orders}");
        assert!(orders.contains("value=\"due\" selected") && orders.contains("Paid twice"), "{orders}");
        let failed = owner.open(&format!("{EVENT}/mails?status=FAILED")).await;
        assert!(failed.matches("<tr>").count() == 3 && failed.contains("value=\"FAILED\" selected"), "a head and two: {failed}");
        assert!(!failed.contains("tag good"), "{failed}");
        let none = owner.open(&format!("{EVENT}/mails?status=QUEUED")).await;
        assert!(!none.contains("tag bad") && !none.contains("tag good"), "{none}");

        // A mail that goes out again waits no more, and neither does one to an address that is not theirs any more.
        shop.app.store().clock().advance(61_000_000);
        let path = format!("{EVENT}/mails?status=FAILED");
        owner.press(&path, &path, &[]).await.leads_to(&format!("{EVENT}/mails?status=FAILED&done=again"));
        recount(&shop).await;
        let page = owner.open(EVENT).await;
        assert!(page.contains("One mail was refused, and has to be looked at."), "{page}");
    }

    async fn a_button_that_an_order_does_not_have_does_nothing(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let order = paid(&shop, "1", 1).await;
        let mut browser = shop.app.browser_of(&shop.owner).await;
        let path = format!("{EVENT}/orders/{}", order.code);
        let token = browser.open(&path).await.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
        for form in [&[("token", token.as_str())][..], &[("token", token.as_str()), ("again", "yes"), ("key", "1")]] {
            assert_eq!(browser.post(&path, form).await.status, 404, "{form:?}");
            shop.expect(&order, "PAID", "CONFIRMED", &["CONFIRMED"]).await;
        }
        browser.press(&path, &path, &[("cancel", "yes")]).await.leads_to(&format!("{path}?done=cancelled"));
        shop.expect(&order, "CANCELLED", "CANCELLED", &["CONFIRMED"]).await;
    }

    async fn an_orders_mails_are_sent_again_from_its_page_by_who_manages_orders(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (order, other) = (paid(&shop, "1", 2).await, paid(&shop, "2", 1).await);
        shop.db_write("update mail set status = 'SENT', sent_at = created_at", []).await;
        shop.app.store().clock().advance(61_000_000);
        let mut finance = browser(&shop, Role::Finance).await;
        let path = format!("{EVENT}/orders/{}", order.code);
        let page = finance.open(&path).await;
        let mails = section(&page, "mails");
        assert_eq!((mails.matches("<tr>").count(), mails.matches("<form").count()), (4, 3), "a head and three mails: {mails}");
        assert!(mails.contains("1-1@example.org") && !mails.contains("2-0@example.org"), "{mails}");
        let row = mails.split("<tr>").find(|row| row.contains(">Confirmation</th>")).expect("its row");
        let hidden = |name: &str| row.split(&format!("name=\"{name}\" value=\"")).nth(1).and_then(|rest| rest.split('"').next()).expect("a field").to_owned();
        let (token, key, mail) = (hidden("token"), hidden("key"), hidden("mail"));
        for _ in 0..2 {
            let form = [("token", token.as_str()), ("key", &key), ("mail", &mail)];
            finance.post(&path, &form).await.leads_to(&format!("{path}?done=again"));
            assert_eq!(shop.db_mails("CONFIRMATION").await, 3, "the same form sends once");
        }
        let page = finance.open(&format!("{path}?done=again")).await;
        assert!(page.contains("It is on its way again.") && section(&page, "history").contains("Sent a mail again (Confirmation)"), "{page}");
        assert_eq!(finance.get(&format!("{EVENT}/mails")).await.status, 404, "all mails are another matter");
        // Another order's page shows others, and whoever does not manage orders sees none and sends none.
        let theirs = finance.open(&format!("{EVENT}/orders/{}", other.code)).await;
        assert!(!section(&theirs, "mails").contains("1-0@example.org"), "{theirs}");
        let mut viewer = browser(&shop, Role::Viewer).await;
        let seen = viewer.open(&path).await;
        assert!(!seen.contains("id=\"mails\"") && !seen.contains("name=\"mail\""), "{seen}");
        let refused = viewer.press(&path, &path, &[("mail", &mail), ("key", "viewer")]).await;
        assert!(refused.status >= 400, "{}", refused.status);
        assert_eq!(shop.db_mails("CONFIRMATION").await, 3);
    }

    async fn an_orders_history_tells_all_that_happened_in_words_and_who_did_it(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let twice = paid_twice(&shop).await;
        let order = paid(&shop, "1", 2).await;
        let boss = shop.app.db_staff_named(&shop.organization, Role::Manager, "boss@acme.example").await;
        let places = shop.app.db_registrations(&shop.event, &json!(order.code)).await;
        let place = shop.event.public(places[1].id);
        let mut browser = shop.app.browser_of(&boss).await;
        // Who looked at a place, or let it in, is no matter of the order.
        let person = format!("{EVENT}/people/{place}");
        browser.open(&person).await;
        let_in(&shop, &order, 0, "main").await;
        browser.press(&person, &person, &[("go", "cancel")]).await.leads_to(&format!("{person}?done=cancelled"));
        shop.app.store().clock().advance(61_000_000);
        let path = format!("{EVENT}/orders/{}", order.code);
        let mails = section(&browser.open(&path).await, "mails").to_owned();
        let mail = mails.split("name=\"mail\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(mail) = mail {
            browser.press(&path, &path, &[("mail", mail)]).await;
        }
        browser.press(&path, &path, &[("cancel", "yes")]).await.leads_to(&format!("{path}?done=cancelled"));
        let steps = history(&shop, &order).await;
        let by_boss = || Some("boss@acme.example".to_owned());
        let expected = ["markOrderPaid", "orderPaid", "cancelRegistration", "cancelOrder"];
        let told: Vec<&str> = steps.iter().map(|(action, ..)| action.as_str()).filter(|action| *action != "resendMail").collect();
        assert_eq!(told, expected);
        for (action, actor, who) in &steps {
            let (its_actor, its_who) = match action.as_str() {
                "orderPaid" => ("SYSTEM", false),
                "markOrderPaid" => ("STAFF", true),
                _ => { assert_eq!(who, &by_boss(), "{action}"); ("STAFF", true) }
            };
            assert_eq!((actor.as_str(), who.is_some()), (its_actor, its_who), "{action}");
        }
        let page = browser.open(&path).await;
        let shown = section(&page, "history");
        for words in ["Marked an order as paid", "An order was paid (2 places)", "Cancelled a place", "Cancelled an order (one place)", "boss@acme.example", "The program itself"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(!shown.contains("{&#34;") && !shown.contains("Looked at"), "{shown}");

        let steps = history(&shop, &twice).await;
        assert!(steps.iter().any(|(action, actor, who)| action == "refundDue" && actor == "SYSTEM" && who.is_none()), "{steps:?}");
        let page = browser.open(&format!("{EVENT}/orders/{}", twice.code)).await;
        assert!(section(&page, "history").contains("Money has to go back"), "{page}");
    }

    async fn money_that_went_back_is_noted_once_and_reminds_nobody_any_more_until_it_has_to_go_back_after_all(app: TestApp) {
        let shop = Shop::open(app, 10).await;
        let (twice, once) = (paid_twice(&shop).await, paid(&shop, "1", 1).await);
        let mut finance = browser(&shop, Role::Finance).await;
        let (path, due) = (format!("{EVENT}/orders/{}", twice.code), format!("{EVENT}/orders?refund=due"));
        let page = finance.open(&path).await;
        let payment = page.split("name=\"settle\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a button").to_owned();
        assert!(section(&page, "payments").contains("€49.00 is to be given back or looked at."), "{page}");
        let mut buyer = shop.app.browser();
        let order = format!("/order/{}", twice.secret);
        assert!(buyer.open(&order).await.contains("owes it back to you"));
        let reminded = async |finance: &mut Browser| {
            recount(&shop).await;
            let overview = finance.open(EVENT).await;
            (overview.contains("refund=due"), finance.open(&due).await.contains(&twice.code))
        };
        assert_eq!(reminded(&mut finance).await, (true, true));

        for _ in 0..2 {
            finance.press(&path, &path, &[("settle", &payment)]).await.leads_to(&format!("{path}?done=settled"));
        }
        let page = finance.open(&format!("{path}?done=settled")).await;
        assert!(page.contains("Noted: it is settled.") && page.contains("Paid twice: to be refunded. Settled on "), "{page}");
        assert!(!page.contains("name=\"settle\"") && page.contains("name=\"reopen\""), "{page}");
        assert_eq!(section(&page, "history").matches("Noted that money went back").count(), 1, "{page}");
        assert_eq!(reminded(&mut finance).await, (false, false));
        let told = buyer.open(&order).await;
        assert!(told.contains("twice, or in another amount (€49.00) is settled") && !told.contains("owes it back"), "{told}");
        let counted = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { statistics { money { payments { status refundDue refundSettled count } refundsDue } } } } }";
        let money = shop.owner.data(counted, json!({})).await["organization"]["event"]["statistics"]["money"].clone();
        let settled = json!({ "status": "CONFIRMED", "refundDue": "SECOND_PAYMENT", "refundSettled": true, "count": 1 });
        assert!(money["refundsDue"] == 0 && money["payments"].as_array().expect("payments").contains(&settled), "{money:#}");

        finance.press(&path, &path, &[("reopen", &payment)]).await.leads_to(&format!("{path}?done=reopened"));
        assert_eq!(reminded(&mut finance).await, (true, true));
        assert!(section(&finance.open(&path).await, "history").contains("Noted that money is not back yet"));

        // Where nothing has to go back there is nothing to settle, and whoever only looks settles nothing.
        let plain = format!("{EVENT}/orders/{}", once.code);
        assert!(!finance.open(&plain).await.contains("name=\"settle\""));
        let settle = "mutation($input: SettleRefundInput!) { settleRefund(input: $input) { order { id } userErrors { field code } } }";
        let ids = "select id from payment where refund_due is null and status = 'CONFIRMED'";
        let rows = sql::all(shop.app.store().read(), ids, []).await.expect("rows");
        for row in rows {
            let id: uuid::Uuid = row.try_get("", "id").expect("an id");
            let input = json!({ "paymentId": shop.event.public(PaymentId(id)) });
            let refused = shop.owner.data(settle, json!({ "input": input })).await["settleRefund"].clone();
            assert_eq!(refused, json!({ "order": null, "userErrors": [{ "field": ["paymentId"], "code": "WRONG_STATE" }] }));
        }
        let mut viewer = browser(&shop, Role::Viewer).await;
        assert!(!viewer.open(&path).await.contains("name=\"settle\""));
        let refused = viewer.press(&path, &path, &[("settle", &payment)]).await;
        assert!(refused.status >= 400, "{}", refused.status);
        assert_eq!(reminded(&mut finance).await, (true, true));
    }
}
