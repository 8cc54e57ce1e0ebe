//! A partner's administrators: they draft what it asks, ask for the approval, take it back, and issue tokens within what was
//! approved; for their own partner, at its own places, and nobody sees a draft but them.

use consentry_domain::QuestionKind;
use consentry_entity::{audit_entry, offer_draft, partner_token, question};
use consentry_tests::app::{SeededOffer, Sharing};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const INVITE: &str = "mutation($input: InvitePartnerMemberInput!) { invitePartnerMember(input: $input) {
    partnerMember { id role } userErrors { field code message } } }";
const ROLE: &str = "mutation($id: ID!, $role: PartnerMemberRole!) { updatePartnerMember(input: { partnerMemberId: $id, role: $role }) {
    partnerMember { role } userErrors { field code } } }";
const DRAFT: &str = "mutation($input: DraftOfferInput!) { draftOffer(input: $input) {
    draft { purpose texts { locale text } fields { field questionId label } retentionDays startsAt endsAt revision } userErrors { field code } } }";
const DISCARD: &str = "mutation($input: DiscardOfferDraftInput!) { discardOfferDraft(input: $input) { draft { revision } userErrors { field code } } }";
const ASK: &str = "mutation($input: AskForApprovalInput!) { askForApproval(input: $input) {
    offer { id purpose versionInForce versionRequested versions { version state remark fields { field label } } } userErrors { field code } } }";
const TAKE_BACK: &str = "mutation($input: TakeBackOfferInput!) { takeBackOffer(input: $input) {
    offer { versionInForce versionRequested } userErrors { field code } } }";
const ISSUE: &str = "mutation($input: IssueOwnTokenInput!) { issueOwnToken(input: $input) {
    issued { secret token { id prefix status } } userErrors { field code } } }";
const REVOKE: &str =
    "mutation($id: ID!) { revokeOwnToken(input: { tokenId: $id }) { token { status } userErrors { field code } } }";
const OWN: &str = "query($place: ID!) { partner { administration {
    place(eventPartnerId: $place) { eventTitle questions { questionId label } drafts { purpose revision }
        offers { purpose versionInForce versionRequested versions { version state remark } } }
    tokens { id status } } } }";

/// A partner with an approved offer, and somebody who administers it.
struct Administered {
    sharing: Sharing,
    offer: SeededOffer,
    place: String,
    company: String,
    seat: String,
    administrator: Client,
}

async fn administered(app: &TestApp) -> Administered {
    let sharing = app.sharing("acme").await;
    let offer = sharing.offer("Globex", &["FULL_NAME", "EMAIL"]).await;
    let place = offer.event_partner.clone();
    let company = sharing.company_of(&place).await;
    let (seat, administrator) = member(app, &sharing, &company, "ADMINISTRATOR").await;
    Administered {
        sharing,
        offer,
        place,
        company,
        seat,
        administrator,
    }
}

/// Somebody of a partner's staff: their seat, and they themselves.
async fn member(app: &TestApp, sharing: &Sharing, company: &str, role: &str) -> (String, Client) {
    let email = format!(
        "{}-{}@globex.example",
        role.to_lowercase(),
        uuid::Uuid::new_v4().simple()
    );
    let (_, client) = app.db_account(&email).await;
    let input = json!({ "idempotencyKey": email, "partnerId": company, "email": email, "role": role });
    let made = sharing
        .staff
        .done("invitePartnerMember", INVITE, json!({ "input": input }))
        .await;
    assert_eq!(made["partnerMember"]["role"], role);
    (made["partnerMember"]["id"].as_str().expect("an id").to_owned(), client)
}

async fn sent(client: &Client, document: &str, input: Value) -> Value {
    let data = client.data(document, json!({ "input": input })).await;
    data.as_object()
        .expect("an object")
        .values()
        .next()
        .expect("a payload")
        .clone()
}

/// The field that was refused, and why; nothing where nothing was.
fn refused(payload: &Value) -> Option<(String, String)> {
    let error = payload["userErrors"].get(0)?;
    let path: Vec<&str> = error["field"].as_array()?.iter().filter_map(Value::as_str).collect();
    Some((path.join("."), error["code"].as_str()?.to_owned()))
}

fn because(field: &str, code: &str) -> Option<(String, String)> {
    Some((field.to_owned(), code.to_owned()))
}

