//! `register`: orders with everything in them, or nothing.

use consentry_domain::{DocumentKind, QuestionKind, Visibility};
use consentry_tests::{Client, on_both_databases};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

/// The codes and fields of user errors, for short assertions.
fn short(errors: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = |error: &Value| {
        let parts = error["field"].as_array().cloned().unwrap_or_default();
        parts.iter().map(text).collect::<Vec<_>>().join(".")
    };
    let errors = errors.as_array().expect("errors").iter();
    errors.map(|error| (path(error), text(&error["code"]))).collect()
}

/// As [`short`] answers.
fn expected<const N: usize>(errors: [(&str, &str); N]) -> Vec<(String, String)> {
    errors.map(|(field, code)| (field.to_owned(), code.to_owned())).into()
}

on_both_databases! {
    async fn a_free_order_is_paid_and_its_places_are_confirmed_at_once(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let quota = app.db_quota(&event, 10, &[visitor]).await;
        let payload = app.anonymous().register(&event, "1", &[(visitor, "ada@example.org"), (visitor, "bob@example.org")]).await;
        assert_json_snapshot!("free", payload, {
            ".secret" => "[secret]", ".order.id" => "[id]", ".order.code" => "[code]",
        });
        assert_eq!(app.db_available(&event, quota).await, 8);
        let document = "query($code: String!, $secret: String!, $organization: String!) {
            order(organization: $organization, code: $code, secret: $secret) { code places { fullName } } }";
        let code = &payload["order"]["code"];
        let of = |organization: &str, code: &Value, secret: &Value|
            json!({ "organization": organization, "code": code, "secret": secret });
        let data = app.anonymous().data(document, of("acme", code, &payload["secret"])).await;
        assert_eq!(data["order"]["places"], json!([{ "fullName": "Attendee 0" }, { "fullName": "Attendee 1" }]));
        let other = app.db_organization("other").await.slug;
        let mut answers = Vec::new();
        for (organization, code, secret) in [
            (other.as_str(), code, &payload["secret"]),
            ("acme", &json!("ABCDEFGH"), &payload["secret"]),
            ("acme", code, &json!("nonsense")),
        ] {
            answers.push(app.anonymous().send(document, of(organization, code, secret)).await.to_string());
        }
        assert!(answers.iter().all(|answer| answer == r#"{"data":{"order":null}}"#), "{answers:?}");
    }

    async fn a_paid_order_waits_and_says_what_is_due(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let regular = app.db_ticket_type(&event, "Regular", |row| row.price_minor = 4900).await;
        let dinner = app.db_ticket_type(&event, "Dinner", |row| {
            row.price_minor = 2000;
            row.price_includes_tax = false;
            row.visibility = Visibility::Hidden;
        }).await;
        let quota = app.db_quota(&event, 10, &[regular, dinner]).await;
        let mut input = Client::register_input(&event, "1", &[(regular, "ada@example.org"), (regular, "bob@example.org"), (dinner, "bob@example.org")]);
        input["buyer"]["billing"] = json!({ "company": "Acme GmbH", "vatId": "DE123456789", "purchaseOrderNumber": "PO 7",
            "invoiceEmail": "bills@acme.example", "address": { "street": "Street 1", "postalCode": "10115", "city": "Berlin", "country": "de" } });
        let payload = app.anonymous().done("register", consentry_tests::app::REGISTER, json!({ "input": input })).await;
        assert_json_snapshot!("paid", payload, {
            ".secret" => "[secret]", ".order.id" => "[id]", ".order.code" => "[code]", ".order.expiresAt" => "[time]",
        });
        assert_eq!(app.db_available(&event, quota).await, 7);
        let mails = app.db_mails().await.into_iter().map(|mail| (mail.kind, mail.to));
        let buyer = ("PAYMENT_INSTRUCTIONS".to_owned(), "ada@example.org".to_owned());
        assert_eq!(mails.collect::<Vec<_>>(), [buyer], "nobody but the buyer is written to before it is paid");
    }

    async fn the_same_request_again_has_the_same_answer_and_makes_nothing(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.db_quota(&event, 1, &[visitor]).await;
        let input = Client::register_input(&event, "key", &[(visitor, "ada@example.org")]);
        let document = consentry_tests::app::REGISTER;
        let first = app.anonymous().done("register", document, json!({ "input": input })).await;
        let before = app.db_written().await;
        let again = app.anonymous().done("register", document, json!({ "input": input })).await;
        assert_eq!((first, before.clone()), (again, app.db_written().await), "although it is sold out by now");

        let mut other = input.clone();
        other["attendees"][0]["company"] = json!("Acme");
        let errors = app.anonymous().refused(other).await;
        assert_eq!(short(&errors), expected([("idempotencyKey", "IDEMPOTENCY_MISMATCH")]));
        let mut empty = input;
        empty["idempotencyKey"] = json!(" ");
        let errors = app.anonymous().refused(empty).await;
        assert_eq!(short(&errors), expected([("attendees.0.ticketTypeId", "SOLD_OUT")]));
        assert_eq!(before, app.db_written().await);
    }

    async fn the_same_address_again_makes_a_new_order_and_only_the_mail_mentions_the_earlier_one(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let first = app.anonymous().register(&event, "1", &[(visitor, "ada@example.org")]).await;
        let second = app.anonymous().register(&event, "2", &[(visitor, "ADA@example.org")]).await;
        assert_ne!(first["order"]["code"], second["order"]["code"]);
        let mails = app.db_mails().await;
        let earlier: Vec<_> = mails.iter().map(|mail| mail.data["earlier_order"].clone()).collect();
        assert_eq!(earlier, [Value::Null, first["order"]["code"].clone()]);
    }

    async fn everything_that_is_wrong_is_told_at_once_and_nothing_is_left_behind(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |row| row.asks_date_of_birth = true).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let other = app.db_event(&organization, "other", |_| {}).await;
        let foreign = app.db_ticket_type(&other, "Visitor", |_| {}).await;
        let before = app.db_written().await;
        let mut input = Client::register_input(&event, "1", &[(visitor, "ada@example.org"), (foreign, "nobody"), (visitor, "c@example.org")]);
        input["locale"] = json!("klingon!");
        input["buyer"] = json!({ "fullName": "a\u{0}b", "email": "", "billing": { "address": { "street": "", "city": "x", "country": "ZZ" } } });
        input["attendees"][0] = json!({ "ticketTypeId": "nonsense", "fullName": "x".repeat(201), "email": "ada@example.org",
            "phone": "call me", "country": "Germany", "socialProfile": "javascript:alert(1)", "company": "a\nb",
            "postalAddress": { "street": "Street 1", "city": "", "country": "DE" }, "dateOfBirth": "2023-02-29" });
        input["attendees"][2]["dateOfBirth"] = json!("1066-10-14");
        let errors = app.anonymous().refused(input).await;
        assert_json_snapshot!("everything_wrong", errors);
        assert_eq!(before, app.db_written().await);

        let mut nobody = Client::register_input(&event, "1", &[(visitor, "ada@example.org")]);
        nobody["attendees"] = json!([]);
        assert_eq!(short(&app.anonymous().refused(nobody.clone()).await), expected([("attendees", "REQUIRED")]));
        nobody["eventId"] = json!(other.public(foreign));
        assert_eq!(short(&app.anonymous().refused(nobody).await), expected([("eventId", "NOT_FOUND")]));
        assert_eq!(before, app.db_written().await);
    }

    async fn what_is_not_sold_now_is_not_sold(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let now = app.store().now().await.expect("a time");
        let early = app.db_ticket_type(&event, "Early", |row| row.available_from = Some(now.plus_days(1).0)).await;
        let late = app.db_ticket_type(&event, "Late", |row| row.available_until = Some(now.0)).await;
        let gone = app.db_ticket_type(&event, "Gone", |row| row.archived_at = Some(now.0)).await;
        let sold_out = app.db_ticket_type(&event, "Sold out", |_| {}).await;
        app.db_quota(&event, 0, &[sold_out]).await;
        let pair = app.db_ticket_type(&event, "Pair", |row| { row.min_per_order = 2; row.max_per_order = 2; }).await;
        let few = app.db_ticket_type(&event, "Few", |_| {}).await;
        app.db_quota(&event, 2, &[few]).await;
        let closed = app.db_event(&organization, "closed", |row| row.status = consentry_domain::EventStatus::Closed).await;
        let closed_ticket = app.db_ticket_type(&closed, "Visitor", |_| {}).await;
        let draft = app.db_event(&organization, "draft", |row| row.status = consentry_domain::EventStatus::Draft).await;
        let draft_ticket = app.db_ticket_type(&draft, "Visitor", |_| {}).await;
        let over = app.db_event(&organization, "over", |row| { row.starts_at = now.plus_days(-3).0; row.ends_at = now.0; }).await;
        let over_ticket = app.db_ticket_type(&over, "Visitor", |_| {}).await;
        let before = app.db_written().await;
        let first = "attendees.0.ticketTypeId";
        for (event, ticket_type, count, expected) in [
            (&event, early, 1, (first, "NOT_ON_SALE")),
            (&event, late, 1, (first, "NOT_ON_SALE")),
            (&event, gone, 1, (first, "NOT_FOUND")),
            (&event, sold_out, 1, (first, "SOLD_OUT")),
            (&event, pair, 1, (first, "LIMIT_EXCEEDED")),
            (&event, pair, 3, (first, "LIMIT_EXCEEDED")),
            (&event, few, 3, (first, "SOLD_OUT")),
            (&event, few, 101, ("attendees", "LIMIT_EXCEEDED")),
            (&closed, closed_ticket, 1, (first, "NOT_ON_SALE")),
            (&draft, draft_ticket, 1, ("eventId", "NOT_FOUND")),
            (&over, over_ticket, 1, (first, "NOT_ON_SALE")),
        ] {
            let attendees = vec![(ticket_type, "ada@example.org"); count];
            let errors = app.anonymous().refused(Client::register_input(event, "1", &attendees)).await;
            let (field, code) = expected;
            assert_eq!(short(&errors)[0], (field.to_owned(), code.to_owned()), "{errors:#}");
        }
        assert_eq!(before, app.db_written().await);
    }

    async fn answers_go_to_questions_of_the_ticket_type_in_their_form(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let speaker = app.db_ticket_type(&event, "Speaker", |_| {}).await;
        let kinds = [
            (QuestionKind::Text, "a word", "x\u{202e}y"), (QuestionKind::LongText, "two\nlines", "\u{7}"),
            (QuestionKind::Number, "-0.50", "1e9"), (QuestionKind::YesNo, "true", "yes"),
            (QuestionKind::Date, "2027-02-28", "2027-02-30"), (QuestionKind::Country, "de", "Germany"),
            (QuestionKind::Phone, "+49 30 123456", "call me"), (QuestionKind::Url, "https://example.org/x", "ftp://example.org"),
        ];
        let mut questions = Vec::new();
        for (kind, right, wrong) in kinds {
            questions.push((app.db_question(&event, kind, &[visitor], |_| {}).await, right, wrong));
        }
        let meal = app.db_question(&event, QuestionKind::Choice, &[], |row| row.required = true).await;
        let vegan = app.db_choice(&event, meal, "Vegan").await;
        let other = app.db_choice(&event, meal, "Other").await;
        let days = app.db_question(&event, QuestionKind::MultipleChoice, &[visitor], |_| {}).await;
        let (first, second) = (app.db_choice(&event, days, "First").await, app.db_choice(&event, days, "Second").await);
        let talk = app.db_question(&event, QuestionKind::Text, &[speaker], |_| {}).await;
        let before = app.db_written().await;

        let answer = |question, value: &str| json!({ "questionId": event.public(question), "value": value });
        let choice = |question, choices: &[consentry_domain::ChoiceId]| json!({ "questionId": event.public(question),
            "choiceIds": choices.iter().map(|id| event.public(*id)).collect::<Vec<_>>() });
        let mut input = Client::register_input(&event, "1", &[(visitor, "ada@example.org"), (speaker, "bob@example.org")]);
        let mut wrong: Vec<Value> = questions.iter().map(|(id, _, wrong)| answer(*id, wrong)).collect();
        wrong.extend([answer(talk, "not asked"), answer(meal, "Vegan"), choice(days, &[vegan]), answer(questions[0].0, "again"), choice(questions[1].0, &[vegan])]);
        input["attendees"][0]["answers"] = json!(wrong);
        input["attendees"][1]["answers"] = json!([choice(meal, &[vegan, other])]);
        let errors = short(&app.anonymous().refused(input.clone()).await);
        let at = |index: usize, field: &str, code: &str| (format!("attendees.0.answers.{index}.{field}"), code.to_owned());
        let mut all: Vec<_> = (0..8).map(|index| at(index, "value", "INVALID")).collect();
        all.extend([at(8, "questionId", "NOT_FOUND"), at(9, "value", "INVALID"), at(10, "choiceIds", "NOT_FOUND")]);
        // The first answers were wrong, so these are not second ones.
        all.push(at(12, "choiceIds", "INVALID"));
        all.push(("attendees.1.answers.0.choiceIds".into(), "INVALID".into()));
        assert_eq!(errors, all);
        input["attendees"][0]["answers"] = json!([answer(questions[0].0, " ")]);
        input["attendees"][1]["answers"] = json!([choice(meal, &[])]);
        let required = expected([("attendees.0.answers", "REQUIRED"), ("attendees.1.answers", "REQUIRED")]);
        assert_eq!(short(&app.anonymous().refused(input.clone()).await), required);
        assert_eq!(before, app.db_written().await);

        let mut right: Vec<Value> = questions.iter().map(|(id, right, _)| answer(*id, right)).collect();
        right.extend([choice(meal, &[vegan]), choice(days, &[second, first])]);
        input["attendees"][0]["answers"] = json!(right);
        input["attendees"][1]["answers"] = json!([choice(meal, &[other]), answer(talk, "About rust")]);
        app.anonymous().done("register", consentry_tests::app::REGISTER, json!({ "input": input })).await;
        let mut kept = app.db_answers().await;
        kept.sort();
        let mut stored: Vec<String> = ["a word", "two\nlines", "-0.5", "true", "2027-02-28", "DE", "+49 30 123456", "https://example.org/x", "About rust"]
            .iter().map(|text| json!([text]).to_string()).collect();
        stored.extend([json!([vegan.to_string()]).to_string(), json!([other.to_string()]).to_string(),
            json!([first.to_string(), second.to_string()]).to_string()]);
        stored.sort();
        assert_eq!(kept, stored);
    }

    async fn every_required_document_is_acknowledged_in_the_version_in_force(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let old = app.db_document(&event, DocumentKind::Terms, |row| row.superseded_at = Some(1)).await;
        let terms = app.db_document(&event, DocumentKind::Terms, |row| row.version = 2).await;
        let conduct = app.db_document(&event, DocumentKind::CodeOfConduct, |row| row.required = false).await;
        let before = app.db_written().await;
        let mut input = Client::register_input(&event, "1", &[(visitor, "ada@example.org")]);
        input["attendees"][0]["acknowledgedDocumentIds"] = json!([event.public(old), event.public(visitor)]);
        let path = "attendees.0.acknowledgedDocumentIds";
        let (zero, one) = (format!("{path}.0"), format!("{path}.1"));
        let errors = short(&app.anonymous().refused(input.clone()).await);
        assert_eq!(errors, expected([(&zero, "NOT_FOUND"), (&one, "NOT_FOUND"), (path, "REQUIRED")]));
        assert_eq!(before, app.db_written().await);
        input["attendees"][0]["acknowledgedDocumentIds"] = json!([event.public(terms), event.public(conduct), event.public(terms)]);
        app.anonymous().done("register", consentry_tests::app::REGISTER, json!({ "input": input })).await;
        let written = app.db_written().await;
        assert!(written.contains(&("acknowledgement".into(), 2)), "{written:?}");
    }

    async fn who_is_too_young_does_not_come_and_a_parent_is_asked_where_the_event_demands_it(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let now = app.store().now().await.expect("a time");
        let (year, ..) = now.day().ymd();
        let born = |age: i32| format!("{}-01-01", year - age);
        let plain = app.db_event(&organization, "plain", |_| {}).await;
        let adults = app.db_event(&organization, "adults", |row| row.minimum_age = Some(18)).await;
        let teens = app.db_event(&organization, "teens", |row| { row.minimum_age = Some(14); row.requires_parental_permission = true; }).await;
        let mut tickets = std::collections::HashMap::new();
        for event in [&plain, &adults, &teens] {
            tickets.insert(event.slug.clone(), app.db_ticket_type(event, "Visitor", |_| {}).await);
        }
        let input = |event: &consentry_tests::app::DbEvent, more: Value| {
            let mut input = Client::register_input(event, &more.to_string(), &[(tickets[&event.slug], "ada@example.org")]);
            for (field, value) in more.as_object().expect("fields") {
                input["attendees"][0][field] = value.clone();
            }
            input
        };
        let before = app.db_written().await;
        let (birth, age, guardian) = ("attendees.0.dateOfBirth", "attendees.0.ofAge", "attendees.0.guardian");
        let own_address = "attendees.0.guardian.email";
        for (event, more, problem) in [
            (&plain, json!({ "dateOfBirth": born(30) }), (birth, "INVALID")),
            (&adults, json!({}), (birth, "REQUIRED")),
            (&adults, json!({ "ofAge": true }), (birth, "REQUIRED")),
            (&adults, json!({ "dateOfBirth": born(16) }), (birth, "TOO_YOUNG")),
            (&adults, json!({ "dateOfBirth": "2999-01-01" }), (birth, "INVALID")),
            (&adults, json!({ "dateOfBirth": born(130) }), (birth, "INVALID")),
            (&adults, json!({ "dateOfBirth": "yesterday" }), (birth, "INVALID")),
            (&teens, json!({ "dateOfBirth": born(12) }), (birth, "TOO_YOUNG")),
            (&teens, json!({}), (birth, "REQUIRED")),
            (&teens, json!({ "dateOfBirth": born(15), "ofAge": true }), (guardian, "REQUIRED")),
            (&teens, json!({ "dateOfBirth": born(15), "guardian": { "fullName": "P", "email": "ADA@example.org" } }), (own_address, "INVALID")),
        ] {
            let errors = app.anonymous().refused(input(event, more)).await;
            assert_eq!(short(&errors), expected([problem]), "{errors:#}");
        }
        assert_eq!(before, app.db_written().await);
        let unknown = app.db_event(&organization, "unknown", |row| row.requires_parental_permission = true).await;
        tickets.insert(unknown.slug.clone(), app.db_ticket_type(&unknown, "Visitor", |_| {}).await);
        let refused = |more| {
            let mut input = Client::register_input(&unknown, "u", &[(tickets["unknown"], "ada@example.org")]);
            input["attendees"][0]["ofAge"] = more;
            input
        };
        assert_eq!(short(&app.anonymous().refused(refused(Value::Null)).await), expected([(age, "REQUIRED")]));
        assert_eq!(short(&app.anonymous().refused(refused(json!(false))).await), expected([(guardian, "REQUIRED")]));

        let parent = json!({ "fullName": "Parent", "email": "parent@example.org" });
        for (event, more, status, mails) in [
            (&adults, json!({ "dateOfBirth": born(30) }), "CONFIRMED", vec!["CONFIRMATION"]),
            (&teens, json!({ "ofAge": true, "guardian": parent }), "CONFIRMED", vec!["CONFIRMATION"]),
            (&teens, json!({ "dateOfBirth": born(15), "guardian": parent }), "PENDING", vec!["CONFIRMATION", "GUARDIAN_REQUEST"]),
        ] {
            let known = app.db_mails().await.len();
            let mut input = Client::register_input(event, &more.to_string(), &[(tickets_of(&app, event).await, "ada@example.org")]);
            for (field, value) in more.as_object().expect("fields") {
                input["attendees"][0][field] = value.clone();
            }
            let payload = app.anonymous().done("register", consentry_tests::app::REGISTER, json!({ "input": input })).await;
            assert_eq!(payload["order"]["places"][0]["status"], status);
            let new: Vec<String> = app.db_mails().await[known..].iter().map(|mail| mail.kind.clone()).collect();
            assert_eq!(new, mails);
        }
        let written = app.db_written().await;
        assert!(written.contains(&("guardian_request".into(), 1)), "nothing is kept of a parent who is not asked: {written:?}");
    }

    async fn only_the_buyers_own_place_is_the_buyers(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        let before = app.db_written().await;
        let mut input = Client::register_input(&event, "1", &[(visitor, "ada@example.org"), (visitor, "bob@example.org")]);
        input["buyer"]["email"] = json!("eve@example.org");
        input["attendees"][1]["isBuyer"] = json!(true);
        let errors = short(&app.anonymous().refused(input).await);
        assert_eq!(errors, expected([("attendees.0.email", "INVALID"), ("attendees.1.isBuyer", "INVALID")]));
        assert_eq!(before, app.db_written().await);
    }

    async fn others_are_asked_by_mail_and_the_buyers_mail_shows_only_the_buyers_own_code(app: TestApp) {
        let organization = app.db_organization("acme").await;
        let event = app.db_event(&organization, "rustdays", |_| {}).await;
        let visitor = app.db_ticket_type(&event, "Visitor", |_| {}).await;
        app.anonymous().register(&event, "1", &[(visitor, "ada@example.org"), (visitor, "bob@example.org"), (visitor, "cy@example.org")]).await;
        let mails = app.db_mails().await;
        let who: Vec<_> = mails.iter().map(|mail| (mail.kind.as_str(), mail.to.as_str())).collect();
        assert_eq!(who, [("CONFIRMATION", "ada@example.org"), ("DECIDE_FOR_YOURSELF", "bob@example.org"), ("DECIDE_FOR_YOURSELF", "cy@example.org")]);
        let codes: Vec<bool> = mails[0].data["places"].as_array().expect("places").iter().map(|place| place["check_in_code"].is_string()).collect();
        assert_eq!(codes, [true, false, false]);
        assert!(mails[1].data["place"]["check_in_code"].is_string());
        assert!(mails[0].data["confirm"].is_object());
    }
}

/// The only ticket type of an event.
async fn tickets_of(
    app: &consentry_tests::TestApp,
    event: &consentry_tests::app::DbEvent,
) -> consentry_domain::TicketTypeId {
    use consentry_entity::ticket_type;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    let found = ticket_type::Entity::find()
        .filter(ticket_type::Column::EventId.eq(event.id))
        .one(app.store().read())
        .await;
    found.expect("an answer").expect("a ticket type").id
}
