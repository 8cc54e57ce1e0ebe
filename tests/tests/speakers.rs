//! Who speaks: presented with the event and in its agenda, until they are removed; and nobody is copied.

use consentry::platform::store::sql;
use consentry_domain::Role;
use consentry_entity::{session_speaker, speaker};
use consentry_tests::app::DbEvent;
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

const CREATE: &str = "mutation($input: CreateSpeakerInput!) { createSpeaker(input: $input) {
    event { speakers { revision position speaker { id name } } } userErrors { field code } } }";
const UPDATE: &str = "mutation($input: UpdateSpeakerInput!) { updateSpeaker(input: $input) {
    event { speakers { revision speaker { name headline website } } } userErrors { field code } } }";
const REMOVE: &str = "mutation($id: ID!) { removeSpeaker(input: { speakerId: $id }) {
    event { speakers { speaker { name } } } userErrors { field code } } }";
const NEW_SESSION: &str = "mutation($input: CreateEventSessionInput!) { createEventSession(input: $input) {
    event { sessions(first: 9) { edges { node { revision session { id title } } } } } userErrors { field code } } }";
const CHANGE_SESSION: &str = "mutation($input: UpdateEventSessionInput!) { updateEventSession(input: $input) {
    userErrors { field code } } }";
const SEEN: &str = "{ event(organization: \"acme\", slug: \"rustdays\") {
    speakers { name headline(locale: \"de\") biography website }
    sessions(first: 9) { edges { node { title speakers { name } } } } } }";

fn text(text: &str) -> Value {
    json!([{ "locale": "en", "text": text }])
}

/// Adds a speaker; the payload.
async fn add(owner: &Client, event: &DbEvent, key: &str, terms: Value) -> Value {
    let input = json!({ "idempotencyKey": key, "eventId": event.public_id(), "terms": terms });
    owner.data(CREATE, json!({ "input": input })).await["createSpeaker"].clone()
}

