//! `register`: orders with everything in them, or nothing.

use consentry_domain::{DocumentKind, QuestionKind};
use consentry_tests::app::REGISTER;
use consentry_tests::{Client, on_both_databases};
use insta::assert_json_snapshot;
use serde_json::json;

on_both_databases! {
    async fn a_free_order_is_paid_and_its_places_are_confirmed_at_once(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let quota = app.db_quota(&event, 10, &[visitor]).await;
        let payload = app.anonymous().register(&event, "1", &[(visitor, "ada@example.org"), (visitor, "bob@example.org")]).await;
        assert_json_snapshot!("free", payload, {
            ".secret" => "[secret]", ".order.id" => "[id]", ".order.code" => "[code]",
        });
        assert_eq!(app.db_available(&event, quota).await, 8);
        let document = "query($code: String!, $secret: String!, $organization: String!) {
            order(organization: $organization, code: $code, secret: $secret) { code places { fullName } } }";
        let code = &payload["order"]["code"];
        let of = |organization: &str, code: &serde_json::Value, secret: &serde_json::Value|
            json!({ "organization": organization, "code": code, "secret": secret });
        let data = app.anonymous().data(document, of("acme", code, &payload["secret"])).await;
        assert_eq!(data["order"]["places"], json!([{ "fullName": "Attendee 0" }, { "fullName": "Attendee 1" }]));
        let other = app.db_organization("other").await.slug;
        let mut answers = Vec::new();
        for (organization, code, secret) in [
            (other.as_str(), code, &payload["secret"]),
            ("acme", &json!("ABCDEFGH"), &payload["secret"]),
            ("acme", code, &json!("nonsense")),
        ] {
            answers.push(app.anonymous().send(document, of(organization, code, secret)).await.to_string());
        }
        assert!(answers.iter().all(|answer| answer == r#"{"data":{"order":null}}"#), "{answers:?}");
    }
}
