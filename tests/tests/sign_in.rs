//! Signing in by a link, sessions, and how they end.

use consentry::access::authenticate;
use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::{OrganizationId, Role};
use consentry_entity::credential;
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const REQUEST: &str =
    "mutation($email: String!) { requestSignInLink(input: { email: $email }) { userErrors { field code } } }";
const REDEEM: &str = "mutation($secret: String!) { redeemSignInLink(input: { secret: $secret }) {
    session { id accessToken accessTokenExpiresAt refreshToken } userErrors { field code } } }";
const REFRESH: &str = "mutation($token: String!) { refreshSession(input: { refreshToken: $token }) {
    session { accessToken refreshToken } userErrors { field code } } }";

/// The secret of the newest link.
async fn newest_secret(app: &TestApp) -> Option<String> {
    let mut rows = credential::Entity::find()
        .all(app.store().read())
        .await
        .expect("credentials");
    rows.sort_by_key(|row| row.id);
    let row = rows.pop()?;
    let link = Link {
        organization: OrganizationId(uuid::Uuid::nil()),
        id: row.id.0,
        generation: row.generation,
    };
    Some(app.platform.keys.link(LinkKind::SignIn, link))
}

async fn is_good(app: &TestApp, token: &Value) -> bool {
    authenticate(&app.platform, token.as_str(), None)
        .await
        .expect("the database answers")
        .is_ok()
}

on_both_databases! {
    async fn known_and_unknown_addresses_are_answered_alike(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let known = app.anonymous().send(REQUEST, json!({ "email": "Owner@acme.example" })).await;
        let unknown = app.anonymous().send(REQUEST, json!({ "email": "nobody@acme.example" })).await;
        assert_eq!(known, unknown);
        assert_eq!(credential::Entity::find().all(app.store().read()).await.expect("credentials").len(), 1);
        let wrong = app.anonymous().data(REQUEST, json!({ "email": "not an address" })).await;
        assert_eq!(wrong["requestSignInLink"]["userErrors"], json!([{ "field": ["email"], "code": "INVALID" }]));
    }

    async fn a_link_signs_in_once_and_for_ten_minutes(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        app.anonymous().data(REQUEST, json!({ "email": "owner@acme.example" })).await;
        let secret = newest_secret(&app).await.expect("a link");
        let payload = app.anonymous().done("redeemSignInLink", REDEEM, json!({ "secret": secret })).await;
        assert!(is_good(&app, &payload["session"]["accessToken"]).await);
        let again = app.anonymous().data(REDEEM, json!({ "secret": secret })).await;
        assert_eq!(again["redeemSignInLink"]["userErrors"][0]["code"], "NOT_FOUND");

        app.anonymous().data(REQUEST, json!({ "email": "owner@acme.example" })).await;
        let secret = newest_secret(&app).await.expect("a link");
        app.store().clock().advance(10 * 60 * 1_000_000);
        let late = app.anonymous().data(REDEEM, json!({ "secret": secret })).await;
        assert_eq!(late, again);
    }

    async fn a_refresh_token_used_twice_ends_the_session(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        app.anonymous().data(REQUEST, json!({ "email": "owner@acme.example" })).await;
        let secret = newest_secret(&app).await.expect("a link");
        let first = app.anonymous().done("redeemSignInLink", REDEEM, json!({ "secret": secret })).await;
        let token = first["session"]["refreshToken"].clone();
        let second = app.anonymous().done("refreshSession", REFRESH, json!({ "token": token })).await;
        assert!(is_good(&app, &second["session"]["accessToken"]).await);
        let stolen = app.anonymous().data(REFRESH, json!({ "token": token })).await;
        assert_eq!(stolen["refreshSession"]["userErrors"][0]["code"], "NOT_FOUND");
        assert!(!is_good(&app, &second["session"]["accessToken"]).await);
    }

    async fn an_access_token_ends_with_its_time_and_with_its_session(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        app.anonymous().data(REQUEST, json!({ "email": "owner@acme.example" })).await;
        let secret = newest_secret(&app).await.expect("a link");
        let payload = app.anonymous().done("redeemSignInLink", REDEEM, json!({ "secret": secret })).await;
        let token = payload["session"]["accessToken"].clone();
        let signed_in = app.with_bearer(token.as_str().expect("a token")).await;
        signed_in
            .done("signOut", "mutation { signOut(input: {}) { userErrors { code } } }", json!({}))
            .await;
        assert!(!is_good(&app, &token).await);

        app.anonymous().data(REQUEST, json!({ "email": "owner@acme.example" })).await;
        let secret = newest_secret(&app).await.expect("a link");
        let payload = app.anonymous().done("redeemSignInLink", REDEEM, json!({ "secret": secret })).await;
        let token = payload["session"]["accessToken"].clone();
        assert!(is_good(&app, &token).await);
        app.store().clock().advance(600 * 1_000_000);
        assert!(!is_good(&app, &token).await);
    }
}
