//! Partner tokens: issued, claimed once, revoked; and every way in which one is good for nothing is one answer.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

use consentry_domain::token::{TokenEnvironment, TokenKind, TokenText};
use consentry_domain::{AttendeeField, Capability, FieldMask, Purpose, PurposeSet, Role};
use consentry_entity::{audit_entry, disclosure, lead, mail, partner_token};
use consentry_tests::app::{SeededStream, TokenSeed};
use consentry_tests::{Client, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const LEADS: &str =
    "query($of: ID, $purpose: Purpose!) { partner { leads(eventPartnerId: $of, purpose: $purpose, first: 10) {
    nodes { id fullName } pageInfo { hasNextPage endCursor } } } }";
const ISSUE: &str = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) {
    token { id name prefix status purposes fields { field } capabilities networks lastUsedAt eventPartnerIds }
    userErrors { field message code } } }";
const CLAIM: &str = "mutation($input: ClaimPartnerTokenInput!) { claimPartnerToken(input: $input) {
    token { id status } secret userErrors { field message code } } }";
const REVOKE: &str = "mutation($input: RevokePartnerTokenInput!) { revokePartnerToken(input: $input) {
    token { id status } userErrors { field code } } }";

async fn leads(client: &Client) -> Value {
    client
        .send(LEADS, json!({ "of": null, "purpose": "EVENT_FOLLOW_UP" }))
        .await
}

