//! What staff correct of a registration, and what a parent's refusal ends.

use consentry::services::sharing::verify;
use consentry_domain::{
    ActorKind, ConsentAction, GuardianRequestStatus, OrderStatus, QuestionKind, RegistrationStatus, Role, TicketTypeId,
};
use consentry_entity::{audit_entry, guardian_request, registration};
use consentry_tests::app::{SeededAttendee, Sharing, decision};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

const CORRECT: &str = "mutation($input: CorrectRegistrationInput!) { correctRegistration(input: $input) {
    registration { fullName email company revision answers { values } } userErrors { field message code } } }";
const CONFIRM: &str = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) {
    registration { email emailProved } userErrors { code } } }";
const DECIDE: &str = "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) {
    guardianRequest { status placeStatus placeAwaitsPermission } consentIssues { reason } userErrors { field code } } }";

async fn no_difference(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    assert_eq!(report.differences, []);
}

/// Corrects a registration as it is now; the whole payload, refused or not.
async fn correct(app: &TestApp, client: &Client, attendee: &SeededAttendee, change: Value) -> Value {
    let mut input = change;
    input["registrationId"] = json!(attendee.public_id);
    if input["revision"].is_null() {
        input["revision"] = json!(app.db_registration(attendee).await.revision);
    }
    client.data(CORRECT, json!({ "input": input })).await["correctRegistration"].clone()
}

fn refusal(payload: &Value) -> (Value, Value) {
    let first = &payload["userErrors"][0];
    (first["code"].clone(), first["field"].clone())
}

async fn audited(app: &TestApp, action: &str) -> Vec<audit_entry::Model> {
    let all = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Id);
    let mut all = all.all(app.store().read()).await.expect("entries");
    all.retain(|entry| entry.action == action);
    all
}

/// Registers places at an event that demands a parent's permission; the first is a child's.
async fn with_a_child(app: &TestApp, sharing: &Sharing, ticket: TicketTypeId, guests: &[&str]) -> Vec<SeededAttendee> {
    app.db_change_event(&sharing.event, "requires_parental_permission = true")
        .await;
    let places: Vec<_> = std::iter::once("kid@example.org")
        .chain(guests.iter().copied())
        .map(|email| (ticket, email))
        .collect();
    let mut input = Client::register_input(&sharing.event, "1", &places);
    for (index, attendee) in input["attendees"]
        .as_array_mut()
        .expect("a list")
        .iter_mut()
        .enumerate()
    {
        attendee["ofAge"] = json!(index > 0);
    }
    input["attendees"][0]["guardian"] = json!({ "fullName": "Parent", "email": "parent@example.org" });
    let mut all = app.registered(&sharing.event, input).await;
    let mut kid = None;
    for (index, attendee) in all.iter().enumerate() {
        if app.db_registration(attendee).await.pending_guardian {
            kid = Some(index);
        }
    }
    let kid = all.remove(kid.expect("one place waits for a parent"));
    all.insert(0, kid);
    all
}

async fn decide(app: &TestApp, attendee: &SeededAttendee, permission: Option<&str>, consents: &[Value]) -> Value {
    let input =
        json!({ "secret": app.guardian_secret(attendee).await, "permission": permission, "consents": consents });
    app.anonymous().data(DECIDE, json!({ "input": input })).await["decideAsGuardian"].clone()
}

async fn status(app: &TestApp, attendee: &SeededAttendee) -> RegistrationStatus {
    app.db_registration(attendee).await.status
}

/// The mails about something cancelled, as (to, what, by).
async fn told(app: &TestApp) -> Vec<Value> {
    let mails = app
        .db_mails()
        .await
        .into_iter()
        .filter(|mail| mail.kind == "CANCELLATION");
    mails
        .map(|mail| json!([mail.to, mail.data["what"], mail.data["by"]]))
        .collect()
}

