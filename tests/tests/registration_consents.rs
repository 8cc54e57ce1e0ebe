//! Wishes while registering, and what a proved mailbox makes of them: nobody consents for somebody else.

use consentry_domain::{AttendeeField, ConsentState, FieldMask, RegistrationStatus};
use consentry_entity::{account, consent, lead, person, registration};
use consentry_tests::app::{DbEvent, SeededOffer, decision};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

const REGISTER: &str = "mutation($input: RegisterInput!) { register(input: $input) { secret order { code }
    consentIssues { reason offer { version } } userErrors { field code message } } }";
const LOOK: &str = "query($secret: String!) { emailConfirmation(secret: $secret) {
    registration { fullName email emailProved status event { slug } ticketType { name } }
    requestedConsents { state offer { version } granted { field } } } }";
const CONFIRM: &str = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) {
    registration { email emailProved status } consentIssues { reason } userErrors { field code } } }";

/// Registers with these wishes of the first attendee; the payload and the registrations.
async fn registered(
    app: &TestApp,
    event: &DbEvent,
    attendees: &[(consentry_domain::TicketTypeId, &str)],
    of_age: Option<bool>,
    wishes: &[Value],
) -> (Value, Vec<registration::Model>) {
    let key = uuid::Uuid::new_v4().to_string();
    let mut input = Client::register_input(event, &key, attendees);
    input["attendees"][0]["ofAge"] = json!(of_age);
    input["attendees"][0]["consents"] = json!(wishes);
    let payload = app
        .anonymous()
        .done("register", REGISTER, json!({ "input": input }))
        .await;
    let again = app
        .anonymous()
        .done("register", REGISTER, json!({ "input": input }))
        .await;
    assert_eq!(payload, again, "the same request has the same answer");
    let registrations = app.db_registrations(event, &payload["order"]["code"]).await;
    (payload, registrations)
}

/// What stands about an offer.
async fn standing(
    app: &TestApp,
    registration: &registration::Model,
    offer: &SeededOffer,
) -> Option<(ConsentState, FieldMask)> {
    let found = consent::Entity::find_by_id((registration.organization_id, registration.id, offer.id));
    let found = found.one(app.store().read()).await.expect("an answer");
    found
        .filter(|row| row.state != ConsentState::Undecided)
        .map(|row| (row.state, FieldMask::from_db(row.granted_mask)))
}

async fn confirm(app: &TestApp, registration: &registration::Model, of_age: Option<bool>, consents: &[Value]) -> Value {
    let input = json!({ "secret": app.registration_secret(registration), "ofAge": of_age, "consents": consents });
    app.anonymous().data(CONFIRM, json!({ "input": input })).await["confirmEmail"].clone()
}

async fn count<E: EntityTrait>(app: &TestApp) -> u64
where
    E::Model: Send + Sync + sea_orm::FromQueryResult,
{
    E::find().count(app.store().read()).await.expect("a count")
}

