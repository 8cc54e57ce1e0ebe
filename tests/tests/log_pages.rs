//! What was sent and what was done, on the pages of organizers: mails, sending one again, the audit log.

use consentry_domain::Role;
use consentry_tests::app::Shop;
use consentry_tests::{TestApp, on_both_databases};
use serde_json::json;

const MAILS: &str = "/manage/acme/rustdays/mails";
const ALL_MAILS: &str = "/manage/acme/-/mails";
const LOG: &str = "/manage/acme/-/log";

/// A paid order of two places, whose three mails were accepted more than a minute ago.
async fn sold(app: TestApp) -> Shop {
    let shop = Shop::open(app, 10).await;
    let order = shop.order("1", 2).await;
    let paid = shop.mark_paid(&shop.owner, &order, "paid").await;
    assert_eq!(paid["userErrors"], json!([]));
    let accepted = "update mail set status = 'SENT', sent_at = created_at";
    shop.db_write(accepted, []).await;
    shop.app.store().clock().advance(61_000_000);
    shop
}

/// The first row of a table in which this stands.
fn row<'a>(page: &'a str, words: &str) -> &'a str {
    let mut rows = page.split("<tr>").skip(1);
    rows.find(|row| row.contains(words))
        .unwrap_or_else(|| panic!("no {words}: {page}"))
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).expect("a hidden field");
    rest.split('"').next().expect("its value").to_owned()
}

/// Whether the log shows an entry of this action.
fn tells(page: &str, action: &str) -> bool {
    page.contains(&format!("mono\">{action}</span>"))
}

