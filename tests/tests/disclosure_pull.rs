//! Pulling leads: what is handed out, marked and recorded.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use consentry_domain::{AttendeeField, FieldMask, LeadValues, PostalAddress};
use consentry_entity::{disclosure, lead};
use consentry_tests::app::TokenSeed;
use consentry_tests::on_both_databases;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const PAGE: &str =
    "query($first: Int!, $after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: $first, after: $after) {
    edges { cursor node { id fullName email } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";

fn page(answer: &Value) -> &Value {
    assert_eq!(answer.get("errors"), None, "{answer:#}");
    &answer["data"]["partner"]["leads"]
}

on_both_databases! {
    async fn every_lead_is_handed_out_once_in_the_order_of_ids(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let ids = app.db_many_leads(&stream, 23).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let (mut seen, mut after, mut pages) = (Vec::new(), Value::Null, 0);
        loop {
            let answer = partner.send(PAGE, json!({ "first": 10, "after": after })).await;
            let page = page(&answer);
            for edge in page["edges"].as_array().unwrap() {
                seen.push(edge["node"]["id"].as_str().unwrap().to_owned());
            }
            pages += 1;
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
        }
        assert_eq!(pages, 3);
        let expected: Vec<String> =
            ids.iter().map(|id| consentry::graphql::ids::encode(stream.partner.organization, *id).to_string()).collect();
        assert_eq!(seen, expected);
    }

    async fn what_is_selected_is_marked_and_recorded_and_nothing_else(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 3).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        partner.data("{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 2) { nodes { email } } } }", json!({})).await;
        let mut leads = lead::Entity::find().all(app.store().admin()).await.unwrap();
        leads.sort_by_key(|lead| lead.id);
        let email = FieldMask::standard(AttendeeField::Email);
        let received: Vec<FieldMask> = leads.iter().map(|lead| FieldMask::from_db(lead.received)).collect();
        let marked = email.union(FieldMask::RECEIVED);
        assert_eq!(received, [marked, marked, FieldMask::EMPTY], "what was fetched beyond the page is not marked");
        let record = disclosure::Entity::find().one(app.store().admin()).await.unwrap().expect("a record");
        let ids: Vec<u8> = leads[..2].iter().flat_map(|lead| lead.id.0.into_bytes()).collect();
        assert_eq!(record.lead_ids, ids);
        assert_eq!(record.masks, [email.to_db().to_be_bytes(), email.to_db().to_be_bytes()].concat());
        assert_eq!(record.revisions, [1_i64.to_be_bytes(), 1_i64.to_be_bytes()].concat());
        let consents: Vec<u8> = leads[..2].iter().flat_map(|lead| lead.consent_record_id.0.into_bytes()).collect();
        assert_eq!(record.consent_record_ids, consents);
        assert_eq!((record.recipient_name.as_str(), record.offer_version), ("Partner GmbH", 1));
        assert!(record.token_id.is_some() && record.salt.is_some() && record.expanded_at.is_none());
        partner.data("{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 2) { nodes { fields { field } } } } }", json!({})).await;
        let again = lead::Entity::find().all(app.store().admin()).await.unwrap();
        let all = marked.union(FieldMask::standard(AttendeeField::FullName));
        assert_eq!(again.iter().filter(|lead| FieldMask::from_db(lead.received) == all).count(), 2, "marks are added");
        assert!(again.iter().all(|lead| lead.revision == 1 && lead.pos.is_none()), "a mark moves nothing");
    }

    async fn an_answer_without_leads_leaves_no_record(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let answer = partner.send(PAGE, json!({ "first": 10, "after": null })).await;
        let info = &page(&answer)["pageInfo"];
        assert_eq!(info, &json!({ "hasNextPage": false, "hasPreviousPage": false, "startCursor": null, "endCursor": null }));
        assert_eq!(disclosure::Entity::find().all(app.store().admin()).await.unwrap(), []);
    }

    async fn each_field_is_shown_in_its_place(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let text = |text: &str| Some(text.to_owned());
        app.db_lead(&stream, LeadValues {
            full_name: text("Ada King"), given_name: text("Ada"), family_name: text("King"), email: text("ada@example.org"),
            phone: text("+49 30 1"), company: text("Engines"), job_title: text("Analyst"), city: text("London"), country: text("GB"),
            postal_address: Some(PostalAddress { street: "1 Square".into(), city: "London".into(), country: "GB".into(), ..Default::default() }),
            social_profile: text("https://social.example/ada"), attended: true, ..Default::default()
        }).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let data = partner.data("{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes {
            purpose legalBasis consentedOn offerVersion fullName givenName familyName email phone company jobTitle city country
            postalAddress { street postalCode city region country } socialProfile ticketType attended
            fields { field questionId label values } } } } }", json!({})).await;
        insta::assert_json_snapshot!("every_field", data);
    }

    async fn a_narrower_token_sees_fewer_values_and_not_fewer_rows(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 4).await;
        let wide = app.partner(&app.db_working_token(&stream).await);
        let narrow = TokenSeed::of(&stream).with_fields(FieldMask::standard(AttendeeField::FullName));
        let narrow = app.partner(&app.db_token(&stream, narrow).await);
        let all = wide.send(PAGE, json!({ "first": 3, "after": null })).await;
        let some = narrow.send(PAGE, json!({ "first": 3, "after": null })).await;
        let mut masked = all.clone();
        for edge in masked["data"]["partner"]["leads"]["edges"].as_array_mut().unwrap() {
            edge["node"]["email"] = Value::Null;
        }
        assert_eq!(masked, some, "the same rows, cursors and page");
        let next = page(&all)["pageInfo"]["endCursor"].clone();
        let last = narrow.send(PAGE, json!({ "first": 3, "after": next })).await;
        assert_eq!(page(&last)["edges"].as_array().unwrap().len(), 1, "a cursor is good for every token of the stream");
        let blind = TokenSeed::of(&stream).with_fields(FieldMask::EMPTY);
        let blind = app.partner(&app.db_token(&stream, blind).await);
        let nothing = blind.send(PAGE, json!({ "first": 3, "after": null })).await;
        assert_eq!(page(&nothing)["edges"].as_array().unwrap().len(), 3);
    }
}
