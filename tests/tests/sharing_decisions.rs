//! Decisions about sharing: what each of them leaves behind, who can take them, and what cannot be decided.

use consentry::platform::Refused;
use consentry::platform::store::Tx;
use consentry::services::sharing::decide::{self, Given};
use consentry::services::sharing::{Answer, NamedField, Outcome, Said, Wish, offers, verify};
use consentry_domain::commitment::{Hash, Salt, Tag, opens};
use consentry_domain::evidence::ConsentPayload;
use consentry_domain::{AgeBasis, AttendeeField, ConsentAction, ConsentState, Decider, MailKind};
use consentry_entity::{guardian_request, mail, opening, registration};
use consentry_tests::app::{SeededAttendee, SeededOffer, decision};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

async fn no_difference(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    assert_eq!(report.differences, []);
}

fn wish(offer: &SeededOffer, fields: &[AttendeeField]) -> Wish {
    let decision = if fields.is_empty() {
        Answer::Refuse
    } else {
        Answer::Grant
    };
    Wish {
        offer: offer.id,
        version: 1,
        decision,
        fields: fields.iter().copied().map(NamedField::Standard).collect(),
    }
}

/// What registering does with the wishes of whoever filled in the form.
async fn request(
    app: &TestApp,
    attendee: &SeededAttendee,
    said: Said<'_>,
    wishes: &[Wish],
) -> Result<Outcome, Refused> {
    let row = app.db_registration(attendee).await;
    consentry::transaction!(app.store().writer(), async |tx| {
        offers::share(tx, row.organization_id, row.event_id).await?;
        decide::request(tx, &row, said, wishes).await
    })
}

/// Proves the mailbox and affirms these wishes.
async fn affirm(app: &TestApp, attendee: &SeededAttendee, said: Said<'_>, wishes: &[Wish]) -> Outcome {
    let key = (attendee.organization, attendee.registration);
    let outcome: Result<Outcome, Refused> = consentry::transaction!(app.store().writer(), async |tx| {
        let row = prove(tx, key).await?;
        decide::affirm(tx, &row, Given::Held, said, wishes).await
    });
    outcome.expect("affirmed")
}

async fn prove(
    tx: &Tx,
    key: (consentry_domain::OrganizationId, consentry_domain::RegistrationId),
) -> Result<registration::Model, Refused> {
    let text = "update registration set email_proved_at = 7 where organization_id = $1 and id = $2";
    consentry::platform::store::sql::execute(tx, text, [key.0.into(), key.1.into()]).await?;
    Ok(registration::Entity::find_by_id(key)
        .one(tx)
        .await?
        .expect("a registration"))
}

async fn mails(app: &TestApp, kind: MailKind) -> Vec<mail::Model> {
    let all = mail::Entity::find()
        .filter(mail::Column::Kind.eq(kind))
        .order_by_asc(mail::Column::Id);
    all.all(app.store().read()).await.expect("mails")
}

async fn actions(app: &TestApp, attendee: &SeededAttendee) -> Vec<ConsentAction> {
    app.db_consent_records(attendee)
        .await
        .iter()
        .map(|record| record.action)
        .collect()
}

