//! The staff of partners: invited by the organizer, reading with their own session what attendees granted, on record like
//! every reading; and their pages.

use consentry::platform::store::sql;
use consentry_domain::{PartnerTokenId, Role};
use consentry_entity::{disclosure, partner_token};
use consentry_tests::app::{SeededOffer, Sharing};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

const INVITE: &str = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
    partnerMember { id partnerId email emailProved endsAt lastUsedAt } userErrors { field code message } } }";
const REMOVE: &str = "mutation($id: ID!) { removePartnerMember(input: { partnerMemberId: $id }) {
    partnerMember { id } userErrors { field code } } }";
const MEMBERS: &str = "query($partner: ID!) { organization(slug: \"acme\") { partnerMembers(partnerId: $partner) { id email lastUsedAt } } }";
const MINE: &str = "{ me { partnerMemberships { id organization { slug } partner { displayName } } } }";
const READ: &str =
    "query($member: ID, $place: ID) { partner(memberId: $member) { partner { displayName } token { name }
    leads(eventPartnerId: $place, purpose: EVENT_FOLLOW_UP, first: 10) { nodes { id email fullName } } } }";

/// A partner with an approved offer, its company's id, and somebody of its staff.
struct Staffed {
    sharing: Sharing,
    offer: SeededOffer,
    company: String,
    /// What `partner(memberId:)` takes.
    seat: String,
    member: Client,
}

async fn invited(sharing: &Sharing, company: &str, email: &str, key: &str) -> Value {
    let input = json!({ "idempotencyKey": key, "partnerId": company, "email": email });
    sharing.staff.data(INVITE, json!({ "input": input })).await["invitePartnerMember"].clone()
}

async fn staffed(app: &TestApp) -> Staffed {
    let sharing = app.sharing("acme").await;
    let offer = sharing.offer("Globex", &["FULL_NAME", "EMAIL"]).await;
    let company = sharing.company_of(&offer.event_partner).await;
    let (_, member) = app.db_account("mara@globex.example").await;
    let made = invited(&sharing, &company, "mara@globex.example", "one").await;
    assert_eq!(made["userErrors"], json!([]), "{made:#}");
    let seat = made["partnerMember"]["id"].as_str().expect("an id").to_owned();
    Staffed {
        sharing,
        offer,
        company,
        seat,
        member,
    }
}

async fn read(client: &Client, member: Option<&str>, place: Option<&str>) -> Value {
    client.send(READ, json!({ "member": member, "place": place })).await
}

