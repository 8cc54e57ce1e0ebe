//! Log before disclose: whatever a partner received of a lead, were it one character of an answer that was cut off, is in
//! the database, marked and recorded, though the program or the database is killed at any moment. The database may know of
//! more: of answers that were under way.
//!
//! The program is a process of its own and is killed by `SIGKILL`: where it stands between the record's commit and the
//! answer's first byte, while an answer's bytes are on their way, and at moments of a seeded chance.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use consentry::platform::faults::Planted;
use consentry::platform::store::{Clock, ConnectOptions, Engine, Entropy, Store, connect, sql};
use consentry_domain::{FieldMask, LeadId, LeadValues, Purpose};
use consentry_entity::disclosure;
use consentry_tests::app::TokenSeed;
use consentry_tests::cluster::Cluster;
use consentry_tests::process::{Home, Program};
use consentry_tests::received::{Received, ask};
use consentry_tests::{TestApp, on_both_databases};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sea_orm::EntityTrait;
use serde_json::json;
use uuid::Uuid;

/// Clients that pull at once.
const CLIENTS: usize = 4;
/// What they ask for: not always the same fields, and not always the same leads.
const DOCUMENTS: [&str; 3] = [
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 100, after: $after) {
     nodes { id fullName email phone company } pageInfo { endCursor } } } }",
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 25, after: $after) {
     nodes { id email company } pageInfo { endCursor } } } }",
    "query($after: String) { partner { leads(purpose: EVENT_FOLLOW_UP, first: 50, after: $after) {
     nodes { id company } pageInfo { endCursor } } } }",
];

/// Asks for the long leads.
const LONG: &str = "query($after: String) { partner { leads(purpose: RELATED_EVENTS, first: 100, after: $after) {
     nodes { id fullName company } pageInfo { endCursor } } } }";

/// The moment at which a process is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When it has come to this fail point for the given time.
    At(&'static str, u32),
    /// When a client has so many bytes of the body of an answer.
    InTheBody(usize),
    /// So many microseconds after the first byte of a body came.
    After(u64),
}

/// How long the answers are that are asked for.
#[derive(Clone, Copy, Debug)]
enum Answers {
    /// As usual.
    Short,
    /// One of the clients asks for answers of six megabytes: the machine takes up to four from the program at once.
    Long,
}

/// What was found.
#[derive(Debug, Default)]
struct Report {
    kills: usize,
    /// Answers of which something came.
    answers: usize,
    /// Answers that were cut off within their body.
    cut: usize,
    /// Leads that were received, each time counted.
    received: usize,
    /// Received, and not in the database.
    missing: Vec<String>,
    /// Records of which no lead was received.
    surplus: usize,
    /// Requests that were sent and of which no lead came.
    unanswered: usize,
}

struct World {
    app: TestApp,
    home: Home,
    token: String,
}

impl World {
    async fn new(app: TestApp) -> Self {
        let (_, _, stream) = app.db_shared_event("acme").await;
        for number in 0..220 {
            let values = LeadValues {
                full_name: Some(format!("Person {number}")),
                email: Some(format!("person{number}@attendee.example")),
                phone: Some(format!("+49 30 {number:07}")),
                company: Some(format!("Company {number} {}", "of many words ".repeat(3))),
                ..Default::default()
            };
            app.db_lead(&stream, values).await;
        }
        let long = app
            .db_stream(stream.partner, Purpose::RelatedEvents, FieldMask::ALL)
            .await;
        for number in 0..24 {
            let values = LeadValues {
                full_name: Some(format!("Person {number}")),
                company: Some(format!("Company {number} {}", "of many words ".repeat(18_000))),
                ..Default::default()
            };
            app.db_lead(&long, values).await;
        }
        let mut seed = TokenSeed::of(&stream);
        for scope in &mut seed.scopes {
            scope.1 = scope.1.with(Purpose::RelatedEvents);
        }
        let token = app.db_token(&stream, seed).await;
        // The program is to be alone with its database: the file that a killed process leaves must be recovered.
        app.store().clone().close().await;
        Self {
            home: Home::of(&app),
            app,
            token,
        }
    }

