//! An event like an earlier one: everything that was set up, with a new identity and so many days later; nobody's data.

use consentry::platform::store::sql;
use consentry_domain::{AttendeeField, DocumentKind, EventKind, EventPartnerId, Field, FieldMask, QuestionKind, Role};
use consentry_entity::{
    event, event_partner, event_session, legal_document, offer_version, question, question_choice, quota,
    quota_ticket_type, sharing_offer, ticket_type,
};
use consentry_tests::app::{Browser, DbEvent, Sharing, text};
use consentry_tests::{Client, TestApp, on_both_databases};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

const COPY: &str = "mutation($input: CopyEventInput!) { copyEvent(input: $input) { event { id publishCheck { code }
    event { slug status title startsAt endsAt timeZone } } userErrors { field code message } } }";

/// Every row of a table that belongs to an event, in the order in which they were made.
macro_rules! rows {
    ($app:expr, $entity:ident, $event:expr) => {
        $entity::Entity::find()
            .filter($entity::Column::EventId.eq($event))
            .order_by_asc($entity::Column::Id)
            .all($app.store().read())
            .await
            .expect("rows")
    };
}

async fn copied(client: &Client, input: Value) -> Value {
    client.data(COPY, json!({ "input": input })).await["copyEvent"].clone()
}

fn input(event: &DbEvent, more: Value) -> Value {
    let mut input = json!({ "idempotencyKey": "copy", "eventId": event.public_id(), "slug": "rustdays-2028", "startsLocal": "2028-03-06T09:00" });
    for (name, value) in more.as_object().expect("fields") {
        input[name] = value.clone();
    }
    input
}

fn refusals(payload: &Value) -> Vec<(String, String)> {
    assert_eq!(payload["event"], Value::Null, "{payload:#}");
    let errors = payload["userErrors"].as_array().expect("errors").iter();
    let word = |value: &Value| value.as_str().expect("a word").to_owned();
    errors
        .map(|error| {
            (
                error["field"][0].as_str().unwrap_or_default().to_owned(),
                word(&error["code"]),
            )
        })
        .collect()
}

