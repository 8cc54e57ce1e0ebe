//! What attendees see and change of what is theirs: places, values, addresses, sessions.

use consentry::access::authenticate;
use consentry::services::sharing::verify;
use consentry_domain::lead::LeadState;
use consentry_domain::{AttendeeField, FieldMask, OrderStatus, QuestionKind, RegistrationStatus, Role};
use consentry_entity::team_member;
use consentry_tests::app::{DbEvent, SeededAttendee, decision};
use consentry_tests::{Client, TestApp, on_both_databases};
use poem::http::Method;
use serde_json::{Value, json};

async fn no_difference(app: &TestApp) {
    let mut report = verify::verify(app.store()).await.expect("verified");
    // What a test marks as received was received by nobody.
    report
        .differences
        .retain(|difference| !difference.what.contains("received without a record"));
    assert_eq!(report.differences, []);
}

/// Registers one free place of this ticket type; its holder, signed in.
async fn one(
    app: &TestApp,
    event: &DbEvent,
    key: &str,
    ticket: consentry_domain::TicketTypeId,
    email: &str,
) -> SeededAttendee {
    let input = Client::register_input(event, key, &[(ticket, email)]);
    app.registered(event, input).await.remove(0)
}

async fn confirm_address(app: &TestApp, secret: &str) -> Value {
    let document = "mutation($input: ConfirmAddressChangeInput!) { confirmAddressChange(input: $input) {
        registration { email emailProved } userErrors { field code } } }";
    app.anonymous()
        .data(document, json!({ "input": { "secret": secret } }))
        .await["confirmAddressChange"]
        .clone()
}

/// The mails of this kind, as (to, data).
async fn mails(app: &TestApp, kind: &str) -> Vec<(String, Value)> {
    let all = app.db_mails().await.into_iter().filter(|mail| mail.kind == kind);
    all.map(|mail| (mail.to, mail.data)).collect()
}

fn refusal(payload: &Value) -> (Value, Value) {
    (
        payload["userErrors"][0]["code"].clone(),
        payload["userErrors"][0]["field"].clone(),
    )
}

