//! What is wrong is refused with a code and a message at the field that is wrong, and leaves nothing half-written.

mod cases;

use cases::cases;
use consentry::platform::store::sql;
use consentry_domain::{Instant, QuestionKind, Role};
use consentry_tests::app::TokenSeed;
use consentry_tests::on_both_databases;
use consentry_tests::world::{Operation, Stage, Who, World, operations};
use serde_json::{Value, json};

/// Tables that a refusal may write to, with the reason. There is none.
const MAY_GROW: [(&str, &str); 0] = [];

/// How many rows each table has, and how many places are free.
async fn rows(world: &World) -> Vec<(String, i64)> {
    let mut counts = Vec::new();
    for table in consentry_entity::CATALOGUE {
        if MAY_GROW.iter().any(|(name, _)| *name == table.name) {
            continue;
        }
        let text = format!("select count(*) as n from \"{}\"", table.name);
        let row = sql::one(world.app.store().admin(), &text, []).await.expect("a count");
        counts.push((table.name.to_owned(), row.try_get("", "n").expect("a number")));
    }
    let free = "select cast(coalesce(sum(available), 0) as bigint) as n from quota";
    let row = sql::one(world.app.store().admin(), free, []).await.expect("a sum");
    counts.push(("free places".into(), row.try_get("", "n").expect("a number")));
    counts
}

/// The operation of this name.
fn operation(world: &World, name: &str) -> Operation {
    operations(&world.schema)
        .into_iter()
        .find(|one| one.name == name)
        .unwrap_or_else(|| panic!("no {name}"))
}

/// The operation's variables with another value at a place: `input.terms.price`.
fn changed(stage: &Stage, operation: &Operation, path: &str, value: Value) -> Value {
    let mut all = stage.fill(&operation.variables);
    let (parent, last) = path.rsplit_once('.').expect("a path");
    let parent = all
        .pointer_mut(&format!("/{}", parent.replace('.', "/")))
        .expect("a place");
    match parent {
        Value::Array(list) => list[last.parse::<usize>().expect("a number")] = value,
        parent => parent[last] = value,
    }
    all
}

/// Whether the answer refuses with this code at this field, with a message.
fn refuses(answer: &Value, name: &str, code: &str, field: &str) -> bool {
    let path: Vec<&str> = field.split('.').collect();
    let errors = answer["data"][name]["userErrors"].as_array();
    errors.is_some_and(|errors| {
        errors.iter().any(|error| {
            error["code"] == code
                && error["field"] == json!(path)
                && error["message"].as_str().is_some_and(|text| text.len() > 10)
        })
    })
}