fn draft(place: &str, purpose: &str, revision: Option<i64>, more: Value) -> Value {
    let mut input = json!({ "eventPartnerId": place, "purpose": purpose, "revision": revision });
    for (name, value) in more.as_object().expect("fields") {
        input[name] = value.clone();
    }
    input
}

fn complete() -> Value {
    json!({ "text": [{ "locale": "en", "text": "May we invite you again?" }, { "locale": "de", "text": " " }],
        "fields": [{ "field": "EMAIL" }, { "field": "EMAIL" }], "retentionDays": 60 })
}

fn ready(place: &str, purpose: &str, revision: i64, key: &str) -> Value {
    json!({ "idempotencyKey": key, "eventPartnerId": place, "purpose": purpose, "revision": revision })
}

fn token(company: &str, place: &str, fields: &[&str], key: &str) -> Value {
    let fields: Vec<Value> = fields.iter().map(|field| json!({ "field": field })).collect();
    json!({ "idempotencyKey": key, "partnerId": company, "name": "Our CRM", "scopes": [{ "eventPartnerId": place,
        "purposes": ["EVENT_FOLLOW_UP"], "fields": fields }] })
}

async fn own(client: &Client, place: &str) -> Value {
    client.data(OWN, json!({ "place": place })).await["partner"]["administration"].clone()
}

