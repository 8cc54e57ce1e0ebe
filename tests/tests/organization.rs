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

    async fn an_organization_says_something_of_itself_in_several_languages(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let id = sharing.organization.public_id.clone();
        let document = "mutation($input: UpdateOrganizationInput!) { updateOrganization(input: $input) { organization { revision organization {
            introduction(locale: \"de-AT\") introductions { locale text } footer(locale: \"it\") footers { locale text } } } userErrors { field code message } } }";
        let change = async |input: Value| sharing.staff.data(document, json!({ "input": input })).await["updateOrganization"].clone();
        let text = |locale: &str, text: &str| json!({ "locale": locale, "text": text });
        let done = change(json!({ "organizationId": id, "revision": 1, "footer": [text("en", " Since 2015 "), text("fr", "Depuis 2015")],
            "introduction": [text("en", "We *teach*.\r\n\r\nCome."), text("de", "Wir lehren.")] })).await;
        assert_eq!(done["organization"]["organization"], json!({
            "introduction": "Wir lehren.", "introductions": [text("de", "Wir lehren."), text("en", "We *teach*.\n\nCome.")],
            "footer": "Since 2015", "footers": [text("en", "Since 2015"), text("fr", "Depuis 2015")] }), "{done:#}");

        // What is not named stays; what is blank goes; what is wrong changes nothing.
        let done = change(json!({ "organizationId": id, "revision": 2, "introduction": [text("de", " ")], "footer": [text("de", "Seit 2015")] })).await;
        let kept = json!({ "introduction": "We *teach*.\n\nCome.", "introductions": [text("en", "We *teach*.\n\nCome.")],
            "footer": "Since 2015", "footers": [text("de", "Seit 2015"), text("en", "Since 2015"), text("fr", "Depuis 2015")] });
        assert_eq!(done["organization"]["organization"], kept, "{done:#}");
        let wrong = json!({ "organizationId": id, "revision": 3, "introduction": [text("en", &"x".repeat(2001)), text("de", "Gut")],
            "footer": [text("en", "Two\nlines")] });
        let refused = change(wrong).await;
        let errors: Vec<_> = refused["userErrors"].as_array().expect("errors").iter().map(|error| (error["field"].clone(), error["code"].clone())).collect();
        assert_eq!(errors, [(json!(["introduction"]), json!("TOO_LONG")), (json!(["footer"]), json!("INVALID"))], "{refused:#}");
        let longest = json!({ "organizationId": id, "revision": 3, "introduction": [text("de", &"x".repeat(2000))], "footer": [text("it", &"x".repeat(300))] });
        assert_eq!(change(longest).await["userErrors"], json!([]));
        assert_eq!(change(json!({ "organizationId": id, "revision": 4, "footer": [text("it", &"x".repeat(301))] })).await["userErrors"][0]["code"], json!("TOO_LONG"));
    }

    async fn its_texts_stand_on_its_pages_and_in_its_mails_and_saving_the_page_loses_no_language(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_execute("update organization set introduction = '{\"en\":\"We <b>*teach*</b>.\",\"fr\":\"Nous\"}', footer = '{\"fr\":\"Depuis\"}'").await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let page = browser.open(SETTINGS).await;
        assert!(page.contains("name=\"introduction.fr\"") && page.contains("name=\"footer.en\""), "{page}");
        let texts = [("introduction.en", "We <b>*teach*</b> & learn."), ("introduction.de", ""), ("introduction.fr", "Nous"), ("footer.en", "Since <i>2015</i>")];
        browser.press(SETTINGS, SETTINGS, &[&form("1", "dpo@ours.example")[..], &texts].concat()).await.leads_to(&format!("{SETTINGS}?done=saved"));
        let row = rows(&app, "acme").await.0;
        let read = |column: &str| serde_json::from_str::<Value>(column).expect("texts");
        assert_eq!(read(&row.introduction), json!({ "en": "We <b>*teach*</b> & learn.", "fr": "Nous" }));
        assert_eq!(read(&row.footer), json!({ "en": "Since <i>2015</i>", "fr": "Depuis" }), "a language that the form did not have stays");
        let gone = [("introduction.fr", ""), ("footer.en", "Two\u{202e}ways")];
        let wrong = browser.press(SETTINGS, SETTINGS, &[&form("2", "dpo@ours.example")[..], &gone].concat()).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"footer.en-error\""), "{}", wrong.text);
        browser.press(SETTINGS, SETTINGS, &[&form("2", "dpo@ours.example")[..], &gone[..1]].concat()).await.leads_to(&format!("{SETTINGS}?done=saved"));
        assert_eq!(read(&rows(&app, "acme").await.0.introduction), json!({ "en": "We <b>*teach*</b> & learn." }));

        let mut visitor = app.browser();
        let event = visitor.open("/events/acme/rustdays").await;
        let foot = "<p>Since &#60;i&#62;2015&#60;/i&#62;</p>";
        assert!(event.contains("href=\"/events/acme\"") && event.contains(foot), "{event}");
        let list = visitor.open("/events/acme").await;
        assert!(list.contains("We &lt;b&gt;<em>teach</em>&lt;/b&gt; &amp; learn.") && list.contains(foot), "{list}");
        assert!(list.contains("href=\"/events/acme/rustdays\""), "{list}");
        assert!(!visitor.open("/").await.contains("Since"), "that page is nobody's");
        for page in ["/events/acme/rustdays/register", SETTINGS] {
            let mut browser = if page == SETTINGS { app.browser_of(&sharing.staff).await } else { app.browser() };
            assert!(browser.open(page).await.contains(foot), "{page}");
        }
        // Where there is no German, there is still something to read.
        visitor.get("/?language=de").await;
        let german = visitor.open("/events/acme").await;
        assert!(german.contains("<em>teach</em>") && german.contains(foot), "{german}");

        let ask = "mutation($email: String!) { requestSignInLink(input: { email: $email }) { userErrors { code } } }";
        let owner = "select a.email from account a join team_member m on m.account_id = a.id where m.role = 'OWNER'";
        let owner = consentry::platform::store::sql::one(app.store().read(), owner, []).await.expect("an owner");
        app.anonymous().data(ask, json!({ "email": owner.try_get::<String>("", "email").expect("an address") })).await;
        let mails = consentry::platform::store::sql::all(app.store().admin(), "select data from mail where kind = 'SIGN_IN_LINK'", []).await.expect("mails");
        let said = mails.iter().any(|mail| mail.try_get::<String>("", "data").expect("a text").contains("\"footer\":\"Since <i>2015</i>\""));
        assert!(said, "{}", mails.len());
    }

    async fn only_an_organization_that_has_published_something_has_a_page_of_its_own(app: TestApp) {
        app.sharing("acme").await;
        app.db_organization("other").await;
        let mut visitor = app.browser();
        assert_eq!(visitor.get("/events/acme").await.status, 200);
        for nowhere in ["/events/other", "/events/nobody"] {
            assert_eq!(visitor.get(nowhere).await.status, 404, "{nowhere}");
        }
        let slugs = async |organization: &str| {
            let document = "query($of: String) { events(first: 9, organization: $of) { edges { node { slug } } } }";
            app.anonymous().data(document, json!({ "of": organization })).await["events"]["edges"].as_array().expect("events").len()
        };
        assert_eq!((slugs("acme").await, slugs("other").await, slugs("nobody").await), (1, 0, 0));
        // What is over is not announced any more, but the organization stays.
        app.db_execute("update event set starts_at = 1, ends_at = 2").await;
        let page = visitor.get("/events/acme").await;
        assert!(page.status == 200 && !page.text.contains("/events/acme/rustdays"), "{}", page.text);
        app.db_execute("update event set status = 'DRAFT'").await;
        assert_eq!(visitor.get("/events/acme").await.status, 404);
    }
}