on_both_databases! {
    async fn what_is_wrong_is_refused_at_its_field_and_nothing_is_written(app: TestApp) {
        let world = World::create(app).await;
        let stage = world.stage().await;
        let mut wrong = Vec::new();
        for case in cases() {
            let operation = operation(&world, case.operation);
            let before = rows(&world).await;
            let variables = changed(&stage, &operation, case.wrong.0, case.wrong.1.clone());
            let answer = operation.send(&stage, case.who, variables).await.whole;
            let (code, field) = case.expected;
            let shown: String = case.wrong.1.to_string().chars().take(40).collect();
            if !refuses(&answer, case.operation, code, field) {
                wrong.push(format!("{} with {} = {shown}: {code} at {field} was expected: {answer}", case.operation, case.wrong.0));
            }
            if rows(&world).await != before {
                wrong.push(format!("{} with {} = {shown} left rows behind", case.operation, case.wrong.0));
            }
        }
        assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases().len(), wrong.join("\n"));
    }

    async fn what_cannot_be_bought_is_refused_and_nothing_is_written(app: TestApp) {
        let world = World::create(app).await;
        let register = operation(&world, "register");
        let paid = |stage: &Stage| changed(stage, &register, "input.attendees.0.ticketTypeId", json!(stage.thing("paidTicketType")));
        let sold_out = "update quota set available = 0 where organization_id = $1 and event_id = $2";
        let over = "update ticket_type set available_until = 1 where organization_id = $1 and event_id = $2";
        let not_yet = "update ticket_type set available_from = 9000000000000000 where organization_id = $1 and event_id = $2";
        let closed = "update event set status = 'CLOSED', ended_at = 1 where organization_id = $1 and id = $2";
        let old = "update event set asks_date_of_birth = true, minimum_age = 18 where organization_id = $1 and id = $2";
        let none = "update event set revision = revision where organization_id = $1 and id = $2";
        let born = |day: &str| json!(day);
        for (prepare, change, code, field) in [
            (sold_out, None, "SOLD_OUT", "attendees.0.ticketTypeId"),
            (over, None, "NOT_ON_SALE", "attendees.0.ticketTypeId"),
            (not_yet, None, "NOT_ON_SALE", "attendees.0.ticketTypeId"),
            (closed, None, "NOT_ON_SALE", "attendees.0.ticketTypeId"),
            (old, Some(("input.attendees.0.dateOfBirth", born("2999-01-01"))), "INVALID", "attendees.0.dateOfBirth"),
            (old, Some(("input.attendees.0.dateOfBirth", born("1690-01-01"))), "INVALID", "attendees.0.dateOfBirth"),
            (old, Some(("input.attendees.0.dateOfBirth", born("1990-02-31"))), "INVALID", "attendees.0.dateOfBirth"),
            (old, Some(("input.attendees.0.dateOfBirth", born("2020-01-01"))), "TOO_YOUNG", "attendees.0.dateOfBirth"),
            (old, None, "REQUIRED", "attendees.0.dateOfBirth"),
            (none, Some(("input.attendees.0.acknowledgedDocumentIds", json!([]))), "REQUIRED", "attendees.0.acknowledgedDocumentIds"),
        ] {
            let stage = world.stage().await;
            stage.db_prepare(&world.app, prepare).await;
            let mut variables = paid(&stage);
            if let Some((path, value)) = change {
                let last = path.rsplit('.').next().expect("a field");
                variables["input"]["attendees"][0][last] = value;
            }
            let before = rows(&world).await;
            let answer = register.send(&stage, Who::Anonymous, variables).await.whole;
            assert!(refuses(&answer, "register", code, field), "{code} at {field}: {answer}");
            assert_eq!(rows(&world).await, before, "{code}");
        }
    }

    async fn what_belongs_elsewhere_is_refused_at_its_field(app: TestApp) {
        let world = World::create(app).await;
        let (stage, other) = (world.stage().await, world.other_stage().await);
        let event = stage.sharing.event.clone();
        let paid = ids_of(stage.thing("paidTicketType"));
        let of_paid = world.app.db_question(&event, QuestionKind::Text, &[paid], |_| ()).await;
        let register = operation(&world, "register");
        for (path, value, field) in [
            ("input.attendees.0.answers.0.questionId", json!(event.public(of_paid)), "attendees.0.answers.0.questionId"),
            ("input.attendees.0.answers.0.questionId", json!(other.thing("question")), "attendees.0.answers.0.questionId"),
            ("input.attendees.0.answers.1.choiceIds", json!([other.thing("choice")]), "attendees.0.answers.1.choiceIds"),
            ("input.attendees.0.consents.0.offerId", json!(other.thing("offer")), "attendees.0.consents.0.offerId"),
            ("input.attendees.0.consents.0.offerId", json!(stage.thing("requestedOffer")), "attendees.0.consents.0.offerId"),
            ("input.attendees.0.ticketTypeId", json!(other.thing("ticketType")), "attendees.0.ticketTypeId"),
        ] {
            let before = rows(&world).await;
            let answer = register.send(&stage, Who::Anonymous, changed(&stage, &register, path, value)).await.whole;
            assert!(refuses(&answer, "register", "NOT_FOUND", field), "{field}: {answer}");
            assert_eq!(rows(&world).await, before, "{field}");
        }
        for (name, who) in [("setConsents", Who::Attendee), ("confirmEmail", Who::Anonymous), ("decideAsGuardian", Who::Anonymous)] {
            let one = operation(&world, name);
            let before = rows(&world).await;
            let variables = changed(&stage, &one, "input.consents.0.offerId", json!(other.thing("offer")));
            let answer = one.send(&stage, who, variables).await.whole;
            assert!(refuses(&answer, name, "NOT_FOUND", "consents.0.offerId"), "{name}: {answer}");
            assert_eq!(rows(&world).await, before, "{name}");
        }
    }

    async fn signs_that_stand_in_no_name_of_ours_find_nothing(app: TestApp) {
        let sharing = app.sharing("acme").await;
        let before = app.db_dump(None).await;
        let order = "query($sign: String!) { order(organization: $sign, code: $sign, secret: $sign) { code } }";
        let event = "query($sign: String!) { event(organization: \"acme\", slug: $sign) { slug } }";
        let of = "query($sign: String!) { event(organization: $sign, slug: \"rustdays\") { slug } }";
        let organization = "query($sign: String!) { organization(slug: $sign) { organization { slug } } }";
        let managed = "query($sign: String!) { organization(slug: \"acme\") { event(slug: $sign) { revision } } }";
        let node = "query($sign: ID!) { node(id: $sign) { id } }";
        let none = json!({ "organization": { "event": { "orders": { "edges": [] } } } });
        let code = "query($sign: String!) { organization(slug: \"acme\") { event(slug: \"rustdays\") { orders(first: 1, filter: { code: $sign }) { edges { cursor } } } } }";
        let email = "query($sign: String!) { organization(slug: \"acme\") { event(slug: \"rustdays\") { orders(first: 1, filter: { buyerEmail: $sign }) { edges { cursor } } } } }";
        let log = "query($sign: String!) { organization(slug: \"acme\") { auditLog(first: 1, filter: { action: $sign }) { edges { cursor } } } }";
        let check_in = "mutation($input: CheckInInput!) { checkIn(input: $input) { userErrors { field code } } }";
        for sign in ["\0", "rust\0days", "acme\0", "\u{1b}", "\u{7f}", "\u{fffd}", "\u{202e}"] {
            for (document, expected) in [(order, json!({ "order": null })), (event, json!({ "event": null })), (of, json!({ "event": null })),
                (organization, json!({ "organization": null })), (managed, json!({ "organization": { "event": null } })), (node, json!({ "node": null }))] {
                let answer = sharing.staff.send(document, json!({ "sign": sign })).await;
                assert_eq!(answer, json!({ "data": expected }), "{document} {sign:?}");
            }
            let input = json!({ "idempotencyKey": format!("a{sign}"), "eventId": sharing.event.public_id(), "code": sign });
            let refused = sharing.staff.send(check_in, json!({ "input": input })).await;
            assert_eq!(refused, json!({ "data": { "checkIn": { "userErrors": [{ "field": ["code"], "code": "NOT_FOUND" }] } } }), "{sign:?}");
        }
        assert_eq!(app.db_dump(None).await, before);
        // Looking at a list is written down.
        for sign in ["\0", "checkIn\0"] {
            for (document, expected) in [(code, &none), (email, &none), (log, &json!({ "organization": { "auditLog": { "edges": [] } } }))] {
                let answer = sharing.staff.send(document, json!({ "sign": sign })).await;
                assert_eq!(answer, json!({ "data": expected }), "{document} {sign:?}");
            }
        }
    }

    async fn what_is_sent_twice_is_done_once(app: TestApp) {
        let world = World::create(app).await;
        let stage = world.stage().await;
        for name in ["register", "createEvent", "createQuota", "createPartner", "checkIn", "issuePartnerToken", "inviteTeamMember"] {
            let one = operation(&world, name);
            let who = Who::Staff(Role::Owner);
            let variables = stage.fill(&one.variables);
            let first = one.send(&stage, who, variables.clone()).await;
            assert!(first.is_done(), "{name}: {}", first.whole);
            let before = rows(&world).await;
            let again = one.send(&stage, who, variables.clone()).await;
            assert!(again.is_done(), "{name}: {}", again.whole);
            let mut other = variables;
            let field = match name {
                "register" => &mut other["input"]["buyer"]["fullName"],
                "createEvent" => &mut other["input"]["currency"],
                "createQuota" => &mut other["input"]["terms"]["name"],
                "createPartner" => &mut other["input"]["displayName"],
                "checkIn" => &mut other["input"]["list"],
                "issuePartnerToken" => &mut other["input"]["name"],
                _ => &mut other["input"]["role"],
            };
            *field = match name {
                "createEvent" => json!("CHF"),
                "inviteTeamMember" => json!("FINANCE"),
                _ => json!("Another"),
            };
            let mismatch = one.send(&stage, who, other).await.whole;
            assert!(refuses(&mismatch, name, "IDEMPOTENCY_MISMATCH", "idempotencyKey"), "{name}: {mismatch}");
            assert_eq!(rows(&world).await, before, "{name}");
        }
    }

    async fn credentials_that_are_over_open_nothing(app: TestApp) {
        let world = World::create(app).await;
        let stage = world.stage().await;
        let stream = stage.stream;
        let past = Instant(1);
        let good = TokenSeed::of(&stream);
        let revoked = world.app.db_token(&stream, TokenSeed { revoked_at: Some(1), ..good.clone() }).await;
        let expired = world.app.db_token(&stream, TokenSeed { expires_at: past, ..good.clone() }).await;
        let early = world.app.db_token(&stream, TokenSeed { not_before: Instant::MAX, ..good.clone() }).await;
        let unclaimed = world.app.db_token(&stream, TokenSeed { claimed_at: None, ..good }).await;
        let leads = operation(&world, "partner.leads");
        let before = rows(&world).await;
        let mut answers = Vec::new();
        for token in [revoked, expired, early, unclaimed, stage.thing("tokenText").replace('a', "b"), "cst_nonsense".into()] {
            answers.push(world.app.partner(&token).send(&leads.document, stage.fill(&leads.variables)).await);
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(answers[0]["errors"][0]["extensions"]["code"], "NOT_FOUND");
        assert_eq!(rows(&world).await, before);

        let client = stage.caller(Who::Attendee);
        let bearer = client.bearer(&world.app).await.expect("a token");
        let is_good = || async { consentry::access::authenticate(&world.app.platform, Some(&bearer), None).await.expect("an answer").is_ok() };
        assert!(is_good().await);
        client.done("signOut", "mutation { signOut(input: {}) { userErrors { code } } }", json!({})).await;
        assert!(!is_good().await, "an ended session signs nobody in");
        let (_, late) = world.app.db_account("late@example.org").await;
        let bearer = late.bearer(&world.app).await.expect("a token");
        world.app.db_execute("update session set expires_at = 1").await;
        assert!(consentry::access::authenticate(&world.app.platform, Some(&bearer), None).await.expect("an answer").is_err());
    }
}

fn ids_of(id: &str) -> consentry_domain::TicketTypeId {
    consentry::graphql::ids::decode(&async_graphql::ID(id.to_owned()))
        .expect("an id")
        .1
}
