//! Who received what: attendees read it, whatever they withdraw or cancel later, and each item can be proved.

use consentry::services::disclosure::expand;
use consentry_domain::commitment::{Hash, Salt, Tag, opens};
use consentry_domain::evidence::{DisclosureItemPayload, item_opening};
use consentry_domain::{DisclosureId, LeadId, OpeningKind};
use consentry_entity::{disclosure, disclosure_item, opening};
use consentry_tests::app::{SeededAttendee, Sharing, TestApp};
use consentry_tests::{Client, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const NODE: &str = "at recipientName purpose fields { field } recipient { __typename ... on EventPartner { legalName }
    ... on StaffExport { purpose } } offer { version } consent { state }";

/// What the only person of an account reads: of all registrations together, and of each.
async fn read(client: &Client) -> (Vec<Value>, Vec<Vec<Value>>) {
    let document = format!(
        "{{ me {{ people {{ disclosures(first: 50) {{ edges {{ node {{ id {NODE} }} }} }}
         registrations(first: 50) {{ edges {{ node {{ disclosures(first: 50) {{ edges {{ node {{ id {NODE} }} }} }} }} }} }} }} }} }}"
    );
    let data = client.data(&document, json!({})).await;
    let nodes = |list: &Value| -> Vec<Value> {
        let edges = list["edges"].as_array().expect("edges");
        edges.iter().map(|edge| edge["node"].clone()).collect()
    };
    let person = &data["me"]["people"][0];
    let each = nodes(&person["registrations"])
        .iter()
        .map(|one| nodes(&one["disclosures"]))
        .collect();
    (nodes(&person["disclosures"]), each)
}

/// Pulls the first hundred leads with their addresses.
async fn pull(partner: &Client) -> usize {
    let document = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 100) { nodes { email } } } }";
    let data = partner.data(document, json!({})).await;
    data["partner"]["leads"]["nodes"].as_array().expect("leads").len()
}

async fn cancel(one: &SeededAttendee) {
    let document =
        "mutation($input: CancelRegistrationInput!) { cancelRegistration(input: $input) { userErrors { code } } }";
    let input = json!({ "registrationId": one.public_id });
    one.client
        .done("cancelRegistration", document, json!({ "input": input }))
        .await;
}

