//! Badges: of those who come alone, by name, for those who may correct a registration; and the pages that print them.

use consentry_domain::Role;
use consentry_entity::audit_entry;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const BADGES: &str =
    "query($o: String!, $e: String!, $first: Int!, $after: String, $filter: BadgeFilter) { organization(slug: $o) {
    event(slug: $e) { badges(first: $first, after: $after, filter: $filter) {
    edges { node { registrationId fullName company jobTitle code ticketType { name } } }
    pageInfo { hasNextPage endCursor } } } } }";
const BADGE: &str = "query($o: String!, $e: String!, $id: ID!) { organization(slug: $o) { event(slug: $e) {
    registration(id: $id) { badge { fullName code } } } } }";

/// A page of badges; null where there are none for whoever asks.
async fn badges(client: &Client, first: i32, more: Value) -> Value {
    let mut wish = json!({ "o": "acme", "e": "rustdays", "first": first });
    for (name, value) in more.as_object().expect("variables") {
        wish[name] = value.clone();
    }
    client.data(BADGES, wish).await["organization"]["event"]["badges"].clone()
}

fn names(page: &Value) -> Vec<&str> {
    let edges = page["edges"].as_array().expect("a page").iter();
    edges
        .map(|edge| edge["node"]["fullName"].as_str().expect("a name"))
        .collect()
}

/// How often it is in the audit log that badges were printed.
async fn noted(app: &TestApp) -> usize {
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("printBadges"));
    entries.all(app.store().read()).await.expect("a log").len()
}

on_both_databases! {
    async fn those_who_come_are_listed_by_name_page_by_page_and_it_is_in_the_log(app: TestApp) {
        let sharing = app.sharing("acme").await;
        for (name, email) in [("Zoe", "z@example.org"), ("ada King", "a@example.org"), ("Bob", "b@example.org")] {
            app.db_attendee(&sharing, email, |row| {
                row.full_name = Some(name.to_owned());
                row.sort_name = name.to_lowercase().into_bytes();
                row.job_title = (name == "Bob").then(|| "Builder".to_owned());
            }).await;
        }
        let gone = app.db_attendee(&sharing, "gone@example.org", |row| row.full_name = Some("Gone".to_owned())).await;
        app.db_execute("update registration set status = 'CANCELLED' where email = 'gone@example.org'").await;
        app.db_words().await;
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let first = badges(&manager, 2, json!({})).await;
        let cursor = first["pageInfo"]["endCursor"].clone();
        let second = badges(&manager, 2, json!({ "after": cursor })).await;
        assert_eq!((names(&first), names(&second)), (vec!["ada King", "Bob"], vec!["Zoe"]));
        assert_eq!((&first["pageInfo"]["hasNextPage"], &second["pageInfo"]["hasNextPage"]), (&json!(true), &json!(false)));
        assert_eq!(first["edges"][1]["node"]["jobTitle"], "Builder");
        assert_eq!(noted(&app).await, 2, "each page is in the log");

        let found = badges(&manager, 9, json!({ "filter": { "words": "KING" } })).await;
        assert_eq!(names(&found), ["ada King"]);
        let none = badges(&manager, 9, json!({ "filter": { "ticketTypeId": sharing.event.nobody() } })).await;
        assert_eq!(names(&none), Vec::<&str>::new());

        let node = &first["edges"][0]["node"];
        let one = json!({ "o": "acme", "e": "rustdays", "id": node["registrationId"] });
        let badge = manager.data(BADGE, one).await["organization"]["event"]["registration"]["badge"].clone();
        assert_eq!(badge, json!({ "fullName": "ada King", "code": node["code"] }));
        assert_eq!(noted(&app).await, 5, "also where nobody was found, and one alone");
        let one = json!({ "o": "acme", "e": "rustdays", "id": gone.public_id });
        let badge = manager.data(BADGE, one).await["organization"]["event"]["registration"].clone();
        assert_eq!(badge, json!({ "badge": null }), "who does not come has none");
    }

    async fn a_page_costs_the_same_for_one_and_for_many_and_too_many_words_are_refused(app: TestApp) {
        let sharing = app.sharing("acme").await;
        for number in 0..9 {
            app.db_attendee(&sharing, &format!("{number}@example.org"), |_| ()).await;
        }
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let mut counts = Vec::new();
        for first in [1, 9] {
            let wish = json!({ "o": "acme", "e": "rustdays", "first": first });
            counts.push(manager.counted(BADGES, wish).await.1.statements);
        }
        assert_eq!(counts[0], counts[1]);
        let wish = json!({ "o": "acme", "e": "rustdays", "first": 1, "filter": { "words": "a ".repeat(9) } });
        let answer = manager.send(BADGES, wish).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }

    async fn a_sheet_has_a_badge_for_each_who_comes_and_begins_where_it_is_said(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let long = "Maximiliane-Friederike von und zu Hohenstein-Wittgenstein";
        for (name, email) in [("Ada", "a@example.org"), (long, "m@example.org"), ("<b>Eve</b>", "e@example.org")] {
            app.db_attendee(&sharing, email, |row| row.full_name = Some(name.to_owned())).await;
        }
        app.db_words().await;
        let owner = app.db_staff(&sharing.organization, Role::Owner).await;
        let mut browser = app.browser_of(&owner).await;
        let page = browser.open("/manage/acme/rustdays/badges").await;
        assert_eq!(page.matches("class=\"badge\"").count(), 3, "{page}");
        assert!(page.contains(long) && page.contains("&#60;b&#62;Eve") && !page.contains("<b>Eve"));
        assert_eq!(page.matches("<section class=\"sheet a4\"").count(), 1);
        let page = browser.open("/manage/acme/rustdays/badges?paper=letter&start=7").await;
        assert_eq!((page.matches("class=\"badge gone\"").count(), page.matches("<section class=\"sheet letter\"").count()), (6, 2));
        let page = browser.open("/manage/acme/rustdays/badges?paper=roll&words=ada").await;
        assert_eq!((page.matches("class=\"badge\"").count(), page.matches("<section class=\"sheet roll\"").count()), (1, 1));
        let page = browser.get(&format!("/manage/acme/rustdays/badges?words={}", "a+".repeat(9))).await;
        assert!(page.text.contains("aria-invalid") && !page.text.contains("class=\"badge\""));
        page.looks_again_at("words");
    }
}
