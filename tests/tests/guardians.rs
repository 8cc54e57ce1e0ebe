//! What a guardian says holds: what was given is taken back, what was asked for is refused, and the child cannot say
//! otherwise.

use consentry_domain::{AttendeeField, ConsentAction, ConsentState, FieldMask};
use consentry_tests::app::{SeededAttendee, SeededOffer, decision};
use consentry_tests::{TestApp, on_both_databases};
use serde_json::{Value, json};

const EMAIL: FieldMask = FieldMask::standard(AttendeeField::Email);

/// A child who asked for this to be shared.
async fn child(app: &TestApp, sharing: &consentry_tests::app::Sharing, offer: &SeededOffer) -> SeededAttendee {
    let kid = app.db_attendee(sharing, "kid@example.org", |_| ()).await;
    let guardian = json!({ "fullName": "Parent", "email": "parent@example.org" });
    kid.decide_as(
        &json!({ "revision": 1, "ofAge": false, "guardian": guardian, "consents": [decision(offer, 1, &["EMAIL"])] }),
    )
    .await;
    kid
}

async fn says(app: &TestApp, kid: &SeededAttendee, consents: &[Value]) {
    let document =
        "mutation($input: DecideAsGuardianInput!) { decideAsGuardian(input: $input) { consentIssues { reason }
        userErrors { field message code } } }";
    let input = json!({ "secret": app.guardian_secret(kid).await, "consents": consents });
    let payload = app
        .anonymous()
        .done("decideAsGuardian", document, json!({ "input": input }))
        .await;
    assert_eq!(payload["consentIssues"], json!([]));
}

async fn state(app: &TestApp, kid: &SeededAttendee, offer: &SeededOffer) -> ConsentState {
    app.db_consent(kid, offer).await.expect("a consent").state
}

on_both_databases! {
    async fn a_guardian_takes_back_what_was_given(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let kid = child(&app, &sharing, &offer).await;
        says(&app, &kid, &[decision(&offer, 1, &["FULL_NAME", "EMAIL"])]).await;
        let lead = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((lead.state, lead.email.as_deref()), (1, Some("kid@example.org")));
        app.db_receive(&offer, lead.id, EMAIL).await;
        says(&app, &kid, &[decision(&offer, 1, &["EMAIL"])]).await;
        let narrowed = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((narrowed.id, narrowed.mask, narrowed.full_name), (lead.id, EMAIL.to_db(), None), "a part of it");
        says(&app, &kid, &[decision(&offer, 1, &[])]).await;
        assert_eq!(state(&app, &kid, &offer).await, ConsentState::Withdrawn);
        let gone = app.db_stream_leads(&offer).await.remove(0);
        assert_eq!((gone.id, gone.state, gone.email), (lead.id, 3, None));
        use ConsentAction as A;
        let records = app.db_consent_records(&kid).await;
        assert_eq!(records.iter().map(|row| row.action).collect::<Vec<_>>(), [A::Requested, A::Granted, A::Withdrawn, A::Withdrawn]);
    }

    async fn what_a_guardian_refuses_is_refused_and_the_child_cannot_give_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let kid = child(&app, &sharing, &offer).await;
        assert_eq!(state(&app, &kid, &offer).await, ConsentState::AwaitingGuardian);
        says(&app, &kid, &[decision(&offer, 1, &[])]).await;
        assert_eq!(state(&app, &kid, &offer).await, ConsentState::Refused);
        kid.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
        assert_eq!(state(&app, &kid, &offer).await, ConsentState::AwaitingGuardian, "of age now, says the child");
        assert_eq!(app.db_stream_leads(&offer).await, []);
    }
}