on_both_databases! {
    async fn what_a_stranger_ticked_is_given_only_as_far_as_the_mailbox_names_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (first, second) = (sharing.offer("Alpha", &["FULL_NAME", "EMAIL"]).await, sharing.offer("Beta", &["EMAIL"]).await);
        let ticks = [decision(&first, 1, &["FULL_NAME", "EMAIL"]), decision(&second, 1, &["EMAIL"])];
        let (payload, places) = registered(&app, &sharing.event, &[(sharing.ticket, "ada@example.org")], Some(true), &ticks).await;
        assert_eq!(payload["consentIssues"], json!([]));
        let place = &places[0];
        let email = FieldMask::standard(AttendeeField::Email);
        assert_eq!(standing(&app, place, &second).await, Some((ConsentState::Requested, email)));
        assert_eq!(count::<lead::Entity>(&app).await, 0);

        let before = app.db_written().await;
        let data = app.anonymous().data(LOOK, json!({ "secret": app.registration_secret(place) })).await;
        insta::assert_json_snapshot!("linked", data["emailConfirmation"]);
        assert_eq!(before, app.db_written().await, "opening a link changes nothing");

        let payload = confirm(&app, place, Some(true), &[decision(&first, 1, &["EMAIL"])]).await;
        assert_eq!(payload, json!({ "registration": { "email": "ada@example.org", "emailProved": true, "status": "CONFIRMED" },
            "consentIssues": [], "userErrors": [] }));
        assert_eq!(standing(&app, place, &first).await, Some((ConsentState::Granted, email)));
        assert_eq!(standing(&app, place, &second).await, None, "what is not named becomes undecided");
        assert_eq!(count::<lead::Entity>(&app).await, 1);
    }

    async fn confirming_with_nothing_named_shares_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let (_, places) = registered(&app, &sharing.event, &[(sharing.ticket, "ada@example.org")], Some(true), &[decision(&offer, 1, &["EMAIL"])]).await;
        confirm(&app, &places[0], None, &[]).await;
        assert_eq!((standing(&app, &places[0], &offer).await, count::<lead::Entity>(&app).await), (None, 0));
    }

    async fn an_old_link_cannot_undo_a_withdrawal(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let (_, places) = registered(&app, &sharing.event, &[(sharing.ticket, "ada@example.org")], None, &[]).await;
        let yes = [decision(&offer, 1, &["EMAIL"])];
        let first = confirm(&app, &places[0], Some(true), &yes).await;
        let before = app.db_written().await;
        let again = confirm(&app, &places[0], Some(true), &yes).await;
        assert_eq!((first, before), (again, app.db_written().await), "the outcome holds already");

        let row = registration::Entity::find_by_id((places[0].organization_id, places[0].id)).one(app.store().read()).await;
        let person = row.expect("an answer").expect("the place").person_id.expect("a person");
        let row = person::Entity::find_by_id((places[0].organization_id, person)).one(app.store().read()).await;
        let client = app.db_session(row.expect("an answer").expect("the person").account_id.expect("an account")).await;
        let document = "mutation($input: WithdrawConsentInput!) { withdrawConsent(input: $input) { userErrors { code } } }";
        client.done("withdrawConsent", document, json!({ "input": {
            "registrationId": sharing.event.public(places[0].id), "offerId": offer.public_id } })).await;
        assert_eq!(count::<lead::Entity>(&app).await, 0);
        let before = app.db_written().await;
        let refused = confirm(&app, &places[0], Some(true), &yes).await;
        assert_eq!(refused["userErrors"], json!([{ "field": ["consents"], "code": "WRONG_STATE" }]));
        assert_eq!(before, app.db_written().await);
        assert_eq!(standing(&app, &places[0], &offer).await.map(|(state, _)| state), Some(ConsentState::Withdrawn));
    }

    async fn a_buyer_cannot_wish_for_somebody_else_who_decides_by_mail(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let attendees = [(sharing.ticket, "ada@example.org"), (sharing.ticket, "bob@example.org")];
        let before = app.db_written().await;
        let mut input = Client::register_input(&sharing.event, "1", &attendees);
        input["attendees"][1]["consents"] = json!([decision(&offer, 1, &["EMAIL"])]);
        input["attendees"][1]["ofAge"] = json!(true);
        let payload = app.anonymous().data(REGISTER, json!({ "input": input })).await["register"].clone();
        assert_eq!(payload["userErrors"][0]["field"], json!(["attendees", "1", "consents"]));
        assert_eq!((&payload["userErrors"][0]["code"], &payload["order"]), (&json!("CONSENT_NOT_YOURS"), &Value::Null));
        assert_eq!(before, app.db_written().await);

        let (_, places) = registered(&app, &sharing.event, &attendees, None, &[]).await;
        let asked = app.db_mails().await.into_iter().find(|mail| mail.kind == "DECIDE_FOR_YOURSELF").expect("a mail");
        assert_eq!(asked.data["partners"], json!([{ "partner": "Alpha GmbH", "purpose": "EVENT_FOLLOW_UP", "fields": [{ "standard": "EMAIL" }] }]));
        confirm(&app, &places[1], Some(true), &[decision(&offer, 1, &["EMAIL"])]).await;
        assert_eq!(standing(&app, &places[1], &offer).await.map(|(state, _)| state), Some(ConsentState::Granted));
        assert_eq!(standing(&app, &places[0], &offer).await, None);
    }

    async fn what_cannot_be_taken_is_told_and_blocks_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Alpha", &["EMAIL"]).await;
        let email = ["EMAIL"];
        for (wish, of_age, reason) in [
            (decision(&offer, 2, &email), Some(true), "STALE_VERSION"),
            (decision(&offer, 1, &["PHONE"]), Some(true), "NOT_OFFERED"),
            (decision(&offer, 1, &email), None, "AGE_NOT_STATED"),
            (decision(&offer, 1, &email), Some(false), "GUARDIAN_NOT_NAMED"),
        ] {
            let (payload, places) = registered(&app, &sharing.event, &[(sharing.ticket, "ada@example.org")], of_age, &[wish]).await;
            assert_eq!(payload["consentIssues"][0]["reason"], reason);
            assert_eq!(places[0].status, RegistrationStatus::Confirmed);
            let state = standing(&app, &places[0], &offer).await.map(|(state, _)| state);
            let awaiting = (reason == "GUARDIAN_NOT_NAMED").then_some(ConsentState::AwaitingGuardian);
            assert_eq!(state, awaiting, "{reason}");
        }
        assert_eq!(count::<lead::Entity>(&app).await, 0);
    }

    async fn a_proved_address_has_one_account_and_one_person_in_each_organization(app: TestApp) {
        let (sharing, other) = (app.sharing("acme").await, app.sharing("other").await);
        for (sharing, email) in [(&sharing, "ada@example.org"), (&sharing, "Ada@Example.org"), (&other, "ada@example.org")] {
            let (_, places) = registered(&app, &sharing.event, &[(sharing.ticket, email)], None, &[]).await;
            let payload = confirm(&app, &places[0], None, &[]).await;
            assert_eq!(payload["userErrors"], json!([]));
        }
        let staff = 2;
        assert_eq!((count::<account::Entity>(&app).await, count::<person::Entity>(&app).await), (1 + staff, 2));
    }

    async fn a_secret_that_opens_nothing_is_one_answer(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (_, places) = registered(&app, &sharing.event, &[(sharing.ticket, "ada@example.org")], None, &[]).await;
        let mut newer = places[0].clone();
        newer.link_generation = 2;
        let mut unknown = places[0].clone();
        unknown.id = uuid::Uuid::new_v4().into();
        let good = app.registration_secret(&places[0]);
        app.db_execute("update registration set status = 'CANCELLED', cancelled_at = 1").await;
        let mut answers = Vec::new();
        let before = app.db_written().await;
        for secret in [good, app.registration_secret(&newer), app.registration_secret(&unknown), "nonsense".into(), String::new()] {
            let look = app.anonymous().send(LOOK, json!({ "secret": secret })).await;
            let act = app.anonymous().send(CONFIRM, json!({ "input": { "secret": secret } })).await;
            answers.push((look.to_string(), act.to_string()));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert!(answers[0].1.contains("NOT_FOUND"), "{answers:?}");
        assert_eq!(before, app.db_written().await);
    }
}
