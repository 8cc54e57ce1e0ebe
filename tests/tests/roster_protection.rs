//! What the data-protection officer does, and what nobody else reaches: restriction, quarantine, proof, and its effect on
//! leads.

use consentry::platform::store::Engine;
use consentry_domain::{RegistrationId, Role};
use consentry_tests::{Client, on_both_databases};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

const PROOF: &str = "query($slug: String!, $id: ID!, $first: Int!, $after: String) { organization(slug: $slug) { event(slug: \"rustdays\") {
    consentProof(registrationId: $id, first: $first, after: $after) { edges { node { action commitment salt payload } }
    pageInfo { hasNextPage endCursor } } } } }";

async fn protect(client: &Client, name: &str, id: &str) -> Value {
    let input = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document = format!(
        "mutation($input: {input}!) {{ {name}(input: $input) {{ protection {{ id restrictedAt quarantinedAt }}
        userErrors {{ field code message }} }} }}"
    );
    client
        .data(&document, json!({ "input": { "registrationId": id } }))
        .await[name]
        .clone()
}

on_both_databases! {
    async fn whoever_is_erased_while_they_are_restricted_is_not_there(app: TestApp) {
        // SQLite's writers wait for each other before they read anything.
        if app.store().engine() == Engine::Sqlite {
            return;
        }
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let erasing = app.store().admin().begin().await.expect("a transaction");
        erasing.execute_unprepared("update person set account_id = null, erased_at = 1").await.expect("erased");
        erasing.execute_unprepared("update registration set person_id = null, status = 'ERASED'").await.expect("emptied");
        let restricting = protect(&officer, "restrictPerson", &ada.public_id);
        let erased = async {
            app.somebody_waits().await;
            erasing.commit().await.expect("committed");
        };
        let (answer, ()) = tokio::join!(restricting, erased);
        assert_eq!(answer["userErrors"][0]["code"], "NOT_FOUND", "{answer:#}");
    }

    async fn what_protects_a_registration_takes_its_leads_away_and_gives_them_back(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Globex", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.client.done("setConsents", SET, json!({ "input": { "registrationId": ada.public_id, "revision": 1, "ofAge": true,
            "consents": [{ "offerId": offer.public_id, "offerVersion": 1, "decision": "GRANT",
                "fields": [{ "field": "FULL_NAME" }, { "field": "EMAIL" }] }] } })).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let shown = |leads: &[consentry_entity::lead::Model]| leads.iter().filter(|lead| lead.full_name.is_some()).count();
        assert_eq!(shown(&app.db_stream_leads(&offer).await), 1);
        for (set, lift, field) in [("restrictPerson", "liftRestriction", "restrictedAt"), ("quarantineRegistration", "liftQuarantine", "quarantinedAt")] {
            let held = protect(&officer, set, &ada.public_id).await;
            assert!(held["protection"][field].is_string(), "{held:#}");
            assert_eq!(shown(&app.db_stream_leads(&offer).await), 0, "{set}");
            let again = protect(&officer, set, &ada.public_id).await;
            assert_eq!(again, held, "doing it twice is doing it once");
            let lifted = protect(&officer, lift, &ada.public_id).await;
            assert_eq!(lifted["protection"][field], json!(null), "{lifted:#}");
            assert_eq!(shown(&app.db_stream_leads(&offer).await), 1, "{lift}");
        }
        let variables = json!({ "slug": "acme", "id": ada.public_id, "first": 10 });
        let data = officer.data(PROOF, variables.clone()).await;
        let edges = &data["organization"]["event"]["consentProof"]["edges"];
        assert_eq!(edges[0]["node"]["action"], "GRANTED", "{data:#}");
        assert_eq!(edges[0]["node"]["salt"].as_str().map(str::len), Some(64));
        assert!(edges[0]["node"]["payload"].as_str().is_some_and(|text| text.contains("Globex GmbH")));
        for role in [Role::Owner, Role::Manager, Role::Viewer] {
            let staff = app.db_staff(&sharing.organization, role).await;
            let data = staff.data(PROOF, variables.clone()).await;
            assert_eq!(data, json!({ "organization": { "event": { "consentProof": null } } }), "{role:?}");
        }
        let text = "select count(*) as n from audit_entry where action = 'viewConsentProof'";
        let row = consentry::platform::store::sql::one(app.store().read(), text, []).await.expect("a count");
        assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 1);
    }

    async fn a_person_is_restricted_at_every_event_and_a_quarantine_is_of_one_place(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Globex", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        let again = app.db_place_of(&sharing, &ada, "AGAIN").await;
        for place in [&ada, &again] {
            place.grant(&app, &offer, 1, &["EMAIL"]).await;
        }
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        for (set, lift, left) in [("restrictPerson", "liftRestriction", 0), ("quarantineRegistration", "liftQuarantine", 1)] {
            protect(&officer, set, &again.public_id).await;
            assert_eq!(app.db_stream_leads(&offer).await.len(), left, "{set}");
            protect(&officer, lift, &again.public_id).await;
            assert_eq!(app.db_stream_leads(&offer).await.len(), 2, "{lift}");
        }
    }

    async fn attendance_follows_the_door(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Globex", &["FULL_NAME", "ATTENDANCE"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.client.done("setConsents", SET, json!({ "input": { "registrationId": ada.public_id, "revision": 1, "ofAge": true,
            "consents": [{ "offerId": offer.public_id, "offerVersion": 1, "decision": "GRANT",
                "fields": [{ "field": "FULL_NAME" }, { "field": "ATTENDANCE" }] }] } })).await;
        let code = app.db_registration(&ada).await.check_in_code;
        let door = app.db_staff(&sharing.organization, Role::CheckIn).await;
        let document = "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { checkIn { id } } userErrors { code } } }";
        let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "code": code });
        assert_eq!(app.db_stream_leads(&offer).await[0].attended, None);
        let payload = door.done("checkIn", document, json!({ "input": input })).await;
        assert_eq!(app.db_stream_leads(&offer).await[0].attended, Some(true));
        let document = "mutation($input: UndoCheckInInput!) { undoCheckIn(input: $input) { userErrors { code } } }";
        let input = json!({ "checkInId": payload["admission"]["checkIn"]["id"] });
        door.done("undoCheckIn", document, json!({ "input": input })).await;
        assert_eq!(app.db_stream_leads(&offer).await[0].attended, None);
    }

    async fn nobody_but_the_officer_reaches_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let strangers = app.db_organization("strangers").await;
        let stranger = app.db_staff(&strangers, Role::Dpo).await;
        let random = consentry::graphql::ids::encode(sharing.organization.id, RegistrationId(uuid::Uuid::from_u128(9))).to_string();
        for name in ["restrictPerson", "liftRestriction", "quarantineRegistration", "liftQuarantine"] {
            let nothing = protect(&officer, name, &random).await.to_string();
            for client in [&sharing.staff, &stranger] {
                assert_eq!(protect(client, name, &ada.public_id).await.to_string(), nothing, "{name}");
            }
        }
        let ask = |slug: &str, id: &str| json!({ "slug": slug, "id": id, "first": 1 });
        let unknown = officer.send(PROOF, ask("acme", &random)).await.to_string();
        assert_eq!(officer.send(PROOF, ask("acme", "nonsense")).await.to_string(), unknown);
        assert_eq!(stranger.send(PROOF, ask("acme", &ada.public_id)).await.to_string(), stranger.send(PROOF, ask("nobody", &ada.public_id)).await.to_string());
    }
}

const SET: &str = "mutation($input: SetConsentsInput!) { setConsents(input: $input) { consentIssues { reason } userErrors { field code message } } }";
