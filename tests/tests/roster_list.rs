//! The roster: paged by name, time or order code, searched by beginnings, at a cost that does not grow; nothing of consents.

use consentry::services::roster::{Filter, List, Sort, Wanted, Way, statement};
use consentry_domain::{QuestionKind, RegistrationStatus, Role};
use consentry_entity::answer;
use consentry_tests::app::{DbEvent, Pages, SeededOrganization};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const ROSTER: &str =
    "query($o: String!, $e: String!, $first: Int!, $after: String, $filter: RosterFilter, $sort: RosterSort) {
    organization(slug: $o) { event(slug: $e) { roster(first: $first, after: $after, filter: $filter, sort: $sort) {
        edges { node { fullName email company status orderCode orderStatus ticketType { name } createdAt
            checkIns { list } answers { question { label } values } } } pageInfo { hasNextPage endCursor } } } } }";

fn variables(event: &DbEvent, first: i32, more: &Value) -> Value {
    let mut variables = json!({ "o": event.organization_slug, "e": event.slug, "first": first });
    for (name, value) in more.as_object().expect("variables") {
        variables[name] = value.clone();
    }
    variables
}

async fn names(client: &Client, event: &DbEvent, more: &Value) -> Vec<String> {
    let (mut names, mut after) = (Vec::new(), json!(null));
    loop {
        let mut wish = variables(event, 2, more);
        wish["after"] = after;
        let data = client.data(ROSTER, wish).await;
        let page = &data["organization"]["event"]["roster"];
        for edge in page["edges"].as_array().expect("edges") {
            names.push(edge["node"]["fullName"].as_str().expect("a name").to_owned());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return names;
        }
    }
}

async fn people(app: &TestApp, organization: &SeededOrganization) -> DbEvent {
    let event = app.db_event(organization, "rustdays", |_| {}).await;
    let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
    let speaker = app.db_ticket_type(&event, "Speaker", |_| {}).await;
    let question = app.db_question(&event, QuestionKind::Choice, &[], |_| {}).await;
    let vegan = app.db_choice(&event, question, "Vegan").await;
    let zoe = app.db_place(&event, visitor, "AAAA2222", "zoe Zander", |_| {}).await;
    app.db_insert(answer::Model {
        organization_id: event.organization,
        registration_id: zoe,
        question_id: question,
        value: json!([vegan.to_string()]).to_string(),
    })
    .await;
    app.db_place(&event, speaker, "CCCC2222", "Ada Lovelace", |_| {}).await;
    app.db_place(&event, visitor, "BBBB2222", "Bob 100%", |row| {
        row.status = RegistrationStatus::Pending
    })
    .await;
    app.db_place(&event, visitor, "ABBB2222", "Ädam Ört", |row| {
        row.status = RegistrationStatus::Cancelled
    })
    .await;
    let other = app.db_event(organization, "other", |_| {}).await;
    let ticket = app.db_ticket_type(&other, "Visitor", |_| {}).await;
    app.db_place(&other, ticket, "DDDD2222", "Else Where", |_| {}).await;
    event
}

/// Documents made by chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's linear congruential generator; its upper bits are good enough to choose fields.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a number") % bound
    }

    fn selection(&mut self, of: &str, depth: usize) -> String {
        // Never nothing: of two selections of one list of which one is skipped whole, the executor shows the one that was
        // ready last.
        let mut text = String::from("{ t: __typename ");
        for _ in 0..=self.below(5) {
            if depth < 6 && self.below(8) == 0 {
                text += &format!("... on {of} {} ", self.selection(of, depth + 1));
                continue;
            }
            let fields = fields(of);
            let (name, inner) = fields[self.below(fields.len())];
            let alias = match self.below(4) {
                0 if !name.contains(':') => format!("a{name}: "),
                _ => String::new(),
            };
            let directive = [
                "",
                "",
                "",
                "",
                "",
                " @include(if: $yes)",
                " @skip(if: $no)",
                " @skip(if: true)",
            ][self.below(8)];
            let inner = inner.map(|inner| self.selection(inner, depth + 1)).unwrap_or_default();
            text += &format!("{alias}{name}{directive} {inner} ");
        }
        text + "}"
    }
}

