//! Signing in by a link, sessions, and how they end.

use consentry::access::authenticate;
use consentry::platform::keys::{Link, LinkKind};
use consentry_domain::Role;
use consentry_entity::{credential, session};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{EntityTrait, PaginatorTrait};
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
    let link = Link::global(row.id, row.generation);
    Some(app.platform.keys.link(LinkKind::SignIn, link))
}

async fn is_good(app: &TestApp, token: &Value) -> bool {
    authenticate(&app.platform, token.as_str(), None)
        .await
        .expect("the database answers")
        .is_ok()
}

/// Signs in by a link: the tokens of a session like any other.
async fn signed_in(app: &TestApp, email: &str) -> Value {
    app.anonymous().data(REQUEST, json!({ "email": email })).await;
    let secret = newest_secret(app).await.expect("a link");
    let payload = app
        .anonymous()
        .done("redeemSignInLink", REDEEM, json!({ "secret": secret }))
        .await;
    payload["session"].clone()
}

/// Why a refresh token is refused; the new session where it is not.
async fn refreshed(app: &TestApp, session: &Value) -> Result<Value, Value> {
    let data = app
        .anonymous()
        .data(REFRESH, json!({ "token": session["refreshToken"] }))
        .await;
    let payload = &data["refreshSession"];
    match payload["userErrors"].as_array().is_some_and(Vec::is_empty) {
        true => Ok(payload["session"].clone()),
        false => Err(payload["userErrors"].clone()),
    }
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

    async fn whoever_is_forgotten_is_signed_out_at_once_everywhere(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        app.db_attendee(&sharing, "eve@example.org", |_| ()).await;
        let (here, there) = (signed_in(&app, "ada@example.org").await, signed_in(&app, "ada@example.org").await);
        let eve = signed_in(&app, "eve@example.org").await;
        app.anonymous().data(REQUEST, json!({ "email": "ada@example.org" })).await;
        let open_link = newest_secret(&app).await.expect("a link");
        let ada = app.with_bearer(here["accessToken"].as_str().expect("a token")).await;
        let me = ada.data("{ me { people { id } } }", json!({})).await;
        let document = "mutation($input: RequestErasureInput!) { requestErasure(input: $input) { erasure { accountErased } userErrors { code } } }";
        let input = json!({ "input": { "personId": me["me"]["people"][0]["id"] } });
        assert_eq!(ada.done("requestErasure", document, input).await["erasure"]["accountErased"], true);
        for session in [&here, &there] {
            assert!(!is_good(&app, &session["accessToken"]).await);
            assert_eq!(refreshed(&app, session).await, Err(json!([{ "field": ["refreshToken"], "code": "NOT_FOUND" }])));
        }
        let late = app.anonymous().data(REDEEM, json!({ "secret": open_link })).await;
        assert_eq!(late["redeemSignInLink"]["userErrors"][0]["code"], "NOT_FOUND");
        let left = session::Entity::find().count(app.store().read()).await.expect("sessions");
        assert_eq!(left, 3, "the owner's, two of eve's, none of ada's");
        assert!(is_good(&app, &eve["accessToken"]).await && refreshed(&app, &eve).await.is_ok(), "nobody else is");
    }

    async fn a_session_that_outlived_its_account_is_none(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let session = signed_in(&app, "owner@acme.example").await;
        assert!(is_good(&app, &session["accessToken"]).await);
        // As it would be for one that was opened while the account went.
        app.db_execute("update account set erased_at = 1").await;
        assert!(!is_good(&app, &session["accessToken"]).await);
        assert_eq!(refreshed(&app, &session).await, Err(json!([{ "field": ["refreshToken"], "code": "NOT_FOUND" }])));
        app.db_execute("update account set erased_at = null").await;
        assert!(is_good(&app, &session["accessToken"]).await && refreshed(&app, &session).await.is_ok(), "nothing else is wrong with it");
    }

    async fn the_tokens_of_whoever_left_the_team_open_nothing_of_it(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", |_| ()).await;
        let invite = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { teamMember { id } userErrors { code } } }";
        let remove = "mutation($input: RemoveTeamMemberInput!) { removeTeamMember(input: $input) { userErrors { code } } }";
        let update = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { userErrors { code } } }";
        let seen = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { revision } } }";
        for (key, at) in [("all", Value::Null), ("one", json!(event.public_id()))] {
            let email = format!("{key}@example.org");
            let input = json!({ "idempotencyKey": key, "organizationId": organization.public_id, "email": email, "role": "MANAGER", "eventId": at });
            let member = owner.done("inviteTeamMember", invite, json!({ "input": input })).await["teamMember"]["id"].clone();
            let session = signed_in(&app, &email).await;
            let bearer = session["accessToken"].as_str().expect("a token");
            // What a request reaches that comes with this token now.
            let reaches = async |bearer: &str| {
                let client = app.with_bearer(bearer).await;
                let input = json!({ "input": { "eventId": event.public_id(), "revision": 99 } });
                let changed = client.data(update, input).await;
                (client.data(seen, json!({})).await, changed["updateEvent"]["userErrors"][0]["code"].clone())
            };
            let before = reaches(bearer).await;
            assert!(before.0["organization"]["event"]["revision"].is_number() && before.1 == "STALE", "{before:?}");
            owner.done("removeTeamMember", remove, json!({ "input": { "teamMemberId": member } })).await;
            let nothing = (json!({ "organization": null }), json!("NOT_FOUND"));
            assert_eq!(reaches(bearer).await, nothing, "{key}: the access token");
            let again = refreshed(&app, &session).await.expect("the account stays");
            assert_eq!(reaches(again["accessToken"].as_str().expect("a token")).await, nothing, "{key}: one that was refreshed");
        }
    }
}