    async fn store(&self) -> Store {
        let options = ConnectOptions {
            url: self.app.database_url().to_owned(),
            partner_url: None,
            pool: 1,
            partner_pool: 1,
            acquire_timeout: Duration::from_secs(10),
            clock: Clock::default(),
            entropy: Entropy::seeded(2),
        };
        connect(&options).await.expect("the database opens")
    }

    /// On PostgreSQL a killed program's connections end on their own, a little later.
    async fn alone(&self) {
        if self.app.store().engine() == Engine::Sqlite {
            return;
        }
        let store = self.store().await;
        let others = "select count(*) as others from pg_stat_activity where datname = current_database() \
                      and backend_type = 'client backend' and pid <> pg_backend_pid()";
        loop {
            let row = sql::one(store.read(), others, []).await.expect("an answer");
            if row.try_get::<i64>("", "others").expect("a number") == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        store.close().await;
    }

    /// Pulls with every client until the program answers no more.
    async fn pull(
        &self,
        seed: u64,
        length: Answers,
        seen: impl Fn(usize) + Send + Sync + 'static,
        over: Arc<AtomicBool>,
    ) -> Vec<Vec<Received>> {
        let (address, seen) = (self.home.address, Arc::new(seen));
        let clients = (0..CLIENTS).map(|client| {
            let (token, seen, over) = (self.token.clone(), seen.clone(), over.clone());
            tokio::spawn(async move {
                let mut rng = StdRng::seed_from_u64(seed * 100 + client as u64);
                let (mut answers, mut after) = (Vec::new(), None);
                while !over.load(Ordering::SeqCst) {
                    let document: &str = match length {
                        Answers::Long if client == 0 => LONG,
                        _ => DOCUMENTS.choose(&mut rng).expect("one"),
                    };
                    let variables = json!({ "after": after });
                    let Some(answer) = ask(address, &token, document, &variables, |bytes| seen(bytes)).await else {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        continue;
                    };
                    after = answer.json().and_then(|answer| {
                        answer["data"]["partner"]["leads"]["pageInfo"]["endCursor"]
                            .as_str()
                            .map(str::to_owned)
                    });
                    answers.push(answer);
                }
                answers
            })
        });
        let mut all = Vec::new();
        for client in clients.collect::<Vec<_>>() {
            all.push(client.await.expect("no client fails"));
        }
        all
    }

    /// Starts the program, lets the clients pull, kills it; what the clients have.
    async fn killed(&self, fault: Option<Planted>, moment: Moment, seed: u64, before: Before<'_>) -> Vec<Received> {
        let stop_at = match moment {
            Moment::At(name, times) => Some((name, times)),
            Moment::InTheBody(_) | Moment::After(_) => None,
        };
        let mut program = self.home.start(fault, stop_at).await;
        // The process before this one has been killed, and this one has recovered the database.
        if let Before::Killed(answers, report) = before {
            self.compare(answers, report).await;
        }
        let over = Arc::new(AtomicBool::new(false));
        let killed = match moment {
            Moment::InTheBody(bytes) => {
                let pieces = StdRng::seed_from_u64(seed).random_range(0..20);
                let (program, begun) = (Arc::new(program), AtomicUsize::new(0));
                let (kill, end) = (program.clone(), over.clone());
                let answers = self.pull(
                    seed,
                    Answers::Long,
                    move |seen| {
                        // And some pieces more.
                        if seen >= bytes && begun.fetch_add(1, Ordering::SeqCst) == pieces {
                            kill.kill();
                            end.store(true, Ordering::SeqCst);
                        }
                    },
                    over,
                );
                let answers = answers.await;
                program.gone().await;
                answers
            }
            Moment::At(..) | Moment::After(_) => {
                let first = Arc::new(tokio::sync::Notify::new());
                let came = first.clone();
                let pulling = self.pull(seed, Answers::Short, move |_| came.notify_one(), over.clone());
                let killing = async {
                    match moment {
                        Moment::After(time) => {
                            first.notified().await;
                            tokio::time::sleep(Duration::from_micros(time)).await;
                        }
                        _ => program.stopped().await,
                    }
                    kill(&program, &over).await;
                };
                tokio::join!(pulling, killing).0
            }
        };
        self.alone().await;
        killed.into_iter().flatten().collect()
    }

    /// Compares what was received with what the database says, and forgets both marks and records.
    async fn compare(&self, answers: &[Received], report: &mut Report) {
        let store = self.store().await;
        let records = disclosure::Entity::find().all(store.read()).await.expect("records");
        let leads = sql::all(store.read(), "select id, received from lead", [])
            .await
            .expect("leads");
        let mark = |row: &sea_orm::QueryResult| {
            let received = row.try_get("", "received").expect("marks");
            (row.try_get("", "id").expect("an id"), FieldMask::from_db(received))
        };
        let marks: HashMap<LeadId, FieldMask> = leads.iter().map(mark).collect();
        let mut recorded: HashMap<Uuid, HashMap<LeadId, FieldMask>> = HashMap::new();
        for record in &records {
            let ids = record
                .lead_ids
                .chunks_exact(16)
                .map(|id| LeadId(Uuid::from_slice(id).expect("an id")));
            let masks = record
                .masks
                .chunks_exact(8)
                .map(|mask| i64::from_be_bytes(mask.try_into().expect("eight bytes")));
            let masks = masks.map(FieldMask::from_db);
            recorded.entry(record.request_id).or_default().extend(ids.zip(masks));
        }
        report.kills += 1;
        for answer in answers {
            let leads = answer.leads();
            report.cut += usize::from(!answer.whole && !answer.body.is_empty());
            if leads.is_empty() {
                report.unanswered += usize::from(!is_empty_page(answer));
                continue;
            }
            report.answers += 1;
            report.received += leads.len();
            let record = answer
                .request
                .and_then(|request| recorded.remove(&request))
                .unwrap_or_default();
            for (id, fields) in leads {
                if record.get(&id).is_none_or(|mask| !fields.is_subset_of(*mask)) {
                    report
                        .missing
                        .push(format!("{id} is not in the record of {:?}", answer.request));
                }
                if marks
                    .get(&id)
                    .is_none_or(|mark| !fields.union(FieldMask::RECEIVED).is_subset_of(*mark))
                {
                    report.missing.push(format!("{id} lacks a mark"));
                }
            }
        }
        report.surplus += recorded.len();
        for text in [
            "update lead set received = 0 where received <> 0",
            "delete from disclosure",
        ] {
            sql::execute(store.admin(), text, []).await.expect("forgotten");
        }
        store.close().await;
    }

    /// Kills it at each of these moments.
    async fn run(&self, fault: Option<Planted>, moments: impl Iterator<Item = Moment>) -> Report {
        let mut report = Report::default();
        let mut answers = None;
        for (round, moment) in moments.enumerate() {
            let before = answers
                .as_deref()
                .map_or(Before::Nothing, |answers| Before::Killed(answers, &mut report));
            answers = Some(self.killed(fault, moment, round as u64, before).await);
        }
        let program = self.home.start(None, None).await;
        self.compare(&answers.expect("a round"), &mut report).await;
        program.kill();
        program.gone().await;
        println!(
            "{} kills, {} answers with {} leads, {} cut off, {} records of answers that nobody received, {} requests without a lead, {} missing",
            report.kills,
            report.answers,
            report.received,
            report.cut,
            report.surplus,
            report.unanswered,
            report.missing.len()
        );
        report
    }
}

/// What came before a round.
enum Before<'a> {
    Nothing,
    Killed(&'a [Received], &'a mut Report),
}

