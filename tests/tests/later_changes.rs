//! A registration's date of birth and language, changed after it was made; and what the address in force is told of another.

use consentry::services::sharing::verify;
use consentry_domain::{ConsentAction, ConsentState, Role};
use consentry_tests::app::{DbMail, SeededAttendee, Sharing, decision};
use consentry_tests::{Client, TestApp, on_both_databases};
use serde_json::{Value, json};

const CORRECT: &str = "mutation($input: CorrectRegistrationInput!) { correctRegistration(input: $input) {
    registration { revision } userErrors { field code } } }";
const UPDATE: &str = "mutation($input: UpdateRegistrationInput!) { updateRegistration(input: $input) {
    registration { dateOfBirth locale revision } userErrors { field code } } }";

async fn no_difference(app: &TestApp) {
    let report = verify::verify(app.store()).await.expect("verified");
    assert_eq!(report.differences, []);
}

/// Somebody who was born so many days before the day on which they would be sixteen today.
async fn born(app: &TestApp, days: i32) -> String {
    let today = app.store().now().await.expect("a time").day();
    let (year, month, day) = today.ymd();
    let sixteen = consentry_domain::Day::from_ymd(year - 16, month, day.min(28)).expect("a day");
    sixteen.plus_days(-days).to_string()
}

async fn changed(
    app: &TestApp,
    client: &Client,
    document: &str,
    name: &str,
    attendee: &SeededAttendee,
    change: Value,
) -> Value {
    let mut input = change;
    input["registrationId"] = json!(attendee.public_id);
    input["revision"] = json!(app.db_registration(attendee).await.revision);
    client.data(document, json!({ "input": input })).await[name].clone()
}

async fn update(app: &TestApp, attendee: &SeededAttendee, change: Value) -> Value {
    changed(app, &attendee.client, UPDATE, "updateRegistration", attendee, change).await
}

async fn correct(app: &TestApp, sharing: &Sharing, attendee: &SeededAttendee, change: Value) -> Value {
    changed(app, &sharing.staff, CORRECT, "correctRegistration", attendee, change).await
}

fn refusal(payload: &Value) -> (Value, Value) {
    let first = &payload["userErrors"][0];
    (first["code"].clone(), first["field"].clone())
}

fn wrong(code: &str) -> (Value, Value) {
    (json!(code), json!(["dateOfBirth"]))
}

/// An event that asks for the date of birth, with an offer.
async fn asking(app: &TestApp) -> (Sharing, consentry_tests::app::SeededOffer) {
    let sharing = app.sharing("acme").await;
    app.db_change_event(&sharing.event, "asks_date_of_birth = true").await;
    let offer = sharing.offer("Ferris", &["EMAIL"]).await;
    (sharing, offer)
}

async fn notices(app: &TestApp) -> Vec<DbMail> {
    let mails = app.db_mails().await.into_iter();
    mails.filter(|mail| mail.kind == "ADDRESS_NOTICE").collect()
}

