//! What is not there, what is another tenant's, what is another event's and what is forbidden: one answer, the same bytes,
//! for every operation that takes an id, a secret, a slug or a code, and for everybody who can ask.

use std::collections::{BTreeMap, BTreeSet};

use consentry::graphql::ids;
use consentry_domain::Role;
use consentry_tests::on_both_databases;
use consentry_tests::world::{Operation, Schema, Stage, Who, World, operations};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;
use uuid::Uuid;

/// Ids that the documents do not name, with the reason.
const NOT_NAMED: [(&str, &str); 8] = [
    // One of both can be given, and the documents name a standard field.
    ("", "fields.*.questionId"),
    // Or the code; `tests/tests/roster_door.rs` asks with another event's, and with none.
    ("checkIn", "input.registrationId"),
    // What is new has no choices yet that could be named.
    ("createQuestion", "input.terms.choices.*.id"),
    // A session belongs to no organization; `tests/tests/browser_sessions.rs` asks with somebody else's.
    ("signOut", "input.sessionId"),
    // Of several memberships one is named; `tests/tests/partner_members.rs` asks with somebody else's.
    ("partner", "memberId"),
    // Without a picture; `tests/tests/pictures.rs` asks with another organization's.
    ("createSpeaker", "input.terms.pictureId"),
    ("updateSpeaker", "input.terms.pictureId"),
    ("updateOrganization", "input.logoId"),
];

/// Ids of which each is answered for itself, with the reason.
const SELECTS: [(&str, &str); 2] = [
    // A filter selects nothing where nothing fits: what it answers is compared where a list is read.
    ("exportRoster", "input.filter.ticketTypeId"),
    // An id of another kind is no wrong one: `node` has a test of its own.
    ("node", "id"),
];

/// Lists of which a cursor is a place that is no list's own: what follows it is still what the token covers.
const PLACES: [&str; 2] = ["partner.eventPartners", "partner.administration.places"];

/// What may be told of another event of the same organization, with the reason.
const TOLD: [(&str, &str); 1] = [
    // Whoever stands at a door has to know that a visitor came to the wrong one. The code is in the visitor's hand.
    ("checkIn", "input.code"),
];

/// What somebody types to be let in, which names nothing; `tests/tests/protection.rs` tries somebody else's.
const TYPED: [&str; 3] = ["accountEmail", "authenticatorCode", "recoveryCode"];

/// Who tries: of staff those who may most, those who may least, and those who may only something.
const CALLERS: [Who; 10] = [
    Who::Anonymous,
    Who::Attendee,
    Who::Partner,
    Who::Staff(Role::Owner),
    Who::Staff(Role::Viewer),
    Who::Staff(Role::Dpo),
    Who::EventManager,
    Who::Member,
    Who::Administrator,
    Who::Device,
];

fn is_id(text: &str) -> bool {
    ids::unpack(&async_graphql::ID(text.to_owned())).is_some()
}

/// Another one of the same kind that nobody has: an id of the same tenant, a secret, a code, a slug.
fn random(value: &str, name: &str) -> String {
    if let Some((tag, parts)) = ids::unpack(&async_graphql::ID(value.to_owned())) {
        let mut bytes = vec![tag];
        for (index, part) in parts.iter().enumerate() {
            let last = index + 1 == parts.len();
            bytes.extend_from_slice(if last { Uuid::now_v7() } else { *part }.as_bytes());
        }
        return BASE64URL_NOPAD.encode(&bytes);
    }
    match name {
        "organization.slug" | "event.slug" => format!("no-{}", Uuid::new_v4().simple()),
        "order.code" => "ZZZZZ222".into(),
        "checkInCode" => "C9999999C9999999".into(),
        _ => {
            let mut bytes = BASE64URL_NOPAD
                .decode(value.as_bytes())
                .unwrap_or_else(|_| value.as_bytes().to_vec());
            bytes[20..]
                .iter_mut()
                .for_each(|byte| *byte = byte.wrapping_mul(31).wrapping_add(7));
            BASE64URL_NOPAD.encode(&bytes)
        }
    }
}