fn wish(stream: &SeededStream) -> Value {
    json!({
        "idempotencyKey": "1", "partnerId": stream.partner.partner_public_id(), "name": "CRM",
        "scopes": [{ "eventPartnerId": stream.partner.public_id(), "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] }],
    })
}

/// The secret behind the link that was mailed last.
async fn mailed_secret(app: &consentry_tests::TestApp) -> String {
    let mails = mail::Entity::find().all(app.store().admin()).await.unwrap();
    let newest = mails.into_iter().max_by_key(|mail| mail.id).expect("a mail");
    assert_eq!(newest.to_address.as_deref(), Some("data@partner.example"));
    let message = consentry::services::mail::Message::from_data(newest.kind, &newest.data).expect("a message");
    let consentry::services::mail::Message::TokenClaim(claim) = message else {
        panic!("another kind of mail")
    };
    let link = claim.claim.resolve(&app.platform).expect("a link");
    link.rsplit('/').next().expect("a secret").to_owned()
}

on_both_databases! {
    async fn a_token_is_issued_by_staff_claimed_by_mail_used_and_revoked(app: TestApp) {
        let (_, owner, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 2).await;
        let issued = owner.done("issuePartnerToken", ISSUE, json!({ "input": wish(&stream) })).await["token"].clone();
        assert_eq!(issued["status"], "UNCLAIMED");
        assert_eq!(issued["fields"], json!([{ "field": "EMAIL" }]));
        let again = owner.done("issuePartnerToken", ISSUE, json!({ "input": wish(&stream) })).await["token"].clone();
        assert_eq!(again, issued, "the same request makes nothing new");
        assert_eq!(mail::Entity::find().all(app.store().admin()).await.unwrap().len(), 1);

        let secret = mailed_secret(&app).await;
        let claimed = app.anonymous().done("claimPartnerToken", CLAIM, json!({ "input": { "secret": secret } })).await;
        let token = claimed["secret"].as_str().unwrap().to_owned();
        assert_eq!(claimed["token"], json!({ "id": issued["id"], "status": "ACTIVE" }));
        assert!(token.starts_with(issued["prefix"].as_str().unwrap()));
        let twice = app.anonymous().send(CLAIM, json!({ "input": { "secret": secret } })).await;
        assert_eq!(twice["data"]["claimPartnerToken"]["userErrors"][0]["code"], "EXPIRED");
        assert_eq!(twice["data"]["claimPartnerToken"]["secret"], Value::Null);

        let partner = app.partner(&token);
        let data = partner.data("{ partner { token { id status lastUsedAt purposes fields { field } } partner { legalName }
            leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { fullName email } } } }", json!({})).await;
        assert_eq!(data["partner"]["token"]["id"], issued["id"]);
        assert_eq!(data["partner"]["leads"]["nodes"][0]["fullName"], Value::Null, "the token reads addresses alone");
        assert!(data["partner"]["leads"]["nodes"][0]["email"].is_string());

        let stored = partner_token::Entity::find().one(app.store().admin()).await.unwrap().unwrap();
        let row = format!("{stored:?}");
        assert!(!row.contains(&token) && stored.hash.as_ref().is_some_and(|hash| hash.len() == 32), "only a keyed hash is kept");
        let audited = audit_entry::Entity::find().all(app.store().admin()).await.unwrap();
        assert!(audited.iter().all(|entry| !entry.detail.contains(&token[25..])));

        let revoked = owner.done("revokePartnerToken", REVOKE, json!({ "input": { "tokenId": issued["id"] } })).await;
        assert_eq!(revoked["token"]["status"], "REVOKED");
        assert_eq!(leads(&partner).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
        owner.done("revokePartnerToken", REVOKE, json!({ "input": { "tokenId": issued["id"] } })).await;
    }

    async fn every_misuse_of_a_token_is_answered_with_the_same_bytes(app: TestApp) {
        let (organization, owner, stream) = app.db_shared_event("acme").await;
        let event = app.event(&owner, &organization, "other").await;
        let elsewhere = app.db_event_partner(&organization, &event, stream.partner.partner).await;
        let other = app.db_stream(elsewhere, Purpose::EventFollowUp, FieldMask::ALL).await;
        let product = app.db_stream(stream.partner, Purpose::ProductInformation, FieldMask::ALL).await;
        let (_, _, foreign) = app.db_shared_event("foreign").await;
        for stream in [&stream, &other, &product, &foreign] {
            app.db_many_leads(stream, 2).await;
        }
        let now = app.store().now().await.unwrap();
        let good = app.db_working_token(&stream).await;
        let seeds = [
            ("unclaimed", TokenSeed { claimed_at: None, ..TokenSeed::of(&stream) }),
            ("revoked", TokenSeed { revoked_at: Some(now.0), ..TokenSeed::of(&stream) }),
            ("expired", TokenSeed { expires_at: now, ..TokenSeed::of(&stream) }),
            ("not yet valid", TokenSeed { not_before: now.plus_minutes(5), ..TokenSeed::of(&stream) }),
            ("of no event partner", TokenSeed { scopes: vec![], ..TokenSeed::of(&stream) }),
            ("without the capability", TokenSeed { capabilities: Vec::<Capability>::new(), ..TokenSeed::of(&stream) }),
            ("for another purpose", TokenSeed::of(&product)),
            ("from another address", TokenSeed { networks: Some("192.0.2.0/24".into()), ..TokenSeed::of(&stream) }),
        ];
        let mut bad = Vec::new();
        for (what, seed) in seeds {
            bad.push((what, app.db_token(&stream, seed).await));
        }
        let mut mistyped = good.clone().into_bytes();
        mistyped[30] = if mistyped[30] == b'x' { b'y' } else { b'x' };
        bad.push(("mistyped", String::from_utf8(mistyped).unwrap()));
        bad.push(("malformed", "cst_live_prt_short".into()));
        bad.push(("empty", String::new()));
        bad.push(("unknown", TokenText::new(TokenEnvironment::Live, TokenKind::Partner, &[9; 48]).expose().to_owned()));
        let key_id = &good[13..25];
        let forged = TokenText::with_key_id(TokenEnvironment::Live, TokenKind::Partner, key_id, &[9; 32]).unwrap();
        bad.push(("of a known key id with another secret", forged.expose().to_owned()));

        let of = stream.partner.public_id();
        let asked = json!({ "of": of, "purpose": "EVENT_FOLLOW_UP" });
        let fine = app.partner(&good).send(LEADS, asked.clone()).await;
        assert_eq!(fine["data"]["partner"]["leads"]["nodes"].as_array().unwrap().len(), 2);
        let refused = app.partner(&bad[0].1).send(LEADS, asked.clone()).await;
        insta::assert_json_snapshot!("a_refused_token", refused);
        for (what, token) in &bad {
            assert_eq!(app.partner(token).send(LEADS, asked.clone()).await.to_string(), refused.to_string(), "{what}");
        }
        for (what, asked) in [
            ("another event", json!({ "of": elsewhere.public_id(), "purpose": "EVENT_FOLLOW_UP" })),
            ("another purpose", json!({ "of": of, "purpose": "PRODUCT_INFORMATION" })),
            ("a purpose without an offer", json!({ "of": of, "purpose": "RELATED_EVENTS" })),
            ("another tenant's event partner", json!({ "of": foreign.partner.public_id(), "purpose": "EVENT_FOLLOW_UP" })),
            ("no id at all", json!({ "of": "nonsense", "purpose": "EVENT_FOLLOW_UP" })),
            ("an id of another type", json!({ "of": organization.public_id, "purpose": "EVENT_FOLLOW_UP" })),
        ] {
            assert_eq!(app.partner(&good).send(LEADS, asked).await.to_string(), refused.to_string(), "{what}");
        }
        let inside = "192.0.2.9".parse().ok();
        let ranged = &bad.iter().find(|(what, _)| *what == "from another address").unwrap().1;
        let from_inside = app.partner_at(ranged, inside).send(LEADS, asked.clone()).await;
        assert_eq!(from_inside, fine, "the same token works from its range");
        let outside = app.partner_at(ranged, "192.0.3.9".parse().ok()).send(LEADS, asked).await;
        assert_eq!(outside.to_string(), refused.to_string());
        let token = app.partner(&bad[0].1).send("{ partner { token { id } eventPartners(first: 1) { edges { cursor } } } }", json!({})).await;
        assert_eq!(token["data"]["partner"], Value::Null);
        let records = disclosure::Entity::find().all(app.store().admin()).await.unwrap();
        assert_eq!(records.len(), 2, "nothing is handed out, and nothing recorded, but for the good ones");
        let untouched = lead::Entity::find().all(app.store().admin()).await.unwrap();
        assert_eq!(untouched.iter().filter(|lead| lead.received != 0).count(), 2);
    }

    async fn a_token_is_refused_as_soon_as_its_time_is_over(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 1).await;
        let now = app.store().now().await.unwrap();
        let token = app.db_token(&stream, TokenSeed { expires_at: now.plus_minutes(10), ..TokenSeed::of(&stream) }).await;
        let partner = app.partner(&token);
        assert_eq!(leads(&partner).await.get("errors"), None);
        app.store().clock().advance(11 * 60 * 1_000_000);
        assert_eq!(leads(&partner).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }

    async fn a_token_that_nobody_has_claimed_opens_nothing_whatever_else_is_known_of_it(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 1).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        assert_eq!(leads(&partner).await.get("errors"), None);
        // A hash comes with being claimed; each of both has to be there.
        app.db_execute("update partner_token set claimed_at = null").await;
        assert_eq!(leads(&partner).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
        app.db_execute("update partner_token set claimed_at = 1").await;
        assert_eq!(leads(&partner).await.get("errors"), None);
        app.db_execute("update partner_token set hash = null").await;
        assert_eq!(leads(&partner).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
    }

    async fn what_was_not_approved_cannot_be_put_into_a_token(app: TestApp) {
        let (organization, owner, stream) = app.db_shared_event("acme").await;
        let event = app.event(&owner, &organization, "other").await;
        let narrow = app.db_partner(&organization, &event, "Narrow").await;
        let mail_only = app.db_stream(narrow, Purpose::EventFollowUp, FieldMask::standard(AttendeeField::Email)).await;
        let issue = async |change: fn(&mut Value)| {
            let mut input = wish(&mail_only);
            change(&mut input);
            let answer = owner.send(ISSUE, json!({ "input": input })).await;
            let errors = answer["data"]["issuePartnerToken"]["userErrors"].clone();
            (errors[0]["code"].clone(), errors[0]["field"].clone())
        };
        let scope = |field: &str| json!(["scopes", "0", field]);
        assert_eq!(issue(|input| input["scopes"][0]["fields"] = json!([{ "field": "PHONE" }])).await, (json!("NOT_PERMITTED"), scope("fields")));
        assert_eq!(issue(|input| input["scopes"][0]["purposes"] = json!(["RELATED_EVENTS"])).await.0, json!("NOT_FOUND"));
        assert_eq!(issue(|input| input["scopes"][0]["purposes"] = json!([])).await, (json!("REQUIRED"), scope("purposes")));
        assert_eq!(issue(|input| input["scopes"] = json!([])).await, (json!("REQUIRED"), json!(["scopes"])));
        assert_eq!(issue(|input| input["name"] = json!(" ")).await, (json!("REQUIRED"), json!(["name"])));
        assert_eq!(issue(|input| input["networks"] = json!(["nowhere"])).await, (json!("INVALID"), json!(["networks", "0"])));
        assert_eq!(issue(|input| input["expiresAt"] = json!("2000-01-01T00:00:00Z")).await, (json!("INVALID"), json!(["expiresAt"])));
        assert_eq!(issue(|input| input["expiresAt"] = json!("2199-01-01T00:00:00Z")).await, (json!("INVALID"), json!(["expiresAt"])));
        assert_eq!(issue(|input| input["expiresAt"] = json!("tomorrow")).await, (json!("INVALID"), json!(["expiresAt"])));
        let mut of_another = wish(&mail_only);
        of_another["scopes"][0]["eventPartnerId"] = json!(stream.partner.public_id());
        let answer = owner.send(ISSUE, json!({ "input": of_another })).await;
        assert_eq!(answer["data"]["issuePartnerToken"]["userErrors"][0]["code"], "NOT_FOUND", "another partner's place");
        assert_eq!(partner_token::Entity::find().all(app.store().admin()).await.unwrap(), []);
        assert_eq!(mail::Entity::find().all(app.store().admin()).await.unwrap(), []);
    }

    async fn only_staff_with_the_right_issue_and_revoke(app: TestApp) {
        let (organization, owner, stream) = app.db_shared_event("acme").await;
        let (_, stranger, _) = app.db_shared_event("other").await;
        let viewer = app.db_staff(&organization, Role::Viewer).await;
        let token = owner.done("issuePartnerToken", ISSUE, json!({ "input": wish(&stream) })).await["token"]["id"].clone();
        for client in [&stranger, &viewer] {
            let issued = client.send(ISSUE, json!({ "input": wish(&stream) })).await;
            assert_eq!(issued["data"]["issuePartnerToken"]["userErrors"][0]["code"], "NOT_FOUND");
            let revoked = client.send(REVOKE, json!({ "input": { "tokenId": token } })).await;
            let mut unknown = token.as_str().unwrap().to_owned();
            unknown.replace_range(40..41, if &unknown[40..41] == "A" { "B" } else { "A" });
            let nothing = client.send(REVOKE, json!({ "input": { "tokenId": unknown } })).await;
            assert_eq!(revoked.to_string(), nothing.to_string(), "foreign and unknown answer alike");
        }
        let anonymous = app.anonymous().send(ISSUE, json!({ "input": wish(&stream) })).await;
        assert_eq!(anonymous["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        assert_eq!(app.anonymous().send(LEADS, json!({ "purpose": "EVENT_FOLLOW_UP" })).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }

    async fn two_who_claim_at_once_get_one_secret(app: TestApp) {
        let (_, owner, stream) = app.db_shared_event("acme").await;
        owner.done("issuePartnerToken", ISSUE, json!({ "input": wish(&stream) })).await;
        let input = json!({ "input": { "secret": mailed_secret(&app).await } });
        let clients: Vec<Client> = (0..6).map(|_| app.anonymous()).collect();
        let claims = clients.iter().map(|client| client.send(CLAIM, input.clone()));
        let answers = futures_util::future::join_all(claims).await;
        let secrets = answers.iter().filter(|answer| answer["data"]["claimPartnerToken"]["secret"].is_string()).count();
        assert_eq!(secrets, 1, "{answers:#?}");
    }

    async fn the_minute_of_the_last_use_is_kept_and_written_once_a_minute(app: TestApp) {
        let (_, _, stream) = app.db_shared_event("acme").await;
        app.db_many_leads(&stream, 1).await;
        let partner = app.partner(&app.db_working_token(&stream).await);
        let ask = async || partner.counted(LEADS, json!({ "purpose": "EVENT_FOLLOW_UP" })).await.1.texts.unwrap();
        let writes = |texts: &[String]| texts.iter().filter(|text| text.contains("last_used_minute = ")).count();
        // Not across a minute's end.
        let into_minute = app.store().now().await.unwrap().0.rem_euclid(60_000_000);
        if into_minute > 50_000_000 {
            app.store().clock().advance(15_000_000);
        }
        assert_eq!(writes(&ask().await), 1);
        assert_eq!(writes(&ask().await), 0, "no row that requests wait for");
        app.store().clock().advance(60_000_000);
        assert_eq!(writes(&ask().await), 1);
        let used = partner_token::Entity::find().one(app.store().admin()).await.unwrap().unwrap().last_used_minute;
        assert_eq!(used, Some(app.store().now().await.unwrap().minute()));
    }

    async fn what_a_token_reaches_is_listed(app: TestApp) {
        let (organization, owner, stream) = app.db_shared_event("acme").await;
        let mut scopes = vec![(stream.partner.event_partner, PurposeSet::EMPTY.with(Purpose::EventFollowUp), FieldMask::ALL)];
        app.db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL).await;
        for number in 0..3 {
            let event = app.event(&owner, &organization, &format!("event-{number}")).await;
            let place = app.db_event_partner(&organization, &event, stream.partner.partner).await;
            app.db_stream(place, Purpose::EventFollowUp, FieldMask::standard(AttendeeField::Email)).await;
            app.db_stream(place, Purpose::RelatedEvents, FieldMask::standard(AttendeeField::City)).await;
            let purposes = PurposeSet::EMPTY.with(Purpose::EventFollowUp).with(Purpose::RelatedEvents);
            scopes.push((place.event_partner, purposes, FieldMask::ALL));
        }
        let other = app.event(&owner, &organization, "not-covered").await;
        app.db_event_partner(&organization, &other, stream.partner.partner).await;
        let token = app.db_token(&stream, TokenSeed { scopes, ..TokenSeed::of(&stream) }).await;
        let document = "query($after: String) { partner { eventPartners(first: 3, after: $after) {
            edges { cursor node { id role eventTitle eventKind timeZone offers { version purpose legalBasis text fields { field label } retentionDays startsAt endsAt } } }
            pageInfo { hasNextPage endCursor } } } }";
        let first = app.partner(&token).data(document, json!({ "after": null })).await["partner"]["eventPartners"].clone();
        assert_eq!(first["edges"].as_array().unwrap().len(), 3);
        assert_eq!(first["edges"][0]["node"]["offers"].as_array().unwrap().len(), 1, "an offer for a purpose that is not covered is not shown");
        let one = &first["edges"][1]["node"];
        assert_eq!(one["offers"].as_array().unwrap().len(), 2);
        assert_eq!(one["offers"][0]["fields"], json!([{ "field": "EMAIL", "label": "E-mail address" }]));
        assert_eq!((&one["eventTitle"], &one["timeZone"]), (&json!("A conference"), &json!("Europe/Berlin")));
        let after = first["pageInfo"]["endCursor"].clone();
        let last = app.partner(&token).data(document, json!({ "after": after })).await["partner"]["eventPartners"].clone();
        assert_eq!((last["edges"].as_array().unwrap().len(), &last["pageInfo"]["hasNextPage"]), (1, &json!(false)));
        let which = app.partner(&token).send(LEADS, json!({ "purpose": "EVENT_FOLLOW_UP" })).await;
        assert_eq!(which["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "it has to be said which one is meant");
    }
}