on_both_databases! {
    async fn one_sees_ones_places_and_the_roles_that_one_holds_now(app: TestApp) {
        let (acme, other) = (app.sharing("acme").await, app.sharing("other").await);
        let ada = one(&app, &acme.event, "1", acme.ticket, "ada@example.org").await;
        one(&app, &acme.event, "2", acme.ticket, "Ada@example.org").await;
        one(&app, &other.event, "3", other.ticket, "ada@example.org").await;
        one(&app, &acme.event, "4", acme.ticket, "bob@example.org").await;
        let account = ada.client.caller().signed_in().expect("signed in").account();
        let now = app.store().now().await.expect("a time");
        let role = |organization, role, event_id, ends_at, removed_at| team_member::Model {
            organization_id: organization, id: app.store().entropy().ordered_id(now), account_id: account, role, event_id,
            created_at: now.0, ends_at, removed_at, revision: 1,
        };
        app.db_insert(role(acme.organization.id, Role::Viewer, None, Some(now.plus_days(1).0), None)).await;
        app.db_insert(role(other.organization.id, Role::CheckIn, Some(other.event.id), None, None)).await;
        app.db_insert(role(acme.organization.id, Role::Owner, None, Some(now.0 - 1), None)).await;
        app.db_insert(role(other.organization.id, Role::Owner, None, None, Some(now.0))).await;
        let document = "{ me { email people { organization { slug } registrations(first: 10) { edges { node { status email event { slug } } } } }
            teamMemberships { role organization { slug } eventId endsAt email } } }";
        let data = ada.client.data(document, json!({})).await;
        let place = json!({ "status": "CONFIRMED", "email": "ada@example.org", "event": { "slug": "rustdays" } });
        let mut second = place.clone();
        second["email"] = json!("Ada@example.org");
        assert_eq!(data["me"]["people"], json!([
            { "organization": { "slug": "acme" }, "registrations": { "edges": [{ "node": second }, { "node": place }] } },
            { "organization": { "slug": "other" }, "registrations": { "edges": [{ "node": place }] } },
        ]));
        let mut roles = data["me"]["teamMemberships"].as_array().expect("a list").clone();
        roles.sort_by_key(|role| role["organization"]["slug"].as_str().map(str::to_owned));
        assert_eq!(roles[0]["role"], "VIEWER");
        assert_eq!((&roles[0]["organization"]["slug"], &roles[0]["eventId"], roles[0]["endsAt"].is_string()), (&json!("acme"), &Value::Null, true));
        assert_eq!(roles[1], json!({ "role": "CHECK_IN", "organization": { "slug": "other" }, "eventId": other.event.public_id(),
            "endsAt": null, "email": "ada@example.org" }));
        assert_eq!(roles.len(), 2, "ended and removed ones are not held");
        assert_eq!(app.anonymous().data("{ me { email } }", json!({})).await, json!({ "me": null }));
    }

    async fn giving_ones_place_up_frees_it_ends_its_leads_and_tells_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ticket = app.db_ticket_type(&sharing.event, "Rare", |_| {}).await;
        let quota = app.db_quota(&sharing.event, 5, &[ticket]).await;
        let ada = one(&app, &sharing.event, "1", ticket, "ada@example.org").await;
        ada.decide(&app, &[decision(&ferris, 1, &["EMAIL"]), decision(&corro, 1, &["EMAIL"])]).await;
        let received = app.db_stream_leads(&ferris).await[0].id;
        app.db_receive(&ferris, received, FieldMask::standard(AttendeeField::Email)).await;
        assert_eq!(app.db_available(&sharing.event, quota).await, 4);

        let payload = ada.cancel().await;
        assert_eq!(payload, json!({ "registration": { "status": "CANCELLED" }, "userErrors": [] }));
        assert_eq!(app.db_available(&sharing.event, quota).await, 5);
        let leads = app.db_stream_leads(&ferris).await;
        assert_eq!((leads.len(), leads[0].state, leads[0].email.as_deref(), leads[0].pos), (1, LeadState::Removed.to_db(), None, None));
        assert_eq!(app.db_stream_leads(&corro).await, [], "nobody has received that one");
        assert_eq!(app.db_order_of(&ada).await.status, OrderStatus::Cancelled, "an empty order that cost nothing has ended");
        let told = mails(&app, "CANCELLATION").await;
        assert_eq!((told.len(), told[0].0.as_str(), &told[0].1["by"], &told[0].1["refund"]), (1, "ada@example.org", &json!("reader"), &json!("nothing-paid")));

        let before = app.db_written().await;
        assert_eq!(ada.cancel().await, payload);
        assert_eq!(app.db_written().await, before, "twice is once");
        no_difference(&app).await;
    }

    async fn an_unpaid_order_ends_with_its_only_place_and_not_with_one_of_several(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let paid = app.db_ticket_type(&sharing.event, "Paid", |row| row.price_minor = 4900).await;
        let quota = app.db_quota(&sharing.event, 5, &[paid]).await;
        let input = Client::register_input(&sharing.event, "1", &[(paid, "ada@example.org"), (paid, "bob@example.org")]);
        let several = app.registered(&sharing.event, input).await;
        assert_eq!(refusal(&several[1].cancel().await).0, "WRONG_STATE", "what is owed is the price of both");
        let alone = one(&app, &sharing.event, "2", paid, "eve@example.org").await;
        assert_eq!(alone.cancel().await["registration"]["status"], "CANCELLED");
        assert_eq!(app.db_order_of(&alone).await.status, OrderStatus::Cancelled);
        assert_eq!(app.db_order_of(&several[0]).await.status, OrderStatus::Pending);
        assert_eq!(app.db_available(&sharing.event, quota).await, 3);
    }

    async fn a_guest_who_gives_the_place_up_leaves_the_others_and_the_last_one_is_told_of_to_the_buyer(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let mut input = Client::register_input(&sharing.event, "1", &[(sharing.ticket, "ada@example.org"), (sharing.ticket, "bob@example.org")]);
        input["attendees"][0]["isBuyer"] = json!(false);
        input["buyer"]["email"] = json!("boss@example.org");
        let guests = app.registered(&sharing.event, input).await;
        guests[0].cancel().await;
        let told = |mails: &[(String, Value)]| mails.iter().map(|(to, data)| json!([to, data["what"], data["by"]])).collect::<Vec<_>>();
        assert_eq!(app.db_order_of(&guests[1]).await.status, OrderStatus::Paid);
        assert_eq!(app.db_registration(&guests[1]).await.status, RegistrationStatus::Confirmed);
        let mut sent = told(&mails(&app, "CANCELLATION").await);
        assert_eq!(sent, [json!([app.db_registration(&guests[0]).await.email, "place", "reader"])]);
        guests[1].cancel().await;
        sent = told(&mails(&app, "CANCELLATION").await);
        assert!(sent.contains(&json!(["boss@example.org", "order", "attendee"])), "{sent:?}");
        assert_eq!(sent.len(), 3);
    }

    async fn once_the_event_has_begun_or_is_closed_a_place_is_not_given_up(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = one(&app, &sharing.event, "1", sharing.ticket, "ada@example.org").await;
        let before = app.db_written().await;
        let now = app.store().now().await.expect("a time").0;
        let starts = app.db_event_row(&sharing.event).await.starts_at;
        for (set, code) in [(format!("starts_at = {}", now - 1), "TOO_LATE"), (format!("starts_at = {starts}, status = 'CLOSED'"), "WRONG_STATE")] {
            app.db_change_event(&sharing.event, &set).await;
            assert_eq!(refusal(&ada.cancel().await), (json!(code), json!(["registrationId"])));
        }
        assert_eq!(app.db_written().await, before);
        app.db_change_event(&sharing.event, "status = 'PUBLISHED'").await;
        assert_eq!(ada.cancel().await["userErrors"], json!([]));
    }

    async fn signing_out_ends_the_session_at_once_and_everywhere_ends_all(app: TestApp) {
        let (account, here) = app.db_account("ada@example.org").await;
        let (there, elsewhere) = (app.db_session(account).await, app.db_session(account).await);
        let mut tokens = Vec::new();
        for client in [&here, &there, &elsewhere] {
            tokens.push(client.bearer(&app).await.expect("a token"));
        }
        let good = async |token: &str| authenticate(&app.platform, Some(token), None).await.expect("an answer").is_ok();
        let document = "mutation($input: SignOutInput!) { signOut(input: $input) { userErrors { code } } }";
        here.done("signOut", document, json!({ "input": {} })).await;
        assert_eq!((good(&tokens[0]).await, good(&tokens[1]).await, good(&tokens[2]).await), (false, true, true));
        there.done("signOut", document, json!({ "input": { "everywhere": true } })).await;
        assert_eq!((good(&tokens[1]).await, good(&tokens[2]).await), (false, false));
    }

    async fn anothers_place_answers_as_one_that_nobody_has(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = one(&app, &sharing.event, "1", sharing.ticket, "ada@example.org").await;
        let eve = one(&app, &sharing.event, "2", sharing.ticket, "eve@example.org").await;
        let before = app.db_written().await;
        for (name, more) in [
            ("cancelRegistration", json!({})),
            ("updateRegistration", json!({ "revision": 1, "fullName": "Eve" })),
            ("updateRegistration", json!({ "revision": 99, "fullName": " ", "answers": [{ "questionId": "x" }] })),
            ("setConsents", json!({ "revision": 1, "consents": [decision(&offer, 1, &[])] })),
            ("withdrawConsent", json!({ "offerId": offer.public_id })),
            ("withdrawAllConsents", json!({})),
        ] {
            let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
            let document = format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ userErrors {{ field message code }} }} }}");
            let mut answers = Vec::new();
            for id in [sharing.event.nobody(), ada.public_id.clone(), "nonsense".to_owned()] {
                let mut input = more.clone();
                input["registrationId"] = json!(id);
                for client in [&eve.client, &sharing.staff] {
                    answers.push(client.send(&document, json!({ "input": input })).await.to_string());
                }
            }
            assert!(answers[0].contains("NOT_FOUND"), "{}", answers[0]);
            answers.dedup();
            assert_eq!(answers.len(), 1, "{answers:?}");
        }
        assert_eq!(app.db_written().await, before);
    }

    async fn a_changed_value_reaches_exactly_the_partners_that_may_have_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["FULL_NAME", "PHONE"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.decide(&app, &[decision(&ferris, 1, &["FULL_NAME", "PHONE"]), decision(&corro, 1, &["EMAIL"])]).await;
        let (mine, others) = (app.db_stream_leads(&ferris).await.remove(0), app.db_stream_leads(&corro).await);
        app.db_receive(&ferris, mine.id, FieldMask::standard(AttendeeField::FullName)).await;
        let address = json!({ "street": "1 Main St", "city": "Bath", "country": "GB" });
        let payload = ada.update(&app, json!({ "fullName": " Ada King ", "familyName": "King", "phone": "", "company": "Engines", "postalAddress": address })).await;
        let row = &payload["registration"];
        assert_eq!((&row["fullName"], &row["phone"], &row["company"], &row["city"], &row["postalAddress"]["city"], &row["revision"]),
            (&json!("Ada King"), &Value::Null, &json!("Engines"), &json!("London"), &json!("Bath"), &json!(2)), "{payload:#}");
        let lead = app.db_stream_leads(&ferris).await.remove(0);
        assert_eq!((lead.full_name.as_deref(), lead.phone, lead.pos, lead.revision), (Some("Ada King"), None, None, mine.revision + 1));
        assert_eq!(app.db_stream_leads(&corro).await, others, "who may not have it sees nothing move");
        assert_eq!(app.db_registration(&ada).await.ordered_name.as_deref(), Some("ada Lovelace"), "what the buyer typed stays the buyer's");
        assert_eq!(ada.update(&app, json!({ "postalAddress": { "street": "", "city": " ", "country": "" } })).await["registration"]["postalAddress"], Value::Null);
        no_difference(&app).await;
    }

    async fn a_change_of_what_was_not_seen_is_stale_unless_it_holds_already_and_what_is_wrong_is_told_at_once(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.update(&app, json!({ "company": "Engines" })).await;
        let stale = ada.update_at(1, json!({ "company": "Looms" })).await;
        assert_eq!((refusal(&stale), &stale["registration"]), ((json!("STALE"), json!(["revision"])), &Value::Null));
        assert_eq!(ada.update_at(1, json!({ "company": "Engines" })).await["registration"]["revision"], 2, "it holds already");
        let wrong = ada.update(&app, json!({ "fullName": " ", "email": "nobody", "country": "XX", "givenName": "x".repeat(101),
            "answers": [{ "questionId": "x", "value": "y" }] })).await;
        let errors: Vec<_> = wrong["userErrors"].as_array().expect("a list").iter().map(|error| json!([error["field"], error["code"]])).collect();
        assert_eq!(errors, [json!([["fullName"], "REQUIRED"]), json!([["email"], "INVALID"]), json!([["givenName"], "TOO_LONG"]),
            json!([["country"], "INVALID"]), json!([["answers", "0", "questionId"], "NOT_FOUND"])]);
        let row = app.db_registration(&ada).await;
        assert_eq!((row.revision, row.full_name.as_deref()), (2, Some("ada Lovelace")));
        ada.cancel().await;
        assert_eq!(refusal(&ada.update(&app, json!({ "company": "Looms" })).await).0, "WRONG_STATE");
    }

    async fn answers_change_until_the_organizers_deadline_and_names_always(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let size = app.db_question(event, QuestionKind::Choice, &[], |row| row.required = true).await;
        let (small, large) = (app.db_choice(event, size, "S").await, app.db_choice(event, size, "L").await);
        let diet = app.db_question(event, QuestionKind::Text, &[], |row| row.position = 2).await;
        let mut input = Client::register_input(event, "1", &[(sharing.ticket, "ada@example.org")]);
        input["attendees"][0]["answers"] = json!([{ "questionId": event.public(size), "choiceIds": [event.public(small)] },
            { "questionId": event.public(diet), "value": "vegan" }]);
        let ada = app.registered(event, input).await.remove(0);
        let bigger = json!({ "questionId": event.public(size), "choiceIds": [event.public(large)] });
        let payload = ada.update(&app, json!({ "answers": [bigger] })).await;
        assert_eq!(payload["registration"]["answers"], json!([{ "value": null, "choiceIds": [event.public(large)] }, { "value": "vegan", "choiceIds": [] }]), "{payload:#}");
        let none = ada.update(&app, json!({ "answers": [{ "questionId": event.public(size) }, { "questionId": event.public(diet), "value": " " }] })).await;
        assert_eq!(refusal(&none), (json!("REQUIRED"), json!(["answers", "0", "value"])));
        let payload = ada.update(&app, json!({ "answers": [{ "questionId": event.public(diet), "value": " " }] })).await;
        assert_eq!(payload["registration"]["answers"].as_array().expect("a list").len(), 1);

        let now = app.store().now().await.expect("a time").0;
        app.db_change_event(event, &format!("answers_editable_until = {now}")).await;
        let smaller = json!({ "questionId": event.public(size), "choiceIds": [event.public(small)] });
        let before = app.db_registration(&ada).await;
        let late = ada.update(&app, json!({ "fullName": "Ada King", "answers": [smaller] })).await;
        assert_eq!((refusal(&late), app.db_registration(&ada).await), ((json!("TOO_LATE"), json!(["answers"])), before));
        assert_eq!(ada.update(&app, json!({ "fullName": "Ada King", "answers": [bigger] })).await["userErrors"], json!([]), "the answer holds already");
        assert_eq!(app.db_registration(&ada).await.full_name.as_deref(), Some("Ada King"));
    }

    async fn a_new_address_is_a_wish_until_a_link_in_its_mailbox_is_opened(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let lead = app.db_stream_leads(&offer).await;
        let payload = ada.update(&app, json!({ "email": "ada@new.example" })).await;
        assert_eq!((&payload["registration"]["email"], &payload["registration"]["newEmail"], &payload["registration"]["emailProved"]),
            (&json!("ada@example.org"), &json!("ada@new.example"), &json!(true)), "{payload:#}");
        assert_eq!(app.db_stream_leads(&offer).await, lead, "the wish moves nothing");
        ada.update(&app, json!({ "email": "ADA@new.example" })).await;
        let asked = mails(&app, "ADDRESS_CHANGE").await;
        assert_eq!((asked.len(), asked[0].0.as_str(), &asked[0].1["state"]), (1, "ada@new.example", &json!("waits-for-proof")), "the same wish asks once");
        let (old_link, secret) = (app.db_registration(&ada).await, app.address_secret(&ada).await);

        let payload = confirm_address(&app, &secret).await;
        assert_eq!(payload, json!({ "registration": { "email": "ada@new.example", "emailProved": true }, "userErrors": [] }));
        let moved = app.db_stream_leads(&offer).await;
        assert_eq!((moved[0].id, moved[0].email.as_deref(), moved[0].revision), (lead[0].id, Some("ada@new.example"), lead[0].revision + 1));
        let before = app.db_registration(&ada).await;
        assert_eq!((confirm_address(&app, &secret).await, app.db_registration(&ada).await), (payload, before), "twice is once");
        let look = "query($secret: String!) { emailConfirmation(secret: $secret) { registration { email } } }";
        let seen = app.anonymous().data(look, json!({ "secret": app.registration_secret(&old_link) })).await;
        assert_eq!(seen["emailConfirmation"], Value::Null, "links in the old mailbox are void");
        assert_eq!(refusal(&ada.update(&app, json!({ "company": "x" })).await).0, "NOT_FOUND", "who reads the old one has it no more");
        let client = app.signed_in_for(ada.organization, ada.registration).await;
        let data = client.data("{ me { email people { registrations(first: 1) { edges { node { email consents { state } } } } } } }", json!({})).await;
        assert_eq!(data["me"], json!({ "email": "ada@new.example", "people": [{ "registrations": { "edges": [{ "node": { "email": "ada@new.example", "consents": [{ "state": "GRANTED" }] } }] } }] }));
        no_difference(&app).await;
    }

    async fn a_link_proves_the_address_that_it_was_sent_to_and_no_other(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.update(&app, json!({ "email": "mine@example.org" })).await;
        let mine = app.address_secret(&ada).await;
        ada.update(&app, json!({ "email": "yours@example.org" })).await;
        assert_eq!(refusal(&confirm_address(&app, &mine).await), (json!("NOT_FOUND"), json!(["secret"])));
        let yours = app.address_secret(&ada).await;
        assert_eq!(ada.update(&app, json!({ "email": "Ada@example.org" })).await["registration"]["newEmail"], Value::Null, "the wish is given up");
        let before = app.db_registration(&ada).await;
        for secret in [yours, mine, String::new(), "nonsense".into(), app.registration_secret(&before)] {
            assert_eq!(refusal(&confirm_address(&app, &secret).await).0, "NOT_FOUND");
        }
        assert_eq!((before.email.as_deref(), before.email_proved_at.is_some()), (Some("Ada@example.org"), true), "another spelling is the same mailbox");
        assert_eq!(app.db_registration(&ada).await, before);
        app.db_execute("update registration set address_generation = 20").await;
        assert_eq!(refusal(&ada.update(&app, json!({ "email": "x@example.org" })).await).0, "LIMIT_EXCEEDED");
    }

    async fn opening_the_page_of_a_new_address_changes_nothing_and_its_button_does(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.update(&app, json!({ "email": "ada@new.example" })).await;
        let path = format!("/address/{}", app.address_secret(&ada).await);
        let before = app.db_registration(&ada).await;
        let (status, page) = app.visited(Method::GET, &path).await;
        assert_eq!((status, page.contains("name=\"first\""), app.db_registration(&ada).await), (200, true, before));
        let (status, page) = app.visited(Method::POST, &path).await;
        assert_eq!((status, page.contains("Your new address is confirmed.")), (200, true), "{page}");
        assert_eq!(app.db_registration(&ada).await.email.as_deref(), Some("ada@new.example"));
        assert_eq!(app.visited(Method::POST, "/address/nonsense").await.0, 404);
    }

    async fn a_question_says_which_partner_asks_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let partner = sharing.event_partner("Ferris", "EXHIBITOR").await;
        let (_, id) = consentry::graphql::ids::decode(&async_graphql::ID(partner.clone())).expect("an id");
        app.db_question(&sharing.event, QuestionKind::Text, &[], |row| row.event_partner_id = Some(id)).await;
        app.db_question(&sharing.event, QuestionKind::Text, &[], |row| row.position = 2).await;
        let document = "query($slug: String!) { event(organization: \"acme\", slug: $slug) { questions { askedBy { id legalName } } } }";
        let data = app.anonymous().data(document, json!({ "slug": sharing.event.slug })).await;
        assert_eq!(data["event"]["questions"], json!([{ "askedBy": { "id": partner, "legalName": "Ferris GmbH" } }, { "askedBy": null }]));
    }
}
