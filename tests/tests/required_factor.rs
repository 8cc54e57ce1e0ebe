//! Organizations that ask their team for an authenticator: whom it stops, where, and what they are told.

use consentry_domain::{CredentialKind, Role, factor};
use consentry_entity::credential;
use consentry_tests::app::{Client, SeededOrganization};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const UPDATE: &str = "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) {
    organization { revision authenticatorRequired } userErrors { field code message } } }";
const SEEN: &str = "query($slug: String!) { organization(slug: $slug) { authenticatorRequired events(first: 5) { edges { cursor } } } }";
const CHANGE: &str = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { userErrors { code } } }";
const PREPARE: &str = "mutation { prepareAuthenticator(input: {}) { userErrors { code } } }";
const CONFIRM: &str = "mutation($code: String!) { confirmAuthenticator(input: { code: $code }) { recoveryCodes userErrors { code message } } }";
const REMOVE: &str =
    "mutation($code: String!) { removeAuthenticator(input: { code: $code }) { userErrors { code message } } }";

/// What the authenticator that was made last shows, half a minute later than whatever was shown before.
async fn shown(app: &TestApp) -> String {
    app.store().clock().advance(31_000_000);
    let made = credential::Entity::find().filter(credential::Column::Kind.eq(CredentialKind::Totp));
    let made = made.order_by_desc(credential::Column::Id).one(app.store().read()).await;
    let of = made.expect("rows").expect("an authenticator").id;
    factor::code_at(
        &app.platform.keys.authenticator(of.0),
        app.store().now().await.expect("a time"),
    )
}

async fn protect(app: &TestApp, client: &Client) {
    client.done("prepareAuthenticator", PREPARE, json!({})).await;
    let code = shown(app).await;
    client
        .done("confirmAuthenticator", CONFIRM, json!({ "code": code }))
        .await;
}

async fn ask(client: &Client, organization: &SeededOrganization, revision: i64, required: bool) -> Value {
    let input =
        json!({ "organizationId": organization.public_id, "revision": revision, "authenticatorRequired": required });
    client.data(UPDATE, json!({ "input": input })).await["updateOrganization"].clone()
}

/// The code of the error to which a question led, and what was answered.
async fn seen(client: &Client, slug: &str) -> (Value, Value) {
    let answer = client.send(SEEN, json!({ "slug": slug })).await;
    (
        answer["errors"][0]["extensions"]["code"].clone(),
        answer["data"]["organization"].clone(),
    )
}