/// A whole answer without a lead is no disclosure.
fn is_empty_page(answer: &Received) -> bool {
    answer
        .json()
        .is_some_and(|answer| answer["data"]["partner"]["leads"]["nodes"] == json!([]))
}

async fn kill(program: &Program, over: &AtomicBool) {
    program.kill();
    over.store(true, Ordering::SeqCst);
    program.gone().await;
}

fn assert_recorded(report: &Report) {
    assert_eq!(report.missing, Vec::<String>::new(), "received, and not recorded");
    assert!(
        report.surplus <= report.unanswered,
        "{} records of {} answers",
        report.surplus,
        report.unanswered
    );
    assert!(
        report.answers >= report.kills / 2 && report.received > 100,
        "too little was received to say anything"
    );
}

/// A hundred moments between the record's commit and the last byte of an answer.
fn between_record_and_answer() -> impl Iterator<Item = Moment> {
    let mut rng = StdRng::seed_from_u64(1);
    (0..100).map(move |round| match round % 10 {
        9 => Moment::InTheBody(rng.random_range(1..200_000)),
        even if even % 2 == 0 => Moment::At("disclosure-recorded", rng.random_range(1..6)),
        _ => Moment::At("answer-written", rng.random_range(1..6)),
    })
}

on_both_databases! {
    async fn what_was_received_is_recorded_though_the_program_is_killed_between_record_and_answer(app: TestApp) {
        let world = World::new(app).await;
        let report = world.run(None, between_record_and_answer()).await;
        assert_eq!(report.kills, 100);
        assert_recorded(&report);
        assert!(report.cut > 2, "hardly any answer was cut off: {}", report.cut);
        assert!(report.surplus > 20, "hardly any record was ahead of its answer: {}", report.surplus);
    }

    async fn what_was_received_is_recorded_though_the_program_is_killed_at_any_moment(app: TestApp) {
        let world = World::new(app).await;
        let mut rng = StdRng::seed_from_u64(2);
        let report = world.run(None, (0..40).map(|_| Moment::After(rng.random_range(0..150_000)))).await;
        assert_recorded(&report);
    }

    async fn a_program_that_records_after_it_answers_is_found_out(app: TestApp) {
        let world = World::new(app).await;
        let moments = (0..6).map(|_| Moment::InTheBody(1));
        let report = world.run(Some(Planted::RecordAfterAnswer), moments).await;
        assert!(!report.missing.is_empty(), "{report:#?}");
    }
}

