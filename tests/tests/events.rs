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
}
