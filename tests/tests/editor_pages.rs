//! Making and changing an event through the pages, on both databases.

use consentry_domain::Role;
use consentry_tests::app::Browser;
use consentry_tests::{TestApp, on_both_databases};

const NEW: &str = "/manage/acme/-/new";
const EVENT: &str = "/manage/acme/open-day";

/// A browser of somebody who manages events.
async fn manager(app: &TestApp) -> Browser {
    let organization = app.db_organization("acme").await;
    let client = app.db_staff(&organization, Role::Manager).await;
    app.browser_of(&client).await
}

/// What the form for a new event proposes, with this title.
fn form(title: &str) -> Vec<(&str, &str)> {
    vec![
        ("title.en", title),
        ("title.de", ""),
        ("kind", "CONFERENCE"),
        ("startsLocal", "2031-03-03T09:00"),
        ("endsLocal", "2031-03-03T17:00"),
        ("timeZone", "Europe/Berlin"),
        ("venue.name", "Town hall"),
        ("joinUrl", ""),
        ("currency", "EUR"),
        ("slug", ""),
        ("go", "save"),
    ]
}

const TICKET: [(&str, &str); 12] = [
    ("name.en", "Visitor"),
    ("name.de", "Gast"),
    ("price", "0"),
    ("taxRate", "0"),
    ("priceIncludesTax", "yes"),
    ("availableFrom", ""),
    ("availableUntil", ""),
    ("minPerOrder", "1"),
    ("maxPerOrder", "10"),
    ("visibility", "PUBLIC"),
    ("description.en", ""),
    ("go", "save"),
];

/// The form with another value.
fn with<'a>(form: &[(&'a str, &'a str)], name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let others = form
        .iter()
        .map(|(its, old)| (*its, if *its == name { value } else { *old }));
    others.collect()
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("its value").to_owned()
}