/// PostgreSQL itself ends as if the power had failed, with the program going on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_received_is_recorded_though_the_database_server_is_stopped_at_once() {
    let mut cluster = Cluster::make();
    let world = World::new(TestApp::start_on(&cluster.url()).await).await;
    let mut report = Report::default();
    let mut rng = StdRng::seed_from_u64(3);
    let program = world.home.start(None, None).await;
    for round in 0..6 {
        let over = Arc::new(AtomicBool::new(false));
        let pulling = world.pull(round, Answers::Short, |_| {}, over.clone());
        let pause = Duration::from_micros(rng.random_range(100_000..400_000));
        let stopping = async {
            tokio::time::sleep(pause).await;
            tokio::task::block_in_place(|| cluster.stop_at_once());
            over.store(true, Ordering::SeqCst);
            // What is under way waits for it.
            tokio::task::block_in_place(|| cluster.start());
        };
        let answers = tokio::join!(pulling, stopping).0;
        let answers: Vec<Received> = answers.into_iter().flatten().collect();
        world.compare(&answers, &mut report).await;
    }
    program.kill();
    program.gone().await;
    println!(
        "{} stops, {} answers, {} requests without a lead, {} records more",
        report.kills, report.answers, report.unanswered, report.surplus
    );
    assert_recorded(&report);
}
