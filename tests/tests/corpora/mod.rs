//! Hostile texts in every field that takes a text: refused at that field by the same rule everywhere, or stored and shown as
//! they are; and no page, mail, file, header or line of the log is anything else because of them.
//!
//! `CONSENTRY_TEST_LONG` tries every text in every field.

mod deeds;
mod fields;
mod files;
mod mails;
mod outlets;
mod packed;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use consentry_domain::QuestionKind;
use consentry_tests::app::{SeededOffer, Sharing, TestApp};
use consentry_tests::corpus::{self, Hostile};
use consentry_tests::log::Log;
use consentry_tests::on_both_databases;
use consentry_tests::world::{Stage, Who, World};
use deeds::{Deed, deeds, reset, write};
use fields::{Accepts, Field, holds};
use packed::{MARK, Packed};
use rule::{Said, said};
use serde_json::{Value, json};
use tracing::instrument::WithSubscriber;

/// What a lead of the stage may show.
const SHOWN: [&str; 11] = [
    "FULL_NAME",
    "GIVEN_NAME",
    "FAMILY_NAME",
    "EMAIL",
    "PHONE",
    "COMPANY",
    "JOB_TITLE",
    "CITY",
    "POSTAL_ADDRESS",
    "SOCIAL_PROFILE",
    "TICKET_TYPE",
];

/// A world with a stage.
async fn staged(app: TestApp) -> (World, Stage) {
    let world = World::create(app).await;
    let stage = another(&world).await;
    (world, stage)
}

/// A stage on which every question can be answered, and a partner that may have all of it.
async fn another(world: &World) -> Stage {
    let mut stage = world.stage().await;
    let event = stage.sharing.event.clone();
    let long = world.app.db_question(&event, QuestionKind::LongText, &[], |row| {
        row.shareable = true;
        row.bit = Some(20);
    });
    let long = event.public(long.await);
    stage.things.insert("longQuestion", long.clone());
    let mut asked: Vec<Value> = SHOWN.iter().map(|field| json!({ "field": field })).collect();
    asked.push(json!({ "questionId": long }));
    let (organization, id) =
        consentry::graphql::ids::decode(&async_graphql::ID(stage.thing("offer").into())).expect("an id");
    let offer = SeededOffer {
        organization,
        id,
        public_id: stage.thing("offer").into(),
        event_partner: stage.thing("eventPartner").into(),
    };
    stage.sharing.revise(&offer, Sharing::terms(&asked)).await;
    stage.sharing.approve(&offer, 2, "SUBSTANTIAL").await;
    let document = "mutation($input: SetConsentsInput!) { setConsents(input: $input) {
        consentIssues { reason } userErrors { field message code } } }";
    let grant = json!({ "offerId": offer.public_id, "offerVersion": 2, "decision": "GRANT", "fields": asked });
    let input =
        json!({ "registrationId": stage.thing("registration"), "revision": 2, "ofAge": true, "consents": [grant] });
    let payload = stage
        .caller(Who::Attendee)
        .done("setConsents", document, json!({ "input": input }))
        .await;
    assert_eq!(payload["consentIssues"], json!([]), "{payload:#}");
    stage
}