on_both_databases! {
    async fn a_role_counts_only_for_whoever_has_one_and_everything_else_of_them_goes_on(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let acme = &sharing.organization;
        let other = app.db_organization("other").await;
        let owner = app.db_staff_named(acme, Role::Owner, "owner@acme.example").await;
        let viewer = app.db_staff_named(acme, Role::Viewer, "viewer@acme.example").await;
        let outsider = app.db_staff_named(&other, Role::Owner, "owner@other.example").await;
        let (required, none) = (json!("AUTHENTICATOR_REQUIRED"), Value::Null);

        let refused = ask(&owner, acme, 1, true).await["userErrors"][0].clone();
        assert_eq!((&refused["field"], &refused["code"]), (&json!(["authenticatorRequired"]), &json!("WRONG_STATE")), "{refused}");
        assert_eq!(ask(&owner, acme, 1, false).await["organization"]["revision"], 1, "nothing changed");
        protect(&app, &owner).await;
        assert_eq!(ask(&owner, acme, 1, true).await["organization"], json!({ "revision": 2, "authenticatorRequired": true }));
        let details = "select detail from audit_entry where action = 'updateOrganization'";
        let rows = consentry::platform::store::sql::all(app.store().read(), details, []).await.expect("entries");
        let details: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a text")).collect();
        assert_eq!(details, [r#"{"authenticatorRequired":true}"#]);

        // The team: questions, changes, files and pages.
        assert_eq!(seen(&owner, "acme").await.0, none);
        assert_eq!(seen(&viewer, "acme").await, (required.clone(), none.clone()));
        let change = json!({ "input": { "eventId": sharing.event.public_id(), "revision": 1 } });
        let answer = sharing.staff.send(CHANGE, change).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], required, "{answer:#}");
        let mut browser = app.browser_of(&viewer).await;
        for page in ["/manage/acme", "/manage/acme/rustdays"] {
            let page = browser.get(page).await;
            assert!(page.status == 403 && page.text.contains("href=\"/me/security/authenticator\""), "{}", page.text);
        }
        assert!(browser.open("/me").await.contains("viewer@acme.example"));
        assert_eq!(browser.get("/events/acme/rustdays").await.status, 200, "what anybody sees");

        // Whoever is not of the team learns nothing of it; another organization asks for nothing.
        assert_eq!(seen(&outsider, "acme").await, (none.clone(), none.clone()));
        assert_eq!(seen(&outsider, "other").await.0, none);

        // It counts with the first code, and no longer without one.
        protect(&app, &viewer).await;
        assert_eq!(seen(&viewer, "acme").await.0, none);
        assert_eq!(browser.get("/manage/acme").await.status, 303, "another place, signed out when it was confirmed");
        let code = shown(&app).await;
        viewer.done("removeAuthenticator", REMOVE, json!({ "code": code })).await;
        assert_eq!(seen(&viewer, "acme").await.0, required);
        assert_eq!(ask(&owner, acme, 2, false).await["organization"]["authenticatorRequired"], false);
        assert_eq!(seen(&viewer, "acme").await.0, none);
    }

    async fn a_role_at_one_event_a_file_and_a_door_are_no_way_around_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let acme = &sharing.organization;
        let owner = app.db_staff_named(acme, Role::Owner, "owner@acme.example").await;
        let export = "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { rosterExport { downloadUrl } userErrors { code } } }";
        let input = json!({ "idempotencyKey": "one", "eventId": sharing.event.public_id(), "purpose": "name tags" });
        let made = sharing.staff.done("exportRoster", export, json!({ "input": input })).await;
        let address = made["rosterExport"]["downloadUrl"].as_str().expect("an address");
        let path = &address[address.find("/exports").expect("a path")..];
        let mut browser = app.browser_of(&sharing.staff).await;
        assert_eq!(browser.get(path).await.status, 200);
        protect(&app, &owner).await;
        ask(&owner, acme, 1, true).await;
        assert_eq!(browser.get(path).await.status, 403);
        let at_event = app.db_staff_named(acme, Role::CheckIn, "door@acme.example").await;
        app.db_execute("update team_member set event_id = (select id from event limit 1) where role = 'CHECK_IN'").await;
        assert_eq!(seen(&at_event, "acme").await.0, "AUTHENTICATOR_REQUIRED");
    }

    async fn an_owner_asks_for_it_on_a_page(app: TestApp) {
        let acme = app.db_organization("acme").await;
        let owner = app.db_staff_named(&acme, Role::Owner, "owner@acme.example").await;
        let page = "/manage/acme/-/settings";
        let mut browser = app.browser_of(&owner).await;
        let shown = browser.get(page).await;
        let about = [
            ("name", "acme e.V."),
            ("legalName", "acme eingetragener Verein"),
            ("country", "DE"),
            ("contactEmail", "hello@acme.example"),
            ("dataProtectionContact", "dpo@acme.example"),
            ("defaultLocale", "en"),
            ("go", "save"),
        ];
        let wished = [&about[..], &[("authenticatorRequired", "yes")]].concat();
        let refused = browser.answer(&shown, page, &wished).await;
        assert!(refused.status == 422 && refused.text.contains("id=\"authenticatorRequired-error\""), "{}", refused.text);
        protect(&app, &owner).await;
        let mut browser = app.browser();
        let path = app.sign_in_path(&owner).await;
        let code = self::shown(&app).await;
        browser.post(&path, &[("first", "yes"), ("code", &code)]).await.leads_to("/me");
        let shown = browser.get(page).await;
        browser.answer(&shown, page, &wished).await.leads_to("/manage/acme/-/settings?done=saved");
        assert!(browser.open(page).await.contains("name=\"authenticatorRequired\" value=\"yes\" checked"));
        let shown = browser.get(page).await;
        browser.answer(&shown, page, &about).await.leads_to("/manage/acme/-/settings?done=saved");
        assert!(!browser.open(page).await.contains("value=\"yes\" checked"));
    }
}