on_both_databases! {
    async fn an_attendee_reads_who_received_which_fields_for_what_and_under_which_consent(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        assert_eq!(read(&ada.client).await, (vec![], vec![vec![]]), "granted is not received");
        assert_eq!(pull(&app.puller(&offer).await).await, 1);
        let (all, each) = read(&ada.client).await;
        assert_eq!((all.len(), &each), (1, &vec![all.clone()]), "the same, by person and by registration");
        let record = disclosure::Entity::find().one(app.store().read()).await.expect("an answer").expect("a record");
        let at: jiff::Timestamp = all[0]["at"].as_str().and_then(|at| at.parse().ok()).expect("a moment");
        assert_eq!(at.as_microsecond(), record.at);
        assert_eq!(&all[0], &json!({ "id": all[0]["id"], "at": all[0]["at"], "recipientName": "Ferris GmbH", "purpose": "EVENT_FOLLOW_UP",
            "fields": [{ "field": "EMAIL" }], "recipient": { "__typename": "EventPartner", "legalName": "Ferris GmbH" },
            "offer": { "version": 1 }, "consent": { "state": "GRANTED" } }), "what was asked for, not all that was granted");
        assert_eq!(read(&bob.client).await, (vec![], vec![vec![]]), "nobody reads somebody else's");
    }

    async fn it_stays_after_a_withdrawal_and_a_cancellation_and_with_the_name_as_it_was(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        pull(&app.puller(&offer).await).await;
        let before = read(&ada.client).await.0;
        ada.withdraw_all().await;
        cancel(&ada).await;
        app.db_execute("update partner set legal_name = 'Renamed Ltd'").await;
        let after = read(&ada.client).await.0;
        assert_eq!((after.len(), &after[0]["id"], &after[0]["recipientName"]), (1, &before[0]["id"], &json!("Ferris GmbH")));
        assert_eq!((&after[0]["recipient"]["legalName"], &after[0]["consent"]["state"]), (&json!("Renamed Ltd"), &json!("WITHDRAWN")));
    }

    async fn it_names_the_event_and_the_version_that_was_agreed_to_whichever_was_in_force_then_or_is_now(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let partner = app.puller(&offer).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        pull(&partner).await;
        let revise = async |version: i32, text: &str, change: &str| {
            let mut terms = Sharing::terms(&[json!("EMAIL")]);
            terms["text"][0]["text"] = json!(text);
            sharing.revise(&offer, terms).await;
            sharing.approve(&offer, version, change).await;
        };
        revise(2, "May we write to you, please?", "EDITORIAL").await;
        pull(&partner).await;
        revise(3, "May we call you?", "SUBSTANTIAL").await;
        assert_eq!(pull(&partner).await, 0, "it is not agreed to yet");
        ada.grant(&app, &offer, 3, &["EMAIL"]).await;
        pull(&partner).await;
        ada.withdraw_all().await;
        let document = "{ me { people { disclosures(first: 9) { edges { node { event { slug } offer { version text }
            consent { state } } } } } } }";
        let data = ada.client.data(document, json!({})).await;
        let entry = |version: i32, text: &str| json!({ "node": { "event": { "slug": "rustdays" },
            "offer": { "version": version, "text": text }, "consent": { "state": "WITHDRAWN" } } });
        let first = entry(1, "May we write to you?");
        assert_eq!(data["me"]["people"][0]["disclosures"]["edges"], json!([entry(3, "May we call you?"), first, first]));
        let items = disclosure_item::Entity::find().all(app.store().read()).await;
        let mut in_force: Vec<i32> = items.expect("items").iter().map(|item| item.offer_version).collect();
        in_force.sort_unstable();
        assert_eq!(in_force, [1, 2, 3], "another one");
    }

    async fn who_stands_in_a_list_that_staff_took_away_sees_it_and_what_for(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let document = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { userErrors { code } } }";
        let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "purpose": "Badges for the printer" });
        sharing.staff.done("exportRoster", document, json!({ "input": input })).await;
        let later = app.db_attendee(&sharing, "late@example.org", |_| ()).await;
        let seen = read(&ada.client).await.0;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0]["recipient"], json!({ "__typename": "StaffExport", "purpose": "Badges for the printer" }));
        assert_eq!((&seen[0]["purpose"], &seen[0]["consent"], &seen[0]["offer"]), (&Value::Null, &Value::Null, &Value::Null));
        assert!(seen[0]["fields"].as_array().expect("fields").contains(&json!({ "field": "EMAIL" })));
        assert_eq!(read(&later.client).await.0, Vec::<Value>::new(), "who came later stood in no list");
    }

    async fn each_item_opens_its_commitment_and_the_salt_that_was_drawn_is_gone(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        for name in ["ada", "bob"] {
            let one = app.db_attendee(&sharing, &format!("{name}@example.org"), |_| ()).await;
            one.grant(&app, &offer, 1, &["EMAIL"]).await;
        }
        assert_eq!(pull(&app.puller(&offer).await).await, 2);
        assert_eq!(expand::expand_due(app.store()).await.expect("expanded"), 1);
        let record = disclosure::Entity::find().one(app.store().read()).await.expect("an answer").expect("a record");
        assert!(record.salt.is_none() && record.expanded_at.is_some());
        let items = disclosure_item::Entity::find().all(app.store().read()).await.expect("items");
        assert_eq!(items.len(), 2);
        for item in items {
            let (commitment, opening) = proof(&app, item.disclosure_id, item.lead_id, &item.commitment).await;
            let salt = Salt(opening.salt.as_slice().try_into().expect("32 bytes"));
            assert!(opens(&commitment, Tag::DisclosureItem, &salt, &opening.payload));
            assert_eq!(opening.registration_id, Some(item.registration_id));
            let said: DisclosureItemPayload = serde_json::from_slice(&opening.payload).expect("a payload");
            assert_eq!((said.registration_id, said.lead_id, said.recipient_name.as_str()), (item.registration_id, item.lead_id, "Ferris GmbH"));
            assert_eq!((said.fields, said.offer_version), (vec!["EMAIL".to_owned()], 1));
        }
    }

    async fn two_nodes_and_a_reader_that_expand_at_once_write_each_item_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let mut attendees = Vec::new();
        for name in ["ada", "bob", "carol"] {
            let one = app.db_attendee(&sharing, &format!("{name}@example.org"), |_| ()).await;
            one.grant(&app, &offer, 1, &["EMAIL"]).await;
            attendees.push(one);
        }
        let partner = app.puller(&offer).await;
        for _ in 0..50 {
            assert_eq!(pull(&partner).await, 3);
        }
        let (one, two, read) = tokio::join!(
            expand::expand_due(app.store()),
            expand::expand_due(app.store()),
            expand::complete(app.store(), sharing.organization.id),
        );
        read.expect("expanded");
        assert!(one.expect("expanded") + two.expect("expanded") <= 50);
        let pending = disclosure::Entity::find().filter(disclosure::Column::ExpandedAt.is_null());
        assert_eq!(pending.all(app.store().read()).await.expect("records"), [], "the reader waits for everybody");
        assert_eq!(disclosure_item::Entity::find().all(app.store().read()).await.expect("items").len(), 150);
        let openings = opening::Entity::find().filter(opening::Column::Kind.eq(OpeningKind::Disclosure));
        assert_eq!(openings.all(app.store().read()).await.expect("openings").len(), 150);
    }

    async fn the_list_is_paged_by_time_and_costs_the_same_for_one_registration_and_for_many(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let partner = app.puller(&offer).await;
        let document = format!("{{ me {{ people {{ disclosures(first: 9) {{ edges {{ node {{ {NODE} }} }} }}
            registrations(first: 9) {{ edges {{ node {{ disclosures(first: 9) {{ edges {{ node {{ {NODE} }} }} }} }} }} }} }} }} }}");
        let mut counts = Vec::new();
        for code in ["", "BBBB2222", "CCCC2222", "DDDD2222"] {
            if !code.is_empty() {
                app.db_place_of(&sharing, &ada, code).await.grant(&app, &offer, 1, &["EMAIL"]).await;
            }
            pull(&partner).await;
            read(&ada.client).await;
            let (answer, statistics) = ada.client.counted(&document, json!({})).await;
            assert!(answer.get("errors").is_none(), "{answer:#}");
            counts.push(statistics.statements);
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{counts:?}");

        let (all, _) = read(&ada.client).await;
        assert_eq!(all.len(), 1 + 2 + 3 + 4);
        let page = "query($after: String) { me { people { disclosures(first: 3, after: $after) { edges { node { id at } }
            pageInfo { hasNextPage endCursor } } } } }";
        let (mut seen, mut after) = (Vec::new(), Value::Null);
        loop {
            let data = ada.client.data(page, json!({ "after": after })).await;
            let page = &data["me"]["people"][0]["disclosures"];
            seen.extend(page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"]["id"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen, all.iter().map(|one| one["id"].clone()).collect::<Vec<_>>());
        let times: Vec<&str> = all.iter().map(|one| one["at"].as_str().expect("a time")).collect();
        assert!(times.windows(2).all(|pair| pair[0] >= pair[1]), "the newest first: {times:?}");
    }
}

/// An item's commitment and its opening.
async fn proof(app: &TestApp, record: DisclosureId, lead: LeadId, commitment: &[u8]) -> (Hash, opening::Model) {
    let found = opening::Entity::find().filter(opening::Column::Id.eq(item_opening(record, lead)));
    let found = found
        .one(app.store().read())
        .await
        .expect("an answer")
        .expect("an opening");
    (Hash(commitment.try_into().expect("32 bytes")), found)
}