/// What is refused with this code at this field, or at what it is a part of.
fn refuses(answer: &Value, field: &Field, codes: &[&str]) -> bool {
    let path: Vec<&str> = field.path.split('.').collect();
    let errors = answer["data"][field.mutation]["userErrors"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    errors.iter().any(|error| {
        let its: Vec<&str> = error["field"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        !its.is_empty() && path.starts_with(&its) && codes.iter().any(|code| error["code"] == *code)
    })
}

/// Whether the answer is one of a mutation that was done.
fn is_done(answer: &Value, mutation: &str) -> bool {
    let payload = &answer["data"][mutation];
    answer["errors"].as_array().is_none_or(Vec::is_empty) && payload["userErrors"].as_array().is_some_and(Vec::is_empty)
}

/// No line of a log is anything but one event, and none has a text that somebody typed, or anybody's address.
fn is_clean(log: &str, typed: &str) -> bool {
    let is_event = |line: &str| match line.starts_with('{') {
        true => serde_json::from_str::<Value>(line).is_ok_and(|event| event["timestamp"].is_string()),
        false => line.len() > 20 && line.as_bytes()[4] == b'-' && line.as_bytes()[10] == b'T',
    };
    let typed = typed.trim();
    // A short one may stand in a word of ours.
    let has = |line: &str| typed.len() > 8 && (line.contains(typed) || line.contains(&json!(typed).to_string()));
    let names = [MARK, "@xq.", "xq.example", "@example.org", "@ours.example"];
    log.lines()
        .all(|line| is_event(line) && !has(line) && !names.iter().any(|name| line.contains(name)))
}

/// Sends a deed with a text in one of its fields; the answer, and what the program wrote meanwhile.
async fn send(stage: &Stage, deed: &Deed, variables: Value) -> (Value, String) {
    let (log, lines) = (Log::default(), Log::default());
    let client = stage.caller(deed.who);
    let sent = client.send(&deed.operation.document, variables);
    // Half of them as the one, half as the other.
    let answer = match deed.operation.name.len() % 2 {
        0 => sent.with_subscriber(log.written_as_json()).await,
        _ => sent.with_subscriber(lines.written_as_text()).await,
    };
    (answer, log.text() + &lines.text())
}

/// What is wrong with the answer to a text in a field; none where nothing is.
async fn judged(world: &World, field: &Field, typed: &str, answer: &Value) -> Option<String> {
    let messages = &answer["data"][field.mutation]["userErrors"];
    let repeats = typed.trim().len() > 8
        && messages
            .as_array()
            .into_iter()
            .flatten()
            .any(|error| error["message"].to_string().contains(typed.trim()));
    if repeats || answer.to_string().contains("INTERNAL_SERVER_ERROR") {
        return Some("a fault, or a refusal that repeats what was typed".to_owned());
    }
    let done = is_done(answer, field.mutation);
    match said(field.accepts, typed) {
        Some(Said::Refused(code)) => (done || !refuses(answer, field, &[code])).then(|| format!("{code} was expected")),
        Some(Said::Nothing) => (!done && !refuses(answer, field, &["REQUIRED"])).then(|| "it says nothing".to_owned()),
        Some(Said::Kept(cleaned)) if done => {
            let stored = field.stored?;
            (!holds(&world.app, stored, &cleaned).await).then(|| format!("it is not in {stored:?} as it is"))
        }
        Some(Said::Kept(_)) => {
            refuses(answer, field, &["INVALID", "TOO_LONG", "REQUIRED"]).then(|| "it is a good text".to_owned())
        }
        None if ["key", "sought", "words"].contains(&field.kind) => None,
        None => {
            let breaks = typed
                .trim()
                .contains(|sign: char| sign.is_control() || "<>\"".contains(sign));
            (done && breaks).then(|| "it has no such form".to_owned())
        }
    }
}

/// What every field is asked, whatever its turn is; one with a form of its own the first two.
const ALWAYS: [&str; 4] = [
    "a\0b",
    "x\r\nBcc: xq@xq.example",
    "a\u{1b}[31mb",
    "invoice\u{202e}fdp.exe",
];

/// The texts that this field is tried with: all of them; or its turn of those that change nothing, so that each is tried in
/// a field of every kind.
struct Turns<'a> {
    corpus: &'a [Hostile],
    is_long: bool,
    /// How many fields of a kind there are, and how many had their turn.
    kinds: BTreeMap<&'static str, (usize, usize)>,
}

impl<'a> Turns<'a> {
    fn of(corpus: &'a [Hostile]) -> Self {
        let mut kinds: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
        for field in fields::fields() {
            kinds.entry(field.name_of_kind()).or_default().0 += 1;
        }
        Self {
            corpus,
            is_long: std::env::var_os("CONSENTRY_TEST_LONG").is_some(),
            kinds,
        }
    }

    fn next(&mut self, field: &Field) -> Vec<&'a Hostile> {
        let (count, turn) = self.kinds.get_mut(field.name_of_kind()).expect("a kind");
        let always = match field.accepts {
            Accepts::Other => &ALWAYS[..2],
            _ => &ALWAYS[..],
        };
        let of_turn = |index: usize, text: &str| {
            let is_kept = matches!(said(field.accepts, text), Some(Said::Kept(_)));
            always.contains(&text) || (!is_kept && index % *count == *turn)
        };
        let all = self.corpus.iter().enumerate();
        let chosen = all.filter(|(index, hostile)| self.is_long || of_turn(*index, &hostile.text));
        let chosen = chosen.map(|(_, hostile)| hostile).collect();
        *turn += 1;
        chosen
    }
}