/// The fields of a type, with the types of those that are objects.
fn fields(of: &str) -> &'static [(&'static str, Option<&'static str>)] {
    match of {
        "RosterConnection" => &[
            ("edges", Some("RosterEdge")),
            ("edges", Some("RosterEdge")),
            ("pageInfo", Some("PageInfo")),
            ("__typename", None),
        ],
        "RosterEdge" => &[
            ("node", Some("RosterEntry")),
            ("node", Some("RosterEntry")),
            ("cursor", None),
            ("__typename", None),
        ],
        "PageInfo" => &[
            ("hasNextPage", None),
            ("hasPreviousPage", None),
            ("startCursor", None),
            ("endCursor", None),
            ("__typename", None),
        ],
        "RosterEntry" => &[
            ("id", None),
            ("fullName", None),
            ("email", None),
            ("company", None),
            ("status", None),
            ("ticketType", Some("TicketType")),
            ("orderCode", None),
            ("orderStatus", None),
            ("checkIns", Some("CheckIn")),
            ("answers", Some("RosterAnswer")),
            ("createdAt", None),
            ("revision", None),
            ("__typename", None),
        ],
        "TicketType" => &[
            ("id", None),
            ("name", None),
            ("en: name(locale: \"en\")", None),
            ("name", None),
            ("__typename", None),
        ],
        "CheckIn" => &[
            ("id", None),
            ("list", None),
            ("at", None),
            ("device", None),
            ("undoneAt", None),
            ("__typename", None),
        ],
        _ => &[("values", None), ("__typename", None)],
    }
}