/// The id of the speaker of this name.
fn id_of(payload: &Value, name: &str) -> Value {
    assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
    let all = payload["event"]["speakers"].as_array().expect("a list");
    let found = all.iter().find(|one| one["speaker"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {name}: {payload:#}"))["speaker"]["id"].clone()
}

fn session(speakers: Value) -> Value {
    let mut terms =
        json!({ "title": text("Keynote"), "startsLocal": "2027-03-01T09:00", "endsLocal": "2027-03-01T10:00" });
    if !speakers.is_null() {
        terms["speakerIds"] = speakers;
    }
    terms
}

/// Who stands where, to anyone: the names of the list, and those of the first session.
async fn seen(app: &TestApp) -> (Vec<String>, Vec<String>) {
    let event = app.anonymous().data(SEEN, json!({})).await["event"].clone();
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let names = list.iter().map(|one| one["name"].as_str().expect("a name").to_owned());
        names.collect()
    };
    (
        names(&event["speakers"]),
        names(&event["sessions"]["edges"][0]["node"]["speakers"]),
    )
}

async fn rows(app: &TestApp) -> (u64, u64) {
    let (speakers, speaking) = (speaker::Entity::find(), session_speaker::Entity::find());
    let speakers = speakers.count(app.store().read()).await;
    let speaking = speaking.count(app.store().read()).await;
    (speakers.expect("a number"), speaking.expect("a number"))
}

on_both_databases! {
    async fn who_speaks_stands_in_the_list_and_in_the_agenda_until_they_are_removed(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        add(&owner, &event, "1", json!({ "name": "Zoë" })).await;
        add(&owner, &event, "2", json!({ "name": "Ada", "position": 1 })).await;
        let ada = add(&owner, &event, "2", json!({ "name": "Ada", "position": 1 })).await;
        let all = add(&owner, &event, "3", json!({ "name": "bertha", "headline": text("Chair"), "biography": text("Since **ever**."), "website": "https://b.example/" })).await;
        assert_eq!(rows(&app).await.0, 3, "the same request made one: {ada}");
        assert_eq!(seen(&app).await.0, ["bertha", "Zoë", "Ada"], "by place, then by name, whatever the letters' size");
        let (bertha, ada) = (id_of(&all, "bertha"), id_of(&all, "Ada"));

        let input = json!({ "idempotencyKey": "s", "eventId": event.public_id(), "terms": session(json!([ada, bertha])) });
        let made = owner.data(NEW_SESSION, json!({ "input": input })).await["createEventSession"].clone();
        assert_eq!(made["userErrors"], json!([]));
        assert_eq!(seen(&app).await.1, ["bertha", "Ada"], "in the order of the list");
        let shown = app.anonymous().data(SEEN, json!({})).await["event"]["speakers"][0].clone();
        assert_eq!(shown, json!({ "name": "bertha", "headline": "Chair", "biography": "Since **ever**.", "website": "https://b.example/" }));

        let node = &made["event"]["sessions"]["edges"][0]["node"];
        let change = async |revision: i64, speakers: Value| {
            let input = json!({ "eventSessionId": node["session"]["id"], "revision": revision, "terms": session(speakers) });
            owner.data(CHANGE_SESSION, json!({ "input": input })).await["updateEventSession"]["userErrors"].clone()
        };
        assert_eq!(change(1, Value::Null).await, json!([]));
        assert_eq!(seen(&app).await.1, ["bertha", "Ada"], "what is not said stays");
        assert_eq!(change(2, json!([ada])).await, json!([]));
        assert_eq!(seen(&app).await.1, ["Ada"]);
        let update = async |revision: i64| {
            let terms = json!({ "name": "Ada L.", "headline": text("Countess"), "position": -1 });
            let input = json!({ "speakerId": ada, "revision": revision, "terms": terms });
            owner.data(UPDATE, json!({ "input": input })).await["updateSpeaker"].clone()
        };
        let changed = update(1).await;
        assert_eq!(changed["event"]["speakers"][0], json!({ "revision": 2, "speaker": { "name": "Ada L.", "headline": "Countess", "website": null } }));
        assert_eq!(update(1).await["userErrors"], json!([{ "field": ["revision"], "code": "STALE" }]));

        for _ in 0..2 {
            // Whoever is gone already is nobody's.
            let removed = owner.data(REMOVE, json!({ "id": ada })).await["removeSpeaker"].clone();
            assert!(removed["userErrors"] == json!([]) || removed["userErrors"] == json!([{ "field": ["speakerId"], "code": "NOT_FOUND" }]), "{removed}");
        }
        assert_eq!(seen(&app).await, (vec!["bertha".to_owned(), "Zoë".into()], Vec::new()));
        assert_eq!(rows(&app).await, (2, 0), "nothing of them is kept");
        assert_eq!(change(3, json!([bertha])).await, json!([]));
        let gone = "mutation($id: ID!) { removeEventSession(input: { eventSessionId: $id }) { userErrors { code } } }";
        owner.data(gone, json!({ "id": node["session"]["id"] })).await;
        assert_eq!(rows(&app).await, (2, 0));
    }

    async fn nobody_speaks_twice_or_at_an_event_that_is_not_theirs_and_nothing_half_done_stays(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let other = app.db_event(&organization, "other", |_| ()).await;
        let (mine, theirs) = (app.db_speaker(&event, "Mine", &[]).await, app.db_speaker(&other, "Theirs", &[]).await);
        let (mine, theirs) = (event.public(mine), other.public(theirs));
        for (speakers, at) in [(json!([mine, theirs]), 1), (json!([mine, mine]), 1), (json!(["nonsense"]), 0)] {
            let input = json!({ "idempotencyKey": "s", "eventId": event.public_id(), "terms": session(speakers) });
            let refused = owner.data(NEW_SESSION, json!({ "input": input })).await["createEventSession"].clone();
            assert_eq!(refused["userErrors"], json!([{ "field": ["terms", "speakerIds", at.to_string()], "code": "NOT_FOUND" }]));
        }
        let cases = [
            (json!({ "name": " " }), "name", "REQUIRED"),
            (json!({ "name": "x".repeat(201) }), "name", "TOO_LONG"),
            (json!({ "name": "A", "headline": text(&"x".repeat(201)) }), "headline", "TOO_LONG"),
            (json!({ "name": "A", "biography": text(&"x".repeat(3001)) }), "biography", "TOO_LONG"),
            (json!({ "name": "A", "website": "javascript:alert(1)" }), "website", "INVALID"),
        ];
        for (terms, field, code) in cases {
            let refused = add(&owner, &event, field, terms).await;
            assert_eq!(refused, json!({ "event": null, "userErrors": [{ "field": ["terms", field], "code": code }] }));
        }
        assert_eq!(rows(&app).await, (2, 0));
        assert_eq!(seen(&app).await, (vec!["Mine".to_owned()], Vec::new()));
    }

    async fn an_event_has_five_hundred_speakers_at_most(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        for number in 0..499 {
            app.db_speaker(&event, &format!("Speaker {number}"), &[]).await;
        }
        assert_eq!(add(&owner, &event, "500", json!({ "name": "Last" })).await["userErrors"], json!([]));
        let refused = add(&owner, &event, "501", json!({ "name": "One more" })).await;
        assert_eq!(refused["userErrors"], json!([{ "field": ["eventId"], "code": "LIMIT_EXCEEDED" }]));
    }

    async fn a_list_of_events_costs_the_same_whoever_speaks(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let document = "{ events(first: 9) { edges { node { speakers { name } sessions(first: 5) { edges { node { speakers { name } } } } } } } }";
        let mut costs = Vec::new();
        for slug in ["one", "two", "three"] {
            let event = app.db_event(&organization, slug, |_| ()).await;
            let talk = app.db_talk(&event, "A talk", 1).await;
            app.db_speaker(&event, "Ada", &[talk]).await;
            app.db_speaker(&event, "Bertha", &[talk]).await;
            let (answer, statistics) = app.anonymous().counted(document, json!({})).await;
            assert_eq!(answer["data"]["events"]["edges"][0]["node"]["sessions"]["edges"][0]["node"]["speakers"][1]["name"], "Bertha");
            costs.push(statistics.statements);
        }
        assert!(costs.windows(2).all(|pair| pair[0] == pair[1]), "{costs:?}");
    }

    async fn a_copy_of_an_event_presents_nobody(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let talk = app.db_talk(&event, "A talk", 1).await;
        app.db_speaker(&event, "Ada", &[talk]).await;
        let copy = "mutation($input: CopyEventInput!) { copyEvent(input: $input) { event {
            speakers { position } sessions(first: 5) { edges { node { session { title speakers { name } } } } } } userErrors { code } } }";
        let input = json!({ "idempotencyKey": "copy", "eventId": event.public_id(), "slug": "next", "startsLocal": "2099-03-06T09:00" });
        let made = owner.data(copy, json!({ "input": input })).await["copyEvent"].clone();
        let talks = json!({ "edges": [{ "node": { "session": { "title": "A talk", "speakers": [] } } }] });
        assert_eq!(made, json!({ "event": { "speakers": [], "sessions": talks }, "userErrors": [] }));
        assert_eq!(rows(&app).await, (1, 1));
    }

    async fn a_speaker_is_made_named_in_a_session_and_removed_on_the_pages(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let mut browser = app.browser_of(&app.db_staff(&organization, Role::Manager).await).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        app.db_talk(&event, "A talk", 1).await;
        let base = "/manage/acme/rustdays";
        let list = format!("{base}/speakers");
        let new = format!("{base}/speakers/new");
        assert!(browser.open(&list).await.contains("Nobody is presented yet."));
        let typed = [("name", "Ada Lovelace"), ("headline.en", "Analyst"), ("headline.de", "Analytikerin"), ("biography.en", "She *computes*."), ("website", "https://ada.example/"), ("position", "soon"), ("go", "save")];
        let refused = browser.press(&new, &new, &typed).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"position-error\"") && refused.text.contains("value=\"Ada Lovelace\""), "{}", refused.text);
        let mut typed = typed;
        typed[5].1 = "";
        browser.press(&new, &new, &typed).await.leads_to(&format!("{list}?done=saved"));
        let page = browser.open(&list).await;
        let path = page.split("<h2><a href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a speaker").to_owned();
        let id = path.rsplit('/').next().expect("an id").to_owned();

        let agenda = browser.open(&format!("{base}/agenda")).await;
        let talk = agenda.split("<div><a href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session").to_owned();
        let form = browser.open(&talk).await;
        assert!(form.contains(&format!("name=\"speakerIds\" value=\"{id}\"><span>Ada Lovelace · Analyst</span>")), "{form}");
        let value = |name: &str| {
            let start = format!("name=\"{name}\" type=\"datetime-local\" value=\"");
            form.split(&start).nth(1).and_then(|rest| rest.split('"').next()).expect("a time").to_owned()
        };
        let (starts, ends) = (value("startsLocal"), value("endsLocal"));
        let fields = [("title.en", "A talk"), ("startsLocal", &starts), ("endsLocal", &ends), ("speakerIds", &id), ("revision", "1"), ("go", "save")];
        browser.press(&talk, &talk, &fields).await.leads_to(&format!("{base}/agenda?done=saved"));
        assert!(browser.open(&talk).await.contains(&format!("value=\"{id}\" checked")));

        let public = app.browser().open("/events/acme/rustdays?language=de").await;
        for words in ["Vortragende", &format!("<a href=\"#speaker-{id}\">Ada Lovelace</a>"), &format!("id=\"speaker-{id}\""), "Analytikerin", "<em>computes</em>", "href=\"https://ada.example/\"", "\"performer\":[{\"@type\":\"Person\",\"name\":\"Ada Lovelace\"}]"] {
            assert!(public.contains(words), "{words}: {public}");
        }
        browser.press(&path, &path, &[("remove", "yes"), ("revision", "1")]).await.leads_to(&format!("{list}?done=saved"));
        assert!(!app.browser().open("/events/acme/rustdays").await.contains("Ada Lovelace"));
        let noted = sql::all(app.store().read(), "select action from audit_entry where subject_kind = 'speaker' order by id", []).await.expect("entries");
        let noted: Vec<String> = noted.iter().map(|row| row.try_get("", "action").expect("a name")).collect();
        assert_eq!(noted, ["createSpeaker", "removeSpeaker"]);
    }
}