on_both_databases! {
    async fn a_free_event_is_made_from_nothing_and_seen_by_anyone(app: TestApp) {
        let mut browser = manager(&app).await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{NEW}\"")));
        let proposed = browser.open(NEW).await;
        assert!(proposed.contains("T09:00\"") && proposed.contains("value=\"Europe/Berlin\" selected"), "{proposed}");
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let draft = browser.open(EVENT).await;
        for page in ["tickets/new", "setup/documents/terms", "setup/documents/privacy-notice"] {
            assert!(draft.contains(&format!("<a href=\"{EVENT}/{page}\">")), "{page}: {draft}");
        }
        assert!(!draft.contains("Say where it takes place") && !draft.contains("name=\"publish\""), "{draft}");
        assert_eq!(app.browser().get("/events/acme/open-day").await.status, 404, "a draft is nobody's business");

        browser.press(&format!("{EVENT}/quotas/new"), &format!("{EVENT}/quotas/new"), &[("name", "Hall"), ("size", "80"), ("go", "save")]).await.leads_to(&format!("{EVENT}/tickets?done=saved"));
        let ticket = format!("{EVENT}/tickets/new");
        let page = browser.open(&ticket).await;
        let quota = page.split("name=\"quotaIds\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a quota").to_owned();
        let mut fields = TICKET.to_vec();
        fields.push(("quotaIds", &quota));
        browser.press(&ticket, &ticket, &fields).await.leads_to(&format!("{EVENT}/tickets?done=saved"));
        for kind in ["terms", "privacy-notice"] {
            let path = format!("{EVENT}/setup/documents/{kind}");
            let sent = browser.press(&path, &path, &[("title.en", "Rules"), ("content.en", "Be kind."), ("required", "yes"), ("go", "save")]).await;
            sent.leads_to(&format!("{EVENT}/setup/documents?done=saved"));
        }
        let ready = browser.open(EVENT).await;
        assert!(ready.contains("name=\"publish\""), "{ready}");
        browser.press(EVENT, EVENT, &[("publish", "yes")]).await.leads_to(EVENT);
        let public = app.browser().open("/events/acme/open-day").await;
        for words in ["Open day", "Visitor", "Town hall", "Monday, 3 March 2031, 09:00"] {
            assert!(public.contains(words), "{words}: {public}");
        }
        let list = browser.open(&format!("{EVENT}/tickets")).await;
        assert!(list.contains("Visitor") && list.contains(">80</td>"), "{list}");
        let german = app.browser().open("/events/acme/open-day?language=de").await;
        assert!(german.contains("Gast"), "{german}");
    }

    async fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(app: TestApp) {
        let mut browser = manager(&app).await;
        let cases = [
            ("title.en", ""), ("endsLocal", "2031-03-03T08:00"), ("startsLocal", "soon"), ("slug", "No Address"),
        ];
        for (name, value) in cases {
            let refused = browser.press(NEW, NEW, &with(&form("Kept title"), name, value)).await;
            assert_eq!(refused.status, 422, "{name}: {}", refused.text);
            assert!(refused.text.contains(&format!("id=\"{name}-error\"")), "{name}: {}", refused.text);
            assert!(name == "title.en" || refused.text.contains("value=\"Kept title\""), "{}", refused.text);
            assert!(refused.text.contains("value=\"Town hall\""), "{}", refused.text);
        }
        let forged = browser.post(NEW, &form("Forged")).await;
        assert!(forged.status == 422 && forged.text.contains("value=\"Forged\""), "{}", forged.text);
        let mut chosen = form("Kept title");
        chosen.retain(|(name, _)| *name != "go");
        chosen.push(("language", "de"));
        let german = browser.press(NEW, NEW, &chosen).await;
        assert!(german.status == 200 && german.text.contains("Neue Veranstaltung") && german.text.contains("value=\"Kept title\""), "{}", german.text);
        assert!(!browser.open("/manage/acme").await.contains("/manage/acme/kept"), "nothing was made");
    }

    async fn sent_twice_one_event_is_made_and_a_second_of_the_same_title_finds_another_address(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let page = browser.open(NEW).await;
        let (token, key) = (hidden(&page, "token"), hidden(&page, "key"));
        let mut again = form("Open day");
        again.extend([("token", token.as_str()), ("key", key.as_str())]);
        for _ in 0..2 {
            browser.post(NEW, &again).await.leads_to("/manage/acme/open-day-2");
        }
        let list = browser.open("/manage/acme").await;
        assert_eq!(list.matches(">Open day</a>").count(), 2, "{list}");
    }

    async fn a_stale_form_loses_nothing_and_says_what_is_stored_now(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let setup = format!("{EVENT}/setup");
        let old = hidden(&browser.open(&setup).await, "revision");
        browser.press(&setup, &setup, &[("title.en", "Theirs"), ("go", "save")]).await.leads_to(&format!("{setup}?done=saved"));
        let mine = [("title.en", "Mine"), ("description.en", "Long <text>"), ("revision", old.as_str()), ("go", "save")];
        let stale = browser.press(&setup, &setup, &mine).await;
        assert_eq!(stale.status, 422, "{}", stale.text);
        assert!(stale.text.contains("value=\"Mine\"") && stale.text.contains("Long &#60;text&#62;") && stale.text.contains("somebody else: Theirs"), "{}", stale.text);
        assert!(browser.open(&setup).await.contains("value=\"Theirs\""), "nothing was overwritten");
        let now = hidden(&stale.text, "revision");
        let again = [("title.en", "Mine"), ("description.en", "Long <text>"), ("revision", now.as_str()), ("go", "save")];
        browser.press(&setup, &setup, &again).await.leads_to(&format!("{setup}?done=saved"));
        assert!(browser.open(&setup).await.contains("value=\"Mine\""));
    }

    async fn a_ticket_is_changed_keeps_its_quota_and_is_taken_out_of_sale(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let (tickets, quota) = (format!("{EVENT}/tickets"), format!("{EVENT}/quotas/new"));
        let saved = format!("{tickets}?done=saved");
        browser.press(&quota, &quota, &[("name", "Hall"), ("size", "80"), ("go", "save")]).await.leads_to(&saved);
        let new = format!("{tickets}/new");
        let page = browser.open(&new).await;
        let id = page.split("name=\"quotaIds\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a quota").to_owned();
        let mut fields = TICKET.to_vec();
        fields.push(("quotaIds", &id));
        browser.press(&new, &new, &fields).await.leads_to(&saved);
        let list = browser.open(&tickets).await;
        let path = list.split(&format!("href=\"{tickets}/")).skip(1).map(|rest| rest.split('"').next().expect("an id")).find(|id| *id != "new").map(|id| format!("{tickets}/{id}")).expect("a ticket");
        // A number of places that it does not take from is offered, and not chosen.
        browser.press(&quota, &quota, &[("name", "Balcony"), ("size", "9"), ("go", "save")]).await.leads_to(&saved);
        let page = browser.open(&path).await;
        assert!(page.contains(&format!("value=\"{id}\" checked")), "{page}");
        assert!(page.contains("Balcony") && page.matches("\" checked><span>").count() == 2, "this one and the tax: {page}");
        let refused = browser.press(&path, &path, &with(&fields, "price", "much")).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"price-error\"") && refused.text.contains("value=\"much\""), "{}", refused.text);
        browser.press(&path, &path, &with(&fields, "price", "49,50")).await.leads_to(&saved);
        assert!(browser.open(&tickets).await.contains("€49.50"));
        browser.press(&path, &path, &[("remove", "yes")]).await.leads_to(&saved);
        assert!(browser.open(&tickets).await.contains("Out of sale"));
    }

    async fn an_event_ends_only_when_somebody_is_sure(app: TestApp) {
        let mut browser = manager(&app).await;
        browser.press(NEW, NEW, &form("Open day")).await.leads_to(EVENT);
        let status = format!("{EVENT}/setup/status");
        let unsure = browser.press(&status, &status, &[("step", "archive")]).await;
        assert!(unsure.status == 422 && unsure.text.contains("id=\"sure-archive-error\"") && unsure.text.contains("Draft"), "{}", unsure.text);
        browser.press(&status, &status, &[("step", "archive"), ("sure", "yes")]).await.leads_to(&format!("{status}?done=archive"));
        let page = browser.open(&status).await;
        assert!(page.contains("Archived") && !page.contains("name=\"step\""), "{page}");
    }
}
