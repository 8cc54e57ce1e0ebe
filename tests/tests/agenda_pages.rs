//! An agenda of any length on the event's page: nothing of it is lost, no page is large, and none costs more than another.

use std::collections::BTreeSet;

use consentry_tests::app::{Browser, Sharing, text};
use consentry_tests::{TestApp, on_both_databases};

use crate::page_costs::statements;

const PAGE: &str = "/events/acme/rustdays";

/// Every page of the agenda from this address on: the talks on each, in their order.
async fn walked(browser: &mut Browser, path: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next.take() {
        let page = browser.open(&path).await;
        assert!(page.len() < 100_000, "{} bytes at {path}", page.len());
        let (_, agenda) = page.split_once("id=\"agenda\"").expect("an agenda");
        let talks = agenda.split("<strong>Talk ").skip(1);
        pages.push(
            talks
                .map(|rest| rest.split('<').next().expect("a title").to_owned())
                .collect(),
        );
        let link = page
            .split_once("rel=\"next\" href=\"")
            .and_then(|(_, rest)| rest.split('"').next());
        next = link.map(|link| link.replace("&#38;", "&").trim_end_matches("#agenda").to_owned());
        assert!(pages.len() < 50, "it never ends");
    }
    pages
}

async fn talks(app: &TestApp, sharing: &Sharing, numbers: std::ops::Range<i64>) {
    for number in numbers {
        let talk = app.db_talk(&sharing.event, &format!("Talk {number:03}"), number).await;
        if number % 50 == 0 {
            app.db_speaker(&sharing.event, &format!("Speaker {number}"), &[talk])
                .await;
        }
    }
}

on_both_databases! {
    async fn a_long_agenda_goes_on_behind_a_link_and_every_session_is_found(app: TestApp) {
        let sharing = app.sharing("acme").await;
        talks(&app, &sharing, 0..3).await;
        let mut browser = app.browser();
        let few = browser.get(PAGE).await;
        assert!(few.text.contains("Talk 002") && !few.text.contains("rel=\"next\""), "{}", few.text);
        talks(&app, &sharing, 3..101).await;
        let many = browser.get(PAGE).await;
        assert_eq!(statements(&many), statements(&few), "many sessions cost as many statements as few");
        let all: Vec<String> = (0..101).map(|number| format!("{number:03}")).collect();
        let pages = walked(&mut browser, PAGE).await;
        assert_eq!((pages.len(), pages.concat()), (2, all.clone()));
        let link = many.text.split_once("rel=\"next\" href=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a link").to_owned();
        let last = browser.get(link.trim_end_matches("#agenda")).await;
        assert_eq!(statements(&last), statements(&many), "the last page costs what the first does");
        assert!(last.text.contains(&format!("href=\"{PAGE}#agenda\">From the beginning")) && !last.text.contains("rel=\"next\""), "{}", last.text);
        // With long texts there is less on a page, and nothing is lost either.
        let long = text(&"A talk about engines. ".repeat(90));
        app.db_execute(&format!("update event_session set description = '{long}'")).await;
        let pages = walked(&mut browser, PAGE).await;
        assert!(pages.len() > 3 && pages.concat() == all, "{pages:?}");
        assert_eq!(pages.concat().into_iter().collect::<BTreeSet<_>>().len(), 101);
        let mut staff = app.browser_of(&sharing.staff).await;
        assert_eq!(walked(&mut staff, "/manage/acme/rustdays/preview").await.concat(), all, "as its makers see it");
        let nonsense = browser.get(&format!("{PAGE}?after=nonsense")).await;
        assert!(nonsense.status == 200 && nonsense.text.contains("Talk 000"), "what is no place in it shows its beginning: {}", nonsense.text);
    }
}