/// An instant, in microseconds.
fn at(instant: &str) -> i64 {
    instant.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

/// Three days in March 2027, from Monday nine o'clock in Berlin.
fn in_march(row: &mut event::Model) {
    row.starts_local = "2027-03-01T09:00:00".into();
    row.ends_local = "2027-03-03T17:00:00".into();
    (row.starts_at, row.ends_at) = (at("2027-03-01T08:00:00Z"), at("2027-03-03T16:00:00Z"));
}

/// The row of the copy.
async fn row_of(app: &TestApp, slug: &str) -> event::Model {
    let found = event::Entity::find()
        .filter(event::Column::Slug.eq(slug))
        .one(app.store().read());
    found.await.expect("an answer").expect("the copy")
}

on_both_databases! {
    async fn a_copy_is_a_draft_with_the_same_parts_under_new_names_so_many_days_later(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_execute("update event set starts_local = '2027-03-01T09:00:00', ends_local = '2027-03-03T17:00:00', starts_at = 1803888000000000,
            ends_at = 1804089600000000, minimum_age = 14, consent_age = 15, answers_editable_until = 1803283200000000").await;
        let event = &sharing.event;
        assert_eq!((at("2027-03-01T08:00:00Z"), at("2027-03-03T16:00:00Z")), (1_803_888_000_000_000, 1_804_089_600_000_000));
        // Sold until the night before, in winter; the copy is sold until a night in summer.
        let evening = app.db_ticket_type(event, "Evening", |row| {
            row.price_minor = 4_900;
            row.available_until = Some(at("2027-02-28T22:59:00Z"));
        }).await;
        let gone = app.db_ticket_type(event, "Gone", |row| row.archived_at = Some(1)).await;
        app.db_quota(event, 50, &[evening, gone]).await;
        app.db_execute("update quota set available = 3, revision = 7").await;
        app.db_document(event, DocumentKind::Terms, |row| { row.version = 2; row.superseded_at = Some(1); }).await;
        app.db_document(event, DocumentKind::Terms, |row| row.version = 3).await;
        app.db_talk(event, "A keynote", 0).await;
        app.db_talk(event, "A talk", 1).await;
        app.db_execute("update event_session set starts_at = 1803895200000000, ends_at = 1803898800000000").await;

        app.db_question(event, QuestionKind::Text, &[], |_| {}).await;
        let chosen = app.db_question(event, QuestionKind::Choice, &[evening, gone], |row| { row.shareable = true; row.position = 2; }).await;
        app.db_choice(event, chosen, "Tea").await;
        app.db_choice(event, chosen, "Coffee").await;
        app.db_execute("update question_choice set archived_at = 1 where label like '%Coffee%'").await;
        // Only buyers of what is sold no more were asked; the copy must not ask everybody.
        app.db_question(event, QuestionKind::Number, &[gone], |_| {}).await;
        app.db_question(event, QuestionKind::Date, &[], |row| row.archived_at = Some(1)).await;

        let globex = sharing.event_partner("Globex", "EXHIBITOR").await;
        let asked = sharing.requested(&globex, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL"), json!({ "questionId": event.public(chosen) })])).await;
        sharing.approve(&asked, 1, "SUBSTANTIAL").await;
        let waiting = sharing.requested(&globex, "RELATED_EVENTS", Sharing::terms(&[json!("FULL_NAME")])).await;
        let taken_back = sharing.requested(&globex, "PRODUCT_INFORMATION", Sharing::terms(&[json!("PHONE")])).await;
        sharing.withdraw(&taken_back, 1).await;
        let quiet = sharing.event_partner("Quiet", "CO_SPONSOR").await;
        let unheard = sharing.requested(&quiet, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL")])).await;
        app.db_execute("update partner set active = false where display_name = 'Quiet'").await;
        let ada = app.db_attendee(&sharing, "ada@example.org", |_| {}).await;
        ada.grant(&app, &asked, 1, &["EMAIL"]).await;
        let (before, source) = (app.db_written().await, app.db_event_row(event).await);

        let made = copied(&sharing.staff, input(event, json!({}))).await;
        assert_eq!(made["userErrors"], json!([]), "{made:#}");
        assert_eq!(made["event"]["event"], json!({ "slug": "rustdays-2028", "status": "DRAFT", "title": "A conference", "timeZone": "Europe/Berlin",
            "startsAt": "2028-03-06T08:00:00Z", "endsAt": "2028-03-08T16:00:00Z" }));
        let copy = row_of(&app, "rustdays-2028").await;
        assert_eq!((copy.starts_local.as_str(), copy.ends_local.as_str()), ("2028-03-06T09:00:00", "2028-03-08T17:00:00"));
        assert_eq!((copy.minimum_age, copy.consent_age, copy.published_at, copy.revision), (Some(14), 15, None, 1));
        assert_eq!(copy.answers_editable_until, Some(at("2028-02-28T08:00:00Z")));
        assert_eq!(app.db_event_row(event).await, source, "the earlier one stays as it is");

        let tickets = rows!(app, ticket_type, copy.id);
        assert_eq!(tickets.iter().map(|row| (row.name.clone(), row.price_minor, row.revision)).collect::<Vec<_>>(), [(text("Regular"), 0, 1), (text("Evening"), 4_900, 1)]);
        assert_eq!(tickets[1].available_until, Some(at("2028-03-05T22:59:00Z")));
        let quotas = rows!(app, quota, copy.id);
        assert_eq!(quotas.iter().map(|row| (row.size, row.available, row.revision)).collect::<Vec<_>>(), [(50, 50, 1)]);
        let links = quota_ticket_type::Entity::find().filter(quota_ticket_type::Column::QuotaId.eq(quotas[0].id)).all(app.store().read()).await.expect("links");
        assert_eq!(links.iter().map(|row| row.ticket_type_id).collect::<Vec<_>>(), [tickets[1].id]);
        let documents = rows!(app, legal_document, copy.id);
        assert_eq!(documents.iter().map(|row| (row.version, row.superseded_at)).collect::<Vec<_>>(), [(1, None)]);
        let talks = rows!(app, event_session, copy.id);
        assert!(talks.iter().all(|row| row.starts_at == at("2028-03-06T10:00:00Z") && row.ends_at == at("2028-03-06T11:00:00Z")) && talks.len() == 2, "{talks:#?}");

        let questions = rows!(app, question, copy.id);
        assert_eq!(questions.iter().map(|row| row.kind).collect::<Vec<_>>(), [QuestionKind::Text, QuestionKind::Choice]);
        let choices = question_choice::Entity::find().filter(question_choice::Column::QuestionId.eq(questions[1].id)).all(app.store().read()).await.expect("choices");
        assert_eq!(choices.iter().map(|row| row.label.clone()).collect::<Vec<_>>(), [text("Tea")]);
        let partners = rows!(app, event_partner, copy.id);
        assert_eq!(partners.len(), 1, "who is not active does not come along");
        let offers = rows!(app, sharing_offer, copy.id);
        assert_eq!(offers.iter().map(|row| (row.event_partner_id, row.purpose.as_str())).collect::<Vec<_>>(),
            [(partners[0].id, "EVENT_FOLLOW_UP"), (partners[0].id, "RELATED_EVENTS")], "{waiting:?} {unheard:?}");
        for offer in &offers {
            let versions = offer_version::Entity::find().filter(offer_version::Column::OfferId.eq(offer.id)).all(app.store().read()).await.expect("versions");
            assert!(matches!(versions.as_slice(), [one] if one.version == 1 && one.state.as_str() == "REQUESTED" && one.covers_from.is_none() && one.decided_at.is_none()), "{versions:#?}");
        }
        assert!(questions[1].bit.is_some() && questions[0].bit.is_none(), "what a partner asks for again has its bit");

        // Nobody came along, and the copy can be approved and sold like any other.
        let after = app.db_written().await;
        for table in ["registration", "\"order\"", "order", "consent", "consent_record", "lead", "partner_token", "person", "mail"] {
            let count = |rows: &[(String, i64)]| rows.iter().find(|(name, _)| name == table).map(|(_, count)| *count);
            assert_eq!(count(&after), count(&before), "{table}");
        }
        let streams = sql::all(app.store().read(), "select version from stream where version is not null and event_id = $1", [copy.id.into()]);
        assert_eq!(streams.await.expect("streams").len(), 0, "nothing is shared of it");
        let log = "select detail from audit_entry where action = 'copyEvent'";
        let log = sql::all(app.store().read(), log, []).await.expect("a log");
        let detail: String = log[0].try_get("", "detail").expect("words");
        assert_eq!((log.len(), serde_json::from_str::<Value>(&detail).expect("JSON")), (1, json!({ "slug": "rustdays-2028", "from": "rustdays" })));

        // The same request made it already.
        assert_eq!(copied(&sharing.staff, input(event, json!({}))).await, made);
        assert_eq!(refusals(&copied(&sharing.staff, input(event, json!({ "slug": "other" }))).await), [("idempotencyKey".into(), "IDEMPOTENCY_MISMATCH".into())]);
    }

    async fn what_was_decided_about_the_earlier_event_stays_with_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let event = &sharing.event;
        app.db_execute("update event set starts_local = '2027-03-01T09:00:00', ends_local = '2027-03-03T17:00:00',
            starts_at = 1803888000000000, ends_at = 1804089600000000").await;
        let early = at("2027-01-11T08:00:00Z");
        app.db_ticket_type(event, "Early", |row| row.available_from = Some(early)).await;
        let globex = sharing.event_partner("Globex", "EXHIBITOR").await;
        let quiet = sharing.event_partner("Quiet", "CO_SPONSOR").await;
        let of = |public: &str| {
            let decoded = consentry::graphql::ids::decode::<EventPartnerId>(&async_graphql::ID(public.to_owned()));
            decoded.map(|(_, id)| id)
        };
        let dropped = app.db_question(event, QuestionKind::Text, &[], |row| row.shareable = true).await;
        app.db_question(event, QuestionKind::Number, &[], |row| row.event_partner_id = of(&globex)).await;
        app.db_question(event, QuestionKind::Date, &[], |row| row.event_partner_id = of(&quiet)).await;
        // One offer is in force and another version of it waits, without the question; the other one is in force for some days.
        let asked = sharing.requested(&globex, "EVENT_FOLLOW_UP", Sharing::terms(&[json!("EMAIL"), json!({ "questionId": event.public(dropped) })])).await;
        sharing.approve(&asked, 1, "SUBSTANTIAL").await;
        sharing.revise(&asked, Sharing::terms(&[json!("FULL_NAME")])).await;
        let days = sharing.requested(&globex, "RELATED_EVENTS", Sharing::terms(&[json!("EMAIL")])).await;
        sharing.approve(&days, 1, "SUBSTANTIAL").await;
        app.db_execute(&format!("update offer_version set editorial = true, remark = 'Fine.', starts_at = {early}, ends_at = {}", at("2027-03-10T08:00:00Z"))).await;
        app.db_execute("update event_partner set notice_url = 'https://globex.example/new'").await;
        app.db_execute("update partner set active = false where display_name = 'Quiet'").await;
        app.db_execute("update event set status = 'ARCHIVED', ended_at = 1804089600000000").await;

        // From winter into summer.
        let made = copied(&sharing.staff, input(event, json!({ "startsLocal": "2028-06-05T09:00" }))).await;
        assert_eq!((&made["userErrors"], &made["event"]["event"]["startsAt"]), (&json!([]), &json!("2028-06-05T07:00:00Z")), "{made:#}");
        let copy = row_of(&app, "rustdays-2028").await;
        assert_eq!((copy.status.as_str(), copy.published_at, copy.ended_at), ("DRAFT", None, None));
        let tickets = rows!(app, ticket_type, copy.id);
        let (early, late) = (at("2028-04-17T07:00:00Z"), at("2028-06-14T07:00:00Z"));
        assert_eq!(tickets.iter().map(|row| row.available_from).collect::<Vec<_>>(), [None, Some(early)]);
        let partners = rows!(app, event_partner, copy.id);
        let questions = rows!(app, question, copy.id);
        assert_eq!(questions.iter().map(|row| (row.kind, row.bit, row.event_partner_id)).collect::<Vec<_>>(),
            [(QuestionKind::Text, None, None), (QuestionKind::Number, None, Some(partners[0].id))], "what a partner asked who does not come is asked by nobody");
        let mut versions = Vec::new();
        for offer in rows!(app, sharing_offer, copy.id) {
            let of_offer = offer_version::Entity::find().filter(offer_version::Column::OfferId.eq(offer.id)).all(app.store().read());
            versions.extend(of_offer.await.expect("versions"));
        }
        let mask = |field| FieldMask::of(Field::Standard(field)).to_db();
        assert_eq!(versions.iter().map(|row| (row.version, row.state.as_str(), row.field_mask)).collect::<Vec<_>>(),
            [(1, "REQUESTED", mask(AttendeeField::FullName)), (1, "REQUESTED", mask(AttendeeField::Email))]);
        for row in &versions {
            assert_eq!((row.starts_at, row.ends_at, row.editorial), (Some(early), Some(late), false), "{row:?}");
            assert_eq!((row.decided_at, row.decided_by, row.remark.as_deref(), row.covers_from), (None, None, None, None), "{row:?}");
            assert_eq!(row.notice_url, "https://globex.example/new", "what the partner says now");
        }
    }

    async fn a_webinars_room_stays_where_it_was_and_a_copy_can_have_another_name_and_end(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "talk", |row| {
            in_march(row);
            row.kind = EventKind::Webinar;
            row.venue = None;
            row.join_url = Some("https://rooms.example/1".into());
        }).await;
        let wish = json!({ "title": [{ "locale": "en", "text": "The second talk" }], "endsLocal": "2028-03-06T10:30" });
        let made = copied(&staff, input(&event, wish)).await;
        let shown = &made["event"]["event"];
        assert_eq!((&shown["title"], &shown["endsAt"]), (&json!("The second talk"), &json!("2028-03-06T09:30:00Z")), "{made:#}");
        let missing: Vec<_> = made["event"]["publishCheck"].as_array().expect("a list").iter().map(|one| one["code"].clone()).collect();
        assert!(missing.contains(&json!("JOIN_URL")), "{missing:?}");
        assert_eq!(row_of(&app, "rustdays-2028").await.join_url, None);
    }

    async fn what_is_wrong_with_a_copy_is_said_of_its_field_and_nothing_is_made(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let event = app.db_event(&organization, "rustdays", in_march).await;
        app.db_talk(&event, "A talk", 1).await;
        let before = app.db_written().await;
        let one = |field: &str, code: &str| vec![(field.to_owned(), code.to_owned())];
        for (wish, expected) in [
            (json!({ "slug": "rustdays" }), one("slug", "TAKEN")),
            (json!({ "slug": "Not one" }), one("slug", "INVALID")),
            (json!({ "title": [] }), one("title", "REQUIRED")),
            (json!({ "startsLocal": "tomorrow" }), one("startsLocal", "INVALID")),
            // The clocks skip this hour.
            (json!({ "startsLocal": "2028-03-26T02:30" }), one("startsLocal", "INVALID")),
            (json!({ "startsLocal": "2028-03-06T18:00", "endsLocal": "2028-03-06T17:00" }), one("endsLocal", "INVALID")),
            (json!({ "startsLocal": "9999-12-30T09:00" }), one("endsLocal", "INVALID")),
            (json!({ "idempotencyKey": "" }), one("idempotencyKey", "REQUIRED")),
        ] {
            assert_eq!(refusals(&copied(&staff, input(&event, wish.clone())).await), expected, "{wish}");
        }
        assert_eq!(app.db_written().await, before);
        // A manager of this event alone can change it, and make none.
        let (account, manager) = app.db_account("manager@example.org").await;
        app.db_member(&organization, account, Role::Manager, Some(event.id)).await;
        assert_eq!(refusals(&copied(&manager, input(&event, json!({}))).await), one("eventId", "NOT_FOUND"));
        let mut browser = app.browser_of(&manager).await;
        let page = "/manage/acme/rustdays/setup/copy";
        assert!(!browser.open("/manage/acme/rustdays/setup/status").await.contains(page), "no link is dead");
        assert_eq!(browser.get(page).await.status, 404);
    }

    async fn its_page_proposes_the_next_year_and_leads_to_the_copy(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        app.db_event(&organization, "rustdays-2027", in_march).await;
        let mut browser = app.browser_of(&staff).await;
        let page = "/manage/acme/rustdays-2027/setup/copy";
        assert!(browser.open("/manage/acme/rustdays-2027/setup/status").await.contains(&format!("href=\"{page}\"")));
        let shown = browser.open(page).await;
        assert!(shown.contains("value=\"2028-02-28T09:00\"") && shown.contains("value=\"2028-03-01T17:00\""), "the same day of the week: {shown}");
        let form = |starts: &'static str| [("title.en", "A conference"), ("startsLocal", starts), ("endsLocal", "2028-03-01T17:00"), ("key", "one"), ("go", "save")];
        let forged = browser.post(page, &form("2028-02-28T09:00")).await;
        assert!(forged.status == 422 && forged.text.contains("press the button again"), "{}", forged.text);
        let wrong = browser.press(page, page, &form("2028-03-02T09:00")).await;
        assert!(wrong.status == 422 && wrong.text.contains("id=\"endsLocal-error\""), "{}", wrong.text);
        let untitled = browser.press(page, page, &form("2028-02-28T09:00")[1..]).await;
        assert!(untitled.status == 422 && untitled.text.contains("href=\"#title.en\""), "{}", untitled.text);
        for _ in 0..2 {
            browser.press(page, page, &form("2028-02-28T09:00")).await.leads_to("/manage/acme/rustdays-2028");
        }
        let mut renamed = form("2028-02-28T09:00");
        (renamed[0].1, renamed[3].1) = ("Spring days", "two");
        browser.press(page, page, &renamed).await.leads_to("/manage/acme/spring-days");
        renamed[3].1 = "three";
        browser.press(page, page, &renamed).await.leads_to("/manage/acme/spring-days-2");
        assert_eq!(event::Entity::find().all(app.store().read()).await.expect("events").len(), 4);
    }

    async fn its_page_proposes_a_day_to_come_and_keeps_the_languages_that_it_does_not_show(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let staff = app.db_staff(&organization, Role::Owner).await;
        let title = json!({ "en": "A conference", "fr": "Une conférence" });
        let now = app.store().now().await.expect("a time");
        let starts = consentry_domain::Instant(now.0 - now.0.rem_euclid(3_600_000_000)).plus_days(-800);
        let local = |at: consentry_domain::Instant| at.to_string().trim_end_matches('Z').to_owned();
        app.db_event(&organization, "rustdays", |row| {
            row.time_zone = "UTC".into();
            (row.starts_at, row.ends_at) = (starts.0, starts.plus_days(2).0);
            (row.starts_local, row.ends_local) = (local(starts), local(starts.plus_days(2)));
            row.title = title.to_string();
        }).await;
        let mut browser = app.browser_of(&staff).await;
        let page = "/manage/acme/rustdays/setup/copy";
        let shown = browser.open(page).await;
        // Twice 364 days later is in the past.
        let (first, last) = (local(starts.plus_days(1092)), local(starts.plus_days(1094)));
        assert!(shown.contains(&format!("value=\"{}\"", &first[..16])) && shown.contains(&format!("value=\"{}\"", &last[..16])), "{first} {last}: {shown}");
        let form = [("title.en", "A conference"), ("startsLocal", &first[..16]), ("endsLocal", &last[..16]), ("slug", "again"), ("key", "one"), ("go", "save")];
        browser.press(page, page, &form).await.leads_to("/manage/acme/again");
        let kept: Value = serde_json::from_str(&row_of(&app, "again").await.title).expect("a title");
        assert_eq!(kept, title);
    }

    async fn a_draft_is_seen_by_its_makers_as_attendees_will_see_it(app: TestApp) {
        let sharing = app.sharing("acme").await;
        app.db_talk(&sharing.event, "The keynote", 1).await;
        app.db_execute("update event set status = 'DRAFT'").await;
        let (public, preview) = ("/events/acme/rustdays", "/manage/acme/rustdays/preview");
        assert_eq!(app.browser().get(public).await.status, 404);
        let manage = "/manage/acme/rustdays";
        let links = async |browser: &mut Browser, path: &str| browser.open(manage).await.contains(&format!("href=\"{path}\""));
        let mut browser = app.browser_of(&sharing.staff).await;
        assert!(links(&mut browser, preview).await && !links(&mut browser, public).await, "no link is dead");
        let viewer = app.db_staff(&sharing.organization, Role::Viewer).await;
        let mut viewer = app.browser_of(&viewer).await;
        assert!(!links(&mut viewer, preview).await && !links(&mut viewer, public).await);
        let page = browser.open(preview).await;
        for part in ["A conference", "The keynote", "Regular", "<em>talks</em>", "Preview", "href=\"/manage/acme/rustdays\""] {
            assert!(page.contains(part), "{part}: {page}");
        }
        for part in ["/register\"", "calendar.ics", "rel=\"canonical\"", "application/ld+json"] {
            assert!(!page.contains(part), "{part} works for nobody yet: {page}");
        }
        app.db_execute("update event set status = 'PUBLISHED'").await;
        assert!(app.browser().open(public).await.contains("/register\""));
        assert!(!browser.open(preview).await.contains("/register\""));
        assert!(links(&mut browser, public).await && links(&mut viewer, public).await);
        app.db_execute("update event set status = 'ARCHIVED'").await;
        assert!(!links(&mut browser, public).await);
    }
}