fn emails(answer: &Value) -> Vec<&str> {
    let nodes = answer["data"]["partner"]["leads"]["nodes"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer:#}"));
    nodes
        .iter()
        .map(|node| node["email"].as_str().unwrap_or_default())
        .collect()
}

on_both_databases! {
    async fn a_member_reads_what_was_granted_and_it_is_on_record_under_their_seat(app: TestApp) {
        let Staffed { sharing, offer, company, seat, member } = staffed(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;

        let mine = member.data(MINE, json!({})).await;
        assert_eq!(mine["me"]["partnerMemberships"], json!([{ "id": seat, "organization": { "slug": "acme" }, "partner": { "displayName": "Globex" } }]));
        let answer = read(&member, Some(&seat), Some(&offer.event_partner)).await;
        assert_eq!(answer["data"]["partner"]["partner"]["displayName"], "Globex");
        assert_eq!(answer["data"]["partner"]["token"], Value::Null);
        assert_eq!(emails(&answer), ["ada@example.org"]);
        assert_eq!(answer["data"]["partner"]["leads"]["nodes"][0]["fullName"], Value::Null, "only what was granted");
        let records = disclosure::Entity::find().all(app.store().admin()).await.expect("records");
        let token = partner_token::Entity::find().filter(partner_token::Column::AccountId.is_not_null()).one(app.store().admin()).await.expect("an answer").expect("a seat");
        assert_eq!(records.iter().map(|row| row.token_id).collect::<Vec<_>>(), [Some(token.id)]);
        let told = ada.client.data("{ me { people { disclosures(first: 5) { edges { node { recipientName fields { field } } } } } } }", json!({})).await;
        assert_eq!(told["me"]["people"][0]["disclosures"]["edges"][0]["node"]["recipientName"], "Globex GmbH", "{told:#}");

        // The only seat needs no name, the only place neither; who granted nothing is never there.
        assert_eq!(emails(&read(&member, None, None).await), ["ada@example.org"]);
        bob.grant(&app, &offer, 1, &["EMAIL", "FULL_NAME"]).await;
        assert_eq!(emails(&read(&member, None, None).await).len(), 2);
        ada.withdraw(&offer, None).await;
        assert_eq!(emails(&read(&member, None, None).await), ["bob@example.org"]);
        let listed = sharing.staff.data(MEMBERS, json!({ "partner": company })).await["organization"]["partnerMembers"].clone();
        assert_eq!((&listed[0]["id"], &listed[0]["email"]), (&json!(seat), &json!("mara@globex.example")));
        assert!(listed[0]["lastUsedAt"].is_string(), "{listed:#}");

        // One pull for a request, under whichever name.
        let twice = "query($m: ID!) { a: partner(memberId: $m) { leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { email } } }
            b: partner(memberId: $m) { leads(purpose: EVENT_FOLLOW_UP, first: 1) { nodes { email } } } }";
        let answer = member.send(twice, json!({ "m": seat })).await;
        assert_eq!(answer["errors"].as_array().map(Vec::len), Some(1), "{answer:#}");
    }

    async fn whoever_is_taken_off_or_whose_time_is_over_reads_nothing_from_then_on(app: TestApp) {
        let Staffed { sharing, offer, company, seat, member } = staffed(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let nothing = json!({ "data": { "partner": null } });
        assert_eq!(emails(&read(&member, Some(&seat), None).await).len(), 1);
        for (off, on) in [
            ("update partner_token set expires_at = 1", "update partner_token set expires_at = 4102444800000000"),
            ("update partner_token set not_before = 4102444800000000", "update partner_token set not_before = 0"),
        ] {
            app.db_execute(off).await;
            assert_eq!(read(&member, Some(&seat), None).await, nothing, "{off}");
            app.db_execute(on).await;
            assert_eq!(emails(&read(&member, Some(&seat), None).await).len(), 1);
        }
        app.db_execute("update event_partner set active = false").await;
        app.db_execute("update stream set active = false").await;
        assert_eq!(emails(&read(&member, Some(&seat), None).await).len(), 0, "a partner that is switched off is handed nothing");
        app.db_execute("update stream set active = true").await;
        let removed = sharing.staff.data(REMOVE, json!({ "id": seat })).await["removePartnerMember"].clone();
        assert_eq!(removed, json!({ "partnerMember": { "id": seat }, "userErrors": [] }));
        assert_eq!(read(&member, Some(&seat), None).await, nothing);
        assert_eq!(read(&member, None, None).await, nothing);
        assert_eq!(member.data(MINE, json!({})).await["me"]["partnerMemberships"], json!([]));
        let again = sharing.staff.data(REMOVE, json!({ "id": seat })).await["removePartnerMember"].clone();
        assert_eq!(again, json!({ "partnerMember": null, "userErrors": [{ "field": ["partnerMemberId"], "code": "NOT_FOUND" }] }));
        assert_eq!(sharing.staff.data(MEMBERS, json!({ "partner": company })).await["organization"]["partnerMembers"], json!([]));
        // And can come back.
        let back = invited(&sharing, &company, "mara@globex.example", "two").await;
        assert_eq!(back["userErrors"], json!([]));
        assert_eq!(emails(&read(&member, None, None).await).len(), 1);
    }

    async fn a_seat_is_its_accounts_own_and_no_token(app: TestApp) {
        let Staffed { sharing, offer, seat, member, .. } = staffed(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let nothing = json!({ "data": { "partner": null } });
        let other = app.sharing("other").await;
        for who in [&ada.client, &sharing.staff, &other.staff] {
            assert_eq!(read(who, Some(&seat), None).await, nothing);
            assert_eq!(read(who, None, None).await, nothing);
        }
        assert_eq!(read(&app.anonymous(), Some(&seat), None).await["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        // Unknown, of another kind, no id: one answer.
        for id in [&sharing.organization.public_id, "nonsense", &offer.public_id] {
            assert_eq!(read(&member, Some(id), None).await, nothing, "{id}");
        }
        // Another partner's place is refused in the words in which an unknown one is.
        let corro = sharing.offer("Corro", &["EMAIL"]).await;
        let refused = read(&member, Some(&seat), Some(&corro.event_partner)).await;
        assert_eq!(refused, read(&member, Some(&seat), Some("nonsense")).await);
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND");
        // It is in no list of tokens, cannot be revoked as one, and has no secret that could be guessed.
        let tokens = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { partners { tokens { id } } } } }";
        let listed = sharing.staff.data(tokens, json!({})).await;
        assert_eq!(listed["organization"]["event"]["partners"][0]["tokens"], json!([]), "{listed:#}");
        let row = partner_token::Entity::find().one(app.store().admin()).await.expect("an answer").expect("a seat");
        let id = consentry::graphql::ids::encode::<PartnerTokenId>(row.organization_id, row.id).to_string();
        let revoke = "mutation($id: ID!) { revokePartnerToken(input: { tokenId: $id }) { userErrors { code } } }";
        assert_eq!(sharing.staff.data(revoke, json!({ "id": id })).await["revokePartnerToken"]["userErrors"][0]["code"], "NOT_FOUND");
        assert_eq!((row.hash, row.networks), (None, None));
        // A token names no member.
        let stream = "select 1 as one from partner_token where account_id is null";
        assert!(sql::all(app.store().read(), stream, []).await.expect("rows").is_empty());
    }

    async fn a_seat_covers_what_the_partner_takes_part_in_later_and_two_seats_have_to_be_named(app: TestApp) {
        let Staffed { sharing, offer, seat, member, .. } = staffed(&app).await;
        let places = "query($m: ID) { partner(memberId: $m) { eventPartners(first: 10) { edges { node { eventTitle offers { purpose } } } } } }";
        let count = async |client: &Client| {
            let data = client.data(places, json!({ "m": seat })).await;
            data["partner"]["eventPartners"]["edges"].as_array().expect("places").len()
        };
        assert_eq!(count(&member).await, 1);
        let next = app.db_event(&sharing.organization, "next", |_| {}).await;
        let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } userErrors { field code message } } }";
        let company = sharing.company_of(&offer.event_partner).await;
        let input = json!({ "idempotencyKey": "next", "eventId": next.public_id(), "partnerId": company, "role": "EXHIBITOR",
            "noticeUrl": "https://globex.example/privacy", "noticeSha256": "ab".repeat(32), "contactEmail": "dpo@globex.example" });
        let added = sharing.staff.done("addEventPartner", document, json!({ "input": input })).await;
        sharing.requested(added["eventPartner"]["id"].as_str().expect("an id"), "RELATED_EVENTS", Sharing::terms(&[json!("EMAIL")])).await;
        assert_eq!(count(&member).await, 2);
        let copy = "mutation($input: CopyEventInput!) { copyEvent(input: $input) { userErrors { field code message } } }";
        let input = json!({ "idempotencyKey": "copy", "eventId": sharing.event.public_id(), "slug": "copy", "startsLocal": "2099-03-02T09:00" });
        sharing.staff.done("copyEvent", copy, json!({ "input": input })).await;
        assert_eq!(count(&member).await, 3);

        let corro = sharing.event_partner("Corro", "EXHIBITOR").await;
        let second = invited(&sharing, &sharing.company_of(&corro).await, "mara@globex.example", "second").await;
        let second = second["partnerMember"]["id"].as_str().expect("an id");
        assert_eq!(member.data(MINE, json!({})).await["me"]["partnerMemberships"].as_array().map(Vec::len), Some(2));
        assert_eq!(read(&member, None, None).await, json!({ "data": { "partner": null } }), "which one is meant?");
        let named = member.data("query($m: ID) { partner(memberId: $m) { partner { displayName } } }", json!({ "m": second })).await;
        assert_eq!(named["partner"]["partner"]["displayName"], "Corro", "also where it may ask for nothing yet");
    }

    async fn what_is_wrong_with_an_invitation_is_said_of_its_field(app: TestApp) {
        let Staffed { sharing, company, .. } = staffed(&app).await;
        let before = app.db_written().await;
        let reason = async |more: Value| {
            let mut input = json!({ "idempotencyKey": "x", "partnerId": company, "email": "new@globex.example" });
            for (name, value) in more.as_object().expect("fields") {
                input[name] = value.clone();
            }
            let made = sharing.staff.data(INVITE, json!({ "input": input })).await["invitePartnerMember"].clone();
            assert_eq!(made["partnerMember"], Value::Null, "{made:#}");
            let error = &made["userErrors"][0];
            (error["field"][0].as_str().expect("a field").to_owned(), error["code"].as_str().expect("a code").to_owned())
        };
        let is = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(reason(json!({ "email": "nobody" })).await, is("email", "INVALID"));
        assert_eq!(reason(json!({ "email": "Mara@globex.example" })).await, is("email", "TAKEN"));
        assert_eq!(reason(json!({ "endsAt": "2001-01-01T00:00:00Z" })).await, is("endsAt", "INVALID"));
        assert_eq!(reason(json!({ "endsAt": "2199-01-01T00:00:00Z" })).await, is("endsAt", "INVALID"));
        assert_eq!(reason(json!({ "locale": "?" })).await, is("locale", "INVALID"));
        assert_eq!(reason(json!({ "partnerId": "nonsense" })).await, is("partnerId", "NOT_FOUND"));
        assert_eq!(app.db_written().await, before);
        app.db_execute("update partner set active = false").await;
        assert_eq!(reason(json!({})).await, is("partnerId", "NOT_FOUND"));
        assert_eq!(sharing.staff.data(MEMBERS, json!({ "partner": "nonsense" })).await["organization"]["partnerMembers"], Value::Null);
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        assert_eq!(viewer.data(MEMBERS, json!({ "partner": company })).await["organization"]["partnerMembers"], Value::Null);
    }

    async fn nobody_works_for_the_organization_and_reads_for_a_partner(app: TestApp) {
        let Staffed { sharing, company, seat, .. } = staffed(&app).await;
        app.db_staff_named(&sharing.organization, Role::Viewer, "vera@acme.example").await;
        let code = |made: &Value| (made["userErrors"][0]["field"][0].clone(), made["userErrors"][0]["code"].clone());
        let refused = (json!("email"), json!("NOT_PERMITTED"));
        assert_eq!(code(&invited(&sharing, &company, "vera@acme.example", "vera").await), refused);
        let role = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { teamMember { id } userErrors { field code } } }";
        let hire = async |key: &str| {
            let input = json!({ "idempotencyKey": key, "organizationId": sharing.organization.public_id, "email": "mara@globex.example", "role": "VIEWER" });
            sharing.staff.data(role, json!({ "input": input })).await["inviteTeamMember"].clone()
        };
        assert_eq!(code(&hire("one").await), refused);
        // For the organization itself its staff may read; and who has left the one side can go to the other.
        let host = sharing.company_of(&sharing.event_partner("Host", "HOST").await).await;
        assert_eq!(invited(&sharing, &host, "vera@acme.example", "host").await["userErrors"], json!([]));
        app.db_execute("update team_member set ends_at = 1 where role = 'VIEWER'").await;
        assert_eq!(invited(&sharing, &company, "vera@acme.example", "later").await["userErrors"], json!([]));
        sharing.staff.data(REMOVE, json!({ "id": seat })).await;
        assert_eq!(hire("two").await["userErrors"], json!([]));
    }

    async fn an_organizer_invites_and_takes_away_on_a_page(app: TestApp) {
        let Staffed { sharing, company, seat, .. } = staffed(&app).await;
        let mut browser = app.browser_of(&sharing.staff).await;
        let page = format!("/manage/acme/-/partners/{company}/staff");
        assert!(browser.open(&format!("/manage/acme/-/partners/{company}")).await.contains(&format!("href=\"{page}\"")));
        assert!(browser.open(&page).await.contains("mara@globex.example"));
        let forged = browser.post(&page, &[("email", "nina@globex.example"), ("key", "k")]).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        let wrong = browser.press(&page, &page, &[("email", "nobody"), ("ends", "2001-01-01")]).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"email-error\"") && wrong.text.contains("value=\"2001-01-01\""), "{}", wrong.text);
        browser.press(&page, &page, &[("email", "nina@globex.example"), ("ends", "")]).await.leads_to(&format!("{page}?done=invited"));
        let shown = browser.open(&page).await;
        assert!(shown.contains("nina@globex.example") && shown.contains("has not signed in yet"), "{shown}");
        browser.press(&page, &page, &[("remove", &seat)]).await.leads_to(&format!("{page}?done=removed"));
        assert!(!browser.open(&page).await.contains("mara@globex.example"));
        let mails = app.db_mails().await;
        assert_eq!(mails.len(), 2, "a link for each");
    }

    async fn a_member_looks_at_leads_and_takes_them_along_and_each_is_on_record(app: TestApp) {
        let Staffed { sharing, offer, seat, member, .. } = staffed(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| row.full_name = Some("=HYPERLINK(\"x\")".into())).await;
        ada.grant(&app, &offer, 1, &["EMAIL", "FULL_NAME"]).await;
        let bob = app.db_attendee(&sharing, "bob@example.org", |_| {}).await;
        bob.grant(&app, &offer, 1, &["EMAIL"]).await;
        app.db_attendee(&sharing, "eve@example.org", |_| {}).await;
        let recorded = async || disclosure::Entity::find().all(app.store().admin()).await.expect("records").len();

        let mut browser = app.browser_of(&member).await;
        assert!(browser.open("/me").await.contains("href=\"/partner\""));
        browser.get("/partner").await.leads_to(&format!("/partner/{seat}"));
        let overview = browser.open(&format!("/partner/{seat}")).await;
        let leads = format!("/partner/{seat}/{}/event-follow-up", offer.event_partner);
        assert!(overview.contains(&format!("href=\"{leads}\"")) && overview.contains("Bearer $TOKEN"), "{overview}");
        assert_eq!(recorded().await, 0, "nobody was looked at yet");
        let page = browser.open(&leads).await;
        assert!(page.contains("ada@example.org") && page.contains("bob@example.org") && !page.contains("eve@"), "{page}");
        assert_eq!(recorded().await, 1);

        let forged = browser.post(&leads, &[("preset", "plain")]).await;
        assert!(forged.status == 422 && forged.header("content-disposition").is_empty(), "{}", forged.text);
        for (preset, first) in [("plain", "Lead ID,Contact Key"), ("hubspot", "First Name,Last Name,Email"), ("nonsense", "Lead ID,")] {
            let before = recorded().await;
            let file = browser.press(&leads, &leads, &[("preset", preset)]).await;
            assert_eq!((file.status, file.header("content-disposition"), file.header("cache-control")), (200, "attachment; filename=\"leads.csv\"", "no-store"));
            let lines: Vec<&str> = file.text.lines().collect();
            assert!(lines.len() == 3 && lines[0].starts_with(first), "{}", file.text);
            assert!(file.text.contains("\"'=HYPERLINK(\"\"x\"\")\"") && !file.text.contains("eve@"), "no formula: {}", file.text);
            assert_eq!(recorded().await, before + 2, "the page and the file");
        }
        ada.withdraw(&offer, None).await;
        assert!(!browser.open(&leads).await.contains("ada@example.org"));

        for gone in [format!("/partner/{seat}/nonsense/event-follow-up"), format!("/partner/{seat}/{}/nonsense", offer.event_partner),
            format!("/partner/{seat}/{}/related-events", offer.event_partner), "/partner/nonsense".to_owned()] {
            assert_eq!(browser.get(&gone).await.status, 404, "{gone}");
        }
        let mut stranger = app.browser_of(&ada.client).await;
        assert_eq!(stranger.get(&format!("/partner/{seat}")).await.status, 404);
        assert_eq!(stranger.get(&leads).await.status, 404);
        assert!(stranger.open("/partner").await.contains("You do not read for any partner"));
        app.browser().get(&leads).await.leads_to("/sign-in");
    }

    async fn a_file_of_many_leads_is_whole_and_every_page_of_it_is_on_record(app: TestApp) {
        let Staffed { sharing, offer, seat, member, .. } = staffed(&app).await;
        for number in 0..103 {
            let one = app.db_attendee(&sharing, &format!("v{number}@example.org"), |_| {}).await;
            one.grant(&app, &offer, 1, &["EMAIL"]).await;
        }
        let mut browser = app.browser_of(&member).await;
        let leads = format!("/partner/{seat}/{}/event-follow-up", offer.event_partner);
        let file = browser.press(&leads, &leads, &[("preset", "plain")]).await;
        let emails: std::collections::BTreeSet<&str> = file.text.split(',').filter(|cell| cell.ends_with("@example.org")).collect();
        assert_eq!((emails.len(), file.text.lines().count()), (103, 104));
        let records = disclosure::Entity::find().all(app.store().admin()).await.expect("records");
        let mut sizes: Vec<usize> = records.iter().map(|row| row.lead_ids.len() / 16).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [3, 50, 100]);
        // The page leads on to the rest.
        let page = browser.open(&leads).await;
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page");
        assert!(browser.open(next).await.contains("@example.org"));
    }
}
