//! Partners and offers: who sees which version, what a switch of versions does to consents and leads, what is refused.

#![allow(clippy::type_complexity, reason = "tables of cases")]

use consentry::services::disclosure::facts::StreamFacts;
use consentry::services::sharing::verify;
use consentry_domain::{AttendeeField, FieldMask, QuestionId, QuestionKind, Role, Sensitivity};
use consentry_entity::{answer, lead, question, stream};
use consentry_tests::app::{DbEvent, SeededOffer, Sharing, decision, text};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);
const PHONE: FieldMask = FieldMask::standard(AttendeeField::Phone);

async fn no_difference(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    let others: Vec<_> = report
        .differences
        .iter()
        .filter(|found| found.what != "a lead is marked as received without a record of it")
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

async fn db_stream(app: &TestApp, offer: &SeededOffer) -> stream::Model {
    let found = stream::Entity::find_by_id((offer.organization, offer.id))
        .one(app.store().read())
        .await;
    found.expect("an answer").expect("a stream")
}

/// The offers that anybody sees at the event.
async fn public_offers(client: &Client) -> Value {
    let document = "{ event(organization: \"acme\", slug: \"rustdays\") { partners { legalName role country contactEmail \
        privacyNotice { url sha256 } offers { purpose version legalBasis text fields { field label } retentionDays } } } }";
    client.data(document, json!({})).await["event"]["partners"].clone()
}

/// Sends a mutation about an offer that must be refused; its only code and field.
async fn refused(client: &Client, name: &str, input_type: &str, input: Value) -> (String, Value) {
    let document = format!(
        "mutation($input: {input_type}!) {{ {name}(input: $input) {{ userErrors {{ field message code }} }} }}"
    );
    let data = client.data(&document, json!({ "input": input })).await;
    let errors = data[name]["userErrors"].as_array().expect("errors").clone();
    assert_eq!(errors.len(), 1, "{errors:?}");
    (
        errors[0]["code"].as_str().expect("a code").to_owned(),
        errors[0]["field"].clone(),
    )
}

async fn bit(app: &TestApp, event: &DbEvent, id: QuestionId) -> Option<i32> {
    let row = question::Entity::find_by_id((event.organization, id))
        .one(app.store().read())
        .await;
    row.expect("an answer").expect("a question").bit
}

async fn states(app: &TestApp, leads: &SeededOffer) -> Vec<(i32, i64, i32)> {
    let mut all: Vec<_> = app
        .db_stream_leads(leads)
        .await
        .iter()
        .map(|lead| (lead.state, lead.mask, lead.offer_version))
        .collect();
    all.sort_unstable();
    all
}

on_both_databases! {
    async fn anybody_sees_who_asks_for_what_before_the_form(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Ferris", "EXHIBITOR").await;
        let offer = sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        let before = public_offers(&app.anonymous()).await;
        assert_eq!(before[0]["offers"], json!([]), "a request is nobody's business");
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        assert_eq!(
            public_offers(&app.anonymous()).await,
            json!([{ "legalName": "Ferris GmbH", "role": "EXHIBITOR", "country": "DE", "contactEmail": "dpo@ferris.example",
                "privacyNotice": { "url": "https://ferris.example/privacy", "sha256": "ab".repeat(32) },
                "offers": [{ "purpose": "EVENT_FOLLOW_UP", "version": 1, "legalBasis": "CONSENT", "text": "May we write to you?",
                    "fields": [{ "field": "EMAIL", "label": "E-mail address" }], "retentionDays": 30 }] }])
        );
    }

    async fn the_public_partners_cost_the_same_however_many_there_are(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let document = "{ event(organization: \"acme\", slug: \"rustdays\") { partners { offers { text fields { label } } } } }";
        sharing.offer("One", &["EMAIL"]).await;
        let (_, one) = app.anonymous().counted(document, json!({})).await;
        for name in ["Two", "Three", "Four"] {
            let offer = sharing.offer(name, &["EMAIL", "PHONE"]).await;
            sharing.offer_of(&offer.event_partner, "RELATED_EVENTS", &["EMAIL"]).await;
        }
        let (_, many) = app.anonymous().counted(document, json!({})).await;
        assert_eq!(one.statements, many.statements, "{:?}", many.texts);
    }

    async fn the_host_is_the_organization_itself_and_asks_like_everybody_else(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let host = sharing.event_partner("acme", "HOST").await;
        sharing.offer_of(&host, "SUBSEQUENT_EDITIONS", &["EMAIL"]).await;
        let partners = public_offers(&app.anonymous()).await;
        assert_eq!(partners[0]["legalName"], "acme eingetragener Verein");
        assert_eq!(partners[0]["role"], "HOST");
        let twice = json!({ "idempotencyKey": "again", "eventId": sharing.event.public_id(), "role": "HOST",
            "noticeUrl": "https://acme.example/privacy", "contactEmail": "dpo@acme.example" });
        let refusal = refused(&sharing.staff, "addEventPartner", "AddEventPartnerInput", twice).await;
        assert_eq!(refusal, ("TAKEN".into(), json!(["partnerId"])));
    }

    async fn a_widened_version_shows_nothing_until_it_is_consented_to_and_the_old_one_holds_until_then(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let received = app.db_stream_leads(&offer).await.remove(0);
        app.db_receive(&offer, received.id, EMAIL).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        sharing.revise(&offer, Sharing::terms(&[json!("EMAIL"), json!("PHONE")])).await;
        assert_eq!(states(&app, &offer).await, [(1, EMAIL.to_db(), 1), (1, EMAIL.to_db(), 1)], "requested is not in force");
        let payload = sharing.approve(&offer, 2, "EDITORIAL").await;
        let difference = &payload["difference"];
        assert_eq!(difference["addedFields"], json!([{ "field": "PHONE", "label": "Telephone number" }]));
        assert_eq!((&difference["removedFields"], &difference["consents"]), (&json!([]), &json!("NONE")));
        let only = app.db_stream_leads(&offer).await;
        assert_eq!(only.len(), 1, "never received, so gone without a trace");
        assert_eq!((only[0].state, only[0].mask, only[0].revision, only[0].pos, &only[0].email), (3, 0, 2, None, &None));
        no_difference(&app).await;
        let view = ada.decide(&app, &[]).await;
        let consent = &view["registrationConsents"]["consents"][0];
        assert_eq!((&consent["state"], &consent["offer"]["version"]), (&json!("SUPERSEDED"), &json!(2)));
        bob.grant(&app, &offer, 2, &["PHONE"]).await;
        assert_eq!(states(&app, &offer).await, [(1, PHONE.to_db(), 2), (3, 0, 1)]);
        no_difference(&app).await;
    }

    async fn a_narrowed_version_keeps_consents_and_drops_what_it_no_longer_asks_for(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "PHONE"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL", "PHONE"]).await;
        let before = app.db_stream_leads(&offer).await.remove(0);
        app.db_receive(&offer, before.id, EMAIL).await;
        bob.grant(&app, &offer, 1, &["PHONE"]).await;
        let payload = sharing.switch(&offer, 2, &["EMAIL"]).await;
        assert_eq!(payload["difference"]["consents"], "COVERED");
        let lead = app.db_stream_leads(&offer).await;
        assert_eq!(lead.len(), 1, "nothing of Bob's is asked for any more");
        assert_eq!(
            (lead[0].id, lead[0].state, lead[0].mask, lead[0].offer_version, lead[0].revision, lead[0].pos),
            (before.id, 1, EMAIL.to_db(), 2, 2, None)
        );
        assert_eq!((lead[0].email.as_deref(), lead[0].phone.as_deref()), (Some("ada@example.org"), None));
        assert_eq!(lead[0].consented_on, before.consented_on);
        no_difference(&app).await;
        sharing.switch(&offer, 3, &["EMAIL", "PHONE"]).await;
        assert_eq!(states(&app, &offer).await, [(3, 0, 2)], "what was taken away and asked for again does not come back");
        no_difference(&app).await;
    }

    async fn other_words_keep_consents_only_where_the_approver_calls_them_editorial(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        for (name, change, expected) in [("Ferris", "EDITORIAL", vec![(1, EMAIL.to_db(), 2)]), ("Corro", "SUBSTANTIAL", vec![])] {
            let offer = sharing.offer(name, &["EMAIL"]).await;
            ada.grant(&app, &offer, 1, &["EMAIL"]).await;
            let mut terms = Sharing::terms(&[json!("EMAIL")]);
            terms["text"] = json!([{ "locale": "en", "text": "May we send you a letter?" }]);
            sharing.revise(&offer, terms).await;
            let payload = sharing.approve(&offer, 2, change).await;
            assert_eq!(payload["difference"]["consents"], "COVERED_IF_EDITORIAL");
            assert_eq!(
                payload["difference"]["texts"],
                json!([{ "locale": "en", "before": "May we write to you?", "after": "May we send you a letter?" }])
            );
            assert_eq!(states(&app, &offer).await, expected, "{name}");
        }
        no_difference(&app).await;
    }

    async fn a_withdrawn_offer_takes_its_leads_away_and_old_consents_do_not_come_back_with_a_new_version(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let received = app.db_stream_leads(&offer).await.remove(0);
        app.db_receive(&offer, received.id, EMAIL).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        sharing.withdraw(&offer, 1).await;
        assert_eq!(states(&app, &offer).await, [(3, 0, 1)]);
        assert_eq!(db_stream(&app, &offer).await.version, None);
        assert_eq!(public_offers(&app.anonymous()).await[0]["offers"], json!([]));
        no_difference(&app).await;
        sharing.switch(&offer, 2, &["EMAIL"]).await;
        assert_eq!(states(&app, &offer).await, [(3, 0, 1)]);
        no_difference(&app).await;
        assert_eq!(ada.withdraw(&offer, None).await["registrationConsents"]["consents"][0]["state"], "WITHDRAWN");
    }

    async fn a_switch_costs_the_same_however_many_leads_there_are(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "PHONE"]).await;
        let document = "mutation($input: ApproveOfferInput!) { approveOffer(input: $input) { userErrors { code } } }";
        let mut counts = Vec::new();
        let mut version = 1;
        for people in [1, 9] {
            for number in 0..people {
                let somebody = app.db_attendee(&sharing, &format!("n{people}-{number}@example.org"), |_| ()).await;
                somebody.grant(&app, &offer, version, &["EMAIL"]).await;
            }
            version += 1;
            sharing.revise(&offer, Sharing::terms(&[json!("EMAIL")])).await;
            let input = json!({ "offerId": offer.public_id, "version": version });
            let (_, cost) = sharing.staff.counted(document, json!({ "input": input })).await;
            counts.push(cost.statements);
        }
        assert_eq!(counts[0], counts[1]);
        assert_eq!(states(&app, &offer).await, [(1, EMAIL.to_db(), 3); 10]);
        no_difference(&app).await;
    }

    async fn an_answer_is_shared_only_from_a_shareable_question_whose_bit_is_its_own_for_ever(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let size = app.db_question(event, QuestionKind::Choice, &[], |row| row.shareable = true).await;
        let small = app.db_choice(event, size, "small").await;
        let diet = app.db_question(event, QuestionKind::Text, &[], |row| row.sensitivity = Sensitivity::Health).await;
        let later = app.db_question(event, QuestionKind::Text, &[], |row| row.shareable = true).await;
        let partner = sharing.event_partner("Ferris", "CO_SPONSOR").await;
        let input = |question, key: &str| {
            let mut input = Sharing::terms(&[json!("EMAIL"), json!({ "questionId": event.public(question) })]);
            input["idempotencyKey"] = json!(key);
            input["eventPartnerId"] = json!(partner);
            input["purpose"] = json!("EVENT_FOLLOW_UP");
            input
        };
        let refusal = refused(&sharing.staff, "requestOffer", "RequestOfferInput", input(diet, "diet")).await;
        assert_eq!(refusal, ("NOT_SHAREABLE".into(), json!(["fields", "1", "questionId"])));
        let own = app.db_question(event, QuestionKind::Text, &[], |row| {
            row.shareable = true;
            row.event_partner_id = Some(uuid::Uuid::from_u128(7).into());
        }).await;
        let refusal = refused(&sharing.staff, "requestOffer", "RequestOfferInput", input(own, "own")).await;
        assert_eq!(refusal, ("NOT_FOUND".into(), json!(["fields", "1", "questionId"])), "another partner's own question");
        let fields = [json!("EMAIL"), json!({ "questionId": event.public(size) })];
        let offer = sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&fields)).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        assert_eq!((bit(&app, event, size).await, bit(&app, event, later).await, bit(&app, event, diet).await), (Some(20), None, None));
        let other = sharing.event_partner("Corro", "CO_SPONSOR").await;
        sharing.requested(&other, "EVENT_FOLLOW_UP", Sharing::terms(&[json!({ "questionId": event.public(later) })])).await;
        assert_eq!((bit(&app, event, size).await, bit(&app, event, later).await), (Some(20), Some(21)));

        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        for (question_id, value) in [(size, json!([small])), (diet, json!(["none"]))] {
            let row = answer::Model { organization_id: event.organization, registration_id: ada.registration, question_id, value: value.to_string() };
            app.db_insert(row).await;
        }
        let grant = json!({ "offerId": offer.public_id, "offerVersion": 1, "decision": "GRANT",
            "fields": [{ "questionId": event.public(size) }] });
        let payload = ada.decide(&app, &[grant]).await;
        assert_eq!(
            payload["registrationConsents"]["consents"][0]["preview"],
            json!([{ "field": null, "label": "A choice?", "values": ["small"] }])
        );
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.mask, lead.email), (1 << 20, None));
        assert_eq!(lead.answers, Some(json!({ "20": [small] }).to_string()));
        no_difference(&app).await;
        sharing.switch(&offer, 2, &["EMAIL"]).await;
        assert_eq!(app.db_stream_leads(&offer).await, [] as [lead::Model; 0]);
        no_difference(&app).await;
    }

    async fn narrowing_keeps_the_answers_that_are_still_asked_for(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let mut questions = Vec::new();
        for _ in 0..2 {
            questions.push(app.db_question(event, QuestionKind::Text, &[], |row| row.shareable = true).await);
        }
        let partner = sharing.event_partner("Ferris", "CO_SPONSOR").await;
        let field = |question| json!({ "questionId": event.public(question) });
        let all: Vec<Value> = questions.iter().map(|question| field(*question)).collect();
        let offer = sharing.requested(&partner, "EVENT_FOLLOW_UP", Sharing::terms(&all)).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        for question_id in &questions {
            let row = answer::Model { organization_id: event.organization, registration_id: ada.registration, question_id: *question_id, value: "[\"yes\"]".into() };
            app.db_insert(row).await;
        }
        let grant = json!({ "offerId": offer.public_id, "offerVersion": 1, "decision": "GRANT", "fields": all });
        ada.decide(&app, &[grant]).await;
        assert_eq!(states(&app, &offer).await, [(1, 3 << 20, 1)]);
        sharing.revise(&offer, Sharing::terms(&[field(questions[1])])).await;
        sharing.approve(&offer, 2, "SUBSTANTIAL").await;
        assert_eq!(states(&app, &offer).await, [(1, 2 << 20, 2)]);
        assert_eq!(app.db_stream_leads(&offer).await[0].answers.as_deref().map(|text| text.replace(' ', "")), Some("{\"21\":[\"yes\"]}".into()));
        no_difference(&app).await;
    }

    async fn the_facts_of_a_stream_follow_whatever_changes_them_and_its_counter_does_not(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let counted = "update stream set highest = 42, epoch = 7 where organization_id = $1";
        consentry::platform::store::sql::execute(app.store().admin(), counted, [offer.organization.into()]).await.expect("counted");
        let document = "mutation($input: UpdatePartnerInput!) { updatePartner(input: $input) { partner { revision } userErrors { code } } }";
        let partner = sharing.staff.data("{ organization(slug: \"acme\") { partners(first: 5) { edges { node { id displayName revision } } } } }", json!({})).await;
        let partner = &partner["organization"]["partners"]["edges"][0]["node"];
        let input = json!({ "partnerId": partner["id"], "revision": partner["revision"], "displayName": "Ferris & Sons" });
        sharing.staff.done("updatePartner", document, json!({ "input": input })).await;
        let stale = refused(&sharing.staff, "updatePartner", "UpdatePartnerInput", input).await;
        assert_eq!(stale, ("STALE".into(), json!(["revision"])));
        let row = db_stream(&app, &offer).await;
        let facts = StreamFacts::parse(&row.facts).expect("facts");
        assert_eq!(facts.partner.display_name, "Ferris & Sons");
        assert_eq!((row.highest, row.epoch, row.version, row.active), (42, 7, Some(1), true));
        let organization = sharing.event.organization;
        let id = sharing.event.id;
        let changed: Result<(), consentry::platform::Fault> = consentry::transaction!(app.store().writer(), async |tx| {
            let title = text("Another title");
            let update = "update event set title = $2, ends_at = 5 where organization_id = $1";
            consentry::platform::store::sql::execute(tx, update, [organization.into(), title.into()]).await?;
            consentry::services::sharing::stream_facts::rewrite(tx, organization, id).await
        });
        changed.expect("changed");
        let row = db_stream(&app, &offer).await;
        assert_eq!(StreamFacts::parse(&row.facts).expect("facts").event.title.pick(None, "en"), "Another title");
        assert_eq!((row.event_ends_at, row.highest), (5, 42));
    }

    async fn an_inactive_partner_disappears_and_its_leads_lose_their_places(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let lead = app.db_stream_leads(&offer).await.remove(0);
        app.db_receive(&offer, lead.id, EMAIL).await;
        let document = "mutation($input: UpdateEventPartnerInput!) { updateEventPartner(input: $input) { eventPartner { active revision } userErrors { code } } }";
        let mut revision = 1;
        for active in [false, true] {
            let input = json!({ "eventPartnerId": offer.event_partner, "revision": revision, "active": active });
            sharing.staff.done("updateEventPartner", document, json!({ "input": input })).await;
            revision += 1;
            assert_eq!(db_stream(&app, &offer).await.active, active);
            let lead = app.db_stream_leads(&offer).await.remove(0);
            assert_eq!((lead.state, lead.pos, lead.revision), (1, None, revision));
            assert_eq!(public_offers(&app.anonymous()).await.as_array().expect("partners").len(), usize::from(active));
            let payload = ada.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
            assert_eq!(payload["consentIssues"].as_array().expect("issues").is_empty(), active);
        }
        no_difference(&app).await;
    }

    async fn a_version_is_decided_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let version = |number: i32| json!({ "offerId": offer.public_id, "version": number });
        for (name, input_type) in [("approveOffer", "ApproveOfferInput"), ("rejectOffer", "RejectOfferInput")] {
            assert_eq!(refused(&sharing.staff, name, input_type, version(1)).await, ("WRONG_STATE".into(), json!(["version"])));
            assert_eq!(refused(&sharing.staff, name, input_type, version(9)).await, ("NOT_FOUND".into(), json!(["version"])));
        }
        sharing.revise(&offer, Sharing::terms(&[json!("EMAIL")])).await;
        let mut again = Sharing::terms(&[json!("EMAIL")]);
        again["idempotencyKey"] = json!("again");
        again["offerId"] = json!(offer.public_id);
        assert_eq!(refused(&sharing.staff, "reviseOffer", "ReviseOfferInput", again).await, ("WRONG_STATE".into(), json!(["offerId"])));
        let reject = "mutation($input: RejectOfferInput!) { rejectOffer(input: $input) { offer { versions { version state remark } \
            inForce { version } } userErrors { code } } }";
        let mut input = version(2);
        input["remark"] = json!("Too much.");
        let payload = sharing.staff.done("rejectOffer", reject, json!({ "input": input })).await;
        assert_eq!(
            payload["offer"],
            json!({ "versions": [{ "version": 1, "state": "APPROVED", "remark": null }, { "version": 2, "state": "REJECTED", "remark": "Too much." }],
                "inForce": { "version": 1 } })
        );
        sharing.switch(&offer, 3, &["EMAIL"]).await;
        assert_eq!(refused(&sharing.staff, "withdrawOffer", "WithdrawOfferInput", version(1)).await, ("WRONG_STATE".into(), json!(["version"])));
    }

    async fn wrong_terms_are_refused_with_their_field(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Ferris", "CO_SPONSOR").await;
        let input = |change: &dyn Fn(&mut Value)| {
            let mut input = Sharing::terms(&[json!("EMAIL")]);
            input["idempotencyKey"] = json!("k");
            input["eventPartnerId"] = json!(partner);
            input["purpose"] = json!("EVENT_FOLLOW_UP");
            change(&mut input);
            input
        };
        let wrong: [(&dyn Fn(&mut Value), &str, Value); 7] = [
            (&|input| input["text"] = json!([]), "REQUIRED", json!(["text"])),
            (&|input| input["text"] = json!([{ "locale": "en", "text": "x".repeat(4001) }]), "TOO_LONG", json!(["text"])),
            (&|input| input["fields"] = json!([]), "REQUIRED", json!(["fields"])),
            (&|input| input["retentionDays"] = json!(0), "INVALID", json!(["retentionDays"])),
            (&|input| input["startsAt"] = json!("tomorrow"), "INVALID", json!(["startsAt"])),
            (&|input| { input["startsAt"] = json!("2027-03-02T00:00:00Z"); input["endsAt"] = json!("2027-03-01T00:00:00Z"); }, "INVALID", json!(["endsAt"])),
            (&|input| input["eventPartnerId"] = json!("AAAA"), "NOT_FOUND", json!(["eventPartnerId"])),
        ];
        for (change, code, field) in wrong {
            assert_eq!(refused(&sharing.staff, "requestOffer", "RequestOfferInput", input(change)).await, (code.into(), field));
        }
        let without = json!({ "idempotencyKey": "p", "eventId": sharing.event.public_id(), "partnerId": sharing.partner("Corro").await,
            "role": "EXHIBITOR", "noticeUrl": "https://corro.example/privacy", "contactEmail": "dpo@corro.example" });
        let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } userErrors { code } } }";
        let payload = sharing.staff.done("addEventPartner", document, json!({ "input": without })).await;
        let unknown_notice = input(&|input| input["eventPartnerId"] = payload["eventPartner"]["id"].clone());
        assert_eq!(
            refused(&sharing.staff, "requestOffer", "RequestOfferInput", unknown_notice).await,
            ("INCOMPLETE".into(), json!(["eventPartnerId"]))
        );
    }

    async fn who_may_not_manage_partners_is_told_that_there_is_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let foreign = app.sharing("other").await;
        let document = "mutation($input: WithdrawOfferInput!) { withdrawOffer(input: $input) { offer { id } userErrors { field message code } } }";
        let ask = |id: String| json!({ "input": { "offerId": id, "version": 1 } });
        let unknown = sharing.event.public(consentry_domain::OfferId(uuid::Uuid::from_u128(5)));
        let nothing = sharing.staff.send(document, ask(unknown.clone())).await;
        assert_eq!(foreign.staff.send(document, ask(offer.public_id.clone())).await, nothing);
        for role in [Role::Finance, Role::CheckIn, Role::Viewer, Role::Dpo] {
            let client = app.db_staff(&sharing.organization, role).await;
            assert_eq!(client.send(document, ask(offer.public_id.clone())).await, nothing, "{role}");
        }
        let anonymous = app.anonymous().send(document, ask(offer.public_id.clone())).await;
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(app.anonymous().send(document, ask(unknown)).await, anonymous);
        assert_eq!(db_stream(&app, &offer).await.version, Some(1));
    }
}
