//! One registration on the pages of organizers: what is seen, correcting it, giving the place up, and what the
//! data-protection officer does, on both databases.

use consentry_domain::{RegistrationStatus, Role};
use consentry_entity::{audit_entry, registration};
use consentry_tests::app::decision;
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const EVENT: &str = "/manage/acme/rustdays";

/// How often this is in the audit log, about this registration.
async fn noted(app: &TestApp, action: &str, row: &registration::Model) -> usize {
    let entries = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.eq(action))
        .filter(audit_entry::Column::SubjectId.eq(row.id.0));
    entries.all(app.store().read()).await.expect("a log").len()
}

/// What a field of a page holds.
fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let start = format!("name=\"{name}\"");
    let field = page.split(&start).nth(1).and_then(|rest| rest.split('>').next());
    let value = field.and_then(|field| field.split("value=\"").nth(1));
    let value = value.and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name}: {page}"))
}

on_both_databases! {
    async fn whoever_sees_the_roster_sees_one_and_that_is_noted(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |row| {
            row.full_name = Some("Ada <b>".into());
            row.company = Some("Looms & Sons".into());
            row.phone = Some("+44 20 7946 0000".into());
        }).await;
        let row = app.db_registration(&ada).await;
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        let mut browser = app.browser_of(&viewer).await;
        let path = format!("{EVENT}/people/{}", ada.public_id);
        assert!(browser.open(&format!("{EVENT}/roster")).await.contains(&format!("href=\"{path}\"")));
        let page = browser.open(&path).await;
        for words in ["Ada &#60;b&#62;", "ada@people.example", "Looms &#38; Sons", &row.order_code] {
            assert!(page.contains(words), "{words}: {page}");
        }
        // What only those need who may correct it is not shown to others; and nobody's decision is told to staff.
        for words in ["7946", "Mailbox proved", "<form method=\"post\" action=\"/manage/", "onsent to"] {
            assert!(!page.contains(words), "{words}: {page}");
        }
        assert_eq!(noted(&app, "viewRoster", &row).await, 1);
        let order = browser.open(&format!("{EVENT}/orders/{}", row.order_code)).await;
        assert!(order.contains(&format!("href=\"{path}\"")), "{order}");

        // Another event's and another organization's are as good as none.
        app.db_event(&sharing.organization, "other", |_| {}).await;
        let elsewhere = browser.get(&format!("/manage/acme/other/people/{}", ada.public_id)).await;
        let nothing = browser.get("/manage/acme/other/people/nothing").await;
        assert_eq!((elsewhere.status, nothing.status), (404, 404));
        app.sharing("theirs").await;
        assert_eq!(noted(&app, "viewRoster", &row).await, 1, "what is not shown is not noted as seen");
    }

    async fn a_manager_corrects_and_what_is_wrong_stands_beside_its_field(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["FULL_NAME", "EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |row| {
            row.city = Some("London".into());
            row.postal_address = Some(r#"{"street":"12 St James Square","postal_code":"SW1","city":"London","region":"Middlesex","country":"GB"}"#.into());
        }).await;
        ada.grant(&app, &offer, 1, &["FULL_NAME", "EMAIL"]).await;
        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let mut browser = app.browser_of(&manager).await;
        let person = format!("{EVENT}/people/{}", ada.public_id);
        let path = format!("{person}/correct");
        assert!(browser.open(&person).await.contains(&format!("href=\"{path}\"")));
        let page = browser.open(&path).await;
        assert_eq!((value(&page, "email"), value(&page, "city"), value(&page, "street")), ("ada@people.example", "London", "12 St James Square"));
        assert!(!page.contains("autocomplete=\"email\""), "the browser of staff knows somebody else: {page}");
        let revision = value(&page, "revision").to_owned();
        let form = |name: &'static str, email: &'static str, button: (&'static str, &'static str)| -> Vec<(&str, &str)> {
            vec![("revision", revision.as_str()), ("name", name), ("email", email), ("given", ""), ("family", ""), ("company", "Looms"), ("job", ""), ("phone", ""),
                ("street", "12 St James Square"), ("code", "SW1"), ("city", "London"), ("country", "GB"), ("profile", ""), button]
        };
        let save = ("go", "save");
        let before = app.db_registration(&ada).await;
        let switched = browser.press(&path, &path, &form("Ada King", "ada@people.example", ("language", "de"))).await;
        assert!(switched.status == 200 && switched.text.contains("value=\"Ada King\"") && switched.text.contains("lang=\"de\""), "{}", switched.text);
        let forged = browser.post(&path, &form("Ada King", "ada@people.example", save)).await;
        assert_eq!(forged.status, 422);
        browser.press(&path, &path, &form("Ada King", "ada@people.example", ("language", "en"))).await;
        let wrong = browser.press(&path, &path, &form("", "nobody", save)).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"name-error\"") && wrong.text.contains("id=\"email-error\""), "{}", wrong.text);
        assert_eq!(app.db_registration(&ada).await, before, "nothing of it is kept");

        browser.press(&path, &path, &form("Ada King", "ada@people.example", save)).await.leads_to(&format!("{person}?done=corrected"));
        let row = app.db_registration(&ada).await;
        assert_eq!((row.full_name.as_deref(), row.company.as_deref(), row.revision), (Some("Ada King"), Some("Looms"), before.revision + 1));
        assert_eq!(row.postal_address, before.postal_address, "what the form has no field for stays");
        assert_eq!(app.db_stream_leads(&offer).await[0].full_name.as_deref(), Some("Ada King"));
        let stale = browser.press(&path, &path, &form("Ada L.", "ada@people.example", save)).await;
        assert!(stale.status == 422 && stale.text.contains("role=\"alert\"") && stale.text.contains("value=\"Ada L.\""), "{}", stale.text);
        assert!(browser.open(&format!("{person}?done=corrected")).await.contains("It holds at once"));

        let now = browser.open(&path).await;
        let revision = value(&now, "revision").to_owned();
        let moved: Vec<(&str, &str)> = form("Ada King", "ada@elsewhere.example", save).into_iter().map(|(name, text)| (name, if name == "revision" { revision.as_str() } else { text })).collect();
        browser.press(&path, &path, &moved).await.leads_to(&format!("{person}?done=mailed"));
        let row = app.db_registration(&ada).await;
        assert!(row.consents_suspended && row.email_proved_at.is_none());
        let page = browser.open(&person).await;
        assert!(page.contains("Not yet") && page.contains("ada@elsewhere.example"), "{page}");
        assert_eq!(noted(&app, "correctRegistration", &row).await, 2);
    }

    async fn a_place_is_given_up_once_and_nothing_can_be_done_with_it_any_more(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let path = format!("{EVENT}/people/{}", ada.public_id);
        let forged = browser.post(&path, &[("go", "cancel")]).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Confirmed);
        browser.press(&path, &path, &[("go", "cancel")]).await.leads_to(&format!("{path}?done=cancelled"));
        assert_eq!(app.db_registration(&ada).await.status, RegistrationStatus::Cancelled);
        let page = browser.open(&format!("{path}?done=cancelled")).await;
        assert!(page.contains("The place is given up") && !page.contains("value=\"cancel\"") && !page.contains("/correct\""), "{page}");
        assert_eq!(browser.get(&format!("{path}/correct")).await.status, 404);
        assert_eq!(browser.press(&path, &path, &[("go", "dance")]).await.status, 404);
        // A role without the right presses in vain.
        let bob = app.db_attendee(&sharing, "bob@people.example", |_| ()).await;
        let path = format!("{EVENT}/people/{}", bob.public_id);
        for role in [Role::Viewer, Role::Finance, Role::Dpo] {
            let client = app.db_staff(&sharing.organization, role).await;
            let mut other = app.browser_of(&client).await;
            let refused = other.press("/me/sessions", &path, &[("go", "cancel")]).await;
            assert!(refused.status == 422 || refused.status == 404, "{role:?}: {}", refused.status);
        }
        assert_eq!(app.db_registration(&bob).await.status, RegistrationStatus::Confirmed);
    }

    async fn the_officer_restricts_keeps_back_and_reads_the_proof(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@people.example", |_| ()).await;
        ada.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
        let officer = app.db_staff(&sharing.organization, Role::Dpo).await;
        let mut browser = app.browser_of(&officer).await;
        let path = format!("{EVENT}/people/{}", ada.public_id);
        let shown = async || app.db_stream_leads(&offer).await.len();
        for (set, lift, done, undone, column) in [
            ("restrict", "lift-restriction", "restricted", "unrestricted", "Restriction"),
            ("quarantine", "lift-quarantine", "quarantined", "released", "Quarantine"),
        ] {
            assert_eq!(shown().await, 1, "{set}");
            let page = browser.open(&path).await;
            assert!(page.contains(column) && page.contains(&format!("value=\"{set}\"")) && !page.contains(&format!("value=\"{lift}\"")), "{page}");
            browser.press(&path, &path, &[("go", set)]).await.leads_to(&format!("{path}?done={done}"));
            assert_eq!(shown().await, 0, "{set}");
            let page = browser.open(&format!("{path}?done={done}")).await;
            assert!(page.contains("Since ") && page.contains(&format!("value=\"{lift}\"")) && !page.contains(&format!("value=\"{set}\"")), "{page}");
            browser.press(&path, &path, &[("go", lift)]).await.leads_to(&format!("{path}?done={undone}"));
        }
        let proof = format!("{path}/proof");
        let row = app.db_registration(&ada).await;
        assert_eq!(noted(&app, "viewConsentProof", &row).await, 0);
        let page = browser.open(&proof).await;
        let records = app.db_consent_records(&ada).await;
        let commitment = data_encoding::HEXLOWER.encode(&records[0].commitment);
        assert!(page.contains("consentry consent v1"), "how to check it: {page}");
        for words in [commitment.as_str(), ">Given<", "&#34;Ferris GmbH&#34;"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert_eq!(noted(&app, "viewConsentProof", &row).await, 1);
        app.db_execute("delete from opening").await;
        let page = browser.open(&proof).await;
        assert!(page.contains(&commitment) && page.contains("Erased") && !page.contains("Ferris GmbH"), "{page}");

        let manager = app.db_staff(&sharing.organization, Role::Manager).await;
        let mut other = app.browser_of(&manager).await;
        for button in ["restrict", "quarantine", "lift-restriction", "lift-quarantine"] {
            let refused = other.press(&path, &path, &[("go", button)]).await;
            assert_eq!(refused.status, 422, "{button}: {}", refused.text);
        }
        let row = app.db_registration(&ada).await;
        assert_eq!((row.restricted_at, row.quarantined_at), (None, None));
    }
}
