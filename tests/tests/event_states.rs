//! Whether anybody can register: the event's page says why not and what can be done, and so does the form.

use consentry_tests::app::{Answer, Browser, Sharing};
use consentry_tests::{TestApp, on_both_databases};

const EVENT: &str = "/events/acme/rustdays";
const TYPED: [(&str, &str); 4] = [
    ("step", "people"),
    ("person.0.mine", "yes"),
    ("buyer.name", "Ada Lovelace"),
    ("buyer.email", "ada@people.example"),
];

/// What happens to an event, and what its pages say then.
const STATES: [(&str, &str, &str); 7] = [
    (
        "not yet on sale",
        "update ticket_type set available_from = 4102444800000000",
        "Registration opens on Friday, 1 January 2100",
    ),
    (
        "the sale has ended",
        "update ticket_type set available_until = 1",
        "Tickets are no longer on sale. Questions: ",
    ),
    (
        "no tickets",
        "update ticket_type set archived_at = 1",
        "There are no tickets yet. Questions: ",
    ),
    (
        "sold out",
        "update quota set available = 0",
        "There is no ticket left at the moment. Cancelled places come back here",
    ),
    (
        "over",
        "update event set starts_at = 1, ends_at = 2",
        "Registration is over. Questions: ",
    ),
    (
        "closed",
        "update event set status = 'CLOSED'",
        "Registration is over. Questions: ",
    ),
    (
        "cancelled",
        "update event set status = 'CANCELLED'",
        "This event is cancelled. Questions: ",
    ),
];

/// What else the form says while somebody types; the field of the only ticket is among it.
async fn begun(app: &TestApp) -> (Sharing, String, Browser, Answer) {
    let sharing = app.sharing("acme").await;
    app.db_quota(&sharing.event, 5, &[sharing.ticket]).await;
    let field = format!("n.{}", sharing.event.public(sharing.ticket));
    let mut browser = app.browser();
    let page = browser.get(&format!("{EVENT}/register?{field}=1")).await;
    assert_eq!(page.status, 200, "{}", page.text);
    (sharing, field, browser, page)
}

/// The lines of a calendar file that begin so.
fn line<'a>(file: &'a str, name: &str) -> &'a str {
    let mut found = file.lines().filter_map(|line| line.strip_prefix(name));
    found.next().unwrap_or_default()
}

on_both_databases! {
    async fn not_yet_on_sale(app: TestApp) { says(&app, 0).await; }
    async fn the_sale_has_ended(app: TestApp) { says(&app, 1).await; }
    async fn no_tickets(app: TestApp) { says(&app, 2).await; }
    async fn sold_out(app: TestApp) { says(&app, 3).await; }
    async fn over(app: TestApp) { says(&app, 4).await; }
    async fn closed(app: TestApp) { says(&app, 5).await; }
    async fn cancelled(app: TestApp) { says(&app, 6).await; }

    async fn the_last_place_sent_twice_is_one_order_and_a_place_that_comes_back_can_be_taken(app: TestApp) {
        let (_, field, mut browser, page) = begun(&app).await;
        app.db_execute("update quota set available = 1").await;
        let summary = browser.answer(&page, &format!("{EVENT}/register"), &[&TYPED[..], &[("go", "sharing")]].concat()).await;
        let first = browser.answer(&summary, &format!("{EVENT}/register"), &[("go", "order")]).await;
        let again = browser.answer(&summary, &format!("{EVENT}/register"), &[("go", "order")]).await;
        assert!(first.status == 303 && first.header("location") == again.header("location"), "{}", again.text);
        let late = browser.answer(&page, &format!("{EVENT}/register"), &[&TYPED[..], &[("go", "sharing"), ("key", "another")]].concat()).await;
        assert!(late.status == 422 && late.text.contains("There is no ticket left"), "{}", late.text);
        app.db_execute("update quota set available = 1").await;
        let tickets = browser.answer(&late, &format!("{EVENT}/register"), &[("go", "tickets")]).await;
        assert!(tickets.status == 200 && tickets.text.contains(&format!("<select class=\"short\" id=\"{field}\"")), "{}", tickets.text);
        assert!(tickets.text.contains("<option value=\"1\" selected>") && tickets.text.contains("value=\"Ada Lovelace\""), "nothing is lost: {}", tickets.text);
    }

    async fn the_calendar_file_follows_the_event_and_the_mail_about_its_end_names_the_same_entry(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let before = app.browser().open(&format!("{EVENT}/calendar.ics")).await;
        assert_eq!((line(&before, "STATUS:"), line(&before, "SEQUENCE:")), ("CONFIRMED", "1"), "{before}");
        app.anonymous().register(&sharing.event, "1", &[(sharing.ticket, "ada@people.example")]).await;
        let document = "mutation($input: CancelEventInput!) { cancelEvent(input: $input) { userErrors { message } } }";
        let input = serde_json::json!({ "input": { "eventId": sharing.event.public_id() } });
        sharing.staff.done("cancelEvent", document, input).await;
        consentry::services::registration::end_called_off(&app.platform).await.expect("a step");
        let after = app.browser().open(&format!("{EVENT}/calendar.ics")).await;
        assert_eq!((line(&after, "STATUS:"), line(&after, "SEQUENCE:")), ("CANCELLED", "2"), "{after}");
        let unfolded = after.replace("\r\n ", "");
        let uid = line(&unfolded, "UID:");
        assert!(uid.ends_with("@consentry") && before.replace("\r\n ", "").contains(uid), "{after}");
        let mails = app.db_mails().await;
        let mail = mails.iter().find(|mail| mail.kind == "CANCELLATION").expect("a mail");
        assert_eq!(mail.data["public_calendar"]["uid"], uid, "{}", mail.data);
        assert!(mail.data["public_calendar"]["sequence"].as_i64() >= Some(2), "{}", mail.data);
        assert_ne!(mail.data["calendar"]["uid"], uid, "the entry of a place comes and goes alone");
    }
}

/// The event's page says the sentence, the form leads there, and whoever was typing is told without losing anything.
async fn says(app: &TestApp, state: usize) {
    let (name, change, sentence) = STATES[state];
    let (_, field, mut browser, page) = begun(app).await;
    app.db_execute(change).await;
    let shown = browser.open(EVENT).await;
    assert!(shown.contains(sentence), "{name}: {shown}");
    assert!(
        !shown.contains("<form action=") && !shown.contains("<select"),
        "{name}: {shown}"
    );
    for query in ["", &format!("?{field}=1")] {
        browser.get(&format!("{EVENT}/register{query}")).await.leads_to(EVENT);
    }
    for go in ["sharing", "order", "tickets"] {
        let form = [&TYPED[..], &[("go", go)]].concat();
        let told = browser.answer(&page, &format!("{EVENT}/register"), &form).await;
        assert!(
            told.status == 422 && told.text.contains(sentence),
            "{name}, {go}: {}",
            told.text
        );
        assert!(
            told.text.contains("name=\"buyer.name\" value=\"Ada Lovelace\"") && !told.text.contains("value=\"people\""),
            "{name}, {go}: {}",
            told.text
        );
        assert!(
            told.text.contains(&format!("href=\"{EVENT}\"")),
            "{name}: {}",
            told.text
        );
    }
}
