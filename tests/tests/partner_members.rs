//! The staff of partners: invited by the organizer, reading with their own session what attendees granted, on record like
//! every reading; and their pages.

use consentry::platform::store::sql;
use consentry_domain::{PartnerId, PartnerMemberId, PartnerTokenId, QuestionKind, Role};
use consentry_entity::{audit_entry, disclosure, partner_token};
use consentry_tests::app::{SeededOffer, Sharing, text};
use consentry_tests::{Client, Engine, TestApp, on_both_databases, workbook};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, TransactionTrait};
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

/// The field that was refused, and why; nothing where nothing was.
fn refused(made: &Value) -> Option<(&str, &str)> {
    let error = &made["userErrors"][0];
    Some((error["field"][0].as_str()?, error["code"].as_str()?))
}

/// To how many places somebody is let.
async fn places(client: &Client) -> usize {
    let document = "{ partner { eventPartners(first: 10) { edges { node { id } } } } }";
    let data = client.data(document, json!({})).await;
    data["partner"]["eventPartners"]["edges"]
        .as_array()
        .unwrap_or_else(|| panic!("{data:#}"))
        .len()
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
        browser.press(&page, &page, &[("email", "nina@globex.example"), ("ends", ""), ("role", "READER")]).await.leads_to(&format!("{page}?done=invited"));
        let shown = browser.open(&page).await;
        assert!(shown.contains("nina@globex.example") && shown.contains("has not signed in yet"), "{shown}");
        browser.press(&page, &page, &[("remove", &seat)]).await.leads_to(&format!("{page}?done=removed"));
        assert!(!browser.open(&page).await.contains("mara@globex.example"));
        let mails = app.db_mails().await;
        assert_eq!(mails.len(), 2, "a link for each");
        for mail in &mails {
            assert_eq!(mail.data["invited"], json!({ "staff": { "partner": "Globex", "role": "READER" } }), "{}", mail.data);
        }
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
        assert!(overview.contains("(Europe/Berlin)") && !overview.contains("(UTC)"), "on the event's clock: {overview}");
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
            // The same as a workbook, to the letter.
            let book = browser.press(&leads, &leads, &[("preset", preset), ("format", "xlsx")]).await;
            let headers = ["content-type", "content-disposition", "cache-control", "x-content-type-options"].map(|name| book.header(name));
            assert_eq!((book.status, headers), (200, [workbook::MEDIA, "attachment; filename=\"leads.xlsx\"", "no-store", "nosniff"]));
            let cells = workbook::cells(&book.bytes);
            assert_eq!(cells, workbook::cells_of_csv(&file.text));
            assert!(cells.iter().flatten().any(|cell| cell == "=HYPERLINK(\"x\")"), "{cells:#?}");
            assert_eq!(recorded().await, before + 4, "and the page and the workbook");
        }
        let forged = browser.post(&leads, &[("preset", "plain"), ("format", "xlsx")]).await;
        assert!(forged.status == 422 && forged.header("content-disposition").is_empty(), "{}", forged.text);
        ada.withdraw(&offer, None).await;
        assert!(!browser.open(&leads).await.contains("ada@example.org"));

        for gone in [format!("/partner/{seat}/nonsense/event-follow-up"), format!("/partner/{seat}/{}/nonsense", offer.event_partner),
            format!("/partner/{seat}/{}/related-events", offer.event_partner), "/partner/nonsense".to_owned()] {
            assert_eq!(browser.get(&gone).await.status, 404, "{gone}");
        }
        let mut stranger = app.browser_of(&ada.client).await;
        assert_eq!(stranger.get(&format!("/partner/{seat}")).await.status, 404);
        assert_eq!(stranger.get(&leads).await.status, 404);
        let taken = stranger.press("/partner", &leads, &[("preset", "plain"), ("format", "xlsx")]).await;
        assert!(taken.status == 404 && taken.header("content-disposition").is_empty(), "{}", taken.text);
        assert!(stranger.open("/partner").await.contains("You do not read for any partner"));
        app.browser().get(&leads).await.leads_to("/sign-in");
    }

    async fn a_programs_file_has_each_value_under_what_that_program_calls_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let asked = ["FULL_NAME", "EMAIL", "COMPANY", "JOB_TITLE", "PHONE", "POSTAL_ADDRESS", "SOCIAL_PROFILE", "TICKET_TYPE", "ATTENDANCE"];
        let offer = sharing.offer("Globex", &asked).await;
        let company = sharing.company_of(&offer.event_partner).await;
        let (_, member) = app.db_account("mara@globex.example").await;
        let seat = invited(&sharing, &company, "mara@globex.example", "one").await["partnerMember"]["id"].as_str().expect("an id").to_owned();
        let address = json!({ "street": "Weg 1", "postal_code": "53111", "city": "Bonn", "region": "NRW", "country": "DE" }).to_string();
        let ada = app.db_attendee(&sharing, "ada@example.org", |row| {
            row.postal_address = Some(address);
            row.social_profile = Some("https://social.example/@ada".into());
        }).await;
        ada.grant(&app, &offer, 1, &asked).await;
        let code = app.db_registration(&ada).await.check_in_code;
        let document = "mutation($input: CheckInInput!) { checkIn(input: $input) { admission { id } userErrors { code } } }";
        let input = json!({ "idempotencyKey": "1", "eventId": sharing.event.public_id(), "code": code });
        sharing.staff.done("checkIn", document, json!({ "input": input })).await;
        let mut browser = app.browser_of(&member).await;
        let leads = format!("/partner/{seat}/{}/event-follow-up", offer.event_partner);
        for (preset, columns) in [
            ("hubspot", ["First Name", "Last Name", "Email", "Phone Number", "Company Name", "Job Title", "Street Address", "Postal Code", "City", "State/Region", "Country/Region"]),
            ("salesforce", ["FirstName", "LastName", "Email", "Phone", "Company", "Title", "Street", "PostalCode", "City", "State", "Country"]),
            ("marketo", ["First Name", "Last Name", "Email Address", "Phone Number", "Company Name", "Job Title", "Address", "Postal Code", "City", "State", "Country"]),
            ("dynamics", ["First Name", "Last Name", "Email", "Business Phone", "Company Name", "Job Title", "Street 1", "ZIP/Postal Code", "City", "State/Province", "Country/Region"]),
        ] {
            let file = browser.press(&leads, &leads, &[("preset", preset)]).await;
            let mut lines = file.text.lines().map(|line| line.split(',').collect::<Vec<_>>());
            let (names, values) = (lines.next().expect("names"), lines.next().expect("a lead"));
            let under = columns.map(|name| names.iter().position(|its| *its == name).and_then(|at| values.get(at).copied()).unwrap_or("missing"));
            // Only the whole name was granted; such a program takes nobody without a last one. A plus sign might be a formula.
            assert_eq!(under, ["", "ada Lovelace", "ada@example.org", "'+49 30 1234567", "Engines Ltd", "Analyst", "Weg 1", "53111", "Bonn", "NRW", "DE"], "{preset}: {}", file.text);
            // What it has no name for is on record as received, and so stands there as well.
            assert_eq!(&names[names.len() - 5..], ["full_name", "postal_address", "social_profile", "ticket_type", "attendance"], "{preset}");
            let beside = ["ada Lovelace", "Weg 1; 53111 Bonn; NRW; DE", "https://social.example/@ada", "Regular", "true"];
            assert_eq!(&values[values.len() - 5..], beside, "{preset}: {}", file.text);
        }
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
        // So is a workbook.
        let book = browser.press(&leads, &leads, &[("preset", "plain"), ("format", "xlsx")]).await;
        assert_eq!(workbook::cells(&book.bytes), workbook::cells_of_csv(&file.text));
        let records = disclosure::Entity::find().all(app.store().admin()).await.expect("records");
        let mut sizes: Vec<usize> = records.iter().map(|row| row.lead_ids.len() / 16).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [3, 3, 50, 50, 100, 100]);
        // The page leads on to the rest.
        let page = browser.open(&leads).await;
        let next = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page");
        assert!(browser.open(next).await.contains("@example.org"));
    }

    async fn a_seats_name_opens_that_seat_alone(app: TestApp) {
        let Staffed { sharing, seat, member, .. } = staffed(&app).await;
        let corro = sharing.company_of(&sharing.event_partner("Corro", "EXHIBITOR").await).await;
        let (_, colleague) = app.db_account("nina@corro.example").await;
        let theirs = invited(&sharing, &corro, "nina@corro.example", "nina").await;
        let theirs = theirs["partnerMember"]["id"].as_str().expect("an id").to_owned();
        let reads_for = async |client: &Client, seat: &str| {
            let document = "query($m: ID) { partner(memberId: $m) { partner { displayName } } }";
            client.data(document, json!({ "m": seat })).await["partner"]["partner"]["displayName"].clone()
        };
        assert_eq!((reads_for(&member, &seat).await, reads_for(&colleague, &theirs).await), (json!("Globex"), json!("Corro")));
        // Whoever has a seat names another one, one that is nowhere, and their own as another organization's.
        let own = partner_token::Entity::find().order_by_asc(partner_token::Column::Id).one(app.store().admin()).await.expect("an answer").expect("a seat");
        let other = app.db_organization("other").await;
        let nowhere = consentry::graphql::ids::encode(sharing.organization.id, PartnerMemberId(uuid::Uuid::from_u128(9))).to_string();
        let elsewhere = consentry::graphql::ids::encode(other.id, PartnerMemberId(own.id.0)).to_string();
        for id in [&theirs, &nowhere, &elsewhere] {
            assert_eq!(reads_for(&member, id).await, Value::Null, "{id}");
        }
        assert_eq!(reads_for(&colleague, &seat).await, Value::Null);
        // Of two seats the one that is named.
        let second = invited(&sharing, &corro, "mara@globex.example", "second").await;
        let second = second["partnerMember"]["id"].as_str().expect("an id");
        assert_eq!((reads_for(&member, &seat).await, reads_for(&member, second).await), (json!("Globex"), json!("Corro")));
    }

    async fn a_seat_covers_no_other_partners_place_and_no_token_a_later_one(app: TestApp) {
        let Staffed { sharing, offer, company, .. } = staffed(&app).await;
        let corro = sharing.offer("Corro", &["EMAIL"]).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &corro, 1, &["EMAIL"]).await;
        let program = app.puller(&offer).await;
        // Invited when the other partner has its place already.
        let (_, nina) = app.db_account("nina@globex.example").await;
        assert_eq!(refused(&invited(&sharing, &company, "nina@globex.example", "nina").await), None);
        assert_eq!((places(&nina).await, places(&program).await), (1, 1));
        let nothing = read(&nina, None, Some("nonsense")).await;
        assert_eq!(read(&nina, None, Some(&corro.event_partner)).await, nothing);
        assert!(emails(&read(&nina, None, None).await).is_empty());

        let next = app.db_event(&sharing.organization, "next", |_| {}).await;
        let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } userErrors { field code message } } }";
        let input = json!({ "idempotencyKey": "next", "eventId": next.public_id(), "partnerId": company, "role": "EXHIBITOR",
            "noticeUrl": "https://globex.example/privacy", "noticeSha256": "ab".repeat(32), "contactEmail": "dpo@globex.example" });
        let added = sharing.staff.done("addEventPartner", document, json!({ "input": input })).await;
        sharing.requested(added["eventPartner"]["id"].as_str().expect("an id"), "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        assert_eq!((places(&nina).await, places(&program).await), (2, 1), "a token reads what it was issued for");
    }

    async fn a_list_shows_a_partners_own_staff_and_no_token(app: TestApp) {
        let Staffed { sharing, offer, company, .. } = staffed(&app).await;
        app.puller(&offer).await;
        let corro = sharing.company_of(&sharing.event_partner("Corro", "EXHIBITOR").await).await;
        assert_eq!(refused(&invited(&sharing, &corro, "nina@corro.example", "nina").await), None);
        let listed = async |partner: &str| {
            let answer = sharing.staff.send(MEMBERS, json!({ "partner": partner })).await;
            assert!(answer["errors"].is_null(), "{answer:#}");
            let members = &answer["data"]["organization"]["partnerMembers"];
            members.as_array().map(|all| all.iter().map(|one| one["email"].clone()).collect::<Vec<_>>())
        };
        assert_eq!(listed(&company).await, Some(vec![json!("mara@globex.example")]));
        assert_eq!(listed(&corro).await, Some(vec![json!("nina@corro.example")]));
        let nobodys = consentry::graphql::ids::encode(sharing.organization.id, PartnerId(uuid::Uuid::from_u128(9))).to_string();
        assert_eq!(listed(&nobodys).await, None, "no partner, not one without staff");
    }

    async fn who_was_invited_and_taken_off_is_in_the_audit_log(app: TestApp) {
        let Staffed { sharing, seat, .. } = staffed(&app).await;
        sharing.staff.data(REMOVE, json!({ "id": seat })).await;
        sharing.staff.data(REMOVE, json!({ "id": seat })).await;
        let entries = audit_entry::Entity::find().filter(audit_entry::Column::SubjectKind.eq("partnerMember")).order_by_asc(audit_entry::Column::Id);
        let entries = entries.all(app.store().read()).await.expect("a log");
        let own = partner_token::Entity::find().one(app.store().admin()).await.expect("an answer").expect("a seat");
        let noted: Vec<_> = entries.iter().map(|one| (one.action.as_str(), one.subject_id, one.account_id.is_some())).collect();
        assert_eq!(noted, [("invitePartnerMember", Some(own.id.0), true), ("removePartnerMember", Some(own.id.0), true)]);
    }

    async fn who_works_at_one_event_alone_invites_and_takes_off_nobody(app: TestApp) {
        let Staffed { sharing, company, seat, member, .. } = staffed(&app).await;
        let (account, manager) = app.db_account("manager@example.org").await;
        app.db_member(&sharing.organization, account, Role::Manager, Some(sharing.event.id)).await;
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        let before = app.db_written().await;
        for client in [&manager, &viewer, &member] {
            let input = json!({ "idempotencyKey": "x", "partnerId": company, "email": "friend@example.org" });
            let made = client.data(INVITE, json!({ "input": input })).await["invitePartnerMember"].clone();
            assert_eq!(refused(&made), Some(("partnerId", "NOT_FOUND")), "{made:#}");
            let gone = client.data(REMOVE, json!({ "id": seat })).await["removePartnerMember"].clone();
            assert_eq!(refused(&gone), Some(("partnerMemberId", "NOT_FOUND")), "{gone:#}");
            assert!(client.data(MEMBERS, json!({ "partner": company })).await["organization"]["partnerMembers"].is_null());
            let page = format!("/manage/acme/-/partners/{company}/staff");
            assert_eq!(app.browser_of(client).await.get(&page).await.status, 404);
        }
        assert_eq!(app.db_written().await, before);
    }

    async fn only_who_works_or_reads_there_now_is_kept_from_the_other_side(app: TestApp) {
        let Staffed { sharing, company, .. } = staffed(&app).await;
        let other = app.db_organization("other").await;
        let owner = app.db_staff(&other, Role::Owner).await;
        let hire = async |client: &Client, organization: &str, email: &str, key: &str| {
            let role = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { teamMember { id } userErrors { field code } } }";
            let input = json!({ "idempotencyKey": key, "organizationId": organization, "email": email, "role": "VIEWER" });
            client.data(role, json!({ "input": input })).await["inviteTeamMember"].clone()
        };
        let acme = &sharing.organization.public_id;
        let not_permitted = Some(("email", "NOT_PERMITTED"));

        // Whose role has an end that is still to come works there until then; whose was taken away does not.
        app.db_staff_named(&sharing.organization, Role::Viewer, "vera@acme.example").await;
        app.db_execute("update team_member set ends_at = 4102444800000000 where role = 'VIEWER'").await;
        assert_eq!(refused(&invited(&sharing, &company, "vera@acme.example", "ending").await), not_permitted);
        app.db_execute("update team_member set ends_at = null, removed_at = 1 where role = 'VIEWER'").await;
        assert_eq!(refused(&invited(&sharing, &company, "vera@acme.example", "removed").await), None);
        // Another organization's staff reads here, and who reads here works there.
        app.db_staff_named(&other, Role::Viewer, "olaf@other.example").await;
        assert_eq!(refused(&invited(&sharing, &company, "olaf@other.example", "olaf").await), None);
        assert_eq!(refused(&hire(&owner, &other.public_id, "mara@globex.example", "mara").await), None);
        // Who reads for the organization itself may work for it.
        let host = sharing.company_of(&sharing.event_partner("Host", "HOST").await).await;
        assert_eq!(refused(&invited(&sharing, &host, "hana@acme.example", "host").await), None);
        assert_eq!(refused(&hire(&sharing.staff, acme, "hana@acme.example", "hana").await), None);
        // A seat whose time is over is nobody's.
        assert_eq!(refused(&hire(&sharing.staff, acme, "mara@globex.example", "now").await), not_permitted);
        assert_eq!(refused(&invited(&sharing, &company, "mara@globex.example", "twice").await), Some(("email", "TAKEN")));
        app.db_execute("update partner_token set expires_at = 1").await;
        assert_eq!(refused(&invited(&sharing, &company, "mara@globex.example", "again").await), None);
        app.db_execute("update partner_token set expires_at = 1").await;
        assert_eq!(refused(&hire(&sharing.staff, acme, "mara@globex.example", "later").await), None);
    }

    async fn a_role_that_ended_does_not_come_back_to_whoever_reads_for_a_partner_since(app: TestApp) {
        let Staffed { sharing, company, .. } = staffed(&app).await;
        let role = "mutation($input: InviteTeamMemberInput!) { inviteTeamMember(input: $input) { teamMember { id revision } userErrors { field code message } } }";
        let input = json!({ "idempotencyKey": "vera", "organizationId": sharing.organization.public_id, "email": "vera@acme.example", "role": "VIEWER" });
        let hired = sharing.staff.done("inviteTeamMember", role, json!({ "input": input })).await["teamMember"].clone();
        app.db_execute("update team_member set ends_at = 1 where role = 'VIEWER'").await;
        assert_eq!(refused(&invited(&sharing, &company, "vera@acme.example", "vera").await), None);
        let change = "mutation($input: UpdateTeamMemberInput!) { updateTeamMember(input: $input) { teamMember { revision } userErrors { field code } } }";
        let update = async |more: Value| {
            let mut input = json!({ "teamMemberId": hired["id"], "revision": hired["revision"] });
            input.as_object_mut().expect("an object").extend(more.as_object().expect("fields").clone());
            sharing.staff.data(change, json!({ "input": input })).await["updateTeamMember"].clone()
        };
        for ends_at in [Value::Null, json!("2099-01-01T00:00:00Z")] {
            assert_eq!(refused(&update(json!({ "endsAt": ends_at })).await), Some(("endsAt", "NOT_PERMITTED")));
        }
        assert_eq!(refused(&update(json!({ "role": "FINANCE" })).await), None, "what is over may be called otherwise");
        app.db_execute("update partner_token set revoked_at = 1").await;
        let mut back = json!({ "endsAt": null });
        back["revision"] = json!(hired["revision"].as_i64().expect("a revision") + 1);
        assert_eq!(refused(&update(back).await), None);
    }

    async fn who_is_hired_and_made_a_reader_at_the_same_moment_is_one_of_the_two(app: TestApp) {
        // SQLite's writers wait for each other before they read anything.
        if app.store().engine() == Engine::Sqlite {
            return;
        }
        let Staffed { sharing, company, .. } = staffed(&app).await;
        app.db_account("vera@acme.example").await;
        let hiring = app.store().admin().begin().await.expect("a transaction");
        hiring.execute_unprepared("select 1 from account where email = 'vera@acme.example' for update").await.expect("locked");
        let inviting = invited(&sharing, &company, "vera@acme.example", "vera");
        let hired = async {
            app.somebody_waits().await;
            let text = "insert into team_member (organization_id, id, account_id, role, created_at, revision)
                select p.organization_id, gen_random_uuid(), a.id, 'VIEWER', 1, 1 from partner p, account a
                where a.email = 'vera@acme.example' limit 1";
            hiring.execute_unprepared(text).await.expect("a role");
            hiring.commit().await.expect("committed");
        };
        let (made, ()) = tokio::join!(inviting, hired);
        assert_eq!(refused(&made), Some(("email", "NOT_PERMITTED")));
    }

    async fn an_operators_link_makes_no_owner_of_a_reader_and_one_of_whoever_was_an_owner_once(app: TestApp) {
        let Staffed { sharing, .. } = staffed(&app).await;
        let organization = sharing.organization.id;
        let link = async |email: &str| consentry::services::team::owner_link(&app.platform, organization, email).await.is_ok();
        let owners = async |email: &str| {
            let text = "select count(*) as n from team_member m join account a on a.id = m.account_id where a.email = $1 and m.role = 'OWNER' \
                and (m.ends_at is null or m.ends_at > 4000000000000000)";
            let row = sql::one(app.store().read(), text, [email.into()]).await.expect("a count");
            row.try_get::<i64>("", "n").expect("a number")
        };
        assert!(!link("mara@globex.example").await && owners("mara@globex.example").await == 0);
        assert!(link("olga@acme.example").await && link("olga@acme.example").await);
        assert_eq!(owners("olga@acme.example").await, 1);
        app.db_execute("update team_member set ends_at = 1 where role = 'OWNER'").await;
        assert!(link("olga@acme.example").await);
        assert_eq!(owners("olga@acme.example").await, 1, "a role that ended is none");
    }

    async fn the_newest_event_comes_first_and_what_is_asked_is_no_formula(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let asked = app.db_question(&sharing.event, QuestionKind::Text, &[], |row| { row.shareable = true; row.label = text("@SUM(A1)"); }).await;
        let globex = sharing.event_partner("Globex", "EXHIBITOR").await;
        let offer = sharing.requested(&globex, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("CITY"), json!({ "questionId": sharing.event.public(asked) })])).await;
        sharing.approve(&offer, 1, "SUBSTANTIAL").await;
        let company = sharing.company_of(&globex).await;
        let (_, member) = app.db_account("mara@globex.example").await;
        let seat = invited(&sharing, &company, "mara@globex.example", "one").await["partnerMember"]["id"].as_str().expect("an id").to_owned();
        let copy = "mutation($input: CopyEventInput!) { copyEvent(input: $input) { userErrors { field code message } } }";
        let input = json!({ "idempotencyKey": "copy", "eventId": sharing.event.public_id(), "slug": "copy", "startsLocal": "2099-03-02T09:00",
            "title": [{ "locale": "en", "text": "The next one" }] });
        sharing.staff.done("copyEvent", copy, json!({ "input": input })).await;
        let mut browser = app.browser_of(&member).await;
        let overview = browser.open(&format!("/partner/{seat}")).await;
        let (later, earlier) = (overview.find("The next one"), overview.find("A conference"));
        assert!(later.is_some() && later < earlier, "{overview}");

        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["CITY"]).await;
        let leads = format!("/partner/{seat}/{globex}/event-follow-up");
        for first in ["+", "-", "@", "="] {
            app.db_execute(&format!("update lead set city = '{first}49 Bonn'")).await;
            let file = browser.press(&leads, &leads, &[("preset", "plain")]).await;
            let cells = file.text.lines().flat_map(|line| line.split(','));
            let risky: Vec<&str> = cells.filter(|cell| cell.trim_start_matches('"').starts_with(['=', '+', '-', '@'])).collect();
            assert!(risky.is_empty() && file.text.contains(",'@SUM(A1)"), "{risky:?}: {}", file.text);
            assert!(file.text.contains(&format!(",'{first}49 Bonn,")), "{}", file.text);
        }
    }
}
