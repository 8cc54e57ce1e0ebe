//! Registering through the pages, without a script: ages, guardians, the invoice, and sending a form once more.

use consentry::platform::store::sql;
use consentry_domain::Role;
use consentry_tests::app::{Answer, Browser, Sharing};
use consentry_tests::{TestApp, on_both_databases};

const PATH: &str = "/events/acme/rustdays/register";
const STEPS: &str = "/manage/acme/rustdays/preview/steps";
const BUYER: [(&str, &str); 3] = [
    ("person.0.mine", "yes"),
    ("buyer.name", "Ada Lovelace"),
    ("buyer.email", "ada@people.example"),
];
const OTHER: [(&str, &str); 2] = [("person.1.name", "Bo Young"), ("person.1.email", "bo@people.example")];

/// An event at which a partner asks for names.
async fn asking(app: &TestApp) -> Sharing {
    let sharing = app.sharing("acme").await;
    sharing.offer("Ferris", &["FULL_NAME", "POSTAL_ADDRESS"]).await;
    sharing
}

/// The page on which this many people say who they are.
async fn people(browser: &mut Browser, sharing: &Sharing, places: usize) -> Answer {
    let ticket = sharing.event.public(sharing.ticket);
    let page = browser.get(&format!("{PATH}?n.{ticket}={places}")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// Presses the button that leads to this step, with what was typed.
async fn go(browser: &mut Browser, page: &Answer, step: &str, typed: &[&[(&str, &str)]]) -> Answer {
    let form = [&typed.concat()[..], &[("go", step)]].concat();
    browser.answer(page, PATH, &form).await
}

/// Says on the step of this page that nothing is shared, and orders.
async fn order_sharing_nothing(browser: &mut Browser, sharing: &Answer) {
    assert!(
        sharing.status == 200 && sharing.text.contains("name=\"nothing\""),
        "{}",
        sharing.text
    );
    let summary = browser.answer(sharing, PATH, &[("nothing", "yes")]).await;
    assert_eq!(summary.status, 200, "{}", summary.text);
    let ordered = go(browser, &summary, "order", &[]).await;
    let place = ordered.header("location");
    assert!(
        ordered.status == 303 && place.starts_with("/order/"),
        "{}",
        ordered.text
    );
}

/// Each of these fields has something wrong, said beside it and led to from above.
fn lacks(page: &Answer, fields: &[&str]) {
    assert_eq!(page.status, 422, "{}", page.text);
    for field in fields {
        let said = format!("id=\"{field}-error\"");
        let link = format!("href=\"#{field}\"");
        let there = format!("id=\"{field}\"");
        for part in [&said, &link, &there] {
            assert!(page.text.contains(part.as_str()), "{part}: {}", page.text);
        }
    }
    assert_eq!(page.text.matches("href=\"#").count() - 1, fields.len(), "{}", page.text);
}

/// The first day of the year in which somebody was born who is so old.
async fn born(app: &TestApp, age: i32) -> String {
    let (year, ..) = app.store().now().await.expect("a time").day().ymd();
    format!("{}-01-01", year - age)
}

async fn count(app: &TestApp, text: &str) -> i64 {
    let row = sql::one(app.store().read(), text, []).await;
    row.expect("a count").try_get("", "n").expect("a number")
}

/// Places, those that wait for a guardian, and guardians that are asked.
async fn places(app: &TestApp) -> (i64, i64, i64) {
    (
        count(app, "select count(*) as n from registration").await,
        count(app, "select count(*) as n from registration where pending_guardian").await,
        count(app, "select count(*) as n from guardian_request").await,
    )
}

/// The form's key, as this page carries it.
fn key(page: &Answer) -> &str {
    let rest = page.text.split("name=\"key\" value=\"").nth(1).expect("a key");
    rest.split('"').next().expect("an end")
}

on_both_databases! {
    async fn where_a_parent_has_to_permit_it_each_place_says_so_and_refusing_to_share_changes_nothing(app: TestApp) {
        let sharing = asking(&app).await;
        app.db_change_event(&sharing.event, "requires_parental_permission = true").await;
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 2).await;
        assert!(page.text.contains("name=\"person.0.age\"") && page.text.contains("name=\"person.1.age\""), "{}", page.text);
        assert!(!page.text.contains(".born\""), "nobody needs a date of birth: {}", page.text);
        let asked = go(&mut browser, &page, "sharing", &[&BUYER, &OTHER]).await;
        lacks(&asked, &["person.0.age", "person.1.age"]);
        let ages = [("person.0.age", "yes"), ("person.1.age", "no")];
        let asked = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages]).await;
        lacks(&asked, &["person.1.guardian.name", "person.1.guardian.email"]);
        assert!(asked.text.contains("name=\"person.1.age\" value=\"no\" required checked"), "{}", asked.text);
        // What only the API judges is said there as well.
        let own = [("person.1.guardian.name", "Bo Old"), ("person.1.guardian.email", "BO@people.example")];
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages, &own]).await;
        let summary = browser.answer(&step, PATH, &[("nothing", "yes")]).await;
        let asked = go(&mut browser, &summary, "order", &[]).await;
        lacks(&asked, &["person.1.guardian.email"]);
        let guardian = [("person.1.guardian.name", "Bo Old"), ("person.1.guardian.email", "old@people.example")];
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages, &guardian]).await;
        assert!(!step.text.contains("name=\"age\"") && !step.text.contains("id=\"guardian.name\""), "it is known: {}", step.text);
        order_sharing_nothing(&mut browser, &step).await;
        assert_eq!(places(&app).await, (2, 1, 1));
    }

    async fn where_nobody_asks_for_anything_a_parent_can_permit_it_all_the_same(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_change_event(&sharing.event, "requires_parental_permission = true").await;
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let summary = go(&mut browser, &page, "sharing", &[&BUYER, &[("person.0.age", "yes")]]).await;
        let ordered = go(&mut browser, &summary, "order", &[]).await;
        assert_eq!(ordered.status, 303, "{}", ordered.text);
        assert_eq!(places(&app).await, (1, 0, 0));
    }

    async fn a_minor_by_the_date_of_birth_names_a_guardian_beside_it(app: TestApp) {
        let sharing = asking(&app).await;
        app.db_change_event(&sharing.event, "requires_parental_permission = true, asks_date_of_birth = true").await;
        let (adult, minor) = (born(&app, 30).await, born(&app, 10).await);
        let ages = [("person.0.born", adult.as_str()), ("person.1.born", minor.as_str())];
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 2).await;
        assert!(!page.text.contains(".age\"") && page.text.contains("name=\"person.0.guardian.email\""), "{}", page.text);
        let asked = go(&mut browser, &page, "sharing", &[&BUYER, &OTHER]).await;
        lacks(&asked, &["person.0.born", "person.1.born"]);
        let asked = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages]).await;
        lacks(&asked, &["person.1.guardian.name", "person.1.guardian.email"]);
        assert_eq!(asked.text.matches("<details open>").count(), 1, "the minor's alone is open: {}", asked.text);
        let guardian = [("person.1.guardian.name", "Bo Old"), ("person.1.guardian.email", "old@people.example")];
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages, &guardian]).await;
        assert!(!step.text.contains("id=\"age\""), "{}", step.text);
        order_sharing_nothing(&mut browser, &step).await;
        assert_eq!(places(&app).await, (2, 1, 1));
    }

    async fn a_minimum_above_the_age_of_consent_takes_the_date_of_birth_though_the_event_asks_nobody_for_it(app: TestApp) {
        let sharing = asking(&app).await;
        app.db_change_event(&sharing.event, "minimum_age = 18").await;
        let (adult, minor) = (born(&app, 30).await, born(&app, 16).await);
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        assert!(page.text.contains("Attendees are at least 18 years old on the first day.") && !page.text.contains(".age\""), "{}", page.text);
        let asked = go(&mut browser, &page, "sharing", &[&BUYER]).await;
        lacks(&asked, &["person.0.born"]);
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &[("person.0.born", &minor)]]).await;
        let summary = browser.answer(&step, PATH, &[("nothing", "yes")]).await;
        let asked = go(&mut browser, &summary, "order", &[]).await;
        lacks(&asked, &["person.0.born"]);
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &[("person.0.born", &adult)]]).await;
        order_sharing_nothing(&mut browser, &step).await;
        assert_eq!(places(&app).await, (1, 0, 0));
    }

    async fn a_minimum_up_to_the_age_of_consent_takes_the_date_of_birth_of_those_under_it_alone(app: TestApp) {
        let sharing = asking(&app).await;
        app.db_change_event(&sharing.event, "minimum_age = 14").await;
        let young = born(&app, 15).await;
        let ages = [("person.0.age", "yes"), ("person.1.age", "no")];
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 2).await;
        let asked = go(&mut browser, &page, "sharing", &[&BUYER, &OTHER]).await;
        lacks(&asked, &["person.0.age", "person.1.age"]);
        let asked = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages]).await;
        lacks(&asked, &["person.1.born"]);
        let step = go(&mut browser, &asked, "sharing", &[&BUYER, &OTHER, &ages, &[("person.1.born", &young)]]).await;
        assert!(!step.text.contains("id=\"age\""), "the buyer is of age: {}", step.text);
        order_sharing_nothing(&mut browser, &step).await;
        assert_eq!(places(&app).await, (2, 0, 0));
        assert_eq!(count(&app, "select count(*) as n from registration where date_of_birth is not null").await, 1);
    }

    async fn who_is_known_to_be_under_age_is_asked_for_a_guardian_where_something_is_shared(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME"]).await;
        app.db_change_event(&sharing.event, "minimum_age = 14").await;
        let young = born(&app, 15).await;
        let ages = [("person.0.age", "no"), ("person.0.born", young.as_str())];
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let step = go(&mut browser, &page, "sharing", &[&BUYER, &ages]).await;
        assert!(step.text.contains("id=\"guardian.name\"") && !step.text.contains("name=\"age\""), "{}", step.text);
        let tick = format!("share.{}", offer.public_id);
        let asked = go(&mut browser, &step, "summary", &[&[(tick.as_str(), "1")]]).await;
        lacks(&asked, &["guardian.name", "guardian.email"]);
        let guardian = [(tick.as_str(), "1"), ("guardian.name", "Ada Old"), ("guardian.email", "old@people.example")];
        let summary = go(&mut browser, &asked, "summary", &[&guardian]).await;
        go(&mut browser, &summary, "order", &[]).await;
        assert_eq!(places(&app).await, (1, 0, 1), "the place waits for nobody");
    }

    async fn nothing_is_kept_of_the_age_and_of_a_guardian_where_all_ticks_were_taken_back(app: TestApp) {
        let sharing = asking(&app).await;
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let step = go(&mut browser, &page, "sharing", &[&BUYER]).await;
        assert!(step.text.contains("name=\"age\" value=\"yes\"") && step.text.contains("id=\"guardian.name\""), "{}", step.text);
        let said = [("age", "no"), ("guardian.name", "Ada Old"), ("guardian.email", "old@people.example")];
        let summary = go(&mut browser, &step, "summary", &[&said]).await;
        let ordered = go(&mut browser, &summary, "order", &[]).await;
        assert_eq!((ordered.status, places(&app).await), (303, (1, 0, 0)), "{}", ordered.text);
    }

    async fn a_form_that_was_ordered_with_says_so_and_orders_again_at_the_next_press(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let summary = go(&mut browser, &page, "sharing", &[&BUYER]).await;
        let first = go(&mut browser, &summary, "order", &[]).await;
        let twice = go(&mut browser, &summary, "order", &[]).await;
        assert_eq!((first.status, first.header("location")), (303, twice.header("location")), "pressed twice it is one order");
        let changed = go(&mut browser, &summary, "order", &[&[("buyer.name", "Ada King")]]).await;
        assert!(changed.status == 422 && changed.text.contains("Something was ordered with this form before."), "{}", changed.text);
        assert!(changed.text.contains("Ada King") && key(&changed) != key(&summary), "{}", changed.text);
        assert_eq!(count(&app, "select count(*) as n from \"order\"").await, 1);
        let second = go(&mut browser, &changed, "order", &[]).await;
        assert!(second.status == 303 && second.header("location") != first.header("location"), "{}", second.text);
        assert_eq!(count(&app, "select count(*) as n from \"order\"").await, 2);
    }

    async fn a_complaint_that_was_sent_and_changed_says_so_and_is_filed_at_the_next_press(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut browser = app.browser_of(&ada.client).await;
        let home = browser.open("/me").await;
        let id = home.split("href=\"/me/data/").nth(1).expect("a link").split('"').next().expect("an id");
        let new = format!("/me/data/{id}/complaints/new");
        let page = browser.get(&new).await;
        browser.answer(&page, &new, &[("text", "They call."), ("go", "file")]).await.leads_to(&format!("/me/data/{id}/complaints?done=filed"));
        let changed = browser.answer(&page, &new, &[("text", "They call every day."), ("go", "file")]).await;
        assert!(changed.status == 422 && changed.text.contains("This form has been sent before."), "{}", changed.text);
        assert!(changed.text.contains("They call every day.") && key(&changed) != key(&page), "{}", changed.text);
        browser.answer(&changed, &new, &[("text", "They call every day."), ("go", "file")]).await.leads_to(&format!("/me/data/{id}/complaints?done=filed"));
        assert_eq!(count(&app, "select count(*) as n from complaint").await, 2);
    }

    async fn an_invoice_that_was_begun_is_finished_and_stands_on_the_summary(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let whole = [
            ("bill.company", "Engines <Ltd>"), ("bill.street", "1 Mill Lane"), ("bill.code", "12345"), ("bill.city", "Riverton"),
            ("bill.country", "DE"), ("bill.vat", "DE123"), ("bill.purchase", "PO-7"),
        ];
        for begun in [("bill.vat", "DE123"), ("bill.purchase", "PO-7"), ("bill.city", "Riverton"), ("bill.code", "12345")] {
            let mut browser = app.browser();
            let page = people(&mut browser, &sharing, 1).await;
            let summary = go(&mut browser, &page, "sharing", &[&BUYER, &[begun]]).await;
            assert!(summary.status == 200 && summary.text.contains(&format!("<dd>{}</dd>", begun.1)), "{begun:?}: {}", summary.text);
            let asked = go(&mut browser, &summary, "order", &[]).await;
            let missing: Vec<&str> = ["bill.street", "bill.city", "bill.country"].into_iter().filter(|field| *field != begun.0).collect();
            lacks(&asked, &missing);
            assert!(asked.text.contains("<details open>"), "{begun:?}: {}", asked.text);
        }
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let plain = go(&mut browser, &page, "sharing", &[&BUYER]).await;
        assert!(!plain.text.contains("<dl class=\"facts\">"), "{}", plain.text);
        let summary = go(&mut browser, &page, "sharing", &[&BUYER, &whole]).await;
        for words in ["Engines &#60;Ltd&#62;", "1 Mill Lane", "12345", "Riverton", "Germany", "DE123", "PO-7"] {
            assert!(summary.text.contains(&format!("<dd>{words}</dd>")), "{words}: {}", summary.text);
        }
        let ordered = go(&mut browser, &summary, "order", &[]).await;
        assert_eq!(ordered.status, 303, "{}", ordered.text);
        assert_eq!(count(&app, "select count(*) as n from billing_party").await, 1);
    }

    async fn a_postal_code_without_a_street_is_asked_about(app: TestApp) {
        let sharing = asking(&app).await;
        let mut browser = app.browser();
        let page = people(&mut browser, &sharing, 1).await;
        let step = go(&mut browser, &page, "sharing", &[&BUYER, &[("person.0.code", "12345"), ("person.0.city", "Riverton"), ("person.0.country", "DE")]]).await;
        let summary = browser.answer(&step, PATH, &[("nothing", "yes")]).await;
        let asked = go(&mut browser, &summary, "order", &[]).await;
        lacks(&asked, &["person.0.street"]);
        let step = go(&mut browser, &page, "sharing", &[&BUYER, &[("person.0.city", "Riverton"), ("person.0.country", "DE")]]).await;
        order_sharing_nothing(&mut browser, &step).await;
    }

    async fn german_pages_say_in_german_what_speaks_against_tickets_and_against_publishing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_quota(&sharing.event, 1, &[sharing.ticket]).await;
        let ticket = sharing.event.public(sharing.ticket);
        let mut browser = app.browser();
        browser.get("/?language=de").await;
        let asked = browser.get(&format!("{PATH}?n.{ticket}=2")).await;
        assert!(asked.status == 422 && asked.text.contains("So viele Plätze sind nicht mehr frei."), "{}", asked.text);
        assert!(!asked.text.contains("places are left"), "{}", asked.text);
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        app.db_event(&sharing.organization, "draft", |row| {
            row.status = consentry_domain::EventStatus::Draft;
            row.published_at = None;
            row.venue = None;
        }).await;
        let mut browser = app.browser_of(&manager).await;
        browser.get("/?language=de").await;
        let page = browser.open("/manage/acme/draft").await;
        for words in ["Legen Sie mindestens ein Ticket an.", "Geben Sie an, wo sie stattfindet.", "Fügen Sie die Bedingungen hinzu."] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("Add the terms."), "{page}");
    }

    async fn whoever_makes_a_draft_tries_out_its_steps_and_nothing_is_stored(app: TestApp) {
        let sharing = asking(&app).await;
        app.db_execute("update event set status = 'DRAFT'").await;
        app.db_execute("update ticket_type set price_minor = 5000, available_from = 7000000000000000").await;
        let ticket = format!("n.{}", sharing.event.public(sharing.ticket));
        let tables = ["\"order\"", "registration", "person", "mail", "outbox", "audit_entry", "consent_record", "idempotency_key"];
        let stored = async || {
            let mut all = Vec::new();
            for table in tables {
                all.push(count(&app, &format!("select count(*) as n from {table}")).await);
            }
            all
        };
        let mut browser = app.browser_of(&sharing.staff).await;
        let before = stored().await;
        assert!(browser.open("/manage/acme/rustdays/preview").await.contains(&format!("href=\"{STEPS}\"")));
        let first = browser.get(STEPS).await;
        let mut on = async |page: &Answer, typed: &[(&str, &str)]| {
            let next = browser.answer(page, STEPS, typed).await;
            assert!(next.text.contains("Preview: nothing is stored") && next.text.contains("novalidate"), "{typed:?}: {}", next.text);
            next
        };
        assert!(first.status == 200 && first.text.contains(&format!("name=\"{ticket}\"")), "{}", first.text);
        assert_eq!(on(&first, &[(ticket.as_str(), "0"), ("go", "people")]).await.status, 422, "nobody comes");
        let people = on(&first, &[(ticket.as_str(), "2"), ("go", "people")]).await;
        assert!(people.status == 200 && people.text.contains("value=\"Kim Example\"") && people.text.contains("name=\"person.1.name\""), "{}", people.text);
        // Only who comes and the name are typed; nothing else has to be.
        let asked = on(&people, &[("person.0.mine", "yes"), ("buyer.name", "Kim Other"), ("go", "sharing")]).await;
        assert!(asked.status == 200 && asked.text.contains("Ferris") && asked.text.contains("Kim Other"), "{}", asked.text);
        for last in [("nothing", "yes"), ("go", "summary")] {
            let summary = on(&asked, &[last]).await;
            assert!(summary.status == 200 && summary.text.contains("€100.00") && summary.text.contains("disabled"), "{}", summary.text);
            assert!(!summary.text.contains("value=\"order\"") && summary.text.contains("does nothing"), "{}", summary.text);
            // Whoever sends it all the same orders nothing.
            assert_eq!(on(&summary, &[("go", "order")]).await.status, 200);
        }
        assert_eq!(stored().await, before);
        assert_eq!(app.browser().get(PATH).await.status, 404, "the public has no such event");

        let outsider = app.db_organization("other").await;
        for who in [app.db_staff(&sharing.organization, Role::Viewer).await, app.db_staff(&outsider, Role::Owner).await] {
            let mut other = app.browser_of(&who).await;
            assert_eq!(other.get(STEPS).await.status, 404);
            assert_eq!(other.answer(&first, STEPS, &[(ticket.as_str(), "1"), ("go", "people")]).await.status, 404);
        }
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let mut german = app.browser_of(&manager).await;
        assert_eq!(german.get(STEPS).await.status, 200);
        let german = german.answer(&asked, STEPS, &[("language", "de")]).await;
        assert!(german.status == 200 && german.text.contains("Vorschau: nichts wird gespeichert") && german.text.contains("Ferris"), "{}", german.text);
        app.browser().get(STEPS).await.leads_to("/sign-in");
    }
}
