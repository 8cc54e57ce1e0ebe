//! A partner that is not active: its tokens read nothing, no new one is issued to it, and nothing is given to it.

use consentry::graphql::ids;
use consentry_domain::{EventPartnerId, OrganizationId};
use consentry_entity::{event_partner, partner};
use consentry_tests::app::{SeededOffer, Sharing, decision};
use consentry_tests::{TestApp, on_both_databases};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

const LEADS: &str = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { id email } } } }";
const NODE: &str = "query($id: ID!) { node(id: $id) { ... on Lead { email } } }";

/// Where a partner is switched off.
#[derive(Clone, Copy, Debug)]
enum Whose {
    AtEvent,
    Anywhere,
}

/// Switches it; the partner's public id.
async fn switch(app: &TestApp, sharing: &Sharing, offer: &SeededOffer, whose: Whose, active: bool) -> String {
    let id = async_graphql::ID(offer.event_partner.clone());
    let (organization, at): (OrganizationId, EventPartnerId) = ids::decode(&id).expect("an id");
    let row = event_partner::Entity::find_by_id((organization, at))
        .one(app.store().read())
        .await;
    let row = row.expect("an answer").expect("an event partner");
    let company = partner::Entity::find_by_id((organization, row.partner_id))
        .one(app.store().read())
        .await;
    let revision = company.expect("an answer").expect("a partner").revision;
    let partner = ids::encode(organization, row.partner_id).to_string();
    let (name, input) = match whose {
        Whose::AtEvent => (
            "updateEventPartner",
            json!({ "eventPartnerId": offer.event_partner, "revision": row.revision, "active": active }),
        ),
        Whose::Anywhere => (
            "updatePartner",
            json!({ "partnerId": partner, "revision": revision, "active": active }),
        ),
    };
    let of = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let document =
        format!("mutation($input: {of}!) {{ {name}(input: $input) {{ userErrors {{ field message code }} }} }}");
    sharing.staff.done(name, &document, json!({ "input": input })).await;
    partner
}

