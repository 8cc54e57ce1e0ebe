//! Complaining, and answering, on the pages: from "Who has my data" to the mail, without a script.

use consentry_domain::Role;
use consentry_tests::app::{Browser, SeededAttendee, Sharing};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

/// The path of the data that the first organization holds.
async fn data_path(browser: &mut Browser) -> String {
    let page = browser.open("/me").await;
    let rest = page.split("href=\"/me/data/").nth(1).expect("a link");
    format!("/me/data/{}", rest.split('"').next().expect("an id"))
}

/// The addresses of links that begin so.
fn links(page: &str, start: &str) -> Vec<String> {
    let found = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let found = found.map(|link| link.replace("&#38;", "&"));
    found.filter(|link| link.starts_with(start)).collect()
}

/// Somebody of whom a partner received the address.
async fn disclosed(app: &TestApp, sharing: &Sharing) -> SeededAttendee {
    let offer = sharing.offer("Ferris", &["EMAIL"]).await;
    let ada = app.db_attendee(sharing, "ada@people.example", |_| ()).await;
    ada.grant(app, &offer, 1, &["EMAIL"]).await;
    let pull = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 9) { nodes { email } } } }";
    app.puller(&offer).await.data(pull, json!({})).await;
    ada
}

/// How many complaints there are.
async fn count(app: &TestApp) -> i64 {
    let text = "select count(*) as n from complaint";
    let row = consentry::platform::store::sql::one(app.store().read(), text, []).await;
    row.expect("a count").try_get("", "n").expect("a number")
}