on_both_databases! {
    async fn a_draft_is_kept_changed_and_thrown_away_and_nobody_else_sees_it(app: TestApp) {
        let Administered { sharing, place, administrator, .. } = administered(&app).await;
        let purpose = "SUBSEQUENT_EDITIONS";
        // It need not be complete.
        let first = sent(&administrator, DRAFT, draft(&place, purpose, None, json!({}))).await;
        assert_eq!(first["draft"], json!({ "purpose": purpose, "texts": [], "fields": [], "retentionDays": null, "startsAt": null,
            "endsAt": null, "revision": 1 }), "{first:#}");
        let second = sent(&administrator, DRAFT, draft(&place, purpose, Some(1), complete())).await;
        assert_eq!(second["draft"]["revision"], 2);
        assert_eq!(second["draft"]["texts"], json!([{ "locale": "en", "text": "May we invite you again?" }]));
        assert_eq!(second["draft"]["fields"], json!([{ "field": "EMAIL", "questionId": null, "label": "E-mail address" }]), "each once");
        // What was not seen is not overwritten; what it says already need not be said again.
        for revision in [None, Some(1), Some(7)] {
            let stale = sent(&administrator, DRAFT, draft(&place, purpose, revision, json!({ "retentionDays": 90 }))).await;
            assert_eq!(refused(&stale), because("revision", "STALE"));
            let again = sent(&administrator, DRAFT, draft(&place, purpose, revision, complete())).await;
            assert_eq!((refused(&again), &again["draft"]["revision"]), (None, &json!(2)));
        }
        // What stands in it must be right.
        for (more, field, code) in [
            (json!({ "retentionDays": 0 }), "retentionDays", "INVALID"),
            (json!({ "text": [{ "locale": "en", "text": "x".repeat(4001) }] }), "text", "TOO_LONG"),
            (json!({ "startsAt": "tomorrow" }), "startsAt", "INVALID"),
            (json!({ "startsAt": "2027-03-02T00:00:00Z", "endsAt": "2027-03-01T00:00:00Z" }), "endsAt", "INVALID"),
            (json!({ "fields": [{ "questionId": place }] }), "fields.0.questionId", "NOT_FOUND"),
        ] {
            assert_eq!(refused(&sent(&administrator, DRAFT, draft(&place, purpose, Some(2), more)).await), because(field, code));
        }
        // The organizer sees no draft, and no stream and no offer came of it.
        let seen = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { partners { offers { purpose } } } } }";
        let seen = sharing.staff.data(seen, json!({})).await;
        assert_eq!(seen["organization"]["event"]["partners"][0]["offers"], json!([{ "purpose": "EVENT_FOLLOW_UP" }]));
        assert_eq!(own(&administrator, &place).await["place"]["drafts"], json!([{ "purpose": purpose, "revision": 2 }]));
        let gone = json!({ "eventPartnerId": place, "purpose": purpose });
        assert_eq!(refused(&sent(&administrator, DISCARD, gone.clone()).await), None);
        assert_eq!(refused(&sent(&administrator, DISCARD, gone).await), because("purpose", "NOT_FOUND"));
        assert!(offer_draft::Entity::find().all(app.store().admin()).await.expect("rows").is_empty());
    }

    async fn a_request_is_decided_by_the_organizer_whose_remark_comes_back(app: TestApp) {
        let Administered { sharing, place, administrator, .. } = administered(&app).await;
        let purpose = "SUBSEQUENT_EDITIONS";
        let missing = sent(&administrator, ASK, ready(&place, purpose, 1, "none")).await;
        assert_eq!(refused(&missing), because("purpose", "NOT_FOUND"));
        sent(&administrator, DRAFT, draft(&place, purpose, None, json!({ "fields": [{ "field": "EMAIL" }] }))).await;
        let incomplete = sent(&administrator, ASK, ready(&place, purpose, 1, "incomplete")).await;
        let fields: Vec<&Value> = incomplete["userErrors"].as_array().expect("errors").iter().map(|error| &error["field"][0]).collect();
        assert_eq!(fields, ["text", "retentionDays"], "{incomplete:#}");
        sent(&administrator, DRAFT, draft(&place, purpose, Some(1), complete())).await;
        assert_eq!(refused(&sent(&administrator, ASK, ready(&place, purpose, 1, "stale")).await), because("revision", "STALE"));
        let asked = sent(&administrator, ASK, ready(&place, purpose, 2, "one")).await;
        assert_eq!(asked["offer"]["versionRequested"], 1, "{asked:#}");
        // The same again is the same; the draft is gone.
        assert_eq!(sent(&administrator, ASK, ready(&place, purpose, 2, "one")).await, asked);
        assert_eq!(refused(&sent(&administrator, ASK, ready(&place, purpose, 2, "two")).await), because("purpose", "NOT_FOUND"));
        let offer = asked["offer"]["id"].as_str().expect("an id").to_owned();
        let log = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("requestOffer"))
            .order_by_asc(audit_entry::Column::Id).all(app.store().admin()).await.expect("entries");
        assert_eq!(log.iter().map(|entry| entry.actor.as_str()).collect::<Vec<_>>(), ["STAFF", "PARTNER"]);

        let reject = "mutation($input: RejectOfferInput!) { rejectOffer(input: $input) { userErrors { field message code } } }";
        let input = json!({ "offerId": offer, "version": 1, "remark": "Say which editions." });
        sharing.staff.done("rejectOffer", reject, json!({ "input": input })).await;
        let seen = own(&administrator, &place).await["place"]["offers"][1].clone();
        assert_eq!(seen["versions"], json!([{ "version": 1, "state": "REJECTED", "remark": "Say which editions." }]));
        // Asked anew it is the next version, and a draft waits while that is not decided.
        sent(&administrator, DRAFT, draft(&place, purpose, None, complete())).await;
        let second = sent(&administrator, ASK, ready(&place, purpose, 1, "three")).await;
        assert_eq!(second["offer"]["versionRequested"], 2);
        sent(&administrator, DRAFT, draft(&place, purpose, None, complete())).await;
        assert_eq!(refused(&sent(&administrator, ASK, ready(&place, purpose, 1, "four")).await), because("offerId", "WRONG_STATE"));
        assert_eq!(own(&administrator, &place).await["place"]["drafts"][0]["revision"], 1, "the draft stays");
        let back = sent(&administrator, TAKE_BACK, json!({ "offerId": offer, "version": 2, "remark": "Not now." })).await;
        assert_eq!(back["offer"], json!({ "versionInForce": null, "versionRequested": null }), "{back:#}");
        assert_eq!(refused(&sent(&administrator, TAKE_BACK, json!({ "offerId": offer, "version": 2 })).await), because("version", "WRONG_STATE"));
        let third = sent(&administrator, ASK, ready(&place, purpose, 1, "five")).await;
        assert_eq!(third["offer"]["versionRequested"], 3);
    }

    async fn what_an_administrator_takes_back_is_shared_no_more(app: TestApp) {
        let Administered { sharing, offer, administrator, .. } = administered(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["EMAIL"]).await;
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { email } } } }";
        let read = administrator.data(leads, json!({})).await;
        assert_eq!(read["partner"]["leads"]["nodes"], json!([{ "email": "ada@example.org" }]), "an administrator reads as well");
        let back = sent(&administrator, TAKE_BACK, json!({ "offerId": offer.public_id, "version": 1 })).await;
        assert_eq!(back["offer"]["versionInForce"], Value::Null, "{back:#}");
        assert!(app.db_stream_leads(&offer).await.iter().all(|lead| lead.email.is_none()));
        let read = administrator.data(leads, json!({})).await;
        assert_eq!(read["partner"]["leads"]["nodes"], json!([]));
    }

    async fn a_token_is_issued_within_what_was_approved_and_its_secret_shown_once(app: TestApp) {
        let Administered { sharing, offer, place, company, administrator, .. } = administered(&app).await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &offer, 1, &["EMAIL", "FULL_NAME"]).await;
        let issued = sent(&administrator, ISSUE, token(&company, &place, &["EMAIL"], "one")).await;
        let secret = issued["issued"]["secret"].as_str().unwrap_or_else(|| panic!("{issued:#}")).to_owned();
        assert_eq!(issued["issued"]["token"]["status"], "ACTIVE");
        let holder = app.partner(&secret);
        let leads = "{ partner { leads(purpose: EVENT_FOLLOW_UP, first: 5) { nodes { email fullName } } } }";
        let read = holder.data(leads, json!({})).await;
        assert_eq!(read["partner"]["leads"]["nodes"], json!([{ "email": "ada@example.org", "fullName": null }]));
        // Nobody is mailed a link, and the same request has no secret in it.
        let again = sent(&administrator, ISSUE, token(&company, &place, &["EMAIL"], "one")).await;
        assert_eq!((&again["issued"]["token"], &again["issued"]["secret"]), (&issued["issued"]["token"], &Value::Null));
        assert_eq!(refused(&sent(&administrator, ISSUE, token(&company, &place, &["PHONE"], "one")).await), because("idempotencyKey", "IDEMPOTENCY_MISMATCH"));
        let mails = consentry_entity::mail::Entity::find().all(app.store().admin()).await.expect("mails");
        assert!(mails.iter().all(|mail| mail.kind.as_str() != "TOKEN_CLAIM"), "{mails:#?}");
        assert_eq!(refused(&sent(&administrator, ISSUE, token(&company, &place, &["PHONE"], "two")).await), because("scopes.0.fields", "NOT_PERMITTED"));
        // Staff see it among the others, never its secret.
        let listed = "{ organization(slug: \"acme\") { event(slug: \"rustdays\") { partners { tokens { id prefix } } } } }";
        let listed = sharing.staff.data(listed, json!({})).await;
        assert_eq!(listed["organization"]["event"]["partners"][0]["tokens"][0]["id"], issued["issued"]["token"]["id"]);
        let id = issued["issued"]["token"]["id"].as_str().expect("an id");
        let gone = administrator.data(REVOKE, json!({ "id": id })).await["revokeOwnToken"].clone();
        assert_eq!(gone, json!({ "token": { "status": "REVOKED" }, "userErrors": [] }));
        assert_eq!(holder.send(leads, json!({})).await["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(own(&administrator, &place).await["tokens"], json!([{ "id": id, "status": "REVOKED" }]), "no seat among them");
    }

    async fn an_administrator_does_nothing_for_another_partner_and_a_reader_nothing_at_all(app: TestApp) {
        let Administered { sharing, offer, place, company, administrator, .. } = administered(&app).await;
        let other = sharing.offer("Corro", &["EMAIL"]).await;
        let other_company = sharing.company_of(&other.event_partner).await;
        let (_, reader) = member(&app, &sharing, &company, "READER").await;
        let (_, theirs) = member(&app, &sharing, &other_company, "ADMINISTRATOR").await;
        let waiting = sharing.requested(&other.event_partner, "RELATED_EVENTS", Sharing::terms(&[json!("EMAIL")])).await;
        sent(&theirs, DRAFT, draft(&other.event_partner, "SUBSEQUENT_EDITIONS", None, complete())).await;
        let made = sent(&theirs, ISSUE, token(&other_company, &other.event_partner, &["EMAIL"], "theirs")).await;
        let their_token = made["issued"]["token"]["id"].as_str().expect("an id");
        let before = app.db_written().await;
        for (who, at, whose, offered) in [
            (&administrator, &other.event_partner, &other_company, &waiting),
            (&reader, &place, &company, &offer),
            (&sharing.staff, &place, &company, &offer),
        ] {
            assert_eq!(refused(&sent(who, DRAFT, draft(at, "RELATED_EVENTS", None, complete())).await), because("eventPartnerId", "NOT_FOUND"));
            assert_eq!(refused(&sent(who, ASK, ready(at, "SUBSEQUENT_EDITIONS", 1, "x")).await), because("eventPartnerId", "NOT_FOUND"));
            assert_eq!(refused(&sent(who, DISCARD, json!({ "eventPartnerId": at, "purpose": "SUBSEQUENT_EDITIONS" })).await), because("eventPartnerId", "NOT_FOUND"));
            assert_eq!(refused(&sent(who, TAKE_BACK, json!({ "offerId": offered.public_id, "version": 1 })).await), because("offerId", "NOT_FOUND"));
            assert_eq!(refused(&sent(who, ISSUE, token(whose, at, &["EMAIL"], "x")).await), because("partnerId", "NOT_FOUND"));
            let revoked = who.data(REVOKE, json!({ "id": their_token })).await["revokeOwnToken"].clone();
            assert_eq!(refused(&revoked), because("tokenId", "NOT_FOUND"));
        }
        // One's own partner with another's place.
        assert_eq!(refused(&sent(&administrator, ISSUE, token(&company, &other.event_partner, &["EMAIL"], "y")).await), because("scopes.0.eventPartnerId", "NOT_FOUND"));
        assert_eq!(own(&administrator, &other.event_partner).await["place"], Value::Null);
        assert_eq!(own(&reader, &place).await, Value::Null);
        assert_eq!(app.db_written().await, before, "nothing was written");
    }

    async fn whoever_administers_no_more_does_nothing_from_then_on(app: TestApp) {
        let Administered { sharing, place, seat, administrator, .. } = administered(&app).await;
        let tries = async || refused(&sent(&administrator, DRAFT, draft(&place, "RELATED_EVENTS", None, json!({}))).await);
        let refusal = because("eventPartnerId", "NOT_FOUND");
        assert_eq!(tries().await, None);
        for (off, on) in [
            ("update partner_token set expires_at = 1", "update partner_token set expires_at = 4102444800000000"),
            ("update partner_token set not_before = 4102444800000000", "update partner_token set not_before = 0"),
            ("update partner_token set revoked_at = 1", "update partner_token set revoked_at = null"),
            ("update partner set active = false", "update partner set active = true"),
        ] {
            app.db_execute(off).await;
            assert_eq!(tries().await, refusal, "{off}");
            app.db_execute(on).await;
            assert_eq!(tries().await, None, "{on}");
        }
        let change = async |role: &str| sharing.staff.data(ROLE, json!({ "id": seat, "role": role })).await["updatePartnerMember"].clone();
        assert_eq!(change("READER").await, json!({ "partnerMember": { "role": "READER" }, "userErrors": [] }));
        assert_eq!(tries().await, refusal);
        assert_eq!(own(&administrator, &place).await, Value::Null);
        change("ADMINISTRATOR").await;
        assert_eq!(tries().await, None);
        let row = partner_token::Entity::find().one(app.store().admin()).await.expect("an answer").expect("a seat");
        let token = consentry::graphql::ids::encode(row.organization_id, consentry_domain::PartnerMemberId(uuid::Uuid::new_v4())).to_string();
        let unknown = sharing.staff.data(ROLE, json!({ "id": token, "role": "READER" })).await["updatePartnerMember"].clone();
        assert_eq!(refused(&unknown), because("partnerMemberId", "NOT_FOUND"));
    }

    async fn a_draft_names_questions_that_its_partner_may_ask_and_fixes_none(app: TestApp) {
        let Administered { sharing, place, administrator, .. } = administered(&app).await;
        let other = sharing.event_partner("Corro", "EXHIBITOR").await;
        let (_, corro) = consentry::graphql::ids::decode(&async_graphql::ID(other)).expect("an id");
        let shared = app.db_question(&sharing.event, QuestionKind::Text, &[], |row| row.shareable = true).await;
        let private = app.db_question(&sharing.event, QuestionKind::Text, &[], |_| {}).await;
        let foreign = app.db_question(&sharing.event, QuestionKind::Text, &[], |row| { row.shareable = true; row.event_partner_id = Some(corro); }).await;
        let asks = |id| json!({ "fields": [{ "field": "EMAIL" }, { "questionId": sharing.event.public(id) }] });
        let purpose = "PRODUCT_INFORMATION";
        for id in [private, foreign] {
            let payload = sent(&administrator, DRAFT, draft(&place, purpose, None, asks(id))).await;
            assert_eq!(refused(&payload), because("fields.1.questionId", "NOT_FOUND"));
        }
        let kept = sent(&administrator, DRAFT, draft(&place, purpose, None, asks(shared))).await;
        assert_eq!(kept["draft"]["fields"][1]["questionId"], sharing.event.public(shared), "{kept:#}");
        let bits = async || {
            let rows = question::Entity::find().all(app.store().admin()).await.expect("questions");
            rows.iter().filter(|row| row.bit.is_some()).map(|row| row.id).collect::<Vec<_>>()
        };
        assert!(bits().await.is_empty(), "a draft fixes no question's meaning");
        let mut whole = complete();
        whole["fields"] = asks(shared)["fields"].clone();
        sent(&administrator, DRAFT, draft(&place, purpose, Some(1), whole)).await;
        let asked = sent(&administrator, ASK, ready(&place, purpose, 2, "one")).await;
        assert_eq!(refused(&asked), None);
        assert_eq!(bits().await, [shared]);
        let questions = own(&administrator, &place).await["place"]["questions"].clone();
        assert_eq!(questions.as_array().map(Vec::len), Some(1), "{questions:#}");
    }

    async fn the_list_of_places_costs_the_same_whatever_was_asked(app: TestApp) {
        let Administered { sharing, place, company, administrator, .. } = administered(&app).await;
        let list = "{ partner { administration { places(first: 50) { edges { node { id eventTitle questions { label }
            offers { versions { texts { text } fields { label } } } drafts { fields { label } } } } } } } }";
        let counted = async || {
            let (answer, statistics) = administrator.counted(list, json!({})).await;
            let places = answer["data"]["partner"]["administration"]["places"]["edges"].as_array().expect("places").len();
            (places, statistics.statements)
        };
        let (one, few) = counted().await;
        for number in 0..4 {
            let event = app.db_event(&sharing.organization, &format!("next-{number}"), |_| {}).await;
            let document = "mutation($input: AddEventPartnerInput!) { addEventPartner(input: $input) { eventPartner { id } userErrors { field message code } } }";
            let input = json!({ "idempotencyKey": number.to_string(), "eventId": event.public_id(), "partnerId": company, "role": "EXHIBITOR",
                "noticeUrl": "https://globex.example/privacy", "noticeSha256": "ab".repeat(32), "contactEmail": "dpo@globex.example" });
            let added = sharing.staff.done("addEventPartner", document, json!({ "input": input })).await;
            let at = added["eventPartner"]["id"].as_str().expect("an id");
            sharing.requested(at, "RELATED_EVENTS", Sharing::terms(&[json!("EMAIL")])).await;
            sent(&administrator, DRAFT, draft(at, "SUBSEQUENT_EDITIONS", None, complete())).await;
        }
        let (five, many) = counted().await;
        assert_eq!((one, five), (1, 5));
        assert_eq!(few, many);
        assert!(own(&administrator, &place).await["place"].is_object());
    }

    async fn asking_twice_from_the_same_page_asks_once_and_leaves_no_draft(app: TestApp) {
        let Administered { place, seat, administrator, .. } = administered(&app).await;
        let mut browser = app.browser_of(&administrator).await;
        let drafts = async || offer_draft::Entity::find().all(app.store().admin()).await.expect("drafts");
        // Without a draft, and with one that was changed before.
        for (purpose, address, revision) in [("SUBSEQUENT_EDITIONS", "subsequent-editions", ""), ("RELATED_EVENTS", "related-events", "2")] {
            if !revision.is_empty() {
                sent(&administrator, DRAFT, draft(&place, purpose, None, json!({}))).await;
                sent(&administrator, DRAFT, draft(&place, purpose, Some(1), complete())).await;
            }
            let page = format!("/partner/{seat}/-/offers/{place}/{address}");
            let text = "May we\r\ninvite you again? ";
            let form = [("do", "ask"), ("revision", revision), ("field", "EMAIL"), ("field", "COMPANY"), ("days", "60"), ("text.en", text),
                ("from", "2099-03-01T08:00"), ("until", ""), ("key", purpose)];
            for press in ["once", "twice"] {
                let answer = browser.press(&page, &page, &form).await;
                assert_eq!((answer.status, answer.header("location")), (303, format!("{page}?done=ask").as_str()), "{press}: {}", answer.text);
                assert_eq!(drafts().await, [], "{purpose}, {press}");
            }
            let offers = own(&administrator, &place).await["place"]["offers"].clone();
            let asked = offers.as_array().expect("offers").iter().find(|offer| offer["purpose"] == purpose).expect("the offer").clone();
            assert_eq!((&asked["versionRequested"], asked["versions"].as_array().map(Vec::len)), (&json!(1), Some(1)), "{asked:#}");
            // What was changed since is another request: kept, and for later.
            let mut changed = form;
            changed[1] = ("revision", "");
            changed[4] = ("days", "61");
            let answer = browser.press(&page, &page, &changed).await;
            assert!(answer.status == 422 && answer.text.contains("value=\"61\""), "{}", answer.text);
            let kept = drafts().await;
            assert!(kept.len() == 1 && kept[0].terms.contains("61"), "{kept:?}");
            sent(&administrator, DISCARD, json!({ "eventPartnerId": place, "purpose": purpose })).await;
        }
    }

    async fn a_remark_stands_on_the_page_and_a_draft_is_thrown_away_there(app: TestApp) {
        let Administered { sharing, place, seat, administrator, .. } = administered(&app).await;
        let mut browser = app.browser_of(&administrator).await;
        let page = format!("/partner/{seat}/-/offers/{place}/subsequent-editions");
        let form = |act, revision| [("do", act), ("revision", revision), ("field", "EMAIL"), ("days", "45"), ("text.en", "May we invite you again?")];
        browser.press(&page, &page, &form("ask", "")).await.leads_to(&format!("{page}?done=ask"));
        let offers = "{ partner { administration { place(eventPartnerId: \"PLACE\") { offers { id purpose } } } } }".replace("PLACE", &place);
        let offers = administrator.data(&offers, json!({})).await["partner"]["administration"]["place"]["offers"].clone();
        let offer = offers.as_array().expect("offers").iter().find(|offer| offer["purpose"] == "SUBSEQUENT_EDITIONS").expect("the offer");
        let reject = "mutation($input: RejectOfferInput!) { rejectOffer(input: $input) { userErrors { field message code } } }";
        let input = json!({ "offerId": offer["id"], "version": 1, "remark": "Say which <editions>." });
        sharing.staff.done("rejectOffer", reject, json!({ "input": input })).await;
        let rejected = browser.open(&page).await;
        assert!(rejected.contains("Rejected") && rejected.contains("<strong>Remark:</strong> Say which &#60;editions&#62;."), "{rejected}");
        assert!(rejected.contains("Times on the clock of Europe/Berlin") && !rejected.contains("value=\"discard\""), "{rejected}");

        browser.press(&page, &page, &form("save", "")).await.leads_to(&format!("{page}?done=save"));
        assert!(browser.open(&page).await.contains("Throw the draft away"));
        for _ in ["once", "twice"] {
            browser.press(&page, &page, &form("discard", "1")).await.leads_to(&format!("{page}?done=discard"));
            assert_eq!(offer_draft::Entity::find().all(app.store().admin()).await.expect("drafts"), []);
        }
        let gone = browser.open(&format!("{page}?done=discard")).await;
        assert!(gone.contains("Thrown away.") && !gone.contains("value=\"discard\""), "{gone}");
    }

    async fn an_administrator_does_all_of_it_on_pages(app: TestApp) {
        let Administered { sharing, place, seat, administrator, .. } = administered(&app).await;
        let mut browser = app.browser_of(&administrator).await;
        let base = format!("/partner/{seat}");
        let overview = browser.open(&base).await;
        assert!(overview.contains(&format!("{base}/-/offers")) && overview.contains(&format!("{base}/-/tokens")), "{overview}");
        let list = browser.open(&format!("{base}/-/offers")).await;
        assert!(list.contains("(Europe/Berlin)"), "{list}");
        let page = format!("{base}/-/offers/{place}/subsequent-editions");
        assert!(list.contains(&page) && list.contains("Approved"), "{list}");
        // Asking with nothing written says what is missing, and keeps what was typed.
        let refused = browser.press(&page, &page, &[("do", "ask"), ("field", "EMAIL"), ("days", "45"), ("key", "k1")]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("id=\"text.en-error\"") && refused.text.contains("value=\"45\""), "{}", refused.text);
        assert!(refused.text.contains("name=\"revision\" value=\"1\""), "the draft is kept: {}", refused.text);
        let saved = browser.press(&page, &page, &[("do", "save"), ("revision", "1"), ("field", "EMAIL"), ("days", "45"), ("text.en", "May we <b>invite</b> you again?"), ("key", "k2")]).await;
        assert_eq!((saved.status, saved.header("location")), (303, format!("{page}?done=save").as_str()), "{}", saved.text);
        let kept = browser.open(&page).await;
        assert!(kept.contains("May we &#60;b&#62;invite&#60;/b&#62; you again?") && kept.contains("name=\"revision\" value=\"2\""), "{kept}");
        let asked = browser.press(&page, &page, &[("do", "ask"), ("revision", "2"), ("field", "EMAIL"), ("days", "45"), ("text.en", "May we invite you again?"), ("key", "k3")]).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        let waits = browser.open(&page).await;
        assert!(waits.contains("Waits for a decision") && !waits.contains("value=\"ask\""), "{waits}");
        // Somebody else's page sent it: nothing is done.
        let forged = browser.post(&page, &[("do", "withdraw"), ("version", "1")]).await;
        assert_eq!(forged.status, 422);
        let back = browser.press(&page, &page, &[("do", "withdraw"), ("version", "1")]).await;
        assert_eq!(back.status, 303, "{}", back.text);
        assert!(browser.open(&page).await.contains("Withdrawn"));

        let tokens = format!("{base}/-/tokens");
        let new = format!("{tokens}/{place}");
        assert!(browser.open(&tokens).await.contains(&new));
        let nothing = browser.press(&new, &new, &[("name", "CRM"), ("key", "t1")]).await;
        assert!(nothing.status == 422 && nothing.text.contains("id=\"field-error\""), "{}", nothing.text);
        let form = [("name", "CRM"), ("purpose", "EVENT_FOLLOW_UP"), ("field", "EMAIL"), ("key", "t2")];
        let issued = browser.press(&new, &new, &form).await;
        assert_eq!(issued.status, 200);
        let secret = issued.text.split("<code>").nth(1).and_then(|rest| rest.split("</code>").next()).expect("a secret").to_owned();
        assert_eq!(issued.header("cache-control"), "no-store");
        let never = "<dt>Last used</dt><dd>Never</dd>";
        let unused = browser.open(&tokens).await;
        assert!(unused.contains(never) && unused.contains("Times on the clock of UTC"), "{unused}");
        assert!(app.partner(&secret).data("{ partner { token { name } } }", json!({})).await["partner"]["token"]["name"] == "CRM");
        let again = browser.press(&new, &new, &form).await;
        assert_eq!((again.status, again.header("location")), (303, format!("{tokens}?done=issued").as_str()));
        let listed = browser.open(&tokens).await;
        assert!(listed.contains("CRM") && !listed.contains(&secret), "{listed}");
        let used = listed.split("<dt>Last used</dt><dd>").nth(1).and_then(|rest| rest.split('<').next()).expect("when").to_owned();
        assert!(used.contains(':') && !listed.contains(never), "{listed}");
        let id = listed.split("name=\"revoke\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a button").to_owned();
        assert_eq!(browser.press(&tokens, &tokens, &[("revoke", &id)]).await.status, 303);
        let revoked = browser.open(&tokens).await;
        assert!(revoked.contains("Revoked") && revoked.contains(&format!("<dt>Last used</dt><dd>{used}</dd>")), "{revoked}");

        // The organizer says who administers, on its page.
        let mut staff = app.browser_of(&sharing.staff).await;
        let company = sharing.company_of(&place).await;
        let page = format!("/manage/acme/-/partners/{company}/staff");
        assert!(staff.open(&page).await.contains("value=\"READER\""));
        let changed = staff.press(&page, &page, &[("change", &seat), ("role", "READER")]).await;
        assert_eq!(changed.header("location"), format!("{page}?done=changed"), "{}", changed.text);
        assert_eq!(browser.get(&format!("{base}/-/offers")).await.status, 404);
        assert!(!browser.open(&base).await.contains("/-/offers"));
        let invited = staff.press(&page, &page, &[("email", "new@globex.example"), ("role", "ADMINISTRATOR"), ("key", "i1")]).await;
        assert_eq!(invited.header("location"), format!("{page}?done=invited"), "{}", invited.text);
        let roles = partner_token::Entity::find().filter(partner_token::Column::AccountId.is_not_null())
            .order_by_asc(partner_token::Column::Id).all(app.store().admin()).await.expect("seats");
        let roles: Vec<&str> = roles.iter().map(|row| row.member_role.expect("a role").as_str()).collect();
        assert_eq!(roles, ["READER", "ADMINISTRATOR"]);
    }
}
