//! Views of a roster that staff keep for themselves, and the columns that they choose.

use consentry::platform::store::sql;
use consentry_domain::{QuestionKind, Role};
use consentry_entity::{answer, roster_view};
use consentry_tests::app::{DbEvent, Sharing};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const SAVE: &str = "mutation($input: SaveRosterViewInput!) { saveRosterView(input: $input) {
    rosterViews { name words query } userErrors { field message code } } }";
const REMOVE: &str = "mutation($input: RemoveRosterViewInput!) { removeRosterView(input: $input) {
    rosterViews { name } userErrors { field message code } } }";

async fn save(staff: &Client, event: &DbEvent, name: &str, words: Option<&str>, query: &str) -> Value {
    let input = json!({ "eventId": event.public_id(), "name": name, "words": words, "query": query });
    staff.data(SAVE, json!({ "input": input })).await["saveRosterView"].clone()
}

/// The names of somebody's views.
async fn kept(staff: &Client, event: &DbEvent) -> Vec<String> {
    let document =
        "query($o: String!, $e: String!) { organization(slug: $o) { event(slug: $e) { rosterViews { name } } } }";
    let data = staff
        .data(document, json!({ "o": event.organization_slug, "e": event.slug }))
        .await;
    let views = data["organization"]["event"]["rosterViews"].as_array().expect("views");
    views
        .iter()
        .map(|view| view["name"].as_str().expect("a name").to_owned())
        .collect()
}

/// A person erases themselves.
async fn erase(one: &Client) {
    let me = one.data("{ me { people { id } } }", json!({})).await;
    let document = "mutation($input: RequestErasureInput!) { requestErasure(input: $input) { userErrors { code } } }";
    let input = json!({ "personId": me["me"]["people"][0]["id"] });
    one.done("requestErasure", document, json!({ "input": input })).await;
}

/// An event with a question that one attendee answered.
async fn answered(app: &TestApp, sharing: &Sharing) -> String {
    let question = app.db_question(&sharing.event, QuestionKind::Text, &[], |_| {}).await;
    let ada = app
        .db_attendee(sharing, "ada@people.example", |row| {
            row.company = Some("Engines".into())
        })
        .await;
    app.db_insert(answer::Model {
        organization_id: sharing.event.organization,
        registration_id: ada.registration,
        question_id: question,
        value: json!(["By the night train"]).to_string(),
    })
    .await;
    sharing.event.public(question)
}