on_both_databases! {
    async fn a_strangers_ticks_confirmed_with_none_named_leave_no_lead_and_no_consent(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.email_proved_at = None).await;
        let ticked = [wish(&ferris, &[AttendeeField::Email]), wish(&corro, &[AttendeeField::Email])];
        let outcome = request(&app, &ada, Said::new(Some(true), None), &ticked).await.expect("requested");
        assert_eq!((outcome.issues.len(), outcome.changed), (0, 2));
        assert_eq!(app.db_consent(&ada, &ferris).await.expect("a consent").state, ConsentState::Requested);
        assert_eq!(app.db_stream_leads(&ferris).await, [], "requested is not given");
        affirm(&app, &ada, Said::default(), &[]).await;
        assert_eq!((app.db_consent(&ada, &ferris).await, app.db_consent(&ada, &corro).await), (None, None));
        assert_eq!((app.db_stream_leads(&ferris).await, app.db_stream_leads(&corro).await), (vec![], vec![]));
        use ConsentAction as A;
        assert_eq!(actions(&app, &ada).await, [A::Requested, A::Requested, A::Lapsed, A::Lapsed]);
        no_difference(&app).await;
    }

    async fn what_is_named_again_from_the_mailbox_is_given_and_the_rest_becomes_undecided(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let no = sharing.offer("Nope", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.email_proved_at = None).await;
        let ticked = [wish(&ferris, &[AttendeeField::FullName, AttendeeField::Email]), wish(&corro, &[AttendeeField::Email]), wish(&no, &[])];
        request(&app, &ada, Said::new(Some(true), None), &ticked).await.expect("requested");
        let outcome = affirm(&app, &ada, Said::default(), &[wish(&ferris, &[AttendeeField::Email])]).await;
        assert_eq!(outcome.issues, []);
        let consent = app.db_consent(&ada, &ferris).await.expect("a consent");
        assert_eq!((consent.state, consent.granted_mask, consent.age_basis), (ConsentState::Granted, 1 << 3, Some(AgeBasis::Stated)));
        assert_eq!(app.db_consent(&ada, &corro).await, None);
        assert_eq!(app.db_consent(&ada, &no).await.expect("a refusal").state, ConsentState::Refused, "a refusal stays refused");
        assert_eq!(app.db_stream_leads(&ferris).await[0].mask, 1 << 3);
        no_difference(&app).await;
    }

    async fn nobody_consents_for_somebody_else(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let guest = app.db_attendee(&sharing, "guest@example.org", |row| {
            row.is_buyer = false;
            row.email_proved_at = None;
        }).await;
        let refused = request(&app, &guest, Said::new(Some(true), None), &[wish(&offer, &[AttendeeField::Email])]).await;
        assert!(matches!(&refused, Err(Refused::Problems(problems)) if problems[0].code == consentry::platform::Code::ConsentNotYours), "{refused:?}");
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let document = "mutation($input: SetConsentsInput!) { setConsents(input: $input) { registrationConsents { revision } userErrors { field message code } } }";
        let input = |id: &str| json!({ "input": { "registrationId": id, "revision": 1, "ofAge": true, "consents": [decision(&offer, 1, &["EMAIL"])] } });
        let unknown = sharing.event.public(consentry_domain::RegistrationId(uuid::Uuid::from_u128(1)));
        let nothing = ada.client.send(document, input(&unknown)).await;
        assert_eq!(nothing["data"]["setConsents"]["userErrors"][0]["code"], "NOT_FOUND");
        for client in [&ada.client, &sharing.staff] {
            assert_eq!(client.send(document, input(&guest.public_id)).await, nothing);
            assert_eq!(client.send(document, input("not an id")).await, nothing);
        }
        let anonymous = app.anonymous().send(document, input(&guest.public_id)).await;
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(app.db_stream_leads(&offer).await, []);
        assert_eq!(app.db_consent_records(&guest).await, []);
    }

    async fn only_the_named_offers_change_and_each_field_must_be_named(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &ferris, 1, &["FULL_NAME", "EMAIL"]).await;
        let before = app.db_consent(&ada, &ferris).await;
        ada.decide(&app, &[decision(&corro, 1, &[])]).await;
        assert_eq!(app.db_consent(&ada, &ferris).await, before);
        ada.grant(&app, &ferris, 1, &["EMAIL"]).await;
        assert_eq!(app.db_consent(&ada, &ferris).await.expect("a consent").granted_mask, 1 << 3, "what is not named is taken away");
        let payload = ada.decide(&app, &[decision(&ferris, 1, &[]), decision(&corro, 1, &["EMAIL"])]).await;
        let states: Vec<_> = payload["registrationConsents"]["consents"].as_array().expect("consents").iter().map(|consent| consent["state"].clone()).collect();
        assert_eq!(states, [json!("WITHDRAWN"), json!("GRANTED")], "refusing what was given withdraws it, and a refusal can be changed");
        no_difference(&app).await;
    }

    async fn what_cannot_be_given_is_told_and_blocks_nothing_else(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ended = sharing.offer("Ended", &["EMAIL"]).await;
        let past = "update offer_version set ends_at = 1 where organization_id = $1 and offer_id = $2";
        consentry::platform::store::sql::execute(app.store().admin(), past, [ended.organization.into(), ended.id.into()]).await.expect("ended");
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let payload = ada.decide_as(&json!({ "revision": 1, "consents": [decision(&ferris, 1, &["EMAIL"])] })).await;
        assert_eq!(payload["consentIssues"][0]["reason"], "AGE_NOT_STATED");
        let decisions = [
            decision(&ferris, 2, &["EMAIL"]), decision(&ferris, 1, &["PHONE"]), decision(&ended, 1, &["EMAIL"]),
            json!({ "offerId": ferris.public_id, "offerVersion": 1, "decision": "GRANT" }), decision(&corro, 1, &["EMAIL"]),
        ];
        let payload = ada.decide(&app, &decisions).await;
        let reasons: Vec<_> = payload["consentIssues"].as_array().expect("issues").iter().map(|issue| issue["reason"].as_str().expect("a reason").to_owned()).collect();
        assert_eq!(reasons, ["STALE_VERSION", "NOT_OFFERED", "NOT_OFFERED", "NOT_OFFERED"]);
        assert_eq!(payload["consentIssues"][0]["offer"], json!({ "id": ferris.public_id, "version": 1 }));
        assert_eq!((app.db_stream_leads(&ferris).await.len(), app.db_stream_leads(&corro).await.len()), (0, 1));
        no_difference(&app).await;
    }

    async fn a_stale_revision_writes_nothing_unless_the_outcome_holds_already_and_withdrawing_needs_none(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let records = app.db_consent_records(&ada).await;
        let stale = |fields: &[&str]| json!({ "revision": 1, "ofAge": true, "consents": [decision(&offer, 1, fields)] });
        let payload = ada.decide_as(&stale(&["FULL_NAME", "EMAIL"])).await;
        assert_eq!((&payload["userErrors"][0]["code"], &payload["registrationConsents"]), (&json!("STALE"), &json!(null)));
        assert_eq!(app.db_consent_records(&ada).await, records);
        let payload = ada.decide_as(&stale(&["EMAIL"])).await;
        assert_eq!((&payload["userErrors"], &payload["registrationConsents"]["revision"]), (&json!([]), &json!(2)), "it held already");
        ada.withdraw(&offer, None).await;
        ada.withdraw(&offer, None).await;
        let withdrawn = app.db_registration(&ada).await;
        assert_eq!(withdrawn.consent_revision, 3, "withdrawing twice is withdrawing once");
        assert_eq!(app.db_stream_leads(&offer).await, []);
        no_difference(&app).await;
    }

    async fn withdrawing_everything_takes_back_wishes_too_and_leaves_refusals(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let asked = sharing.offer("Asked", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.email_proved_at = None).await;
        request(&app, &ada, Said::new(Some(true), None), &[wish(&asked, &[AttendeeField::Email])]).await.expect("requested");
        let prove = "update registration set email_proved_at = 1 where id = $1";
        consentry::platform::store::sql::execute(app.store().admin(), prove, [ada.registration.into()]).await.expect("proved");
        ada.decide(&app, &[decision(&ferris, 1, &["EMAIL"]), decision(&corro, 1, &[])]).await;
        let payload = ada.withdraw_all().await;
        let states: Vec<_> = payload["registrationConsents"]["consents"].as_array().expect("consents").iter().map(|consent| consent["state"].clone()).collect();
        assert_eq!(states, [json!("WITHDRAWN"), json!("REFUSED"), json!("WITHDRAWN")]);
        assert_eq!(app.db_stream_leads(&ferris).await, []);
        no_difference(&app).await;
    }

    async fn each_change_is_recorded_with_words_that_only_its_opening_shows(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        ada.withdraw(&offer, None).await;
        let records = app.db_consent_records(&ada).await;
        assert_eq!(records.len(), 2);
        for record in &records {
            let opening = opening::Entity::find_by_id((record.organization_id, consentry_domain::OpeningKind::Consent, record.id.0));
            let opening = opening.one(app.store().read()).await.expect("an answer").expect("an opening");
            assert_eq!(opening.registration_id, Some(ada.registration));
            let (commitment, salt) = (Hash(record.commitment.clone().try_into().expect("32")), Salt(opening.salt.clone().try_into().expect("32")));
            assert!(opens(&commitment, Tag::Consent, &salt, &opening.payload));
            let payload: ConsentPayload = serde_json::from_slice(&opening.payload).expect("a payload");
            assert_eq!((payload.partner.legal_name.as_str(), payload.text.content.as_str()), ("Ferris GmbH", "May we write to you?"));
            assert_eq!((payload.notice.url.as_str(), payload.notice.sha256.to_string()), ("https://ferris.example/privacy", "ab".repeat(32)));
            assert_eq!(payload.offered_fields.len(), 2);
            assert_eq!((payload.record_id, payload.act.action, payload.conditional), (record.id, record.action, false));
            let given = vec!["EMAIL".to_owned()];
            let (before, after) = if record.action == ConsentAction::Granted { (vec![], given) } else { (given, vec![]) };
            assert_eq!((payload.act.fields_before, payload.act.fields_after), (before, after));
            let written = String::from_utf8(opening.payload).expect("UTF-8");
            assert!(!written.contains("ada@example.org") && !written.contains("Lovelace"), "never a value: {written}");
        }
        let told = mails(&app, MailKind::ConsentChanged).await;
        assert_eq!(told.len(), 2);
        assert!(told.iter().all(|mail| mail.to_address.as_deref() == Some("ada@example.org")));
    }

    async fn a_changed_address_suspends_what_was_given_until_it_is_proved(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let key = (ada.organization, ada.registration);
        for (suspended, state) in [(true, "SUSPENDED"), (false, "GRANTED")] {
            let done: Result<(), Refused> = consentry::transaction!(app.store().writer(), async |tx| {
                let text = "update registration set consents_suspended = $3 where organization_id = $1 and id = $2";
                consentry::platform::store::sql::execute(tx, text, [key.0.into(), key.1.into(), suspended.into()]).await?;
                let row = registration::Entity::find_by_id(key).one(tx).await?.expect("a registration");
                if suspended { decide::suspend(tx, &row).await } else { decide::resume(tx, &row).await }
            });
            done.expect("done");
            assert_eq!(app.db_stream_leads(&offer).await.len(), usize::from(!suspended));
            assert_eq!(ada.decide(&app, &[]).await["registrationConsents"]["consents"][0]["state"], state);
        }
        use ConsentAction as A;
        assert_eq!(actions(&app, &ada).await, [A::Granted, A::Suspended, A::Resumed]);
        no_difference(&app).await;
    }

    async fn somebody_under_age_gives_nothing_and_the_guardian_does(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let kid = app.db_attendee(&sharing, "kid@example.org", |_| ()).await;
        let input = |guardian: serde_json::Value, fields: &[&str]| json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(&ferris, 1, fields)] });
        let own = kid.decide_as(&input(json!({ "fullName": "Kid", "email": "KID@example.org" }), &["EMAIL"])).await;
        assert_eq!((&own["userErrors"][0]["code"], &own["userErrors"][0]["field"]), (&json!("INVALID"), &json!(["guardian", "email"])));
        let payload = kid.decide_as(&input(json!({ "fullName": "Parent", "email": "parent@example.org" }), &["EMAIL"])).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        assert_eq!(payload["registrationConsents"]["consents"][0]["state"], "AWAITING_GUARDIAN");
        assert_eq!(app.db_stream_leads(&ferris).await, []);
        let late = kid.decide(&app, &[decision(&corro, 1, &["EMAIL"])]).await;
        assert_eq!(late["registrationConsents"]["consents"][1]["state"], "AWAITING_GUARDIAN", "who was under age a minute ago still is");
        let asked = mails(&app, MailKind::GuardianRequest).await;
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|mail| mail.to_address.as_deref() == Some("parent@example.org")));

        let request = guardian_request::Entity::find().one(app.store().read()).await.expect("an answer").expect("a request");
        let secret = app.platform.keys.link(
            consentry::platform::keys::LinkKind::Guardian,
            consentry::platform::keys::Link { organization: request.organization_id, id: request.id.0, generation: request.generation },
        );
        let query = "query($secret: String!) { guardianRequest(secret: $secret) { status attendeeName placeAwaitsPermission \
            consents { state granted { field } } } }";
        let seen = app.anonymous().data(query, json!({ "secret": secret })).await;
        assert_eq!(
            seen["guardianRequest"],
            json!({ "status": "WAITING", "attendeeName": "kid Lovelace", "placeAwaitsPermission": false, "consents": [
                { "state": "AWAITING_GUARDIAN", "granted": [{ "field": "EMAIL" }] }, { "state": "AWAITING_GUARDIAN", "granted": [{ "field": "EMAIL" }] }] })
        );
        let document = "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) { consentIssues { reason } \
            guardianRequest { status consents { state decidedBy granted { field } } } userErrors { field code } } }";
        let input = json!({ "secret": secret, "consents": [decision(&ferris, 1, &["FULL_NAME", "EMAIL"]), decision(&corro, 1, &[])] });
        let payload = app.anonymous().done("decideAsGuardian", document, json!({ "input": input })).await;
        assert_eq!(
            payload["guardianRequest"],
            json!({ "status": "APPROVED", "consents": [
                { "state": "GRANTED", "decidedBy": "GUARDIAN", "granted": [{ "field": "FULL_NAME" }, { "field": "EMAIL" }] },
                { "state": "REFUSED", "decidedBy": "GUARDIAN", "granted": [] }] })
        );
        let consent = app.db_consent(&kid, &ferris).await.expect("a consent");
        assert_eq!((consent.decider, consent.age_basis), (Decider::Guardian, Some(AgeBasis::Guardian)));
        assert_eq!(app.db_stream_leads(&ferris).await.len(), 1);
        kid.withdraw(&ferris, Some(&["FULL_NAME"])).await;
        assert_eq!(app.db_stream_leads(&ferris).await[0].mask, 1 << 3, "a minor can take away");
        kid.decide(&app, &[decision(&ferris, 1, &["FULL_NAME", "EMAIL"])]).await;
        assert_eq!(app.db_stream_leads(&ferris).await[0].mask, 1 << 3, "and cannot widen");
        no_difference(&app).await;
        for wrong in ["", "x", &secret[1..]] {
            let payload = app.anonymous().data(document, json!({ "input": { "secret": wrong } })).await;
            assert_eq!(payload["decideAsGuardian"]["userErrors"][0]["code"], "NOT_FOUND");
        }
    }

    async fn a_date_of_birth_outweighs_what_is_said(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let year: i32 = app.store().now().await.expect("a time").day().ymd().0;
        let kid = app.db_attendee(&sharing, "kid@example.org", |row| row.date_of_birth = Some(format!("{}-01-01", year - 12))).await;
        let payload = kid.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
        assert_eq!(payload["registrationConsents"]["consents"][0]["state"], "AWAITING_GUARDIAN");
        assert_eq!(payload["consentIssues"][0]["reason"], "GUARDIAN_NOT_NAMED");
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.date_of_birth = Some(format!("{}-01-01", year - 40))).await;
        ada.decide_as(&json!({ "revision": 1, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        assert_eq!(app.db_consent(&ada, &offer).await.expect("a consent").age_basis, Some(AgeBasis::DateOfBirth));
        assert_eq!(app.db_stream_leads(&offer).await.len(), 1);
        no_difference(&app).await;
    }

    async fn the_guardian_permits_the_place_where_the_event_demands_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let kid = app.db_attendee(&sharing, "kid@example.org", |row| {
            row.status = consentry_domain::RegistrationStatus::Pending;
            row.pending_guardian = true;
            row.confirmed_at = None;
        }).await;
        let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
        kid.decide_as(&json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        let request = guardian_request::Entity::find().one(app.store().read()).await.expect("an answer").expect("a request");
        let secret = app.platform.keys.link(
            consentry::platform::keys::LinkKind::Guardian,
            consentry::platform::keys::Link { organization: request.organization_id, id: request.id.0, generation: 1 },
        );
        let document = "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) { guardianRequest { placeAwaitsPermission } userErrors { code } } }";
        let input = json!({ "secret": secret, "permission": "PERMIT", "consents": [decision(&offer, 1, &["EMAIL"])] });
        app.anonymous().done("decideAsGuardian", document, json!({ "input": input })).await;
        let row = app.db_registration(&kid).await;
        assert_eq!((row.status, row.pending_guardian, row.confirmed_at.is_some()), (consentry_domain::RegistrationStatus::Confirmed, false, true));
        assert_eq!(app.db_stream_leads(&offer).await.len(), 1);
        no_difference(&app).await;
    }

    async fn the_cost_of_deciding_does_not_depend_on_how_many_offers_there_are(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut offers = vec![sharing.offer("One", &["EMAIL"]).await];
        let document = "mutation($input: SetConsentsInput!) { setConsents(input: $input) { registrationConsents { consents { state preview { values } } } userErrors { code } } }";
        let mut counts = Vec::new();
        for name in ["Two", "Three"] {
            let ada = app.db_attendee(&sharing, &format!("{name}@example.org"), |_| ()).await;
            let decisions: Vec<_> = offers.iter().map(|offer| decision(offer, 1, &["EMAIL"])).collect();
            let input = json!({ "registrationId": ada.public_id, "revision": 1, "ofAge": true, "consents": decisions });
            let (answer, cost) = ada.client.counted(document, json!({ "input": input })).await;
            assert_eq!(answer["data"]["setConsents"]["registrationConsents"]["consents"][0]["state"], "GRANTED", "{answer}");
            counts.push(cost.statements);
            offers.push(sharing.offer(name, &["EMAIL", "PHONE"]).await);
            offers.push(sharing.offer_of(&offers.last().expect("an offer").event_partner.clone(), "RELATED_EVENTS", &["EMAIL"]).await);
        }
        assert_eq!(counts[0], counts[1]);
    }
}