on_both_databases! {
    async fn staff_page_through_it_in_each_order_and_by_each_filter(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        let (ada, bob, zoe, adam) = ("Ada Lovelace", "Bob 100%", "zoe Zander", "Ädam Ört");
        assert_eq!(names(&staff, &event, &json!({})).await, [ada, bob, zoe, adam]);
        assert_eq!(names(&staff, &event, &json!({ "sort": "TIME" })).await, [zoe, ada, bob, adam]);
        assert_eq!(names(&staff, &event, &json!({ "sort": "ORDER_CODE" })).await, [zoe, adam, bob, ada]);
        for (filter, expected) in [
            (json!({ "status": "CONFIRMED" }), vec![ada, zoe]),
            (json!({ "status": "PENDING" }), vec![bob]),
            (json!({ "mailPrefix": "ADA." }), vec![ada]),
            (json!({ "orderCodePrefix": "a" }), vec![zoe, adam]),
            (json!({ "orderCodePrefix": "A", "status": "CANCELLED" }), vec![adam]),
            (json!({ "name": "LACE" }), vec![ada]),
            (json!({ "name": "%" }), vec![bob]),
            (json!({ "name": "  " }), vec![ada, bob, zoe, adam]),
            (json!({ "ticketTypeId": "nonsense" }), vec![]),
        ] {
            assert_eq!(names(&staff, &event, &json!({ "filter": filter })).await, expected, "{filter}");
        }
        let data = staff.data(ROSTER, variables(&event, 9, &json!({ "filter": { "mailPrefix": "zoe" } }))).await;
        let mut node = data["organization"]["event"]["roster"]["edges"][0]["node"].clone();
        assert!(node["createdAt"].take().is_string());
        assert_eq!(node, json!({ "fullName": "zoe Zander", "email": "zoe.zander@example.org", "company": "Acme",
            "status": "CONFIRMED", "orderCode": "AAAA2222", "orderStatus": "PAID", "ticketType": { "name": "Visitor" },
            "createdAt": null, "checkIns": [],
            "answers": [{ "question": { "label": "A choice?" }, "values": ["Vegan"] }] }));
    }

    async fn a_cursor_belongs_to_its_list_and_pages_have_limits(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let data = staff.data(ROSTER, variables(&event, 1, &json!({}))).await;
        let after = &data["organization"]["event"]["roster"]["pageInfo"]["endCursor"];
        for (first, more) in [
            (1, json!({ "after": after, "sort": "TIME" })),
            (1, json!({ "after": after, "filter": { "status": "PENDING" } })),
            (0, json!({})),
            (101, json!({})),
            (1, json!({ "filter": { "name": "x".repeat(201) } })),
        ] {
            let answer = staff.send(ROSTER, variables(&event, first, &more)).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{first} {more}");
        }
    }

    async fn who_may_not_see_it_is_told_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        for (role, sees) in [(Role::Owner, true), (Role::Dpo, true), (Role::Finance, true), (Role::CheckIn, false)] {
            let staff = app.db_staff(&organization, role).await;
            let data = staff.data(ROSTER, variables(&event, 9, &json!({}))).await;
            assert_eq!(data["organization"]["event"]["roster"].is_object(), sees, "{role:?}");
        }
        let stranger_home = app.db_organization("strangers").await;
        let stranger = app.db_staff(&stranger_home, Role::Owner).await;
        let foreign = stranger.send(ROSTER, variables(&event, 9, &json!({}))).await;
        let unknown = stranger.send(ROSTER, variables(&event, 9, &json!({ "o": "nobody" }))).await;
        assert_eq!(foreign.to_string(), unknown.to_string());
        let anonymous = app.anonymous().send(ROSTER, variables(&event, 9, &json!({}))).await;
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }

    async fn a_page_costs_the_same_for_one_and_for_many_and_is_in_the_audit_log(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        let staff = app.db_staff(&organization, Role::Viewer).await;
        let ticket = app.db_ticket_type(&event, "Crowd", |_| {}).await;
        let order = app.db_order(&event, "EEEE2222", |_| {}).await;
        app.db_crowd(&event, ticket, order, 200).await;
        let mut counts = Vec::new();
        for first in [1, 10, 100] {
            let (answer, statistics) = staff.counted(ROSTER, variables(&event, first, &json!({}))).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            counts.push(statistics.statements);
            let texts = statistics.texts.unwrap_or_default();
            let shown = |text: &String| ["from consent", "\"consent\"", "from lead", "\"lead\""].iter().any(|table| text.contains(table));
            assert!(!texts.iter().any(shown), "{texts:#?}");
        }
        // Organization, roles, event, page, audit entry; then orders, ticket types, answers and check-ins, because they are
        // asked for. (The session is looked up before.)
        assert_eq!(counts, [9, 9, 9]);
        let short = ROSTER.replace("orderStatus ticketType { name }", "").replace("checkIns { list } answers { question { label } values }", "");
        let (answer, statistics) = staff.counted(&short, variables(&event, 100, &json!({}))).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        assert_eq!(statistics.statements, 5, "{:#?}", statistics.texts);
        let text = "select detail from audit_entry where action = 'viewRoster' order by id";
        let rows = consentry::platform::store::sql::all(app.store().read(), text, []).await.expect("entries");
        let details: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a text")).collect();
        assert_eq!(details, [1, 10, 100, 100].map(|entries| format!(r#"{{"entries":{entries}}}"#)));
    }

    async fn what_is_written_at_once_is_what_the_types_answer_field_by_field(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let mut chance = Chance(7);
        let (mut written, documents) = (0, 120);
        for number in 0..documents {
            let selection = chance.selection("RosterConnection", 0);
            let document = format!(
                "query($o: String!, $e: String!, $first: Int!, $yes: Boolean! = true, $no: Boolean! = false) {{ organization(slug: $o) {{
                 event(slug: $e) {{ id @skip(if: $yes) @include(if: $no) roster(first: $first) {selection} }} }} }}"
            );
            let first = 1 + number % 5;
            let (one, at_once) = staff.text(&document, variables(&event, first, &json!({})), Pages::Written).await;
            let (other, by_field) = staff.text(&document, variables(&event, first, &json!({})), Pages::Derived).await;
            // The executor puts fields in the order in which they are ready; the edge puts them in the document's.
            let parsed = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
            assert_eq!(parsed(&one), parsed(&other), "{document}");
            assert!(!by_field && !one.contains("\"errors\""), "{document}\n{one}");
            written += i32::from(at_once);
        }
        println!("{documents} documents, {written} of them written at once");
        assert!(written * 2 > documents && written < documents, "{written}");
    }

    async fn the_lists_that_are_flat_walk_one_index_and_sort_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = people(&app, &organization).await;
        let ticket = app.db_ticket_type(&event, "Crowd", |_| {}).await;
        let order = app.db_order(&event, "EEEE2222", |_| {}).await;
        // Another event of the organization, and a small one: an index of the event must be worth its while even so.
        let other = app.db_event(&organization, "crowded", |_| {}).await;
        let elsewhere = app.db_ticket_type(&other, "Crowd", |_| {}).await;
        let others = app.db_order(&other, "FFFF2222", |_| {}).await;
        app.db_crowd(&other, elsewhere, others, 400).await;
        app.db_crowd(&event, ticket, order, 20_000).await;
        let place = |rest: &[u8]| [&[7_u8; 16], rest].concat();
        let mut lists = Vec::new();
        for sort in [Sort::Name, Sort::Time, Sort::OrderCode] {
            for status in [None, Some(RegistrationStatus::Confirmed)] {
                let after = match sort { Sort::Name => place(b"person 2"), Sort::Time => place(&10_000_i64.to_be_bytes()), Sort::OrderCode => place(b"00010000") };
                lists.push((Wanted { sort, filter: Filter { status, ..Default::default() } }, after));
            }
        }
        let mail = Filter { mail_prefix: Some("p20".into()), ..Default::default() };
        lists.push((Wanted { filter: mail, ..Default::default() }, place(b"p201@example.org")));
        let code = Filter { order_code_prefix: Some("000020".into()), ..Default::default() };
        lists.push((Wanted { filter: code, ..Default::default() }, place(b"00002005")));
        for (wanted, after) in lists {
            let list = List { engine: app.store().engine(), organization: event.organization, event: event.id, wanted: &wanted, way: Way::Walk };
            let mut pages = Vec::new();
            for after in [None, Some(after.as_slice())] {
                let (text, values) = statement(list, 50, after);
                let values_again = values.clone();
                let plan = app.db_plan(&text, values).await;
                let walks = plan.contains("USING INDEX registration_event_id_") || plan.contains("Index Scan using registration_event_id_");
                let whole = ["SCAN ", "TEMP B-TREE", "Sort", "Seq Scan", "Bitmap"].iter().any(|step| plan.contains(step));
                assert!(walks && !whole, "{wanted:?} after {after:?}:\n{text}\n{plan}");
                assert!(text.ends_with("limit 51"), "{text}");
                pages.push(app.db_buffers(&text, values_again).await);
            }
            if let [Some(start), Some(depth)] = pages[..] {
                println!("{start} pages at the start, {depth} at depth: {wanted:?}");
                assert!(depth * 10 <= start.max(40) * 14, "{wanted:?}: {start} pages at the start, {depth} at depth");
            }
        }
    }
}

#[test]
fn no_field_of_an_entry_speaks_of_consents() {
    let schema = consentry::graphql::sdl();
    for name in [
        "type RosterEntry ",
        "type RosterConnection {",
        "type Admission {",
        "input RosterFilter {",
    ] {
        let (_, rest) = schema.split_once(name).unwrap_or_else(|| panic!("{name}"));
        let (fields, _) = rest.split_once("\n}").expect("an end");
        for word in ["onsent", "efus", "ffer", "eads", "uspended"] {
            let words: Vec<&str> = fields
                .lines()
                .filter(|line| !line.contains("\"\"\""))
                .filter(|line| line.contains(':'))
                .collect();
            assert!(words.iter().all(|line| !line.contains(word)), "{name} {word}");
        }
    }
}