on_both_databases! {
    async fn a_correction_holds_at_once_reaches_the_leads_and_is_audited_without_values(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["FULL_NAME"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.decide(&app, &[decision(&ferris, 1, &["FULL_NAME"]), decision(&corro, 1, &["EMAIL"])]).await;
        let others = app.db_stream_leads(&corro).await;
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let payload = correct(&app, &manager, &ada, json!({ "fullName": "Ada King", "company": "" })).await;
        assert_eq!(payload["registration"], json!({ "fullName": "Ada King", "email": "ada@example.org", "company": null, "revision": 2, "answers": [] }), "{payload:#}");
        assert_eq!(app.db_stream_leads(&ferris).await[0].full_name.as_deref(), Some("Ada King"));
        assert_eq!(app.db_stream_leads(&corro).await, others);
        let noted = audited(&app, "correctRegistration").await;
        assert_eq!((noted.len(), noted[0].actor, noted[0].subject_id), (1, ActorKind::Staff, Some(ada.registration.0)));
        assert_eq!(noted[0].account_id, manager.caller().signed_in().map(|who| who.account()));
        assert_eq!(noted[0].detail, json!({ "fields": ["fullName", "company"], "answers": 0 }).to_string());
        assert_eq!(refusal(&correct(&app, &manager, &ada, json!({ "revision": 1, "company": "Looms" })).await), (json!("STALE"), json!(["revision"])));
        assert_eq!(correct(&app, &manager, &ada, json!({ "revision": 1, "fullName": "Ada King" })).await["userErrors"], json!([]), "it holds already");
        assert_eq!(audited(&app, "correctRegistration").await.len(), 1);
        no_difference(&app).await;
    }

    async fn whoever_may_not_correct_a_place_learns_nothing_of_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let other = app.db_event(&sharing.organization, "other", |_| ()).await;
        let here = app.db_staff(&sharing.organization, Role::Owner).await;
        let nothing = json!({ "registrationId": sharing.event.nobody(), "revision": 1, "fullName": "x" });
        let nothing = here.send(CORRECT, json!({ "input": nothing })).await;
        assert_eq!(nothing["data"]["correctRegistration"]["userErrors"][0]["code"], "NOT_FOUND");
        let mut strangers = vec![app.sharing("strangers").await.staff, ada.client.clone()];
        for role in [Role::Finance, Role::Viewer, Role::CheckIn, Role::Dpo] {
            strangers.push(app.db_staff(&sharing.organization, role).await);
        }
        let before = app.db_registration(&ada).await;
        for client in &strangers {
            let input = json!({ "registrationId": ada.public_id, "revision": 1, "fullName": "x" });
            assert_eq!(client.send(CORRECT, json!({ "input": input })).await, nothing);
        }
        assert_eq!(app.db_registration(&ada).await, before);
        assert_ne!(other.id, sharing.event.id);
    }

    async fn a_corrected_address_suspends_what_was_given_until_its_reader_proves_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, corro) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "adda@example.org", |_| ()).await;
        ada.decide(&app, &[decision(&ferris, 1, &["EMAIL"]), decision(&corro, 1, &["EMAIL"])]).await;
        ada.update(&app, json!({ "email": "wish@example.org" })).await;
        let (old, wish) = (app.db_registration(&ada).await, app.address_secret(&ada).await);
        let payload = correct(&app, &sharing.staff, &ada, json!({ "email": "ada@example.org" })).await;
        assert_eq!(payload["registration"]["email"], "ada@example.org", "{payload:#}");
        let row = app.db_registration(&ada).await;
        assert_eq!((row.email_key.as_deref(), row.email_proved_at, row.new_email.as_deref(), row.consents_suspended), (Some("ada@example.org"), None, None, true));
        assert_eq!((app.db_stream_leads(&ferris).await, app.db_stream_leads(&corro).await), (vec![], vec![]), "nothing is shared");
        let asked: Vec<_> = app.db_mails().await.into_iter().filter(|mail| mail.kind == "ADDRESS_CHANGE" && mail.to == "ada@example.org").collect();
        assert_eq!((asked.len(), &asked[0].data["state"]), (1, &json!("replaced")));
        assert_eq!(asked[0].data["confirm"]["secret"]["purpose"], "registration");
        assert_eq!(asked[0].data["confirm"]["secret"]["generation"], json!(row.link_generation));

        for void in [app.registration_secret(&old), wish] {
            let payload = app.anonymous().data(CONFIRM, json!({ "input": { "secret": void } })).await;
            assert_eq!(payload["confirmEmail"]["userErrors"][0]["code"], "NOT_FOUND", "the old mailbox proves nothing any more");
        }
        let seen = ada.decide(&app, &[]).await;
        assert_eq!(seen["registrationConsents"]["consents"][0]["state"], "SUSPENDED");
        ada.withdraw(&corro, None).await;
        let payload = app.anonymous().done("confirmEmail", CONFIRM, json!({ "input": { "secret": app.registration_secret(&row) } })).await;
        assert_eq!(payload["registration"], json!({ "email": "ada@example.org", "emailProved": true }));
        assert!(!app.db_registration(&ada).await.consents_suspended);
        assert_eq!(app.db_stream_leads(&ferris).await[0].email.as_deref(), Some("ada@example.org"), "what was given holds again");
        assert_eq!(app.db_stream_leads(&corro).await, [], "what was taken back meanwhile stays taken back");
        use ConsentAction as A;
        let mut actions: Vec<_> = app.db_consent_records(&ada).await.iter().map(|record| record.action).collect();
        actions.sort_by_key(|action| action.as_str());
        assert_eq!(actions, [A::Granted, A::Granted, A::Resumed, A::Suspended, A::Suspended, A::Withdrawn]);
        let client = app.signed_in_for(ada.organization, ada.registration).await;
        assert_eq!(client.data("{ me { email } }", json!({})).await["me"]["email"], "ada@example.org");
        no_difference(&app).await;
    }

    async fn what_rested_and_what_is_named_with_the_proof_are_one_sitting_one_mail_and_one_new_lead(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "adda@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        correct(&app, &sharing.staff, &ada, json!({ "email": "ada@example.org" })).await;
        let row = app.db_registration(&ada).await;
        let input = json!({ "secret": app.registration_secret(&row), "consents": [decision(&offer, 1, &["FULL_NAME", "EMAIL"])] });
        app.anonymous().done("confirmEmail", CONFIRM, json!({ "input": input })).await;
        let leads = app.db_stream_leads(&offer).await;
        let shown: Vec<_> = leads.iter().map(|lead| (lead.revision, lead.full_name.is_some(), lead.email.as_deref())).collect();
        assert_eq!(shown, [(1, true, Some("ada@example.org"))], "nobody sees a lead that was changed before it was there");
        let told = app.db_mails().await.into_iter().filter(|mail| mail.kind == "CONSENT_CHANGED");
        let told = told.map(|mail| mail.data["changes"].as_array().expect("changes").iter().map(|its| its["change"].clone()).collect());
        let mut told: Vec<Vec<Value>> = told.collect();
        told.sort_by_key(|changes| json!(changes).to_string());
        assert_eq!(json!(told), json!([["given"], ["resumed", "given"]]));
        use ConsentAction as A;
        let mut actions: Vec<_> = app.db_consent_records(&ada).await.iter().map(|record| record.action).collect();
        actions.sort_by_key(|action| action.as_str());
        assert_eq!(actions, [A::Granted, A::Granted, A::Resumed, A::Suspended]);
        no_difference(&app).await;
    }

    async fn nothing_that_is_given_meanwhile_is_shared_before_the_corrected_address_is_proved(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "adda@example.org", |_| ()).await;
        correct(&app, &sharing.staff, &ada, json!({ "email": "ada@example.org" })).await;
        let payload = ada.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
        assert_eq!(payload["registrationConsents"]["consents"][0]["state"], "REQUESTED");
        correct(&app, &sharing.staff, &ada, json!({ "email": "ada@third.example" })).await;
        let row = app.db_registration(&ada).await;
        app.anonymous().done("confirmEmail", CONFIRM, json!({ "input": { "secret": app.registration_secret(&row) } })).await;
        assert_eq!((app.db_consent(&ada, &offer).await, app.db_stream_leads(&offer).await), (None, vec![]), "what is not named becomes undecided");
        no_difference(&app).await;
    }

    async fn another_spelling_or_an_unproved_address_is_corrected_too(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        correct(&app, &sharing.staff, &ada, json!({ "email": "Ada@Example.org" })).await;
        let row = app.db_registration(&ada).await;
        assert_eq!((row.consents_suspended, row.email_proved_at.is_some(), row.link_generation), (false, true, 1), "it is the same mailbox");
        assert_eq!(app.db_stream_leads(&offer).await[0].email.as_deref(), Some("Ada@Example.org"));
        let bob = app.db_attendee(&sharing, "bbo@example.org", |row| { row.email_proved_at = None; row.person_id = None; }).await;
        correct(&app, &sharing.staff, &bob, json!({ "email": "bob@example.org" })).await;
        let row = app.db_registration(&bob).await;
        app.anonymous().done("confirmEmail", CONFIRM, json!({ "input": { "secret": app.registration_secret(&row) } })).await;
        let row = app.db_registration(&bob).await;
        assert_eq!((row.email.as_deref(), row.email_proved_at.is_some(), row.consents_suspended), (Some("bob@example.org"), true, false));
        no_difference(&app).await;
    }

    async fn staff_correct_answers_after_the_attendees_deadline_and_they_are_judged_as_at_the_form(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        let number = app.db_question(event, QuestionKind::Number, &[], |row| row.required = true).await;
        let mut input = Client::register_input(event, "1", &[(sharing.ticket, "ada@example.org")]);
        input["attendees"][0]["answers"] = json!([{ "questionId": event.public(number), "value": "7" }]);
        let ada = app.registered(event, input).await.remove(0);
        app.db_change_event(event, "answers_editable_until = 1, status = 'CLOSED'").await;
        let answer = |value: &str| json!({ "answers": [{ "questionId": event.public(number), "value": value }] });
        for (value, code) in [("seven", "INVALID"), ("", "REQUIRED")] {
            assert_eq!(refusal(&correct(&app, &sharing.staff, &ada, answer(value)).await), (json!(code), json!(["answers", "0", "value"])));
        }
        let payload = correct(&app, &sharing.staff, &ada, answer("08.50")).await;
        assert_eq!(payload["registration"]["answers"], json!([{ "values": ["8.5"] }]), "{payload:#}");
        app.db_execute("update registration set status = 'CANCELLED', cancelled_at = 1").await;
        assert_eq!(refusal(&correct(&app, &sharing.staff, &ada, answer("9")).await).0, "WRONG_STATE");
    }

    async fn a_parent_who_does_not_permit_it_ends_the_place_that_waits_for_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let quota = app.db_quota(&sharing.event, 5, &[sharing.ticket]).await;
        let kid = with_a_child(&app, &sharing, sharing.ticket, &[]).await.remove(0);
        assert_eq!((status(&app, &kid).await, app.db_available(&sharing.event, quota).await), (RegistrationStatus::Pending, 4));
        kid.decide_as(&json!({ "revision": 1, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;

        let payload = decide(&app, &kid, Some("REFUSE"), &[decision(&offer, 1, &["EMAIL"])]).await;
        assert_eq!(payload["guardianRequest"], json!({ "status": "REFUSED", "placeStatus": "CANCELLED", "placeAwaitsPermission": false }), "{payload:#}");
        assert_eq!(payload["consentIssues"], json!([{ "reason": "NOT_OFFERED" }]), "nothing is given for a place that ends");
        assert_eq!((status(&app, &kid).await, app.db_available(&sharing.event, quota).await), (RegistrationStatus::Cancelled, 5));
        assert_eq!(app.db_order_of(&kid).await.status, OrderStatus::Cancelled);
        assert_eq!(told(&app).await, [json!(["kid@example.org", "order", "guardian"])]);
        let noted = audited(&app, "cancelOrder").await;
        assert_eq!((noted.len(), noted[0].actor, noted[0].account_id), (1, ActorKind::Guardian, None));

        let before = app.db_written().await;
        decide(&app, &kid, Some("REFUSE"), &[]).await;
        assert_eq!(refusal(&decide(&app, &kid, Some("PERMIT"), &[]).await), (json!("WRONG_STATE"), json!(["permission"])));
        assert_eq!(app.db_written().await, before);
        let request = guardian_request::Entity::find().one(app.store().read()).await.expect("an answer").expect("a request");
        assert_eq!(request.status, GuardianRequestStatus::Refused);
        no_difference(&app).await;
    }

    async fn refusing_the_sharing_alone_ends_no_place(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let waits = with_a_child(&app, &sharing, sharing.ticket, &[]).await.remove(0);
        waits.decide_as(&json!({ "revision": 1, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        decide(&app, &waits, None, &[decision(&offer, 1, &[])]).await;
        assert_eq!(status(&app, &waits).await, RegistrationStatus::Pending);
        decide(&app, &waits, Some("PERMIT"), &[]).await;
        assert_eq!(status(&app, &waits).await, RegistrationStatus::Confirmed);

        let kid = app.db_attendee(&sharing, "other@example.org", |_| ()).await;
        let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
        kid.decide_as(&json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(&offer, 1, &["EMAIL"])] })).await;
        for permission in [None, Some("REFUSE")] {
            let payload = decide(&app, &kid, permission, &[decision(&offer, 1, &[])]).await;
            assert_eq!(payload["guardianRequest"]["placeStatus"], "CONFIRMED", "{payload:#}");
        }
        decide(&app, &waits, Some("REFUSE"), &[]).await;
        assert_eq!(status(&app, &waits).await, RegistrationStatus::Confirmed, "what was permitted waits no more");
        assert_eq!(told(&app).await, Vec::<Value>::new());
        no_difference(&app).await;
    }

    async fn a_parents_refusal_leaves_the_other_places_of_the_order_and_is_not_made_to_wait_for_money(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let paid = app.db_ticket_type(&sharing.event, "Paid", |row| row.price_minor = 4900).await;
        let quota = app.db_quota(&sharing.event, 5, &[paid]).await;
        let places = with_a_child(&app, &sharing, paid, &["bob@example.org"]).await;
        decide(&app, &places[0], Some("REFUSE"), &[]).await;
        assert_eq!((status(&app, &places[0]).await, status(&app, &places[1]).await), (RegistrationStatus::Cancelled, RegistrationStatus::Pending));
        assert_eq!((app.db_order_of(&places[0]).await.status, app.db_available(&sharing.event, quota).await), (OrderStatus::Pending, 4));
        let order = sharing.event.public(app.db_order_of(&places[0]).await.id);
        let document = "mutation($input: MarkOrderPaidInput!) { markOrderPaid(input: $input) { userErrors { code } } }";
        sharing.staff.done("markOrderPaid", document, json!({ "input": { "idempotencyKey": "1", "orderId": order } })).await;
        let rows = registration::Entity::find().order_by_asc(registration::Column::Id).all(app.store().read()).await.expect("rows");
        let held = rows.iter().filter(|row| row.status == RegistrationStatus::Confirmed).count();
        assert_eq!((held, status(&app, &places[0]).await), (1, RegistrationStatus::Cancelled), "the money brings nobody back");
    }
}