on_both_databases! {
    async fn an_events_mails_are_listed_and_one_is_sent_again_once(app: TestApp) {
        let shop = sold(app).await;
        let mut browser = shop.app.browser_of(&shop.owner).await;
        assert!(browser.open("/manage/acme/rustdays").await.contains(&format!("href=\"{MAILS}\"")));
        let page = browser.open(MAILS).await;
        assert_eq!(page.matches("<tr>").count(), 4, "a head and three mails: {page}");
        assert!(page.contains("Europe/Berlin"), "{page}");
        let confirmation = row(&page, ">Confirmation</th>");
        let name = "aria-label=\"Send again to 1-0@example.org: Confirmation\"";
        for words in [">1-0@example.org<", "<span class=\"tag good\">Sent</span>", name] {
            assert!(confirmation.contains(words), "{words}: {confirmation}");
        }
        let other = row(&page, ">Registered by somebody else</th>");
        assert!(other.contains("<a href=\"/manage/acme/rustdays/people/"), "{other}");

        let sent = ["token", "key", "mail"].map(|name| (name, hidden(confirmation, name)));
        let fields: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let forged = browser.post(MAILS, &fields[1..]).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        assert_eq!(shop.db_mails("CONFIRMATION").await, 1, "another site's form sends nothing");
        for _ in 0..2 {
            browser.post(MAILS, &fields).await.leads_to(&format!("{MAILS}?done=again"));
            assert_eq!(shop.db_mails("CONFIRMATION").await, 2, "the same form sends once");
        }
        let page = browser.open(&format!("{MAILS}?done=again")).await;
        assert!(page.contains("It is on its way again.") && page.matches("<tr>").count() == 5, "{page}");
        let copy = row(&page, ">Confirmation</th>");
        assert!(copy.contains("<span class=\"tag warn\">Waiting</span>") && !copy.contains("<form"), "{copy}");
        let soon = browser.post(MAILS, &[fields[0], ("key", "another"), fields[2]]).await;
        assert!(soon.status == 422 && soon.text.contains("role=\"alert\"") && soon.text.contains("sent a moment ago"), "{}", soon.text);
        assert_eq!(shop.db_mails("CONFIRMATION").await, 2);
        let nonsense = browser.get(&format!("{MAILS}?after=x")).await;
        assert!(nonsense.status < 500, "{}", nonsense.status);
    }

    async fn all_mails_are_there_for_who_manages_the_organization_alone(app: TestApp) {
        let shop = sold(app).await;
        shop.db_write("update mail set status = 'FAILED', sent_at = null, error = '550 <no> such mailbox' where kind = 'CONFIRMATION'", []).await;
        shop.db_write("update mail set to_address = null where kind = 'PAYMENT_INSTRUCTIONS'", []).await;
        let manager = shop.app.db_staff(&shop.organization, Role::Manager).await;
        let mut browser = shop.app.browser_of(&manager).await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{ALL_MAILS}\"")));
        let page = browser.open(ALL_MAILS).await;
        let failed = row(&page, ">Confirmation</th>");
        for words in ["<span class=\"tag bad\">Refused</span>", "550 &#60;no&#62; such mailbox", "<form method=\"post\">"] {
            assert!(failed.contains(words), "{words}: {failed}");
        }
        let erased = row(&page, ">How to pay</th>");
        assert!(erased.contains(">erased<") && !erased.contains("<form"), "{erased}");
        assert!(page.contains("clock of UTC") && !page.contains("/people/"), "{page}");
        let mail = hidden(failed, "mail");

        for role in [Role::Viewer, Role::Finance, Role::CheckIn, Role::Dpo] {
            let client = shop.app.db_staff(&shop.organization, role).await;
            let mut other = shop.app.browser_of(&client).await;
            assert!(!other.open("/manage/acme").await.contains("/-/mails"), "{role:?}");
            for path in [MAILS, ALL_MAILS] {
                assert_eq!(other.get(path).await.status, 404, "{path} as {role:?}");
                let pressed = other.press("/manage/acme", path, &[("mail", &mail), ("key", "1")]).await;
                assert_eq!(pressed.status, 404, "{path} as {role:?}: {}", pressed.text);
            }
        }
        assert_eq!(shop.db_mails("CONFIRMATION").await, 1, "nobody else sends any");
        for path in [MAILS, ALL_MAILS] {
            shop.app.browser().get(path).await.leads_to("/sign-in");
        }
        browser.press(ALL_MAILS, ALL_MAILS, &[("mail", &mail)]).await.leads_to(&format!("{ALL_MAILS}?done=again"));
        assert_eq!(shop.db_mails("CONFIRMATION").await, 2);
    }

    async fn the_log_is_filtered_by_action_event_and_day(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let owner = app.db_staff_named(&organization, Role::Owner, "owner@acme.example").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let invite = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { userErrors { field message code } } }";
        let input = json!({ "idempotencyKey": "1", "organizationId": organization.public_id, "email": "eva@example.org", "role": "VIEWER" });
        owner.done("inviteTeamMember", invite, json!({ "input": input })).await;
        let mut browser = app.browser_of(&owner).await;
        browser.open(MAILS).await;
        // The last second of a day, and the first of the next.
        app.db_execute("update audit_entry set at = 1803945599000000 where action = 'inviteTeamMember'").await;
        app.db_execute("update audit_entry set at = 1803945600000000 where action = 'viewMails'").await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{LOG}\"")));

        let whole = browser.open(LOG).await;
        let role = "{&#34;role&#34;:&#34;VIEWER&#34;}";
        for words in ["owner@acme.example", "Monday, 1 March 2027, 23:59", "Invited somebody to the team<br>", role, "<bdi>A conference</bdi>"] {
            assert!(whole.contains(words), "{words}: {whole}");
        }
        let at_event = format!("?event={}", event.public_id());
        let cases = [
            ("", true, true),
            ("?action=inviteTeamMember", true, false),
            ("?action=cancelOrder", false, false),
            ("?from=2027-03-02", false, true),
            ("?until=2027-03-01", true, false),
            ("?from=2027-03-01&until=2027-03-01", true, false),
            ("?from=2027-03-01&until=2027-03-02", true, true),
            ("?from=2027-03-02&until=2027-03-01", false, false),
            (at_event.as_str(), false, true),
            ("?action=nonsense&event=nonsense&from=", true, true),
        ];
        for (query, invited, viewed) in cases {
            let page = browser.open(&format!("{LOG}{query}")).await;
            assert_eq!((tells(&page, "inviteTeamMember"), tells(&page, "viewMails")), (invited, viewed), "{query}: {page}");
        }
        for (name, query) in [("from", "?from=soon"), ("until", "?until=2027-02-30"), ("from", "?from=1800-01-01&until=2027-03-01")] {
            let wrong = browser.get(&format!("{LOG}{query}")).await;
            assert!(wrong.status == 422 && wrong.text.contains("role=\"alert\""), "{query}: {}", wrong.text);
            assert_eq!(wrong.text.matches("class=\"error\"").count(), 1, "{query}: {}", wrong.text);
            assert!(wrong.text.contains(&format!("id=\"{name}-error\"")) && !wrong.text.contains("<table"), "{query}: {}", wrong.text);
        }
        app.db_execute("update audit_entry set action = 'sangALullaby' where action = 'viewMails'").await;
        let page = browser.open(LOG).await;
        assert!(tells(&page, "sangALullaby") && page.matches("sangALullaby").count() == 1, "{page}");
    }

    async fn a_long_log_goes_on_and_is_there_for_owners_and_officers_alone(app: TestApp) {
        let organization = app.db_organization("acme").await;
        app.db_event(&organization, "rustdays", |_| {}).await;
        let owner = app.db_staff(&organization, Role::Owner).await;
        let mut browser = app.browser_of(&owner).await;
        for _ in 0..51 {
            browser.open(MAILS).await;
        }
        let first = browser.open(&format!("{LOG}?action=viewMails")).await;
        assert_eq!(first.matches("mono\">viewMails</span>").count(), 50, "{first}");
        let next = first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page").replace("&#38;", "&");
        let second = browser.open(&next).await;
        assert_eq!(second.matches("mono\">viewMails</span>").count(), 1, "{second}");
        assert!(second.contains("value=\"viewMails\" selected") && !second.contains("rel=\"next\""), "{second}");
        assert!(browser.get(&format!("{LOG}?after=x")).await.status < 500);

        let officer = app.db_staff(&organization, Role::Dpo).await;
        let mut browser = app.browser_of(&officer).await;
        assert!(browser.open("/manage/acme").await.contains(&format!("href=\"{LOG}\"")));
        assert!(tells(&browser.open(LOG).await, "viewMails"));
        for role in [Role::Manager, Role::Finance, Role::CheckIn, Role::Viewer] {
            let client = app.db_staff(&organization, role).await;
            let mut other = app.browser_of(&client).await;
            assert_eq!(other.get(LOG).await.status, 404, "{role:?}");
            assert!(!other.open("/manage/acme").await.contains(LOG), "{role:?}");
        }
        app.browser().get(LOG).await.leads_to("/sign-in");
    }
}
