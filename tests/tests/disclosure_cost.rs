//! What a pull costs the database: its statements, and that a page costs the same at any depth of a stream of any size.

use consentry::platform::store::Engine;
use consentry_domain::{FieldMask, Purpose};
use consentry_entity::lead;
use consentry_tests::app::SeededStream;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value};
use serde_json::json;

const PAGE: &str = "query($first: Int!) { partner { leads(purpose: EVENT_FOLLOW_UP, first: $first) { nodes { id fullName email } } } }";
/// Leads of the stream that is read, and of one beside it.
const MANY: u32 = 20_000;

/// The texts of a pull's statements.
async fn pull(client: &Client, first: i32) -> Vec<String> {
    let (answer, statistics) = client.counted(PAGE, json!({ "first": first })).await;
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    statistics.texts.expect("texts")
}

fn is_page(text: &str) -> bool {
    text.contains("from lead l") || text.contains("join lead l")
}

/// The parameters of a page's statement.
fn values(stream: &SeededStream, after: uuid::Uuid) -> Vec<Value> {
    vec![stream.partner.organization.into(), stream.id.into(), after.into()]
}

/// The parameters of a mark of a hundred leads.
fn marked(stream: &SeededStream, engine: Engine) -> Vec<Value> {
    let mut values: Vec<Value> = vec![stream.partner.organization.into(), stream.id.into()];
    let id = uuid::Uuid::nil();
    match engine {
        Engine::Sqlite => values.push(
            json!(vec![json!([id.simple().to_string(), 1, 1]); 100])
                .to_string()
                .into(),
        ),
        Engine::Postgres => {
            for one in [id.to_string(), "1".into(), "1".into()] {
                values.push(format!("{{{}}}", vec![one; 100].join(",")).into());
            }
        }
    }
    values
}

/// A plan with what differs from run to run taken out.
fn shape(plan: &str) -> String {
    let lines = plan.lines().map(|line| line.split("  (cost=").next().unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The lead before which so many others stand.
async fn at_depth(app: &TestApp, stream: &SeededStream, depth: u64) -> uuid::Uuid {
    let found = lead::Entity::find()
        .filter(lead::Column::OrganizationId.eq(stream.partner.organization))
        .filter(lead::Column::StreamId.eq(stream.id))
        .order_by_asc(lead::Column::Id)
        .offset(depth)
        .limit(1)
        .one(app.store().read())
        .await;
    found.expect("an answer").expect("a lead").id.0
}

on_both_databases! {
    async fn a_pull_is_five_statements_and_three_where_everything_is_marked(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 120).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        // Whether the login is good is asked once, and not by the first pull.
        assert_eq!(app.store().partner_login_problem().await.expect("an answer"), None);
        let first = pull(&partner, 100).await;
        let again = pull(&partner, 100).await;
        assert_eq!((first.len(), again.len()), (5, 3), "{first:#?}\n{again:#?}");
        for size in [1, 10, 50] {
            assert_eq!(pull(&partner, size).await.len(), 3, "the cost does not depend on the page's size");
        }
        let engine = match app.store().engine() {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        };
        insta::assert_snapshot!(format!("pull_{engine}"), first.join("\n\n"));
        assert!(again.iter().all(|text| first.contains(text)));
        let empty = app.db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL).await;
        let partner = app.partner(&app.db_working_token(&empty).await);
        let document = PAGE.replace("EVENT_FOLLOW_UP", "RELATED_EVENTS");
        let (_, statistics) = partner.counted(&document, json!({ "first": 10 })).await;
        assert_eq!(statistics.statements, 3, "nothing was handed out: only the token's use is noted");
    }

    async fn a_page_is_a_range_of_one_index_at_any_depth(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 1).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let (mut pages, mut marks) = (Vec::new(), Vec::new());
        for size in [1, 10, 25, 50, 100] {
            let texts = pull(&partner, size).await;
            marks.extend(texts.iter().find(|text| text.starts_with("update lead")).cloned());
            pages.extend(texts.into_iter().filter(|text| is_page(text)));
        }
        assert_eq!(pages.len(), 5);
        let beside = app.db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL).await;
        app.db_more_streams(&beside, 1000).await;
        app.db_lead_crowd(&beside, MANY).await;
        app.db_lead_crowd(&stream, MANY).await;
        let deep = at_depth(&app, &stream, u64::from(MANY) - 500).await;
        for text in &pages {
            for after in [uuid::Uuid::nil(), deep] {
                let plan = app.db_plan(text, values(&stream, after)).await;
                let range = match app.store().engine() {
                    Engine::Sqlite => "SEARCH l USING PRIMARY KEY (organization_id=? AND stream_id=? AND id>?)",
                    Engine::Postgres => "Index Scan using lead_pkey on lead l",
                };
                let whole = plan.lines().filter(|line| ["SCAN", "TEMP B-TREE", "Seq Scan", "Sort", "Bitmap"].iter().any(|step| line.contains(step)));
                // SQLite walks the page's own few rows once more.
                let whole: Vec<&str> = whole.filter(|line| *line != "SCAN l").collect();
                assert!(plan.matches(range).count() == 1 && whole.is_empty(), "{text}\n{plan}");
            }
        }
        let mark = marks.first().expect("the first page was marked");
        let plan = app.db_plan(mark, marked(&stream, app.store().engine())).await;
        let each = match app.store().engine() {
            Engine::Sqlite => "SEARCH lead USING PRIMARY KEY (organization_id=? AND stream_id=? AND id=?)",
            Engine::Postgres => "Index Scan using lead_pkey on lead l",
        };
        assert!(plan.contains(each) && !plan.contains("Seq Scan"), "a mark must not read the stream: {mark}\n{plan}");
        let page = pages.last().expect("a page");
        let plan = shape(&app.db_plan(page, values(&stream, deep)).await);
        if app.store().engine() == Engine::Postgres {
            assert!(plan.contains(".organization_id) AND (stream_id = s_1.id) AND (id > "), "{plan}");
        }
        let (start, depth) = (
            app.db_buffers(page, values(&stream, uuid::Uuid::nil())).await,
            app.db_buffers(page, values(&stream, deep)).await,
        );
        if let (Some(start), Some(depth)) = (start, depth) {
            println!("pages touched: {start} at the start, {depth} at depth");
            assert!(depth * 10 <= start * 14 && start < 200, "{start} {depth}");
        }
    }
}