on_both_databases! {
    async fn one_complains_of_what_was_disclosed_and_reads_the_answer(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = disclosed(&app, &sharing).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let (mut browser, mut desk) = (app.browser_of(&ada.client).await, app.browser_of(&officer).await);
        assert!(!desk.open("/manage/acme").await.contains("Needs you"), "nothing waits");
        let data = data_path(&mut browser).await;
        let list = format!("{data}/complaints");
        let new = links(&browser.open(&data).await, &format!("{list}/new?about="));
        assert_eq!(new.len(), 1, "one button for each disclosure");
        let form = browser.open(&new[0]).await;
        assert!(form.contains("This is about what Ferris GmbH received on"), "{form}");

        // Nothing is kept of what another site sends, of an empty form, nor of another language; what was typed stays.
        let switched = browser.press(&new[0], &new[0], &[("text", "They <b>call"), ("language", "de")]).await;
        assert!(switched.status == 200 && switched.text.contains("They &#60;b&#62;call</textarea>") && switched.text.contains("lang=\"de\""), "{}", switched.text);
        browser.press(&new[0], &new[0], &[("language", "en")]).await;
        let forged = browser.post(&new[0], &[("text", "They <b>call"), ("key", "k"), ("go", "file")]).await;
        assert!(forged.status == 422 && forged.text.contains("They &#60;b&#62;call</textarea>"), "{}", forged.text);
        let empty = browser.press(&new[0], &new[0], &[("text", " "), ("go", "file")]).await;
        assert!(empty.status == 422 && empty.text.contains("id=\"text-error\"") && empty.text.contains("href=\"#text\""), "{}", empty.text);
        assert_eq!(count(&app).await, 0);

        let typed = [("text", "They <b>call\r\nevery day"), ("key", "once"), ("go", "file")];
        for _ in 0..2 {
            browser.press(&new[0], &new[0], &typed).await.leads_to(&format!("{list}?done=filed"));
        }
        assert_eq!(count(&app).await, 1, "pressed twice it is one complaint");
        let page = browser.open(&format!("{list}?done=filed")).await;
        for words in ["Your complaint has arrived", "Ferris GmbH", "Waits for an answer", "To be answered by", "They &#60;b&#62;call\nevery day", "supervisory authority"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        browser.get("/me/complaints").await.leads_to(&list);

        let home = desk.open("/manage/acme").await;
        assert!(home.contains("Needs you") && home.contains("One complaint waits for your answer."), "{home}");
        let page = desk.open("/manage/acme/-/complaints").await;
        assert!(page.contains("ada Lovelace") && page.contains("About Ferris GmbH") && page.contains("Waits for an answer") && !page.contains("every day"), "{page}");
        let one = links(&page, "/manage/acme/-/complaints/").remove(0);
        let page = desk.open(&one).await;
        for words in ["They &#60;b&#62;call\nevery day", "ada@people.example", "Ferris GmbH", &format!("href=\"/manage/acme/rustdays/people/{}\"", ada.public_id)] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let empty = desk.press(&one, &one, &[("answer", " "), ("go", "save")]).await;
        assert!(empty.status == 422 && empty.text.contains("id=\"answer-error\""), "{}", empty.text);
        let forged = desk.post(&one, &[("answer", "No"), ("revision", "1"), ("go", "save")]).await;
        assert!(forged.status == 422 && forged.text.contains("No</textarea>"), "{}", forged.text);
        let stale = desk.press(&one, &one, &[("answer", "Half an answer"), ("revision", "7"), ("go", "save")]).await;
        assert!(stale.status == 422 && stale.text.contains("Half an answer</textarea>"), "{}", stale.text);
        desk.press(&one, &one, &[("answer", "We told them\nto stop."), ("go", "save")]).await.leads_to(&format!("{one}?done=answered"));
        let page = desk.open(&format!("{one}?done=answered")).await;
        assert!(page.contains("A mail is on its way") && page.contains("We told them\nto stop.") && !page.contains("<textarea"), "{page}");
        assert!(!desk.open("/manage/acme").await.contains("Needs you"));
        let page = browser.open(&list).await;
        assert!(page.contains("Answered on") && page.contains("We told them\nto stop."), "{page}");
        let log = desk.open("/manage/acme/-/log").await;
        for words in ["Complained about the use of their data", "Looked at complaints", "Looked at a complaint", "Answered a complaint"] {
            assert!(log.contains(words), "{words}: {log}");
        }
    }

    async fn one_complains_in_general_too_and_never_of_what_is_somebody_elses(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = disclosed(&app, &sharing).await;
        let eve = app.db_attendee(&sharing, "eve@people.example", |_| ()).await;
        let (mut browser, mut other) = (app.browser_of(&ada.client).await, app.browser_of(&eve.client).await);
        let (mine, hers) = (data_path(&mut browser).await, data_path(&mut other).await);
        let about = links(&browser.open(&mine).await, &format!("{mine}/complaints/new?about=")).remove(0);
        let query = about.split_once('?').expect("a query").1;
        let missing = other.get("/me/data/nonsense/complaints").await;
        assert_eq!(missing.status, 404);
        for path in [format!("{mine}/complaints"), format!("{mine}/complaints/new"), format!("{hers}/complaints/new?{query}"), format!("{hers}/complaints/new?about=x")] {
            assert_eq!(other.get(&path).await.said(), missing.said(), "{path}: as if it were not there");
            app.browser().get(&path).await.leads_to("/sign-in");
        }
        assert!(other.open("/me/complaints").await.contains("You have not complained so far."));
        let new = format!("{hers}/complaints/new");
        assert!(other.open(&hers).await.contains(&format!("href=\"{new}\"")));
        other.press(&new, &new, &[("text", "All of it"), ("go", "file")]).await.leads_to(&format!("{hers}/complaints?done=filed"));
        assert!(other.open(&format!("{hers}/complaints")).await.contains("All of it"));
        assert!(!browser.open(&format!("{mine}/complaints")).await.contains("All of it"));
        assert_eq!(count(&app).await, 1);
    }

    async fn what_is_late_says_so_in_words(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.complaint(&sharing, "ada@people.example").await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        app.db_execute("update complaint set opened_at = 1, due_at = 2").await;
        let mut desk = app.browser_of(&officer).await;
        let home = desk.open("/manage/acme").await;
        assert!(home.contains("One complaint waits for your answer. One of them is overdue."), "{home}");
        assert!(desk.open("/manage/acme/-/complaints").await.contains("Overdue"));
        let german = desk.open("/manage/acme/-/complaints?language=de").await;
        assert!(german.contains("Überfällig") && german.contains("Beschwerden"), "{german}");
    }
}
