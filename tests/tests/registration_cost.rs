//! What buying costs the database, and that a rush sells every place once.

use consentry::platform::store::Engine;
use consentry_domain::{DocumentKind, QuestionKind};
use consentry_tests::app::decision;
use consentry_tests::{Client, on_both_databases};
use serde_json::{Value, json};

const SHORT: &str =
    "mutation($input: RegisterInput!) { register(input: $input) { secret order { code } userErrors { code } } }";

/// The statements of a request: its verb and table, or what it reads.
fn outline(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let after = |word: &str| {
        words
            .iter()
            .position(|its| its.eq_ignore_ascii_case(word))
            .and_then(|at| words.get(at + 1))
    };
    let table = match words.first().map(|word| word.to_lowercase()).as_deref() {
        Some("insert") => after("into"),
        Some("update") => words.get(1),
        _ => after("from"),
    };
    let table = table.map_or("now", |table| table.trim_matches('"'));
    format!("{} {table}", words[0].to_lowercase())
}

on_both_databases! {
    async fn an_order_costs_the_same_number_of_statements_for_one_and_for_many_places(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let event = &sharing.event;
        let ticket = app.db_ticket_type(event, "Visitor", |_| {}).await;
        let paid = app.db_ticket_type(event, "Regular", |row| row.price_minor = 4900).await;
        app.db_quota(event, 1000, &[ticket, paid]).await;
        let question = app.db_question(event, QuestionKind::Text, &[], |row| row.required = true).await;
        let terms = app.db_document(event, DocumentKind::Terms, |_| {}).await;
        let mut costs = Vec::new();
        for (ticket, places, consents) in [(ticket, 1, false), (ticket, 2, false), (ticket, 10, false), (paid, 1, false), (paid, 10, false), (ticket, 1, true)] {
            let attendees = vec![(ticket, "ada@example.org"); places];
            let mut input = Client::register_input(event, &format!("{ticket}{places}{consents}"), &attendees);
            for attendee in input["attendees"].as_array_mut().expect("attendees") {
                attendee["answers"] = json!([{ "questionId": event.public(question), "value": "a word" }]);
                attendee["acknowledgedDocumentIds"] = json!([event.public(terms)]);
            }
            if consents {
                input["attendees"][0]["ofAge"] = json!(true);
                input["attendees"][0]["consents"] = json!([decision(&offer, 1, &["EMAIL"])]);
            }
            let (answer, statistics) = app.anonymous().counted(SHORT, json!({ "input": input })).await;
            assert_eq!(answer["data"]["register"]["userErrors"], json!([]), "{answer:#}");
            costs.push(statistics.texts.expect("texts").iter().map(|text| outline(text)).collect::<Vec<_>>());
        }
        let counts: Vec<usize> = costs.iter().map(Vec::len).collect();
        assert_eq!((counts[1], counts[3]), (counts[2], counts[4]), "{counts:?}");
        if app.store().engine() == Engine::Postgres {
            insta::assert_json_snapshot!("statements", json!({ "free, one place": costs[0], "paid, ten places": costs[4] }));
            insta::assert_json_snapshot!("counts", counts);
        } else {
            // Its clock is no statement.
            assert!(costs.iter().flatten().all(|outline| outline != "select now"));
        }
    }

    async fn a_rush_sells_every_place_once(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let regular = app.db_ticket_type(&event, "Regular", |row| row.price_minor = 4900).await;
        let student = app.db_ticket_type(&event, "Student", |_| {}).await;
        let all = app.db_quota(&event, 100, &[regular, student]).await;
        let students = app.db_quota(&event, 60, &[student]).await;
        let mut buyers = tokio::task::JoinSet::new();
        for buyer in 0..64_usize {
            let (client, event) = (app.anonymous(), event.clone());
            buyers.spawn(async move { buy_until_gone(&client, &event, buyer, [regular, student]).await });
        }
        let sold: usize = buyers.join_all().await.into_iter().sum();
        assert_eq!((sold, app.db_available(&event, all).await), (100, 0));
        let text = "select count(*) as n from registration where status in ('PENDING', 'CONFIRMED') and ticket_type_id = $1";
        let mut counts = Vec::new();
        for ticket in [regular, student] {
            let row = consentry::platform::store::sql::one(app.store().read(), text, [ticket.into()]).await.expect("a count");
            counts.push(row.try_get::<i64>("", "n").expect("a number"));
        }
        assert_eq!((counts[0] + counts[1], 60 - counts[1]), (100, app.db_available(&event, students).await));
        let orders = app.db_written().await.into_iter().filter(|(table, _)| table == "\"order\"" || table == "idempotency_key");
        let orders: Vec<i64> = orders.map(|(_, count)| count).collect();
        assert_eq!(orders[0], orders[1], "what was refused has left nothing behind");
    }
}

/// Orders one to three places again and again until none of either kind is left; how many it got.
async fn buy_until_gone(
    client: &Client,
    event: &consentry_tests::app::DbEvent,
    buyer: usize,
    tickets: [consentry_domain::TicketTypeId; 2],
) -> usize {
    let (mut got, mut places, mut ticket, mut attempt) = (0, buyer % 3 + 1, buyer % 2, 0);
    let mut refused = 0;
    loop {
        attempt += 1;
        let attendees: Vec<_> = (0..places)
            .map(|place| (tickets[(ticket + place) % 2], "ada@example.org"))
            .collect();
        let input = Client::register_input(event, &format!("{buyer}-{attempt}"), &attendees);
        let answer = client.send(SHORT, json!({ "input": input })).await;
        let payload: &Value = &answer["data"]["register"];
        if payload["userErrors"] == json!([]) {
            assert!(payload["order"]["code"].is_string(), "{answer:#}");
            (got, refused) = (got + places, 0);
            continue;
        }
        assert_eq!(payload["userErrors"][0]["code"], "SOLD_OUT", "{answer:#}");
        refused += 1;
        if places > 1 {
            places -= 1;
        } else if refused < 4 {
            ticket += 1;
        } else {
            return got;
        }
    }
}