/// Gives every field of every deed a text; what was refused.
async fn fill(world: &World, stage: &Stage, texts: &mut Packed) -> Vec<String> {
    let mut wrong = Vec::new();
    for deed in deeds(&world.schema) {
        let stored: Vec<&Field> = deed
            .fields
            .iter()
            .filter(|field| field.accepts != Accepts::Other && field.stored.is_some())
            .collect();
        if stored.is_empty() {
            continue;
        }
        reset(world, stage, &deed).await;
        let mut variables = stage.fill(&deed.operation.variables);
        let mut typed = Vec::new();
        for field in stored {
            let text = texts.next(field.accepts);
            write(&mut variables, field.path, &text);
            typed.push((field, text));
        }
        let (answer, log) = send(stage, &deed, variables).await;
        if !is_done(&answer, deed.operation.name) {
            wrong.push(format!("{}: {answer}", deed.operation.name));
            continue;
        }
        for (field, text) in typed {
            let place = field.stored.expect("a place");
            if !holds(&world.app, place, &text).await {
                wrong.push(format!(
                    "{} {}: {text:?} is not in {place:?}",
                    field.mutation, field.path
                ));
            }
            if !is_clean(&log, &text) {
                wrong.push(format!(
                    "{} {}: {text:?} and the log: {log}",
                    field.mutation, field.path
                ));
            }
        }
    }
    wrong
}

on_both_databases! {
    async fn every_field_says_the_same_of_the_same_text(app: TestApp) {
        let corpus = corpus::all();
        let (world, mut stage) = staged(app).await;
        let (mut wrong, mut tried, mut turns) = (Vec::new(), 0, Turns::of(&corpus));
        let mut seen: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for deed in deeds(&world.schema) {
            // An event with hundreds of questions and tickets answers slowly.
            if turns.is_long {
                stage = another(&world).await;
            }
            reset(&world, &stage, &deed).await;
            for field in &deed.fields {
                for hostile in turns.next(field) {
                    let mut variables = stage.fill(&deed.operation.variables);
                    write(&mut variables, field.path, &hostile.text);
                    let (answer, log) = send(&stage, &deed, variables).await;
                    let shown: String = hostile.text.chars().take(60).collect();
                    if let Some(why) = judged(&world, field, &hostile.text, &answer).await {
                        wrong.push(format!("{} {} = {shown:?}: {why}: {answer}", field.mutation, field.path));
                    }
                    if !is_clean(&log, &hostile.text) {
                        wrong.push(format!("{} {} = {shown:?} and the log: {log}", field.mutation, field.path));
                    }
                    if is_done(&answer, field.mutation) {
                        reset(&world, &stage, &deed).await;
                    }
                    tried += 1;
                    seen.entry(field.name_of_kind().to_owned()).or_default().extend(corpus.iter().position(|one| one == hostile));
                }
            }
        }
        let seen: Vec<String> = seen.iter().map(|(kind, texts)| format!("{kind}: {}", texts.len())).collect();
        println!("{tried} texts in {} fields; different ones by what is accepted: {}", fields::fields().len(), seen.join(", "));
        assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    }

    async fn no_page_mail_file_header_or_log_is_another_one_for_what_is_in_the_texts(app: TestApp) {
        let harmless = TestApp::start(app.store().engine()).await;
        let mut seen = Vec::new();
        for (app, mut texts) in [(harmless, Packed::harmless()), (app, Packed::hostile())] {
            let (world, stage) = staged(app).await;
            let wrong = fill(&world, &stage, &mut texts).await;
            texts.is_all_used();
            let mut all = outlets::read(&world, &stage).await;
            all.wrong.extend(wrong);
            seen.push(all);
        }
        let (hostile, harmless) = (seen.pop().expect("the one"), seen.pop().expect("the other"));
        hostile.is_like(&harmless);
    }
}
