//! What anyone sees of events, and that a list costs a constant number of statements.

use consentry_domain::{DocumentKind, EventStatus, QuestionKind, Visibility};
use consentry_tests::app::text;
use consentry_tests::on_both_databases;
use serde_json::json;

const EVENT: &str = "query($organization: String!, $slug: String!) { event(organization: $organization, slug: $slug) {
    slug kind status title description timeZone currency contactEmail minimumAge consentAge asksDateOfBirth
    requiresParentalPermission venue { name address { city } } organization { slug name }
    sessions(first: 2) { edges { node { title place } } pageInfo { hasNextPage } }
    ticketTypes { name description price { amount currency } taxRate priceIncludesTax availability minPerOrder
        maxPerOrder questions { label } }
    questions { kind label help required choices { label } ticketTypes { name } shareable purpose retentionDays }
    documents { kind version title content required } } }";

on_both_databases! {
    async fn an_event_shows_everything_that_one_needs_to_register(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |row| {
            row.title = json!({ "en": "Rust days", "de": "Rosttage" }).to_string();
            row.minimum_age = Some(12);
        }).await;
        let free = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let paid = app.db_ticket_type(&event, "Regular", |row| { row.price_minor = 4900; row.position = 2; }).await;
        let hidden = app.db_ticket_type(&event, "Speaker", |row| row.visibility = Visibility::Hidden).await;
        app.db_quota(&event, 100, &[free, paid]).await;
        app.db_question(&event, QuestionKind::LongText, &[hidden], |_| {}).await;
        let choice = app.db_question(&event, QuestionKind::Choice, &[paid], |row| row.required = true).await;
        app.db_choice(&event, choice, "Vegan").await;
        app.db_choice(&event, choice, "Vegetarian").await;
        app.db_question(&event, QuestionKind::Text, &[], |row| row.help = Some(text("In a word."))).await;
        app.db_document(&event, DocumentKind::Terms, |row| row.superseded_at = Some(1)).await;
        app.db_document(&event, DocumentKind::Terms, |row| row.version = 2).await;
        for hour in 0..3 {
            app.db_talk(&event, &format!("Talk {hour}"), hour).await;
        }
        let data = app.anonymous().data(EVENT, json!({ "organization": "acme", "slug": "rustdays" })).await;
        insta::assert_json_snapshot!("event", data["event"]);

        let document = "query($id: ID!) { event(organization: \"acme\", slug: \"rustdays\") { title(locale: \"de-AT\")
            ticketType(id: $id) { name questions { label } } } }";
        let data = app.anonymous().data(document, json!({ "id": event.public(hidden) })).await;
        assert_eq!(data["event"], json!({ "title": "Rosttage",
            "ticketType": { "name": "Speaker", "questions": [{ "label": "A long_text?" }, { "label": "A text?" }] } }));
    }

    async fn the_list_of_events_is_paged_filtered_and_costs_the_same_for_one_and_for_many(app: TestApp) {
        let document = "query($first: Int!, $after: String, $kind: EventKind, $from: DateTime) {
            events(first: $first, after: $after, kind: $kind, from: $from) { edges { node { slug organization { slug }
            sessions(first: 1) { edges { node { title } } } documents { title }
            ticketTypes { name availability questions { label } } questions { label choices { label } ticketTypes { name } } } }
            pageInfo { hasNextPage hasPreviousPage endCursor } } }";
        let mut counts = Vec::new();
        for name in ["a", "b", "c", "d", "e"] {
            let organization = app.db_organization(name).await;
            let event = app.db_event(&organization, &format!("event-{name}"), |row| {
                row.starts_at += i64::from(name.as_bytes()[0]);
                if name == "c" {
                    row.status = EventStatus::Closed;
                }
            }).await;
            let ticket_type = app.db_ticket_type(&event, "Visitor", |_| {}).await;
            app.db_quota(&event, 9, &[ticket_type]).await;
            let question = app.db_question(&event, QuestionKind::Choice, &[ticket_type], |_| {}).await;
            app.db_choice(&event, question, "Yes").await;
            app.db_document(&event, DocumentKind::Terms, |_| {}).await;
            app.db_talk(&event, "Opening", 0).await;
            app.db_talk(&event, "Closing", 9).await;
            let (answer, statistics) = app.anonymous().counted(document, json!({ "first": 100 })).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            counts.push(statistics.statements);
        }
        assert!(counts.iter().all(|count| *count == counts[0] && *count <= 9), "{counts:?}");

        let slugs = |data: &serde_json::Value| -> Vec<String> {
            let edges = data["events"]["edges"].as_array().expect("edges");
            edges.iter().map(|edge| edge["node"]["slug"].as_str().expect("a slug").to_owned()).collect()
        };
        let first = app.anonymous().data(document, json!({ "first": 3 })).await;
        assert_eq!(slugs(&first), ["event-a", "event-b", "event-d"]);
        assert_eq!(first["events"]["edges"][1]["node"]["sessions"]["edges"], json!([{ "node": { "title": "Opening" } }]));
        let after = &first["events"]["pageInfo"]["endCursor"];
        let rest = app.anonymous().data(document, json!({ "first": 3, "after": after })).await;
        assert_eq!((slugs(&rest), &rest["events"]["pageInfo"]["hasPreviousPage"]), (vec!["event-e".to_owned()], &json!(true)));
        let none = app.anonymous().data(document, json!({ "first": 3, "kind": "WEBINAR" })).await;
        assert_eq!(slugs(&none), [] as [&str; 0]);
        let foreign = app.anonymous().send(document, json!({ "first": 3, "kind": "WEBINAR", "after": after })).await;
        assert_eq!(foreign["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        let wrong = app.anonymous().send(document, json!({ "first": 3, "from": "tomorrow" })).await;
        assert_eq!(wrong["errors"][0]["message"], "from: A time with its offset is expected: 2027-03-01T09:00:00Z.");
    }

    async fn an_agenda_is_paged(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        for hour in 0..5 {
            app.db_talk(&event, &format!("Talk {hour}"), hour / 2).await;
        }
        let document = "query($after: String) { event(organization: \"acme\", slug: \"rustdays\") {
            sessions(first: 2, after: $after) { edges { node { title } } pageInfo { hasNextPage endCursor } } } }";
        let (mut titles, mut after) = (Vec::new(), json!(null));
        loop {
            let data = app.anonymous().data(document, json!({ "after": after })).await;
            let page = &data["event"]["sessions"];
            titles.extend(page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"]["title"].to_string()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(titles, [0, 1, 2, 3, 4].map(|hour| format!("\"Talk {hour}\"")));
    }

    async fn drafts_and_archived_events_are_not_there(app: TestApp) {
        let organization = app.db_organization("acme").await;
        for (slug, status, seen) in [
            ("draft", EventStatus::Draft, false),
            ("archived", EventStatus::Archived, false),
            ("closed", EventStatus::Closed, true),
            ("cancelled", EventStatus::Cancelled, true),
        ] {
            app.db_event(&organization, slug, |row| row.status = status).await;
            let document = "query($slug: String!) { event(organization: \"acme\", slug: $slug) { slug } }";
            let data = app.anonymous().data(document, json!({ "slug": slug })).await;
            assert_eq!(!data["event"].is_null(), seen, "{slug}");
        }
    }
}
