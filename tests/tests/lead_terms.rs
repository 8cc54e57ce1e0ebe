//! With every lead stand its terms: the ground, the day of the consent, the version that was consented to, and the last day
//! on which it may be kept; the same in the API, on the page and in the file.

use consentry_domain::Day;
use consentry_tests::app::Sharing;
use consentry_tests::on_both_databases;
use serde_json::{Value, json};

/// Half past eleven at night of 4 March 2099, UTC: the day after in Berlin.
const EVENT_ENDS: i64 = 4_076_350_200_000_000;
/// 10 March 2099.
const SIX_DAYS_LATER: i32 = 47_185;

const LEADS: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes {
    id contactKey email legalBasis consentedOn consentedVersion offerVersion deleteBy } } } }";
const INVITE: &str = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
    partnerMember { id } userErrors { field code message } } }";

/// Terms of an offer that ask for a mail address, for so many days.
fn terms(text: &str, days: i64) -> Value {
    let mut terms = Sharing::terms(&[json!("EMAIL")]);
    terms["text"] = json!([{ "locale": "en", "text": text }]);
    terms["retentionDays"] = json!(days);
    terms
}

on_both_databases! {
    async fn a_lead_says_to_what_somebody_said_yes_and_when_and_by_when_it_goes(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_change_event(&sharing.event, &format!("ends_at = {EVENT_ENDS}")).await;
        let offer = sharing.offer("Globex", &["EMAIL", "PHONE"]).await;
        let company = sharing.company_of(&offer.event_partner).await;
        let (_, member) = app.db_account("mara@globex.example").await;
        let input = json!({ "idempotencyKey": "one", "partnerId": company, "email": "mara@globex.example" });
        let invited = sharing.staff.done("invitePartnerMember", INVITE, json!({ "input": input })).await;
        let seat = invited["partnerMember"]["id"].as_str().expect("an id");
        let page = format!("/partner/{seat}/{}/event-follow-up", offer.event_partner);
        let mut browser = app.browser_of(&member).await;
        let lead = async || member.data(LEADS, json!({})).await["partner"]["leads"]["nodes"][0].clone();

        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let given = Day(app.db_stream_leads(&offer).await[0].consented_on).to_string();
        // Each version only takes away, or says the same in other words: the consent to the first one covers it.
        for (version, days, delete_by) in [(1, 30, "2099-04-03"), (2, 30, "2099-04-03"), (3, 10, "2099-03-14")] {
            if version > 1 {
                let text = if version == 2 { "May we write to you?" } else { "May we send you a mail?" };
                sharing.revise(&offer, terms(text, days)).await;
                sharing.approve(&offer, version, if version == 2 { "SUBSTANTIAL" } else { "EDITORIAL" }).await;
            }
            let said = lead().await;
            assert_eq!((&said["consentedVersion"], &said["offerVersion"]), (&json!(1), &json!(version)));
            assert_eq!((&said["legalBasis"], &said["consentedOn"], &said["deleteBy"]), (&json!("CONSENT"), &json!(given), &json!(delete_by)));
            let cells = format!("<td class=\"nowrap\">{given}</td><td>1</td><td class=\"nowrap\">{delete_by}</td>");
            let shown = browser.open(&page).await;
            assert!(shown.contains(&cells), "{cells}: {shown}");
            let file = browser.press(&page, &page, &[("preset", "plain")]).await;
            let text = |name: &str| said[name].as_str().expect("a text").to_owned();
            let line = format!("{},{},EVENT_FOLLOW_UP,CONSENT,{given},1,{delete_by},,,,,,ada@example.org,,,,,,,", text("id"), text("contactKey"));
            assert_eq!(file.text.lines().nth(1), Some(line.as_str()), "{}", file.text);
        }
        // Whoever decides anew says yes to what is in force.
        ada.withdraw(&offer, None).await;
        ada.grant(&app, &offer, 3, &["EMAIL"]).await;
        assert_eq!(lead().await["consentedVersion"], 3);
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| ()).await;
        bob.grant(&app, &offer, 3, &["EMAIL"]).await;
        let versions: Vec<i32> = app.db_stream_leads(&offer).await.iter().filter(|lead| lead.state == 1).map(|lead| lead.consented_version).collect();
        assert_eq!(versions, [3, 3]);
    }

    async fn a_lead_of_a_later_consent_goes_as_many_days_after_that(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_change_event(&sharing.event, &format!("ends_at = {EVENT_ENDS}")).await;
        let offer = sharing.offer("Globex", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let token = app.puller(&offer).await;
        let said = async || {
            let lead = token.data(LEADS, json!({})).await["partner"]["leads"]["nodes"][0].clone();
            (lead["consentedOn"].clone(), lead["deleteBy"].clone())
        };
        assert_eq!(said().await.1, "2099-04-03");
        app.db_execute(&format!("update lead set consented_on = {SIX_DAYS_LATER}")).await;
        assert_eq!(said().await, (json!("2099-03-10"), json!("2099-04-09")));
        app.db_execute("update stream set retention_days = 1").await;
        assert_eq!(said().await, (json!("2099-03-10"), json!("2099-03-11")));
    }
}
