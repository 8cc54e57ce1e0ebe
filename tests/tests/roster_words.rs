//! The roster's search: every word somewhere in name, address, company or order code, as a naive search finds it, in either
//! way, in each order, within one event.

use consentry::platform::store::{Engine, sql};
use consentry::services::roster::{Filter, List, Sort, Wanted, Way, statement};
use consentry_domain::words::{Sought, fold};
use consentry_domain::{RegistrationStatus, Role};
use consentry_entity::registration;
use consentry_tests::app::{DbEvent, SeededAttendee};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const ROSTER: &str =
    "query($o: String!, $e: String!, $first: Int!, $after: String, $filter: RosterFilter, $sort: RosterSort) {
    organization(slug: $o) { event(slug: $e) { roster(first: $first, after: $after, filter: $filter, sort: $sort) {
        edges { node { orderCode } } pageInfo { hasNextPage endCursor } } } } }";

/// The order codes of the list, page by page.
async fn codes(client: &Client, event: &DbEvent, filter: &Value, sort: &str) -> Vec<String> {
    let (mut codes, mut after) = (Vec::new(), json!(null));
    loop {
        let wish = json!({ "o": event.organization_slug, "e": event.slug, "first": 3, "after": after, "filter": filter, "sort": sort });
        let data = client.data(ROSTER, wish).await;
        let page = &data["organization"]["event"]["roster"];
        for edge in page["edges"].as_array().expect("edges") {
            codes.push(edge["node"]["orderCode"].as_str().expect("a code").to_owned());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return codes;
        }
    }
}

async fn found(client: &Client, event: &DbEvent, words: &str) -> Vec<String> {
    codes(client, event, &json!({ "words": words }), "ORDER_CODE").await
}

/// Names, companies and words made by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a number") % bound
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn text(&mut self) -> String {
        const PARTS: &[&str] = &[
            "ada", "Ada", "ÄDÄ", "love", "lace", "Łódź", "straße", "王伟", "王", "한국", "ё", "Ж", "100%", "_", "%",
            "\"", "'", "*", " AND ", " OR ", " NEAR ", " NOT ", "NEAR(", ")", "-", "^", ":", "{", "}", "\\", " ", " ",
            "x", "e\u{301}", "ﬁ", "🦀", ",",
        ];
        (0..=self.below(6)).map(|_| self.one_of(PARTS)).collect()
    }

    /// A piece of a text, or any other.
    fn words(&mut self, texts: &[String]) -> String {
        let any = self.text();
        let text = match self.below(4) {
            0 => &any,
            _ => &texts[self.below(texts.len())],
        };
        let (from, count) = (self.below(6), 1 + self.below(6));
        text.chars().skip(from).take(count).collect()
    }
}

/// What a naive search would find.
fn has(row: &registration::Model, words: &str) -> bool {
    let code = Some(row.order_code.clone());
    let fields = [
        &row.full_name,
        &row.given_name,
        &row.family_name,
        &row.email,
        &row.company,
        &code,
    ];
    let folded = fold(words);
    let mut words = folded.split_whitespace();
    words.all(|word| {
        fields
            .iter()
            .any(|field| field.as_deref().is_some_and(|field| fold(field).contains(word)))
    })
}

async fn rows(app: &TestApp, event: &DbEvent) -> Vec<registration::Model> {
    let mut rows = registration::Entity::find()
        .all(app.store().read())
        .await
        .expect("registrations");
    rows.retain(|row| row.event_id == event.id);
    rows
}

fn list<'a>(app: &TestApp, event: &DbEvent, wanted: &'a Wanted, way: Way) -> List<'a> {
    List {
        engine: app.store().engine(),
        organization: event.organization,
        event: event.id,
        wanted,
        way,
    }
}

fn wanted(words: &str, sort: Sort) -> Wanted {
    let words = Sought::parse(words).expect("few words");
    Wanted {
        sort,
        filter: Filter {
            words,
            ..Filter::default()
        },
    }
}