on_both_databases! {
    async fn a_view_is_kept_for_oneself_and_replaced_by_its_name(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (event, owner) = (&sharing.event, &sharing.staff);
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        let made = save(owner, event, "Speakers", Some("ada"), "status=CONFIRMED").await;
        assert_eq!(made, json!({ "rosterViews": [{ "name": "Speakers", "words": "ada", "query": "status=CONFIRMED" }], "userErrors": [] }));
        save(owner, event, "Late", None, "sort=time").await;
        assert_eq!(kept(owner, event).await, ["Late", "Speakers"]);
        assert_eq!(kept(&viewer, event).await, Vec::<String>::new(), "nobody sees somebody else's");
        let other = app.db_event(&sharing.organization, "other", |_| ()).await;
        assert_eq!(kept(owner, &other).await, Vec::<String>::new(), "nor one's own of another event");
        let hidden = save(owner, event, "Hidden", None, "sort=time&words=ada").await;
        assert_eq!((&hidden["userErrors"][0]["code"], &hidden["userErrors"][0]["field"]), (&json!("INVALID"), &json!(["query"])));
        let again = save(owner, event, " Speakers ", None, "").await;
        assert_eq!(again["rosterViews"][1], json!({ "name": "Speakers", "words": null, "query": "" }));
        save(&viewer, event, "Speakers", None, "").await;
        let input = json!({ "eventId": event.public_id(), "name": "Speakers" });
        for _ in 0..2 {
            let left = owner.data(REMOVE, json!({ "input": input })).await;
            assert_eq!(left["removeRosterView"], json!({ "rosterViews": [{ "name": "Late" }], "userErrors": [] }));
        }
        assert_eq!(kept(&viewer, event).await, ["Speakers"]);
        let text = "select count(*) as n from audit_entry where detail like '%Speakers%' or detail like '%ada%'";
        let noted: i64 = sql::one(app.store().admin(), text, []).await.expect("a count").try_get("", "n").expect("a number");
        assert_eq!(noted, 0, "the audit log repeats no words");
    }

    async fn twenty_are_kept_and_no_more(app: TestApp) {
        let sharing = app.sharing("acme").await;
        for number in 0..20 {
            assert_eq!(save(&sharing.staff, &sharing.event, &format!("View {number}"), None, "").await["userErrors"], json!([]));
        }
        let refused = save(&sharing.staff, &sharing.event, "One more", None, "").await;
        assert_eq!((&refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]), (&json!("LIMIT_EXCEEDED"), &json!(["name"])));
        assert_eq!(save(&sharing.staff, &sharing.event, "View 7", Some("x"), "").await["userErrors"], json!([]), "one that is there is replaced");
        let rows = roster_view::Entity::find().all(app.store().admin()).await.expect("views");
        assert_eq!(rows.len(), 20);
    }

    async fn views_that_name_somebody_go_with_them_and_all_go_with_the_role(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let ada = app.db_attendee(&sharing, "ada@people.example", |row| {
            row.full_name = Some("Àda King".into());
        }).await;
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        for (name, words) in [("By name", "ada"), ("By address", "x ADA@people.example"), ("King and co", "x"), ("Domain", "people.example"), ("Kingdom", "kin")] {
            save(&viewer, event, name, Some(words), "").await;
        }
        save(&sharing.staff, event, "Mine", Some("king"), "").await;
        erase(&ada.client).await;
        assert_eq!(kept(&viewer, event).await, ["Domain", "Kingdom"]);
        assert_eq!(kept(&sharing.staff, event).await, Vec::<String>::new());
        let members = "query($o: String!) { organization(slug: $o) { teamMembers(first: 9) { edges { node { id role } } } } }";
        let team = sharing.staff.data(members, json!({ "o": event.organization_slug })).await;
        let team = team["organization"]["teamMembers"]["edges"].as_array().expect("a team").clone();
        let member = team.iter().find(|edge| edge["node"]["role"] == "VIEWER").expect("the viewer");
        let remove = "mutation($input: RemoveTeamMemberInput!) { removeTeamMember(input: $input) { userErrors { code } } }";
        let input = json!({ "teamMemberId": member["node"]["id"] });
        sharing.staff.done("removeTeamMember", remove, json!({ "input": input })).await;
        assert_eq!(roster_view::Entity::find().all(app.store().admin()).await.expect("views"), []);
    }

    async fn the_page_shows_the_columns_that_are_chosen_and_asks_for_no_other(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let question = answered(&app, &sharing).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let roster = "/manage/acme/rustdays/roster";
        let usual = browser.open(roster).await;
        assert!(usual.contains("ada@people.example") && usual.contains("Engines") && !usual.contains("night train"), "{usual}");
        let answers = browser.open(&format!("{roster}?show={question}&show=registered")).await;
        let table = answers.split("<tbody>").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table");
        assert!(table.contains("By the night train") && !table.contains("ada@people.example") && !table.contains("Engines") && !table.contains("/orders/"), "{table}");
        assert!(answers.contains(&format!("name=\"show\" value=\"{question}\" checked")), "{answers}");
        assert!(answers.contains(&format!("<input type=\"hidden\" name=\"show\" value=\"{question}\">")), "what is chosen stays with the form");
        for nonsense in ["?show=", "?show=nonsense", "?show=%00", "?show=email&show=email"] {
            assert_eq!(browser.get(&format!("{roster}{nonsense}")).await.status, 200, "{nonsense}");
        }
        let many: String = (0..500).map(|number| format!("&show=x{number}")).collect();
        assert_eq!(browser.get(&format!("{roster}?words={many}")).await.status, 200);
    }

    async fn a_view_is_kept_opened_and_removed_on_the_page(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        app.db_words().await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let roster = "/manage/acme/rustdays/roster";
        let shown = format!("{roster}?words=ada&sort=time&show=email&show=status");
        let fields = [("words", "ada"), ("sort", "time"), ("show", "email"), ("show", "status"), ("keep", "yes")];
        let refused = browser.press(&shown, roster, &[&fields[..], &[("view", " ")]].concat()).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"view-error\"") && !refused.text.contains("id=\"purpose-error\""), "{}", refused.text);
        let kept = browser.press(&shown, roster, &[&fields[..], &[("view", "A & <B>")]].concat()).await;
        assert_eq!(kept.status, 303, "{}", kept.text);
        assert_eq!(kept.header("location"), shown);
        let plain = browser.open(roster).await;
        let address = plain.split("aria-label=\"Your views\"><a href=\"").nth(1).and_then(|rest| rest.split('"').next());
        let address = address.expect("a link").replace("&#38;", "&");
        assert_eq!(address, shown);
        assert!(plain.contains("A &#38; &#60;B&#62;"), "{plain}");
        let view = browser.open(&address).await;
        assert!(view.contains("aria-current=\"true\"") && view.contains("ada@people.example") && !view.contains("bob@people.example"), "{view}");
        let removed = browser.press(&shown, roster, &[("words", "ada"), ("remove", "A & <B>")]).await;
        assert!(removed.status == 303 && removed.header("location").starts_with(&format!("{roster}?words=ada&sort=time")), "{}", removed.header("location"));
        assert!(!browser.open(roster).await.contains("aria-label=\"Your views\""));
    }
}
