//! Events: made by staff, found by anyone once they are published.

use consentry_domain::Role;
use consentry_tests::app::Sharing;
use consentry_tests::{Client, on_both_databases};
use serde_json::{Value, json};

on_both_databases! {
    async fn an_event_is_a_draft_that_only_staff_see(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let document = "query($slug: String!) { organization(slug: \"acme\") { event(slug: $slug) { id event { title status startsAt } } } }";
        let data = owner.data(document, json!({ "slug": event.slug })).await;
        assert_eq!(
            data["organization"]["event"]["event"],
            json!({ "title": "A conference", "status": "DRAFT", "startsAt": "2027-03-01T08:00:00Z" })
        );
        let data = app
            .anonymous()
            .data("{ event(organization: \"acme\", slug: \"rustdays\") { id } }", json!({}))
            .await;
        assert_eq!(data["event"], json!(null));
    }

    async fn staff_find_the_events_at_which_they_work_and_no_others(app: TestApp) {
        let (organization, other) = (app.db_organization("acme").await, app.db_organization("other").await);
        let owner = app.db_staff(&organization, Role::Owner).await;
        app.event(&owner, &organization, "draft").await;
        let mut mine = None;
        for slug in ["one", "two", "three"] {
            mine = Some(app.db_event(&organization, slug, |_| ()).await);
        }
        app.db_event(&other, "foreign", |_| ()).await;
        let (account, manager) = app.db_account("manager@example.org").await;
        app.db_member(&organization, account, Role::Manager, mine.map(|event| event.id)).await;
        let document = "query($after: String) { organization(slug: \"acme\") { events(first: 3, after: $after) {
            edges { node { event { slug status } } } pageInfo { hasNextPage endCursor } } } }";
        let page = async |client: &Client, after: &Value| {
            let page = client.data(document, json!({ "after": after })).await["organization"]["events"].clone();
            let edges = page["edges"].as_array().expect("a page").iter();
            let slugs: Vec<_> = edges.map(|edge| edge["node"]["event"]["slug"].as_str().expect("a slug").to_owned()).collect();
            (slugs, page["pageInfo"]["hasNextPage"] == json!(true), page["pageInfo"]["endCursor"].clone())
        };
        let (first, more, end) = page(&owner, &Value::Null).await;
        assert_eq!((first, more), (vec!["three".to_owned(), "two".into(), "one".into()], true));
        assert_eq!(page(&owner, &end).await.0, ["draft"]);
        assert_eq!(page(&manager, &Value::Null).await.0, ["three"]);
    }

    async fn a_partner_is_named_on_the_public_page_by_its_role_and_what_it_asks_for_only_once_that_is_approved(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let silent = sharing.event_partner("Silent", "EXHIBITOR").await;
        let asking = sharing.event_partner("Asking", "CO_SPONSOR").await;
        let offer = sharing.requested(&asking, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        let document = "{ event(organization: \"acme\", slug: \"rustdays\") { partners { role displayName contactEmail privacyNotice { url } offers { version } } } }";
        let named = |name: &str, role: &str, offers: Value| json!({ "role": role, "displayName": name, "contactEmail": format!("dpo@{}.example", name.to_lowercase()),
            "privacyNotice": { "url": format!("https://{}.example/privacy", name.to_lowercase()) }, "offers": offers });
        let seen = app.anonymous().data(document, json!({})).await["event"]["partners"].clone();
        assert_eq!(seen, json!([named("Silent", "EXHIBITOR", json!([])), named("Asking", "CO_SPONSOR", json!([]))]));
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        app.db_execute("update event_partner set active = false where role = 'EXHIBITOR'").await;
        let seen = app.anonymous().data(document, json!({})).await["event"]["partners"].clone();
        assert_eq!(seen, json!([named("Asking", "CO_SPONSOR", json!([{ "version": 1 }]))]), "{silent} is none any more");
    }

    async fn what_is_out_of_sale_or_asked_no_more_stays_so_when_its_words_are_changed(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let text = |text: &str| json!([{ "locale": "en", "text": text }]);
        let parts = "event { ticketTypes { archived revision ticketType { id name } }
            questions { revision question { id } } event { questions { id label } } }";
        let ticket = |name: &str| json!({ "name": text(name), "price": "10.00", "taxRate": "0.0", "priceIncludesTax": true, "visibility": "PUBLIC" });
        let question = |label: &str| json!({ "kind": "TEXT", "label": text(label), "sensitivity": "ORDINARY", "required": false, "shareable": false, "purpose": text("Seating") });
        let change = async |name: &str, mut input: Value| {
            input["idempotencyKey"] = json!(format!("{name} {}", input["terms"]["name"]));
            let (kind, rest) = name.split_at(1);
            let (kind, new) = (format!("{}{rest}Input", kind.to_uppercase()), name.starts_with("create"));
            if !new {
                input.as_object_mut().expect("an object").remove("idempotencyKey");
            }
            let document = format!("mutation($input: {kind}!) {{ {name}(input: $input) {{ {parts} userErrors {{ message field }} }} }}");
            let answer = owner.data(&document, json!({ "input": input })).await[name].clone();
            assert_eq!(answer["userErrors"], json!([]));
            answer["event"].clone()
        };
        change("createTicketType", json!({ "eventId": event.public_id, "terms": ticket("Early") })).await;
        let made = change("createQuestion", json!({ "eventId": event.public_id, "terms": question("Seat?") })).await;
        assert_eq!(made["event"]["questions"][0]["label"], "Seat?");
        let (ticket_id, question_id) = (&made["ticketTypes"][0]["ticketType"]["id"], &made["questions"][0]["question"]["id"]);
        // Another one is on sale, whose buyers are asked whatever is asked.
        change("createTicketType", json!({ "eventId": event.public_id, "terms": ticket("Late") })).await;
        change("archiveTicketType", json!({ "ticketTypeId": ticket_id, "revision": 1 })).await;
        change("archiveQuestion", json!({ "questionId": question_id, "revision": 1 })).await;
        change("updateTicketType", json!({ "ticketTypeId": ticket_id, "revision": 2, "terms": ticket("Early bird") })).await;
        let after = change("updateQuestion", json!({ "questionId": question_id, "revision": 2, "terms": question("Which seat?") })).await;
        let ticket = json!({ "archived": true, "revision": 3, "ticketType": { "id": ticket_id, "name": "Early bird" } });
        let early = after["ticketTypes"].as_array().expect("a list").iter().find(|its| its["ticketType"]["id"] == *ticket_id);
        assert_eq!((early, &after["event"]["questions"]), (Some(&ticket), &json!([])));
    }

    async fn another_tenants_staff_are_told_that_there_is_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        app.event(&owner, &organization, "rustdays").await;
        let other = app.db_organization("other").await;
        let stranger = app.db_staff(&other, Role::Owner).await;
        let document = "query($slug: String!) { organization(slug: $slug) { organization { id } } }";
        let foreign = stranger.send(document, json!({ "slug": "acme" })).await;
        let unknown = stranger.send(document, json!({ "slug": "nobody" })).await;
        assert_eq!(foreign, unknown);
    }

    async fn what_stands_around_a_question_and_its_choices_is_not_kept(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let text = |text: &str| json!([{ "locale": "en", "text": text }]);
        let parts = "event { questions { question { id label choices { id label } } } } userErrors { field code }";
        let mut terms = json!({ "kind": "CHOICE", "label": text(" Drink?\n"), "sensitivity": "ORDINARY", "required": false, "shareable": true,
            "purpose": text("Why"), "choices": [{ "label": text("  Tea\n") }, { "label": text("Coffee ") }] });
        let document = format!("mutation($input: CreateQuestionInput!) {{ createQuestion(input: $input) {{ {parts} }} }}");
        let input = json!({ "idempotencyKey": "one", "eventId": event.public_id, "terms": terms });
        let made = owner.data(&document, json!({ "input": input })).await["createQuestion"].clone();
        let question = made["event"]["questions"][0]["question"].clone();
        assert_eq!(json!([question["label"], question["choices"][0]["label"], question["choices"][1]["label"]]), json!(["Drink?", "Tea", "Coffee"]));
        // Once partners were offered the answers nothing of this may change; what says the same does not.
        app.db_execute("update question set bit = 20").await;
        for (index, label) in ["Tea ", "Coffee"].into_iter().enumerate() {
            terms["choices"][index] = json!({ "id": question["choices"][index]["id"], "label": text(label) });
        }
        let document = format!("mutation($input: UpdateQuestionInput!) {{ updateQuestion(input: $input) {{ {parts} }} }}");
        let update = async |terms: &Value| {
            let input = json!({ "questionId": question["id"], "revision": 1, "terms": terms });
            owner.data(&document, json!({ "input": input })).await["updateQuestion"]["userErrors"].clone()
        };
        let mut other = terms.clone();
        other["choices"][1]["label"] = text("Cocoa");
        assert_eq!(update(&other).await, json!([{ "field": ["terms"], "code": "WRONG_STATE" }]));
        assert_eq!(update(&terms).await, json!([]));
    }

    async fn a_question_is_asked_before_another_one_or_last(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let text = |text: &str| json!([{ "locale": "en", "text": text }]);
        let document = "mutation($input: CreateQuestionInput!) { createQuestion(input: $input) { event { questions { question { id label } } } } }";
        let mut ids = Vec::new();
        for label in ["A", "B", "C"] {
            // All at the same place: then by age.
            let terms = json!({ "kind": "TEXT", "label": text(label), "sensitivity": "ORDINARY", "required": false, "shareable": false, "purpose": text("Why") });
            let input = json!({ "idempotencyKey": label, "eventId": event.public_id, "terms": terms });
            let made = owner.data(document, json!({ "input": input })).await;
            let questions = made["createQuestion"]["event"]["questions"].as_array().expect("a list").clone();
            ids.push(questions.iter().find(|its| its["question"]["label"] == label).expect("it")["question"]["id"].clone());
        }
        let moved = async |question: &Value, before: &Value| {
            let document = "mutation($input: MoveQuestionInput!) { moveQuestion(input: $input) {
                event { questions { position revision question { label } } } userErrors { code field } } }";
            owner.data(document, json!({ "input": { "questionId": question, "beforeId": before } })).await["moveQuestion"].clone()
        };
        let order = |payload: &Value| {
            let all = payload["event"]["questions"].as_array().unwrap_or_else(|| panic!("refused: {payload}")).iter();
            all.map(|its| its["question"]["label"].as_str().expect("a label").to_owned()).collect::<String>()
        };
        assert_eq!(order(&moved(&ids[2], &ids[0]).await), "CAB");
        assert_eq!(order(&moved(&ids[2], &json!(null)).await), "ABC");
        let again = moved(&ids[2], &json!(null)).await;
        assert_eq!(order(&again), "ABC", "again is the same");
        let places: Vec<&Value> = again["event"]["questions"].as_array().expect("a list").iter().map(|its| &its["position"]).collect();
        assert_eq!(places, [0, 1, 2]);
        assert_eq!(order(&moved(&ids[0], &ids[0]).await), "ABC", "before itself");
        let archive = "mutation($input: ArchiveQuestionInput!) { archiveQuestion(input: $input) { userErrors { message } } }";
        let revision = &again["event"]["questions"][1]["revision"];
        let done = owner.data(archive, json!({ "input": { "questionId": ids[1], "revision": revision } })).await;
        assert_eq!(done["archiveQuestion"]["userErrors"], json!([]));
        for (question, before, field) in [(&ids[1], &ids[0], "questionId"), (&ids[0], &ids[1], "beforeId")] {
            let refused = moved(question, before).await;
            assert_eq!(refused["userErrors"], json!([{ "code": "NOT_FOUND", "field": [field] }]), "what is asked no more has no place");
        }
        assert_eq!(order(&moved(&ids[2], &ids[0]).await), "CA");
    }

    async fn a_blank_text_takes_its_language_away_and_null_a_deadline_but_an_event_keeps_a_title(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.event(&owner, &organization, "rustdays").await;
        let document = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { userErrors { code field }
            event { revision answersEditableUntil event { titles { locale text } descriptions { locale text } } } } }";
        let change = async |revision: i64, change: Value| {
            let mut input = json!({ "eventId": event.public_id, "revision": revision });
            input.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
            owner.data(document, json!({ "input": input })).await["updateEvent"].clone()
        };
        let text = |locale: &str, text: &str| json!({ "locale": locale, "text": text });
        let all = json!({ "title": [text("de", "Tage")], "description": [text("en", "About"), text("fr", "De quoi")], "answersEditableUntil": "2027-02-01T09:00:00Z" });
        let made = change(1, all).await;
        assert_eq!(made["event"]["event"]["titles"], json!([text("de", "Tage"), text("en", "A conference")]));
        let less = change(2, json!({ "title": [text("en", " ")], "description": [text("fr", "")] })).await;
        assert_eq!(less["event"]["event"], json!({ "titles": [text("de", "Tage")], "descriptions": [text("en", "About")] }));
        assert_eq!(less["event"]["answersEditableUntil"], "2027-02-01T09:00:00Z", "what is not said stays");
        for title in [json!([text("de", "")]), json!([text("de", ""), text("en", "\n")])] {
            let refused = change(3, json!({ "title": title })).await;
            assert_eq!(refused, json!({ "event": null, "userErrors": [{ "code": "REQUIRED", "field": ["title"] }] }));
        }
        let last = change(3, json!({ "title": [text("de", ""), text("en", "Days")], "description": [text("en", "")], "answersEditableUntil": null })).await;
        assert_eq!(last["event"]["event"], json!({ "titles": [text("en", "Days")], "descriptions": [] }));
        assert_eq!((&last["event"]["answersEditableUntil"], &last["event"]["revision"]), (&json!(null), &json!(4)));
    }

    async fn a_ticket_type_stands_before_another_one_or_last(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let mut ids = Vec::new();
        for name in ["A", "B", "C"] {
            // All at the same place: then by age.
            ids.push(event.public(app.db_ticket_type(&event, name, |_| {}).await));
        }
        let gone = event.public(app.db_ticket_type(&event, "Gone", |row| row.archived_at = Some(1)).await);
        let foreign = other.public(app.db_ticket_type(&other, "Foreign", |_| {}).await);
        let moved = async |ticket: &String, before: Option<&String>| {
            let document = "mutation($input: MoveTicketTypeInput!) { moveTicketType(input: $input) {
                event { event { ticketTypes { name } } } userErrors { code field } } }";
            let payload = owner.data(document, json!({ "input": { "ticketTypeId": ticket, "beforeId": before } })).await["moveTicketType"].clone();
            let names = payload["event"]["event"]["ticketTypes"].as_array().map(|all| {
                all.iter().map(|its| its["name"].as_str().expect("a name").to_owned()).collect::<String>()
            });
            (names.unwrap_or_default(), payload["userErrors"].clone())
        };
        let order = |names: &str| (names.to_owned(), json!([]));
        assert_eq!(moved(&ids[2], Some(&ids[0])).await, order("CAB"));
        for _ in 0..2 {
            assert_eq!(moved(&ids[2], None).await, order("ABC"), "again is the same");
        }
        assert_eq!(moved(&ids[0], Some(&ids[0])).await, order("ABC"), "before itself");
        for (ticket, before, field) in [(&gone, &ids[0], "ticketTypeId"), (&ids[0], &gone, "beforeId"), (&ids[0], &foreign, "beforeId")] {
            let refused = moved(ticket, Some(before)).await;
            assert_eq!(refused.1, json!([{ "code": "NOT_FOUND", "field": [field] }]));
        }
        let written = "query { organization(slug: \"acme\") { auditLog(first: 9) { edges { node { action } } } } }";
        let log = owner.data(written, json!({})).await;
        let log = log["organization"]["auditLog"]["edges"].as_array().expect("a log").iter();
        assert_eq!(log.filter(|edge| edge["node"]["action"] == "moveTicketType").count(), 2, "no move to where it stands, and no refusal");
    }

    async fn what_costs_money_is_missing_a_way_of_paying_until_one_is_ready(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |row| row.status = consentry_domain::EventStatus::Draft).await;
        let check = async || {
            let document = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { publishCheck { code } } } }";
            let data = owner.data(document, json!({})).await;
            let found = data["organization"]["event"]["publishCheck"].as_array().expect("a list").clone();
            found.contains(&json!({ "code": "PAYMENT" }))
        };
        app.db_ticket_type(&event, "Free", |_| {}).await;
        app.db_ticket_type(&event, "Gone", |row| (row.price_minor, row.archived_at) = (900, Some(1))).await;
        assert!(!check().await, "nothing that is sold costs anything");
        app.db_ticket_type(&event, "Hidden", |row| {
            (row.price_minor, row.visibility) = (100, consentry_domain::Visibility::Hidden);
        }).await;
        assert!(check().await);
        let set = "mutation($input: SetProviderAccountInput!) { setProviderAccount(input: $input) { userErrors { code } } }";
        for (account, is_missing) in [(json!({ "secretKey": "sk_test_1" }), true), (json!({ "webhookSecret": "whsec_1" }), false)] {
            let input = json!({ "organizationId": organization.public_id, "stripe": account });
            owner.done("setProviderAccount", set, json!({ "input": input })).await;
            assert_eq!(check().await, is_missing);
        }
        app.db_execute("update provider_account set active = false").await;
        assert!(check().await, "one that is out of use takes nothing");
    }

    async fn staff_read_an_agenda_with_its_revisions(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let (first, second) = (app.db_talk(&event, "First", 1).await, app.db_talk(&event, "Second", 2).await);
        let foreign = app.db_talk(&other, "Foreign", 1).await;
        let document = "query($after: String, $id: ID!) { organization(slug: \"acme\") { event(slug: \"rustdays\") {
            sessions(first: 1, after: $after) { edges { node { revision session { id title } } } pageInfo { hasNextPage endCursor } }
            session(id: $id) { revision session { title } } } } }";
        let read = async |after: &Value, id: String| {
            let data = owner.data(document, json!({ "after": after, "id": id })).await;
            data["organization"]["event"].clone()
        };
        let page = read(&json!(null), event.public(second)).await;
        assert_eq!(page["sessions"]["edges"], json!([{ "node": { "revision": 1, "session": { "id": event.public(first), "title": "First" } } }]));
        assert_eq!((&page["session"]["revision"], &page["session"]["session"]["title"]), (&json!(1), &json!("Second")));
        let rest = read(&page["sessions"]["pageInfo"]["endCursor"], event.public(foreign)).await;
        assert_eq!(rest["sessions"]["edges"][0]["node"]["session"]["title"], "Second");
        assert_eq!((&rest["sessions"]["pageInfo"]["hasNextPage"], &rest["session"]), (&json!(false), &json!(null)), "another event's");
    }
}
