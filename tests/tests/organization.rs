//! What an organization is called and where it is reached: changed by its owners, over the API and on its page.

use consentry_domain::Role;
use consentry_entity::{audit_entry, organization, partner};
use consentry_tests::{Engine, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, TransactionTrait};
use serde_json::{Value, json};

const UPDATE: &str =
    "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { revision
    defaultLocale organization { name legalName country contactEmail dataProtectionContact } } userErrors { field code message } } }";
const SETTINGS: &str = "/manage/acme/-/settings";

/// The organization, and itself among its partners, if it is one.
async fn rows(app: &TestApp, slug: &str) -> (organization::Model, Option<partner::Model>) {
    let organization = organization::Entity::find()
        .filter(organization::Column::Slug.eq(slug))
        .one(app.store().read())
        .await
        .expect("a database")
        .expect("an organization");
    let own = partner::Entity::find()
        .filter(partner::Column::OrganizationId.eq(organization.id))
        .filter(partner::Column::IsOrganization.eq(true))
        .one(app.store().read())
        .await
        .expect("a database");
    (organization, own)
}

/// How often this is in the audit log.
async fn noted(app: &TestApp, action: &str) -> usize {
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
    entries.all(app.store().read()).await.expect("a log").len()
}

/// The form as it is sent, with this contact.
fn form<'a>(revision: &'a str, protection: &'a str) -> [(&'a str, &'a str); 8] {
    [
        ("revision", revision),
        ("name", "Ours"),
        ("legalName", "Ours e.V."),
        ("country", "AT"),
        ("contactEmail", "hello@ours.example"),
        ("dataProtectionContact", protection),
        ("defaultLocale", "de"),
        ("go", "save"),
    ]
}