on_both_databases! {
    async fn a_date_of_birth_is_changed_only_where_the_event_asks_for_it_and_only_to_one(app: TestApp) {
        let (sharing, _) = asking(&app).await;
        let (adult, older) = (born(&app, 400).await, born(&app, 9_000).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.date_of_birth = Some(adult.clone())).await;
        let payload = update(&app, &ada, json!({ "dateOfBirth": older })).await;
        assert_eq!((&payload["registration"]["dateOfBirth"], &payload["registration"]["revision"]), (&json!(older), &json!(2)), "{payload:#}");
        assert_eq!(update(&app, &ada, json!({ "dateOfBirth": format!(" {older} ") })).await["registration"]["revision"], 2, "it holds already");
        for (given, code) in [("", "REQUIRED"), ("1990-02-30", "INVALID"), ("2999-01-01", "INVALID"), ("1066-10-14", "INVALID"), ("soon", "INVALID")] {
            assert_eq!(refusal(&update(&app, &ada, json!({ "dateOfBirth": given })).await), wrong(code), "{given}");
            assert_eq!(refusal(&correct(&app, &sharing, &ada, json!({ "dateOfBirth": given })).await), wrong(code), "{given}");
        }
        app.db_change_event(&sharing.event, "asks_date_of_birth = false").await;
        assert_eq!(refusal(&update(&app, &ada, json!({ "dateOfBirth": adult })).await), wrong("INVALID"));
        assert_eq!(app.db_registration(&ada).await.date_of_birth, Some(older));
    }

    async fn a_later_date_of_birth_ends_what_was_given_under_age_and_nothing_else(app: TestApp) {
        let (sharing, ferris) = asking(&app).await;
        let corro = sharing.offer("Corro", &["EMAIL"]).await;
        let (adult, child) = (born(&app, 400).await, born(&app, -400).await);
        for by_staff in [true, false] {
            let email = if by_staff { "ada@example.org" } else { "eve@example.org" };
            let ada = app.db_attendee(&sharing, email, |row| row.date_of_birth = Some(adult.clone())).await;
            ada.decide(&app, &[decision(&ferris, 1, &["EMAIL"]), decision(&corro, 1, &[])]).await;
            assert_eq!(app.db_stream_leads(&ferris).await.len(), 1);
            let change = json!({ "dateOfBirth": child });
            let payload = if by_staff { correct(&app, &sharing, &ada, change).await } else { update(&app, &ada, change).await };
            assert_eq!(payload["userErrors"], json!([]), "{payload:#}");
            assert_eq!(app.db_stream_leads(&ferris).await, [], "nothing is shared any more");
            assert_eq!(app.db_consent(&ada, &ferris).await, None, "nothing is decided, so a guardian can");
            assert_eq!(app.db_consent(&ada, &corro).await.map(|consent| consent.state), Some(ConsentState::Refused), "a refusal needs no age");
            let actions: Vec<_> = app.db_consent_records(&ada).await.iter().map(|record| record.action).collect();
            assert_eq!(actions.last(), Some(&ConsentAction::Lapsed));
            let told = app.db_mails().await.into_iter().rfind(|mail| mail.kind == "CONSENT_CHANGED" && mail.to == email);
            assert_eq!(told.expect("a mail").data["changes"][0]["change"], "lapsed");
            let asked = ada.decide(&app, &[decision(&ferris, 1, &["EMAIL"])]).await;
            assert_eq!(asked["consentIssues"][0]["reason"], "GUARDIAN_NOT_NAMED", "{asked:#}");
        }
        no_difference(&app).await;
    }

    async fn what_was_given_before_a_birthday_is_judged_by_the_day_on_which_it_was_given(app: TestApp) {
        let (sharing, ferris) = asking(&app).await;
        let (adult, since_a_week) = (born(&app, 400).await, born(&app, 7).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.date_of_birth = Some(adult)).await;
        ada.grant(&app, &ferris, 1, &["EMAIL"]).await;
        let given = app.db_consent(&ada, &ferris).await.expect("a consent").decided_at - 30 * 86_400_000_000;
        app.db_execute(&format!("update consent set decided_at = {given}")).await;
        update(&app, &ada, json!({ "dateOfBirth": since_a_week })).await;
        assert_eq!((app.db_consent(&ada, &ferris).await, app.db_stream_leads(&ferris).await), (None, vec![]), "sixteen since a week, given a month ago");
        ada.grant(&app, &ferris, 1, &["EMAIL"]).await;
        assert_eq!(app.db_stream_leads(&ferris).await.len(), 1, "and given again today");
    }

    async fn an_earlier_date_of_birth_widens_nothing_and_attendees_do_not_grow_up_by_typing(app: TestApp) {
        let (sharing, ferris) = asking(&app).await;
        let (adult, child) = (born(&app, 400).await, born(&app, -400).await);
        let kid = app.db_attendee(&sharing, "kid@example.org", |row| row.date_of_birth = Some(child.clone())).await;
        let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
        kid.decide_as(&json!({ "revision": 1, "guardian": guardian, "consents": [decision(&ferris, 1, &["EMAIL"])] })).await;
        let waits = app.db_consent(&kid, &ferris).await;
        assert_eq!(waits.as_ref().map(|consent| consent.state), Some(ConsentState::AwaitingGuardian));
        assert_eq!(refusal(&update(&app, &kid, json!({ "dateOfBirth": adult })).await), wrong("WRONG_STATE"));
        assert_eq!(update(&app, &kid, json!({ "dateOfBirth": born(&app, -500).await })).await["userErrors"], json!([]));
        app.db_execute("update registration set date_of_birth = null").await;
        assert_eq!(refusal(&update(&app, &kid, json!({ "dateOfBirth": adult })).await), wrong("WRONG_STATE"), "a guardian was asked");
        assert_eq!(correct(&app, &sharing, &kid, json!({ "dateOfBirth": adult })).await["userErrors"], json!([]));
        assert_eq!((app.db_consent(&kid, &ferris).await, app.db_stream_leads(&ferris).await), (waits, vec![]), "what waits for a guardian goes on waiting");
        kid.grant(&app, &ferris, 1, &["EMAIL"]).await;
        assert_eq!(app.db_stream_leads(&ferris).await.len(), 1, "whoever is of age now decides anew");
        no_difference(&app).await;
    }

    async fn an_event_that_is_not_for_somebody_so_young_refuses_attendees_and_not_staff(app: TestApp) {
        let (sharing, _) = asking(&app).await;
        let (adult, child) = (born(&app, 4_000).await, born(&app, -400).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.date_of_birth = Some(adult.clone())).await;
        app.db_change_event(&sharing.event, "requires_parental_permission = true").await;
        assert_eq!(refusal(&update(&app, &ada, json!({ "dateOfBirth": child })).await), wrong("WRONG_STATE"));
        app.db_change_event(&sharing.event, "requires_parental_permission = false, minimum_age = 18, asks_date_of_birth = false").await;
        assert_eq!(refusal(&update(&app, &ada, json!({ "dateOfBirth": born(&app, 1).await })).await), wrong("TOO_YOUNG"));
        assert_eq!(refusal(&update(&app, &ada, json!({ "dateOfBirth": "" })).await), wrong("REQUIRED"));
        assert_eq!(app.db_registration(&ada).await.date_of_birth, Some(adult));
        assert_eq!(correct(&app, &sharing, &ada, json!({ "dateOfBirth": child })).await["userErrors"], json!([]));
        assert_eq!(app.db_registration(&ada).await.date_of_birth, Some(child));
    }

    async fn later_mails_are_in_the_changed_language(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let payload = update(&app, &ada, json!({ "locale": "de" })).await;
        assert_eq!(payload["registration"], json!({ "dateOfBirth": null, "locale": "de", "revision": 2 }), "{payload:#}");
        assert_eq!(refusal(&update(&app, &ada, json!({ "locale": "klingon!" })).await), (json!("INVALID"), json!(["locale"])));
        ada.cancel().await;
        let eve = app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        correct(&app, &sharing, &eve, json!({ "locale": "de-AT" })).await;
        eve.cancel().await;
        let rows = <consentry_entity::mail::Entity as sea_orm::EntityTrait>::find().all(app.store().read()).await.expect("mails");
        let mut languages: Vec<_> = rows.iter().map(|row| (row.to_address.clone().unwrap_or_default(), row.kind.as_str(), row.locale.as_str())).collect();
        languages.sort_unstable();
        assert_eq!(languages, [("ada@example.org".to_owned(), "CANCELLATION", "de"), ("eve@example.org".to_owned(), "CANCELLATION", "de-AT")]);
    }

    async fn the_address_in_force_is_told_of_another_one_and_not_which(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        update(&app, &ada, json!({ "email": "countess@new.example" })).await;
        update(&app, &ada, json!({ "email": "countess@new.example" })).await;
        let document = "mutation($input: ConfirmAddressChangeInput!) { confirmAddressChange(input: $input) { userErrors { code } } }";
        let secret = app.address_secret(&ada).await;
        app.anonymous().done("confirmAddressChange", document, json!({ "input": { "secret": secret } })).await;
        app.anonymous().done("confirmAddressChange", document, json!({ "input": { "secret": secret } })).await;
        correct(&app, &sharing, &ada, json!({ "email": "third@example.net" })).await;
        correct(&app, &sharing, &ada, json!({ "email": "fourth@example.net" })).await;
        let told = notices(&app).await;
        let mut news: Vec<_> = told.iter().map(|mail| (mail.to.as_str(), mail.data["news"].as_str().expect("news"), mail.data["masked"].as_str().expect("an address"))).collect();
        news.sort_unstable();
        assert_eq!(news, [("ada@example.org", "taken-over", "c…@n….example"), ("ada@example.org", "wished", "c…@n….example"),
            ("countess@new.example", "replaced", "t…@e….net")], "once each; what was never proved may be a stranger's");
        let all = told.iter().map(|mail| mail.data.to_string()).collect::<String>();
        assert!(!all.contains("countess") && !all.contains("third@") && !all.contains("fourth"), "{all}");
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let mails = "{ organization(slug: \"acme\") { mails(first: 50) { edges { node { id kind } } } } }";
        let listed = manager.data(mails, json!({})).await;
        let edges = listed["organization"]["mails"]["edges"].as_array().expect("a list").clone();
        let notice = edges.iter().find(|edge| edge["node"]["kind"] == "ADDRESS_NOTICE").expect("it is listed");
        let again = "mutation($input: ResendMailInput!) { resendMail(input: $input) { userErrors { code } } }";
        let input = json!({ "idempotencyKey": "again", "mailId": notice["node"]["id"] });
        assert_eq!(manager.data(again, json!({ "input": input })).await["resendMail"]["userErrors"][0]["code"], "WRONG_STATE");
    }
}
