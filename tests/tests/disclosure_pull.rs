//! Pulling leads: what is handed out, marked and recorded.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use std::time::Duration;

use consentry::platform::Fault;
use consentry::platform::store::sql;
use consentry_domain::{AttendeeField, FieldMask, LeadValues, PostalAddress, Purpose};
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
            purpose legalBasis consentedOn consentedVersion offerVersion fullName givenName familyName email phone company jobTitle city country
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

    async fn clients_that_pull_at_once_all_get_every_lead_and_their_marks_add_up(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 60).await;
        let token = app.db_working_token(&stream).await;
        let fields = ["fullName", "email", "fullName email", "id", "email", "fullName"];
        let documents = fields.map(|fields| {
            format!("{{ partner {{ leads(purpose: EVENT_FOLLOW_UP, first: 100) {{ nodes {{ id {fields} }} }} }} }}")
        });
        let clients = documents.each_ref().map(|document| {
            let client = app.partner(&token);
            async move { client.send(document, json!({})).await }
        });
        for answer in futures_util::future::join_all(clients).await {
            assert_eq!(page(&answer)["nodes"].as_array().unwrap().len(), 60, "a mark does not fail because another was first");
        }
        let both = FieldMask::standard(AttendeeField::Email).union(FieldMask::standard(AttendeeField::FullName));
        let leads = lead::Entity::find().all(app.store().admin()).await.unwrap();
        assert!(leads.iter().all(|lead| FieldMask::from_db(lead.received) == both.union(FieldMask::RECEIVED)));
        let records = disclosure::Entity::find().all(app.store().admin()).await.unwrap();
        assert!(records.len() == 6 && records.iter().all(|record| record.lead_ids.len() == 60 * 16));
    }

    async fn a_lead_that_is_taken_away_between_its_page_and_its_mark_drops_out(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let ids = app.db_many_leads(&stream, 5).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let (organization, taken, changed) = (stream.partner.organization, ids[1], ids[3]);
        let (began, begin) = tokio::sync::oneshot::channel();
        let store = app.store().clone();
        // As a withdrawal does it, and a correction; committed when the pull has read its page and waits for its marks.
        let writing = async {
            let mut began = Some(began);
            let written: Result<(), Fault> = consentry::transaction!(store.writer(), async |tx| {
                let text = "update lead set state = 3, mask = 0, full_name = null, email = null, revision = revision + 1 \
                            where organization_id = $1 and stream_id = $2 and id = $3";
                sql::execute(tx, text, [organization.into(), stream.id.into(), taken.into()]).await?;
                let text = "update lead set email = 'new@attendee.example', revision = revision + 1 \
                            where organization_id = $1 and stream_id = $2 and id = $3";
                sql::execute(tx, text, [organization.into(), stream.id.into(), changed.into()]).await?;
                if let Some(began) = began.take() {
                    began.send(()).unwrap();
                }
                tokio::time::sleep(Duration::from_millis(500)).await;
                Ok(())
            });
            written.unwrap();
        };
        let pulling = async {
            begin.await.unwrap();
            partner.send(PAGE, json!({ "first": 5, "after": null })).await
        };
        let ((), answer) = tokio::join!(writing, pulling);
        let answered: Vec<&str> = page(&answer)["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].as_str().unwrap()).collect();
        let public = |id: consentry_domain::LeadId| consentry::graphql::ids::encode(organization, id).to_string();
        assert!(!answered.contains(&public(taken).as_str()), "withdrawn before the answer was recorded");
        for id in [ids[0], ids[2], ids[4]] {
            assert!(answered.contains(&public(id).as_str()));
        }
        // PostgreSQL read the old value before the correction was committed: the lead drops out, too, until the next pull.
        // SQLite lets nobody read while somebody writes, and shows the new value.
        assert!(!answer.to_string().contains("person3@") || answered.len() == 3);
        let stale = page(&answer)["edges"].as_array().unwrap().iter().any(|edge| {
            edge["node"]["id"] == json!(public(changed)) && edge["node"]["email"] != json!("new@attendee.example")
        });
        assert!(!stale, "{answer:#}");
        let record = disclosure::Entity::find().one(app.store().admin()).await.unwrap().expect("a record");
        let recorded: Vec<String> = record.lead_ids.chunks_exact(16).map(|id| public(consentry_domain::LeadId(uuid::Uuid::from_slice(id).unwrap()))).collect();
        assert_eq!(recorded, answered, "what dropped out is not recorded");
        let leads = lead::Entity::find().all(app.store().admin()).await.unwrap();
        let marked = |id| leads.iter().find(|lead| lead.id == id).unwrap().received != 0;
        assert!(!marked(taken), "nor is it marked");
        assert_eq!(marked(changed), answered.contains(&public(changed).as_str()));
        let again = partner.send(PAGE, json!({ "first": 5, "after": null })).await;
        assert_eq!(page(&again)["edges"].as_array().unwrap().len(), 4);
    }

    async fn a_cursor_is_good_for_its_stream_alone_and_for_as_long_as_the_stream_lives(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        let ids = app.db_many_leads(&stream, 4).await;
        let other = app.db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL).await;
        let (_, _, foreign) = app.db_shared_event("foreign").await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let mut bad = Vec::new();
        for elsewhere in [&other, &foreign] {
            app.db_many_leads(elsewhere, 2).await;
            let client = app.partner(&app.db_working_token(elsewhere).await);
            let document = PAGE.replace("EVENT_FOLLOW_UP", elsewhere.purpose.as_str());
            let answer = client.send(&document, json!({ "first": 1, "after": null })).await;
            bad.push(page(&answer)["pageInfo"]["endCursor"].as_str().unwrap().to_owned());
        }
        let first = partner.send(PAGE, json!({ "first": 2, "after": null })).await;
        let cursor = page(&first)["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        for at in [0, cursor.len() / 2, cursor.len() - 1] {
            let mut forged = cursor.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            bad.push(String::from_utf8(forged).unwrap());
        }
        let events = partner.data("{ partner { eventPartners(first: 1) { pageInfo { endCursor } } } }", json!({})).await;
        bad.push(events["partner"]["eventPartners"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned());
        bad.extend([String::new(), "nonsense".into(), ids[0].to_string(), cursor[..cursor.len() - 4].to_owned(), format!("{cursor}AAAA")]);
        let before = disclosure::Entity::find().all(app.store().admin()).await.unwrap().len();
        let mut refusals = std::collections::BTreeSet::new();
        for after in &bad {
            let answer = partner.send(PAGE, json!({ "first": 2, "after": after })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{after}: {answer:#}");
            refusals.insert(answer.to_string());
        }
        assert_eq!(refusals.len(), 1, "every bad cursor is answered with the same bytes");
        assert_eq!(disclosure::Entity::find().all(app.store().admin()).await.unwrap().len(), before);
        let next = partner.send(PAGE, json!({ "first": 2, "after": cursor })).await;
        let text = "delete from lead where id = $1";
        sql::execute(app.store().admin(), text, [ids[1].into()]).await.unwrap();
        let again = partner.send(PAGE, json!({ "first": 2, "after": cursor })).await;
        assert_eq!(again, next, "that its lead is gone does not change where it stands");
    }

    async fn a_request_pulls_once(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 2).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let twice = "{ partner { a: leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { id } }
            b: leads(purpose: EVENT_FOLLOW_UP, first: 2) { nodes { email } } } }";
        let answer = partner.send(twice, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        assert!(!answer.to_string().contains("@attendee.example"));
        let apart = "{ x: partner { leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { id } } }
            y: partner { leads(purpose: EVENT_FOLLOW_UP, first: 2) { nodes { email } } } }";
        let answer = partner.send(apart, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer:#}");
        let records = disclosure::Entity::find().all(app.store().admin()).await.unwrap();
        assert!(records.len() <= 2 && records.iter().all(|record| record.lead_ids.len() == 16 || record.lead_ids.len() == 32));
        let fine = partner.send(PAGE, json!({ "first": 2, "after": null })).await;
        assert_eq!(page(&fine)["edges"].as_array().unwrap().len(), 2, "the next request pulls again");
    }
}