on_both_databases! {
    async fn an_owner_changes_it_and_among_its_partners_it_is_called_the_same(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let host = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id partner { id } } userErrors { field code message } } }";
        let id = sharing.organization.public_id.clone();
        let input = json!({ "idempotencyKey": "host", "eventId": sharing.event.public_id(), "role": "HOST",
            "noticeUrl": "https://acme.example/privacy", "noticeSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "contactEmail": "privacy@acme.example" });
        let made = sharing.staff.done("addEventPartner", host, json!({ "input": input })).await;
        let asked = "mutation($input: RequestOfferInput!) { requestOffer(input: $input) { offer { id } userErrors { field code message } } }";
        let input = json!({ "idempotencyKey": "ask", "eventPartnerId": made["eventPartner"]["id"], "purpose": "RELATED_EVENTS",
            "fields": [{ "field": "EMAIL" }], "text": [{ "locale": "en", "text": "Our own news." }], "retentionDays": 30 });
        sharing.staff.done("requestOffer", asked, json!({ "input": input })).await;
        let facts = "select facts from stream where facts like '%Ours e.V.%'";
        let count = async || consentry::platform::store::sql::all(app.store().read(), facts, []).await.expect("streams").len();
        assert_eq!(count().await, 0);

        let input = json!({ "organizationId": id, "revision": 1, "name": "Ours", "legalName": "Ours e.V.", "country": "AT",
            "contactEmail": "hello@ours.example", "dataProtectionContact": "https://ours.example/privacy", "defaultLocale": "de" });
        let done = sharing.staff.done("updateOrganization", UPDATE, json!({ "input": input })).await;
        assert_eq!(done["organization"], json!({ "revision": 2, "defaultLocale": "de", "organization": { "name": "Ours", "legalName": "Ours e.V.",
            "country": "AT", "contactEmail": "hello@ours.example", "dataProtectionContact": "https://ours.example/privacy" } }));
        let (row, own) = rows(&app, "acme").await;
        let own = own.expect("a partner");
        assert_eq!((own.display_name.as_str(), own.legal_name.as_str(), own.country.as_str(), own.contact_email.as_str(), own.revision), ("Ours", "Ours e.V.", "AT", "hello@ours.example", 2));
        assert_eq!(count().await, 1, "what a partner's code reads says it, too");

        // Once more is once; another change has to have seen this one.
        sharing.staff.done("updateOrganization", UPDATE, json!({ "input": input })).await;
        let stale = json!({ "organizationId": id, "revision": 1, "name": "Theirs" });
        let refused = sharing.staff.data(UPDATE, json!({ "input": stale })).await["updateOrganization"].clone();
        assert_eq!((&refused["organization"], &refused["userErrors"][0]["code"], &refused["userErrors"][0]["field"]), (&Value::Null, &json!("STALE"), &json!(["revision"])));
        let wrong = json!({ "organizationId": id, "revision": 2, "name": "", "country": "Austria", "defaultLocale": "de" });
        let refused = sharing.staff.data(UPDATE, json!({ "input": wrong })).await["updateOrganization"].clone();
        let fields: Vec<_> = refused["userErrors"].as_array().expect("errors").iter().map(|error| error["field"][0].clone()).collect();
        assert_eq!(fields, ["name", "country"], "{refused:#}");
        assert_eq!(rows(&app, "acme").await, (row, Some(own)));
        assert_eq!(noted(&app, "updateOrganization").await, 1);
    }

    async fn an_organization_that_first_hosts_while_it_is_renamed_is_called_the_same_everywhere(app: TestApp) {
        // SQLite's writers wait for each other before they read anything.
        if app.store().engine() == Engine::Sqlite {
            return;
        }
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let hosting = app.store().admin().begin().await.expect("a transaction");
        hosting.execute_unprepared("update organization set revision = revision").await.expect("locked");
        let input = json!({ "organizationId": organization.public_id, "revision": 1, "name": "Ours" });
        let renaming = owner.done("updateOrganization", UPDATE, json!({ "input": input }));
        let hosted = async {
            app.somebody_waits().await;
            let text = "insert into partner (organization_id, id, display_name, legal_name, country, contact_email, is_organization, active, created_at, revision)
                select id, gen_random_uuid(), name, legal_name, country, contact_email, true, true, 1, 1 from organization";
            hosting.execute_unprepared(text).await.expect("a host");
            hosting.commit().await.expect("committed");
        };
        tokio::join!(renaming, hosted);
        let (row, own) = rows(&app, "acme").await;
        assert_eq!((row.name.as_str(), own.expect("a partner").display_name.as_str()), ("Ours", "Ours"));
    }

    async fn the_page_saves_says_what_is_wrong_and_shows_what_somebody_else_wrote(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let mut browser = app.browser_of(&owner).await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{SETTINGS}\"")));
        let page = browser.open(SETTINGS).await;
        let (before, _) = rows(&app, "acme").await;
        assert!(page.contains(&format!("value=\"{}\"", before.data_protection_contact)), "{page}");

        let forged = browser.post(SETTINGS, &form("1", "x")).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        let chosen = browser.press(SETTINGS, SETTINGS, &[&form("1", "x")[..7], &[("language", "de")]].concat()).await;
        assert!(chosen.status == 200 && chosen.text.contains("value=\"Ours e.V.\"") && chosen.text.contains("lang=\"de\""), "{}", chosen.text);
        let wrong = browser.press(SETTINGS, SETTINGS, &form("1", " ")).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"dataProtectionContact-error\"") && wrong.text.contains("href=\"#dataProtectionContact\""), "{}", wrong.text);
        assert_eq!(rows(&app, "acme").await.0, before, "nothing of it is kept");

        browser.press(SETTINGS, SETTINGS, &form("1", "dpo@ours.example")).await.leads_to(&format!("{SETTINGS}?done=saved"));
        let (row, own) = rows(&app, "acme").await;
        assert_eq!((row.name.as_str(), row.data_protection_contact.as_str(), row.default_locale.as_str(), row.revision), ("Ours", "dpo@ours.example", "de", 2));
        assert!(own.is_none(), "an organization that receives nothing is no partner of itself");
        let late = browser.press(SETTINGS, SETTINGS, &form("1", "late@ours.example")).await;
        assert!(late.status == 422 && late.text.contains("late@ours.example") && late.text.contains("dpo@ours.example"), "{}", late.text);
        assert_eq!(rows(&app, "acme").await.0, row);
    }

    async fn the_first_step_is_done_once_somebody_has_said_who_they_are(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let mut browser = app.browser_of(&owner).await;
        let is_done = |page: &str| {
            let step = page.split("Say who you are").nth(1).and_then(|rest| rest.split("</li>").next());
            step.expect("the step").contains(">Done<")
        };
        assert!(is_done(&browser.open("/manage/acme").await), "it was made with a name in law and a contact of their own");
        // As `consentry init` leaves it.
        app.db_execute("update organization set legal_name = name, data_protection_contact = contact_email").await;
        assert!(!is_done(&browser.open("/manage/acme").await));
        browser.press(SETTINGS, SETTINGS, &form("1", "dpo@ours.example")).await.leads_to(&format!("{SETTINGS}?done=saved"));
        assert!(is_done(&browser.open("/manage/acme").await));
    }

    async fn a_draft_without_a_contact_for_data_protection_leads_its_owner_there(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_execute("update event set status = 'DRAFT'").await;
        app.db_execute("update organization set data_protection_contact = ''").await;
        let event = "/manage/acme/rustdays";
        let page = app.browser_of(&sharing.staff).await.open(event).await;
        assert!(page.contains(&format!("<a href=\"{SETTINGS}\">")), "{page}");
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let page = app.browser_of(&manager).await.open(event).await;
        assert!(!page.contains(SETTINGS), "who finds nothing there is not led there: {page}");
    }
}