async fn corrected(app: &TestApp, staff: &Client, one: &SeededAttendee, mut change: Value) {
    change["registrationId"] = json!(one.public_id);
    change["revision"] = json!(app.db_registration(one).await.revision);
    let document =
        "mutation($input: CorrectRegistrationInput!) { correctRegistration(input: $input) { userErrors { message } } }";
    let payload = staff.data(document, json!({ "input": change })).await;
    assert_eq!(payload["correctRegistration"]["userErrors"], json!([]));
}

on_both_databases! {
    async fn words_are_found_wherever_they_stand(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_place(&event, ticket, "AAAA2222", "Ada Lovelace", |row| row.company = Some("Acme Lyon".into())).await;
        app.db_place(&event, ticket, "BBBB3333", "Zoë Müller", |row| row.status = RegistrationStatus::Pending).await;
        app.db_place(&event, ticket, "CCCC4444", "王伟", |row| { row.company = None; row.family_name = Some("Ødegård".into()); }).await;
        app.db_words().await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        for (words, expected) in [
            ("ada love", vec!["AAAA2222"]),
            ("LOVE  ada", vec!["AAAA2222"]),
            ("acme lyon", vec!["AAAA2222"]),
            ("acme", vec!["AAAA2222", "BBBB3333"]),
            ("acme mull", vec!["BBBB3333"]),
            ("MÜLLER zoe", vec!["BBBB3333"]),
            ("ada muller", vec![]),
            ("bb33", vec!["BBBB3333"]),
            ("elace@exam", vec!["AAAA2222"]),
            ("王", vec!["CCCC4444"]),
            ("王伟", vec!["CCCC4444"]),
            ("odegard", vec!["CCCC4444"]),
            ("a", vec!["AAAA2222", "BBBB3333", "CCCC4444"]),
            ("ly a", vec!["AAAA2222"]),
            ("q", vec![]),
            ("dalo", vec![]),
            (" ", vec!["AAAA2222", "BBBB3333", "CCCC4444"]),
        ] {
            assert_eq!(found(&staff, &event, words).await, expected, "{words}");
        }
        let both = json!({ "words": "acme", "status": "PENDING" });
        assert_eq!(codes(&staff, &event, &both, "NAME").await, ["BBBB3333"]);
        let both = json!({ "words": "acme", "orderCodePrefix": "aa" });
        assert_eq!(codes(&staff, &event, &both, "TIME").await, ["AAAA2222"]);
    }

    async fn a_naive_search_finds_the_same(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let mut chance = Chance(11);
        let mut texts = Vec::new();
        for number in 0..40 {
            let (name, company) = (chance.text(), chance.text());
            app.db_place(&event, ticket, &format!("C{number:03}"), &format!("n{number}"), |row| {
                row.full_name = Some(name.clone());
                row.company = Some(company.clone());
            }).await;
            texts.extend([name, company]);
        }
        app.db_words().await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        let all = rows(&app, &event).await;
        let (mut some, mut none) = (0, 0);
        for number in 0..150 {
            let mut words = chance.words(&texts);
            if chance.below(3) == 0 {
                words = format!("{words} {}", chance.words(&texts));
            }
            if Sought::parse(&words).is_err() {
                continue;
            }
            let (name, sort) = [("NAME", Sort::Name), ("TIME", Sort::Time), ("ORDER_CODE", Sort::OrderCode)][number % 3];
            let mut expected: Vec<&registration::Model> = all.iter().filter(|row| has(row, &words)).collect();
            expected.sort_by(|one, other| match sort {
                Sort::Name => (&one.sort_name, one.id).cmp(&(&other.sort_name, other.id)),
                Sort::Time => (one.created_at, one.id).cmp(&(other.created_at, other.id)),
                Sort::OrderCode => one.order_code.cmp(&other.order_code),
            });
            let expected: Vec<&str> = expected.iter().map(|row| row.order_code.as_str()).collect();
            assert_eq!(codes(&staff, &event, &json!({ "words": words }), name).await, expected, "{words:?}");
            for way in [Way::Gather, Way::Walk] {
                let wanted = wanted(&words, sort);
                let (text, values) = statement(list(&app, &event, &wanted, way), 100, None);
                let rows = sql::all(app.store().read(), &text, values).await.expect("rows");
                let codes: Vec<String> = rows.iter().map(|row| row.try_get("", "order_code").expect("a code")).collect();
                assert_eq!(codes, expected, "{words:?} {way:?}");
            }
            *if expected.is_empty() { &mut none } else { &mut some } += 1;
        }
        println!("{some} searches found somebody, {none} nobody");
        assert!(some > 50 && none > 10, "{some} {none}");
    }

    async fn nobody_of_another_event_or_organization_is_found(app: TestApp) {
        let (acme, other) = (app.db_organization("acme").await, app.db_organization("other").await);
        let mut events = Vec::new();
        for (organization, slug) in [(&acme, "rustdays"), (&acme, "later"), (&other, "rustdays")] {
            let event = app.db_event(organization, slug, |_| {}).await;
            let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
            app.db_place(&event, ticket, &format!("CODE{}", events.len()), "Ada Lovelace", |_| {}).await;
            events.push(event);
        }
        app.db_words().await;
        let (staff, strangers) = (app.db_staff(&acme, Role::Viewer).await, app.db_staff(&other, Role::Viewer).await);
        for words in ["ada love", "a", "code"] {
            assert_eq!(found(&staff, &events[0], words).await, ["CODE0"]);
            assert_eq!(found(&staff, &events[1], words).await, ["CODE1"]);
            assert_eq!(found(&strangers, &events[2], words).await, ["CODE2"]);
        }
        // What stands in the index for one event is not what is looked for in another.
        let words = Sought::parse("lovelace").expect("good").expect("a word");
        let pieces: std::collections::BTreeSet<_> = events.iter().map(|event| words.pieces(event.id)).collect();
        assert_eq!(pieces.len(), 3);
    }

    async fn what_registers_is_found_and_what_is_corrected_is_found_anew(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let ticket = app.db_ticket_type(event, "Visitor", |_| {}).await;
        app.db_quota(event, 10, &[ticket]).await;
        let input = Client::register_input(event, "1", &[(ticket, "ada@example.org"), (ticket, "bob@example.org")]);
        let places = app.registered(event, input).await;
        let staff = &sharing.staff;
        assert_eq!(found(staff, event, "example.org").await.len(), 2);
        let ada = match app.db_registration(&places[0]).await.email.as_deref() {
            Some("ada@example.org") => &places[0],
            _ => &places[1],
        };
        assert_eq!(found(staff, event, "ada@exam").await.len(), 1);
        let code = app.db_registration(ada).await.order_code;
        assert_eq!(found(staff, event, &code).await.len(), 2, "everybody of the order");
        corrected(&app, staff, ada, json!({ "fullName": "Zaphira Quillwright", "company": "Looms" })).await;
        assert_eq!(found(staff, event, "zaph quill looms").await.len(), 1);
        corrected(&app, staff, ada, json!({ "fullName": "Ada King", "company": "" })).await;
        for gone in ["zaph", "quillw", "looms"] {
            assert_eq!(found(staff, event, gone).await, Vec::<String>::new(), "{gone}");
        }
        assert_eq!(found(staff, event, "ada king").await.len(), 1);
    }

    async fn too_many_words_are_refused_by_the_fields_name(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        for words in ["a ".repeat(9), "ä".repeat(101), "a\0b".to_owned()] {
            let wish = json!({ "o": event.organization_slug, "e": event.slug, "first": 3, "filter": { "words": words } });
            let answer = staff.send(ROSTER, wish).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{words}");
            let message = "filter.words: at most 8 words of together 100 characters are expected.";
            assert_eq!(answer["errors"][0]["message"], message);
        }
    }

    async fn a_list_taken_along_has_those_whom_the_words_name(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        for (code, name) in [("AAAA2222", "Ada Lovelace"), ("BBBB2222", "Bob Love"), ("CCCC2222", "Cleo")] {
            app.db_place(&event, ticket, code, name, |_| {}).await;
        }
        app.db_words().await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let document = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { rosterExport { rowCount } userErrors { field message } } }";
        for (words, expected) in [("love", json!(2)), ("love ada", json!(1)), ("o", json!(3)), ("  ", json!(3)), ("xyz", json!(0))] {
            let input = json!({ "idempotencyKey": format!("key {words}"), "eventId": event.public_id(), "purpose": "Badges", "filter": { "words": words } });
            let payload = staff.data(document, json!({ "input": input })).await;
            assert_eq!(payload["exportRoster"]["rosterExport"]["rowCount"], expected, "{words} {payload:#}");
        }
        let input = json!({ "idempotencyKey": "9", "eventId": event.public_id(), "purpose": "Badges", "filter": { "words": "a ".repeat(9) } });
        let refused = staff.data(document, json!({ "input": input })).await;
        assert_eq!(refused["exportRoster"]["userErrors"][0]["field"], json!(["filter"]));
        let text = "select detail from audit_entry where action = 'exportRoster'";
        let rows = sql::all(app.store().read(), text, []).await.expect("entries");
        let details: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a text")).collect();
        assert!(details.len() == 5 && details.iter().all(|detail| !detail.contains("love")), "{details:?}");
    }

    async fn a_search_takes_the_index_and_as_many_statements_for_one_as_for_many(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let ticket = app.db_ticket_type(&event, "Crowd", |_| {}).await;
        let order = app.db_order(&event, "EEEE2222", |_| {}).await;
        app.db_crowd(&event, ticket, order, 20_000).await;
        app.db_words().await;
        app.db_execute("analyze registration_words").await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        let mut counts = Vec::new();
        for (words, first, expected) in [("p19999@", 100, 1), ("person p1999", 100, 11), ("example", 1, 1), ("example", 100, 100), ("p", 100, 100)] {
            let wish = json!({ "o": event.organization_slug, "e": event.slug, "first": first, "filter": { "words": words } });
            let (answer, statistics) = staff.counted(ROSTER, wish).await;
            let edges = &answer["data"]["organization"]["event"]["roster"]["edges"];
            assert_eq!(edges.as_array().map(Vec::len), Some(expected), "{answer:#}");
            counts.push(statistics.statements);
        }
        // One more than without words, but where every word is too short for the index.
        assert_eq!(counts, [6, 6, 6, 6, 5]);
        for (words, way) in [("person p1999", Way::Gather), ("example", Way::Walk), ("p", Way::Walk)] {
            let sought = Sought::parse(words).expect("few words");
            let found = Way::to_page(app.store().read(), app.store().engine(), event.id, sought.as_ref()).await;
            assert_eq!(found.expect("a way"), way, "{words}");
        }
        for sort in [Sort::Name, Sort::Time, Sort::OrderCode] {
            let some = wanted("person p1999", sort);
            let (text, values) = statement(list(&app, &event, &some, Way::Gather), 50, None);
            let plan = app.db_plan(&text, values).await;
            let by_index = match app.store().engine() {
                Engine::Sqlite => plan.contains("SCAN registration_pieces VIRTUAL TABLE INDEX") && plan.contains("(organization_id=? AND id=?)"),
                Engine::Postgres => plan.contains("registration_words_pieces_idx") && plan.contains("registration_pkey") && !plan.contains("Seq Scan"),
            };
            assert!(by_index, "{text}\n{plan}");
            let many = wanted("example", sort);
            let (text, values) = statement(list(&app, &event, &many, Way::Walk), 50, None);
            let plan = app.db_plan(&text, values).await;
            let walks = plan.contains("USING INDEX registration_event_id_") || plan.contains("Index Scan using registration_event_id_");
            let sorts = ["TEMP B-TREE", "Sort", "Seq Scan"].iter().any(|step| plan.contains(step));
            assert!(walks && !sorts, "{text}\n{plan}");
        }
    }
}