on_both_databases! {
    async fn its_tokens_read_nothing_until_it_is_active_again(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let token = app.puller(&offer).await;
        let leads = async || token.data(LEADS, json!({})).await["partner"]["leads"]["nodes"].clone();
        let shown = leads().await;
        assert_eq!(shown[0]["email"], "ada@example.org");
        let id = json!({ "id": shown[0]["id"] });
        for whose in [Whose::AtEvent, Whose::Anywhere] {
            switch(&app, &sharing, &offer, whose, false).await;
            assert_eq!(leads().await, json!([]), "{whose:?}");
            assert_eq!(token.data(NODE, id.clone()).await, json!({ "node": null }), "{whose:?}");
            let payload = ada.decide(&app, &[decision(&offer, 1, &["EMAIL"])]).await;
            assert_eq!(payload["consentIssues"][0]["reason"], "NOT_OFFERED", "{whose:?}");
            switch(&app, &sharing, &offer, whose, true).await;
            assert_eq!(leads().await, shown, "{whose:?}");
        }
    }

    async fn the_page_that_its_token_reads_tells_of_no_lead_behind_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        for email in ["ada@example.org", "eve@example.org"] {
            app.db_attendee(&sharing, email, |_| ()).await.grant(&app, &offer, 1, &["EMAIL"]).await;
        }
        let token = app.puller(&offer).await;
        let document = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } } }";
        let page = async || token.data(document, json!({})).await["partner"]["leads"].clone();
        assert_eq!(page().await["pageInfo"]["hasNextPage"], true);
        for whose in [Whose::AtEvent, Whose::Anywhere] {
            switch(&app, &sharing, &offer, whose, false).await;
            assert_eq!(page().await, json!({ "nodes": [], "pageInfo": { "hasNextPage": false, "endCursor": null } }), "{whose:?}");
            switch(&app, &sharing, &offer, whose, true).await;
            assert_eq!(page().await["pageInfo"]["hasNextPage"], true, "{whose:?}");
        }
    }

    async fn it_is_named_nowhere_where_somebody_decides(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let (ferris, _) = (sharing.offer("Ferris", &["EMAIL"]).await, sharing.offer("Corro", &["EMAIL"]).await);
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| ()).await;
        let page = "{ event(organization: \"acme\", slug: \"rustdays\") { partners { displayName offers { purpose } } } }";
        let own = "query($id: ID!) { node(id: $id) { ... on Registration { consents { offer { partner { displayName } } } } } }";
        let public = "query($id: ID!) { node(id: $id) { id } }";
        // Who is named on the event's page, to somebody with a place, and in the mail to somebody who was registered by another.
        let named = async |key: &str| {
            let partners = app.anonymous().data(page, json!({})).await["event"]["partners"].to_string();
            let consents = ada.client.data(own, json!({ "id": ada.public_id })).await["node"]["consents"].to_string();
            let guest = format!("{key}@example.org");
            app.anonymous().register(&sharing.event, key, &[(sharing.ticket, "buyer@example.org"), (sharing.ticket, &guest)]).await;
            let mails = app.db_mails().await.into_iter().filter(|mail| mail.kind == "DECIDE_FOR_YOURSELF" && mail.to == guest);
            let mails: String = mails.map(|mail| mail.data["partners"].to_string()).collect();
            let mut nodes = Vec::new();
            for id in [&ferris.event_partner, &ferris.public_id] {
                nodes.push(app.anonymous().data(public, json!({ "id": id })).await["node"].is_object());
            }
            let seen = |name: &str| [&partners, &consents, &mails].map(|text| text.contains(name));
            assert_eq!(seen("Corro"), [true; 3], "{partners} {consents} {mails}");
            (seen("Ferris"), nodes)
        };
        assert_eq!(named("before").await, ([true; 3], vec![true; 2]));
        for (index, whose) in [Whose::AtEvent, Whose::Anywhere].into_iter().enumerate() {
            switch(&app, &sharing, &ferris, whose, false).await;
            assert_eq!(named(&format!("off-{index}")).await, ([false; 3], vec![false; 2]), "{whose:?}");
            switch(&app, &sharing, &ferris, whose, true).await;
            assert_eq!(named(&format!("on-{index}")).await, ([true; 3], vec![true; 2]), "{whose:?}");
        }
    }

    async fn its_staff_read_that_nothing_is_handed_out_and_what_would_be(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL", "COMPANY"]).await;
        let (_, member) = app.db_account("mara@ferris.example").await;
        let invite = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) { partnerMember { id } userErrors { field code message } } }";
        let company = sharing.company_of(&offer.event_partner).await;
        let input = json!({ "idempotencyKey": "one", "partnerId": company, "email": "mara@ferris.example" });
        let invited = sharing.staff.done("invitePartnerMember", invite, json!({ "input": input })).await;
        let overview = format!("/partner/{}", invited["partnerMember"]["id"].as_str().expect("an id"));
        let leads = format!("{overview}/{}/event-follow-up", offer.event_partner);
        let mut browser = app.browser_of(&member).await;
        let places = "{ partner { eventPartners(first: 5) { edges { node { active offers { open } } } } } }";
        let token = app.puller(&offer).await;
        let open = async || {
            let place = token.data(places, json!({})).await["partner"]["eventPartners"]["edges"][0]["node"].clone();
            (place["active"].clone(), place["offers"][0]["open"].clone())
        };
        let (granted, closed) = ("May receive E-mail address, Company, from attendees who say yes.", "Approved: E-mail address, Company. Nothing of it is handed out at present.");
        let (off, nobody) = ("has switched your place at this event off", "Nobody has allowed anything yet");

        assert_eq!(open().await, (json!(true), json!(true)));
        for page in [&overview, &leads] {
            let text = browser.open(page).await;
            assert!(text.contains(granted) && !text.contains(off) && !text.contains(closed), "{text}");
        }
        assert!(browser.open(&leads).await.contains(nobody));
        switch(&app, &sharing, &offer, Whose::AtEvent, false).await;
        assert_eq!(open().await, (json!(false), json!(false)));
        for page in [&overview, &leads] {
            let text = browser.open(page).await;
            assert!(text.contains(closed) && text.contains(off) && !text.contains("May receive"), "{text}");
            assert!(!text.contains(nobody), "that is not why: {text}");
        }
        switch(&app, &sharing, &offer, Whose::AtEvent, true).await;
        // So do they where its time has not come, or is over.
        for (times, words) in [("starts_at = 4076121600000000", "It begins on"), ("starts_at = null, ends_at = 1", "It ended on")] {
            app.db_execute(&format!("update stream set {times}")).await;
            assert_eq!(open().await, (json!(true), json!(false)), "{times}");
            for page in [&overview, &leads] {
                let text = browser.open(page).await;
                assert!(text.contains(closed) && text.contains(words) && !text.contains(off) && !text.contains(nobody), "{text}");
            }
        }
    }

    async fn no_token_is_issued_to_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let offer = sharing.offer("Ferris", &["EMAIL"]).await;
        let partner = switch(&app, &sharing, &offer, Whose::Anywhere, false).await;
        let issue = async |key: &str| -> Value {
            let scope = json!({ "eventPartnerId": offer.event_partner, "purposes": ["EVENT_FOLLOW_UP"], "fields": [{ "field": "EMAIL" }] });
            let input = json!({ "idempotencyKey": key, "partnerId": partner, "name": "CRM", "scopes": [scope] });
            let document = "mutation($input: IssuePartnerTokenInput!) { issuePartnerToken(input: $input) { token { id } userErrors { field code } } }";
            sharing.staff.data(document, json!({ "input": input })).await["issuePartnerToken"].clone()
        };
        assert_eq!(issue("1").await["userErrors"], json!([{ "field": ["partnerId"], "code": "NOT_FOUND" }]));
        switch(&app, &sharing, &offer, Whose::Anywhere, true).await;
        assert_eq!(issue("2").await["userErrors"], json!([]));
    }
}