/// Something of another kind that is there.
fn of_another_kind(stage: &Stage, name: &str, value: &str) -> Vec<String> {
    if is_id(value) {
        let other = if name == "eventSession" {
            "quota"
        } else {
            "eventSession"
        };
        vec![stage.thing(other).to_owned(), "nonsense".into(), String::new()]
    } else if name.ends_with("ecret") || name == "refreshToken" {
        let other = if name == "guardianSecret" {
            "claimSecret"
        } else {
            "guardianSecret"
        };
        vec![
            stage.thing(other).to_owned(),
            value[1..].to_owned(),
            "nonsense".into(),
            String::new(),
        ]
    } else {
        vec!["nonsense".into()]
    }
}

/// The variables with another value at a path.
fn with(variables: &Value, path: &str, value: &str) -> Value {
    let mut all = variables.clone();
    let pointer = format!("/{}", path.replace('.', "/"));
    *all.pointer_mut(&pointer).expect("the path of a variable") = Value::String(value.to_owned());
    all
}

/// The ids that take the place of one that is named: they must all be answered like the first.
fn instead(world: &[Stage; 2], stage: &Stage, operation: &Operation, path: &str, name: &str, who: Who) -> Vec<String> {
    let [other, foreign] = world;
    let value = stage.thing(name);
    let mut all = vec![random(value, name), random(value, name)];
    // Whoever holds a secret may use it: another's is no wrong one.
    let opens = name.ends_with("ecret") || name == "refreshToken";
    if !opens {
        all.push(foreign.thing(name).to_owned());
    }
    // Who works for the whole organization reaches its other events, unless the operation is about one of them.
    let is_part = operation.within.is_some_and(|within| within != name);
    let event_alone = matches!(
        who,
        Who::EventManager
            | Who::Attendee
            | Who::Partner
            | Who::Anonymous
            | Who::Member
            | Who::Administrator
            | Who::Device
    );
    let same_everywhere = stage.thing(name) == other.thing(name);
    let is_told = TOLD.contains(&(operation.name, path));
    let public = matches!(
        operation.name,
        "event" | "event.sessions" | "order" | "register" | "quote" | "event.ticketType"
    );
    if !opens
        && (is_part || (event_alone && !public))
        && !same_everywhere
        && !is_told
        && (!is_partners(name) || who == Who::Administrator)
    {
        all.push(other.thing(name).to_owned());
    }
    all.extend(of_another_kind(stage, name, value));
    all
}

/// Partners belong to the organization, not to an event.
fn is_partners(name: &str) -> bool {
    ["partner", "loosePartner", "teamMember", "token"].contains(&name)
}

/// Tries every id of one operation; how many answers were compared.
async fn sweep(world: &World, others: &[Stage; 2], operation: &Operation, wrong: &mut Vec<String>) -> usize {
    let mut compared = 0;
    if operation.named().is_empty() {
        return 0;
    }
    let stage = world.stage().await;
    if let Some(text) = operation.prepare {
        stage.db_prepare(&world.app, text).await;
    }
    for (path, name) in operation.named() {
        if TYPED.contains(&name.as_str()) || SELECTS.contains(&(operation.name, path.as_str())) {
            continue;
        }
        for who in CALLERS {
            let mut first: Option<String> = None;
            for value in instead(others, &stage, operation, &path, &name, who) {
                let variables = with(&stage.fill(&operation.variables), &path, &value);
                let answer = operation.send(&stage, who, variables).await;
                let text = answer.whole.to_string();
                compared += 1;
                if operation.is_mutation() && answer.is_done() {
                    wrong.push(format!(
                        "{} as {} with {path} = {value} was done: {text}",
                        operation.name,
                        who.name()
                    ));
                }
                match &first {
                    None => first = Some(text),
                    Some(first) if *first == text => {}
                    Some(first) => wrong.push(format!(
                        "{} as {} with {path} = {value} answers\n  {text}\nand with a random one\n  {first}",
                        operation.name,
                        who.name()
                    )),
                }
            }
        }
    }
    compared
}

/// Tries a cursor of another tenant's list, of another list, and one that is none: one answer.
async fn cursors(world: &World, others: &[Stage; 2], operation: &Operation, wrong: &mut Vec<String>) -> usize {
    if !operation.document.contains("$after") {
        return 0;
    }
    let stage = world.stage().await;
    let foreign = cursor_of(operation, &others[1]).await;
    let elsewhere = cursor_of_partners(&others[0]).await;
    let mut compared = 0;
    for who in CALLERS {
        let mut first: Option<String> = None;
        for cursor in [
            Some("nonsense".to_owned()),
            Some(random_cursor()),
            foreign.clone(),
            elsewhere.clone(),
        ] {
            let Some(cursor) = cursor else { continue };
            if PLACES.contains(&operation.name) && Some(&cursor) == foreign.as_ref() {
                continue;
            }
            if operation.name == "organization.partners" && Some(&cursor) == elsewhere.as_ref() {
                continue;
            }
            let mut variables = stage.fill(&operation.variables);
            variables["after"] = Value::String(cursor);
            let text = operation.send(&stage, who, variables).await.whole.to_string();
            compared += 1;
            let first = first.get_or_insert_with(|| text.clone());
            if *first != text {
                wrong.push(format!(
                    "{} as {}: one cursor answers\n  {text}\nanother\n  {first}",
                    operation.name,
                    who.name()
                ));
            }
        }
    }
    compared
}

fn random_cursor() -> String {
    BASE64URL_NOPAD.encode(&[Uuid::new_v4().as_bytes().as_slice(), Uuid::new_v4().as_bytes()].concat())
}

/// The last cursor of the operation's list, as somebody who may read it.
async fn cursor_of(operation: &Operation, stage: &Stage) -> Option<String> {
    for who in Who::ALL {
        let answer = operation.attempt(stage, who).await;
        if let Some(cursor) = answer.found().and_then(|found| found["pageInfo"]["endCursor"].as_str()) {
            return Some(cursor.to_owned());
        }
    }
    None
}

async fn cursor_of_partners(stage: &Stage) -> Option<String> {
    let document =
        "query($slug: String!) { organization(slug: $slug) { partners(first: 1) { pageInfo { endCursor } } } }";
    let data = stage
        .sharing
        .staff
        .data(
            document,
            serde_json::json!({ "slug": stage.thing("organization.slug") }),
        )
        .await;
    data["organization"]["partners"]["pageInfo"]["endCursor"]
        .as_str()
        .map(str::to_owned)
}

/// Every place of an input where the schema takes an id is tried.
#[test]
fn no_id_of_the_schema_is_forgotten() {
    let schema = Schema::of_the_program();
    let mut forgotten = Vec::new();
    for operation in operations(&schema) {
        let named: BTreeSet<String> = operation.named().into_iter().map(|(path, _)| general(&path)).collect();
        let is_named = |path: &String| {
            let excused = |(name, end): &(&str, &str)| operation.name.starts_with(name) && path.ends_with(end);
            !NOT_NAMED.iter().any(excused)
        };
        let expected: Vec<String> = schema.ids(operation.name).into_iter().filter(is_named).collect();
        if operation.is_mutation() {
            forgotten.extend(
                expected
                    .into_iter()
                    .filter(|path| !named.contains(path))
                    .map(|path| (operation.name, path)),
            );
        } else if named.len() < expected.len() {
            // A query has a variable of its own for each argument.
            forgotten.extend(expected.into_iter().map(|path| (operation.name, path)));
        }
    }
    assert!(
        forgotten.is_empty(),
        "tests/src/world/operations names no thing for these ids: {forgotten:#?}"
    );
}

/// `input.scopes.0.eventPartnerId` as the schema's `input.scopes.*.eventPartnerId`.
fn general(path: &str) -> String {
    let parts = path
        .split('.')
        .map(|part| if part.parse::<usize>().is_ok() { "*" } else { part });
    parts.collect::<Vec<_>>().join(".")
}

on_both_databases! {
    async fn unknown_foreign_and_forbidden_are_one_answer(app: TestApp) {
        let world = World::create(app).await;
        let others = [world.other_stage().await, world.foreign_stage().await];
        // What is public anybody may name.
        let draft = "update event set status = 'DRAFT', published_at = null where organization_id = $1 and id = $2";
        others[1].db_prepare(&world.app, draft).await;
        let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
        for operation in operations(&world.schema) {
            let mut compared = sweep(&world, &others, &operation, &mut wrong).await;
            compared += cursors(&world, &others, &operation, &mut wrong).await;
            counts.insert(operation.name, compared);
        }
        println!("{} answers to {} operations were compared", counts.values().sum::<usize>(), counts.len());
        assert!(wrong.is_empty(), "{} answers tell something:\n{}", wrong.len(), wrong.join("\n"));
    }
}
